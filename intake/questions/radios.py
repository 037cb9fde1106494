"""Controls of one answer: radios, the worst of the places marked before, 0 to 10."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.engine.book.vocabulary import Answer, codes_in
from intake.questions.control import Control, Known
from intake.questions.wording.question import Option

SCORES = tuple(Option(str(score), str(score)) for score in range(11))


class Radios(Control):
    """One answer of several."""

    control = "radios"

    def restore(self, known: Known) -> None:
        """Choose the stored answer."""
        stored = known.answers.get(self.facts[0])
        self.values = {} if stored is None else {self.name: (str(stored),)}

    def answer(self, code: str) -> Answer:
        """The answer that a code stands for."""
        return code

    def problem(self) -> str:
        """One known answer, unless optional."""
        chosen = self.ticked()
        if not chosen:
            return "" if self.optional else self.nothing_chosen()
        known = {option.code for option in (*self.choices(), *self.apart())}
        return "" if set(chosen) <= known else _("Choose one of the answers on this page.")

    def nothing_chosen(self) -> str:
        """The sentence for a question that was passed over."""
        if not self.question.not_sure:
            return str(_("Choose one answer."))
        return str(_("Choose one answer. You can choose “%(words)s”.", words=self.question.not_sure))

    def answers(self) -> dict[str, Answer]:
        """The chosen answer."""
        chosen = self.ticked()
        return {self.facts[0]: self.answer(chosen[0])} if chosen else {}


class MainRegion(Radios):
    """One of the places that were marked before."""

    marked: tuple[str, ...] = ()

    def bind_to(self, known: Known) -> None:
        """Offer only the marked places."""
        self.marked = codes_in(known.answers.get("pain_regions"))
        super().bind_to(known)

    def choices(self) -> tuple[Option, ...]:
        """The marked places, in the order of the body map."""
        return tuple(option for option in self.question.options if option.code in self.marked)


class ScoreRadios(Radios):
    """Zero to ten as eleven radios."""

    control = "score"

    def choices(self) -> tuple[Option, ...]:
        """Zero to ten."""
        return SCORES

    def answer(self, code: str) -> Answer:
        """A number, or the word of a state."""
        return score_of(code)


def score_of(code: str) -> int | str:
    """A score as a number; the word of a state stays."""
    return int(code) if code.isdecimal() else code
