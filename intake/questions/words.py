"""The words of the questionnaire found by fact and code, for everybody who reads a patient's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.questions.wording.short import ASKED, PLAIN, QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.questions.pages import PageForm
    from intake.questions.wording.question import Question


class PatientWords:
    """What the patient reads on these pages, in the language of whoever looks it up."""

    def __init__(self, pages: Iterable[type[PageForm]]) -> None:
        self._codes: dict[tuple[str, str], str] = {}
        self._asked: dict[str, str] = {}
        for page in pages:
            for name, question, facts in page.questions():
                self._learn(question, (name, *facts))

    def question(self, fact: str) -> str:
        """The question, short."""
        return str(QUESTIONS.get(fact) or name_of(fact))

    def code(self, fact: str, code: str) -> str:
        """One answer to it."""
        return str(self._codes.get((fact, code)) or PLAIN.get(code) or code.replace("_", " "))

    def asked(self, fact: str) -> str:
        """The question as the form puts it, fit to be asked aloud."""
        return str(ASKED.get(fact) or self._asked.get(fact) or self.question(fact))

    def _learn(self, question: Question, facts: Iterable[str]) -> None:
        rows = {row.fact: row.legend for row in question.rows}
        for fact in facts:
            self._asked.setdefault(fact, rows.get(fact, question.legend))
            for option in question.options:
                self._codes.setdefault((fact, option.fills.get(fact, option.code)), option.label)


def name_of(fact: str) -> str:
    """A question's name made from the vocabulary's: `joint_signs` is "Joint signs"."""
    return fact.replace("_", " ").capitalize()
