"""The safety map: the needling level of every region, the same in words, and where it hurts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.book.levels import Needling
from intake.workflow.review import story
from intake.workflow.review.folding import level

if TYPE_CHECKING:
    from intake.engine.book.roles import Roles
    from intake.engine.book.vocabulary import Answers


@dataclass(frozen=True, slots=True)
class SafetyMap:
    """The needling level of every region, the same in words (worst level first), and where it hurts."""

    regions: Mapping[str, Needling]
    legend: tuple[tuple[Needling, tuple[str, ...]], ...]
    pain: tuple[str, ...]
    pain_in_words: tuple[str, ...]


def safety_map(decision: Mapping[str, object], answers: Answers, roles: Roles) -> SafetyMap:
    """The safety map of a decision in its JSON form."""
    stored = decision.get("regions")
    regions = {code: level(Needling, word) for code, word in (stored if isinstance(stored, dict) else {}).items()}
    steps = sorted(set(regions.values()) - {Needling.OK}, reverse=True)
    legend = tuple((step, _where(regions, step)) for step in steps)
    pain = answers.get(roles.where_it_hurts)
    marked = tuple(code for code in pain if code in regions) if isinstance(pain, tuple) else ()
    return SafetyMap(regions, legend, marked, story.marked(answers, roles))


def _where(regions: Mapping[str, Needling], step: Needling) -> tuple[str, ...]:
    """Where a level stands; the mildest one, where no region is free, is what is left of the body."""
    here = [code for code, level in regions.items() if level is step]
    if len(here) == len(regions):
        return ("the whole body",)
    return ("everywhere else",) if step is min(regions.values()) else story.places(here)
