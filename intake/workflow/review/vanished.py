"""Risks of the form before that are not there any more: gone, or run out because what they rest on holds for a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.book.decision import Status
from intake.engine.book.vocabulary import codes_in
from intake.engine.read.answers import from_raw
from intake.workflow.review.folding import entries

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Vocabulary
    from intake.storage.intakes import Stored
    from intake.workflow.review.folding import ReviewFinding


@dataclass(frozen=True, slots=True)
class Vanished:
    """A finding of the form before that this one does not have, once a concept.

    `asked`: it was a question then, and no finding. `ran_out`: it rested on an answer that holds for a time only.
    """

    title: str
    asked: bool
    ran_out: bool


def vanished(vocabulary: Vocabulary, before: Stored, here: Stored) -> tuple[Vanished, ...]:
    """What stood in the last form's decision and does not in this one's; nothing where either was not evaluated."""
    if here.decision is None or before.decision is None:
        return ()
    now = {entry.concept for entry in entries(here.decision)}
    gone: dict[str, Vanished] = {}
    for entry in entries(before.decision):
        if entry.concept not in now:
            asked = entry.status is Status.ASKS
            gone.setdefault(entry.concept, Vanished(entry.title, asked, not asked and _runs_out(vocabulary, entry)))
    return tuple(gone.values())


def _runs_out(vocabulary: Vocabulary, entry: ReviewFinding) -> bool:
    """Whether an answer that decided it holds for a time only."""
    said = from_raw({**entry.decided_by, **entry.raised_by})
    known = ((vocabulary.facts.get(name), codes_in(answer)) for name, answer in said.items())
    return any(fact is not None and not set(codes).isdisjoint(fact.runs_out) for fact, codes in known)
