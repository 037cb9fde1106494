"""What is known when a page is made for one patient: the questions and gate items that apply, and what is stored."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.engine.book.calm import denies
from intake.engine.book.vocabulary import codes_in
from intake.questions.control import Known
from intake.workflow.patient import interview, last_time

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from intake.engine.book.vocabulary import Answer, Answers, Vocabulary
    from intake.questions.pages import PageForm
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.patient.interview import Asked
    from intake.workflow.shared.clinic import Clinic

OWN_FIELDS = ("version", "draft", "end", "big")  # what the templates put into every form beside the questions
ASKED = "asked"  # the facts on the page with questions that came meanwhile, as its form sends them back


def known(clinic: Clinic, page: type[PageForm], now: Asked, draft: Draft) -> Known:
    """What a page needs to know of the patient; what is sealed is opened only for a page that shows it."""
    keys, answers = clinic.keys, draft.answers
    items = now.items[page.gate] if page.gate else ()
    told: tuple[str, ...] = ()
    if page.gate:
        told = last_time.told_before(clinic.vocabulary, draft, page.gate, page.name)
        told = told if set(items).difference(told) else ()
        items = tuple(item for item in items if item not in told)
        answers = {**answers, page.gate: _ticked(clinic.vocabulary, page.gate, answers)}
    identity, texts = (draft.identity(keys), draft.texts(keys)) if page.personal else ({}, {})
    return Known(clinic.today, now.facts, items, answers, identity, texts, told=told)


def known_of_new(
    known: Known, now: Asked, vocabulary: Vocabulary, names: Collection[str], new: Mapping[str, frozenset[str]]
) -> Known:
    """The same for the one page with questions that came since their pages were passed.

    A "none" that was said to less than the `new` question offers is not filled in.
    """
    gates = [name for name in names if name in now.items]
    items = tuple(item for gate in gates for item in now.items[gate])
    answers = {**known.answers, **{gate: _ticked(vocabulary, gate, known.answers) for gate in gates}}
    denied = {name for name in answers.keys() & new.keys() if _denies(vocabulary, name, answers[name])}
    kept = {name: answer for name, answer in answers.items() if name not in denied}
    return replace(known, asked=now.facts.intersection(names), items=items, told=(), answers=kept)


def _ticked(vocabulary: Vocabulary, gate: str, said: Answers) -> tuple[str, ...]:
    """The ticks of a gate, and those of items that stand for what was answered before they were there."""
    stored = codes_in(said.get(gate))
    seen = (*stored, *codes_in(said.get(f"{gate}_seen")))
    told = [
        item
        for item, behind in vocabulary.gates[gate].items()
        if item not in seen and any(name in said and not _denies(vocabulary, name, said[name]) for name in behind)
    ]
    return (*(code for code in stored if not told or code != interview.NONE), *told)


def _denies(vocabulary: Vocabulary, name: str, answer: Answer) -> bool:
    """Whether an answer says no to all that was asked."""
    if name in vocabulary.gates:
        return answer == (interview.NONE,)
    return denies(vocabulary.facts[name], answer)
