"""What findings weigh, one by one and all as one: levels, their upper ends, stimulation, a part of the body or all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from intake.engine.book.rulebook import AVOID, Levels, Named, Needling, Regions, Rule, Urgency, Weight

CALM = Levels(Needling.OK, Urgency.NONE)


@dataclass(frozen=True, slots=True)
class Total:
    """All findings of one intake: the worst levels, and the worst needling level of the whole body.

    `local`: some of them weigh on a part of it.
    """

    levels: Levels
    at_most: Levels
    avoids_stimulation: bool
    everywhere: Needling
    local: bool


@cache
def weight(levels: Levels, at_most: Levels, avoids: bool, local: bool) -> Weight:  # noqa: FBT001 - a cached constructor
    """The one weight of these parts."""
    return Weight(levels, at_most, avoids, local)


def weigh(rule: Rule, *, fires: bool) -> Weight | None:
    """What a finding of the rule weighs whatever the answers say; None where they have a say."""
    if rule.raises or isinstance(rule.where, Named):
        return None
    levels = rule.levels if fires else rule.if_unknown
    local = levels.needling > Needling.OK and isinstance(rule.where, Regions)
    return weight(levels, rule.levels, rule.electrical_stimulation == AVOID, local)


def total(weights: Iterable[Weight]) -> Total:
    """All weights as one."""
    levels, most, avoids, everywhere, local = CALM, CALM, False, Needling.OK, False
    for each in weights:
        levels, most = levels.worst(each.levels), most.worst(each.at_most)
        avoids, local = avoids or each.avoids_stimulation, local or each.local
        everywhere = everywhere if each.local else max(everywhere, each.levels.needling)
    return Total(levels, most, avoids, everywhere, local)
