"""What holds on the day of the visit alone, read into the facts that are judged. Pure.

What was said before says nothing of the day: from arrival, what was not asked in the clinic is open, and the rules
count it as unknown; but the worst answer stays until it is asked again, because nobody took it back. A new medicine, or
not being sure of one, opens again what was denied of medicines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.engine.book.calm import denies
from intake.engine.book.vocabulary import Kind, codes_in
from intake.questions.steps import NEW_MEDICINE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from intake.engine.book.vocabulary import Answer, Answers, Fact, Vocabulary
    from intake.storage.day_answers import DayAnswer

NO = "no"


def judged(vocabulary: Vocabulary, facts: Answers, said: Mapping[str, DayAnswer], *, arrived: bool) -> Answers:
    """The facts of a form with what was `said` of the day in the clinic; before arrival they stay as they are."""
    if not arrived and not said:
        return facts
    days, open_again = vocabulary.roles.at_arrival, _medicines(vocabulary, facts, said)
    kept: dict[str, Answer] = {
        name: answer
        for name, answer in facts.items()
        if name not in open_again and (name not in days or name in said or answer == _worst(vocabulary.facts[name]))
    }
    return {**kept, **of_the_day(vocabulary, said)}


def of_the_day(vocabulary: Vocabulary, said: Mapping[str, DayAnswer]) -> Answers:
    """The facts that were answered on the page of the day."""
    told = {name: said[name].answer for name in vocabulary.roles.at_arrival if name in said}
    return {name: answer for name, answer in told.items() if answer is not None}


def still_open(vocabulary: Vocabulary, said: Collection[str]) -> tuple[str, ...]:
    """The questions of the day that are to be asked; whether a medicine is new only where the form is of before."""
    names = tuple(name for name in vocabulary.roles.at_arrival if name not in said)
    return (*names, *((NEW_MEDICINE,) if names and NEW_MEDICINE not in said else ()))


def settled_by(vocabulary: Vocabulary, questions: Collection[str]) -> tuple[str, ...]:
    """The facts of the day that a page with these facts and gates asks."""
    facts = vocabulary.facts
    return tuple(
        name
        for name in vocabulary.roles.at_arrival
        if name in questions or ((gate := facts[name].gate) is not None and gate[0] in questions)
    )


def _worst(fact: Fact) -> str | None:
    """The worst answer of a choice."""
    return fact.worse[-1] if fact.kind is Kind.CHOICE and isinstance(fact.worse, tuple) and fact.worse else None


def _medicines(vocabulary: Vocabulary, facts: Answers, said: Mapping[str, DayAnswer]) -> frozenset[str]:
    told = said.get(NEW_MEDICINE)
    if told is None or told.answer is None or NO in codes_in(told.answer):
        return frozenset()
    known = vocabulary.facts
    return frozenset(name for name in vocabulary.roles.medicines if name in facts and denies(known[name], facts[name]))
