"""The body: where a finding's level applies, the worst level of each region (the safety map), and the label."""

from __future__ import annotations

from collections.abc import Iterable

from intake.engine.book.decision import Finding
from intake.engine.book.levels import Label, Levels, Needling, Urgency
from intake.engine.book.rulebook import Everywhere, Named, Regions, Where
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.interpret.truth import Intake

LIMBS = ("arm", "leg")
SIDES = ("_right", "_left")
EMERGENCY, CALM, OK = (
    Urgency.EMERGENCY_NOW,
    Urgency.NONE,
    Needling.OK,
)  # looked up once: an enum's member is slow to reach
REVIEW, AVOID, STOP = Needling.REVIEW_BEFORE, Needling.AVOID_AREA, Needling.DO_NOT_NEEDLE


def place(where: Where, needling: Needling, intake: Intake) -> tuple[tuple[str, ...], Needling]:
    """The regions that a level covers, and the level to count.

    A fact that names no place at all leaves every region open: they count at review_before.
    """
    everything = intake.vocabulary.regions
    match where:
        case Everywhere():
            return everything, needling
        case Regions(codes):
            return codes, needling
        case Named(fact, places):
            reading = intake.read(fact)
            covered = {region for code in reading.holds | reading.may_hold for region in places.get(code, ())}
            if covered:
                return tuple(region for region in everything if region in covered), needling
            return everything, _without_place(needling)


def highest(where: Where, needling: Needling, intake: Intake) -> Needling:
    """The highest level that the finding can still count at once its place is answered."""
    counted = place(where, needling, intake)[1]
    if isinstance(where, Named) and not intake.read(where.fact).known:
        return max(counted, _without_place(needling))
    return counted


def _without_place(needling: Needling) -> Needling:
    return Needling.REVIEW_BEFORE if needling > Needling.OK else needling


def safety_map(findings: Iterable[Finding], everything: tuple[str, ...]) -> dict[str, Needling]:
    """The level of each region: the worst of the findings that cover it."""
    local = [finding for finding in findings if len(finding.where) < len(everything)]
    whole = [finding.levels.needling for finding in findings if len(finding.where) == len(everything)]
    regions = dict.fromkeys(everything, max(whole, default=OK))
    for finding in local:
        needling = finding.levels.needling
        regions.update((code, needling) for code in finding.where if regions[code] < needling)
    return regions


def label(levels: Levels, regions: dict[str, Needling], intake: Intake) -> Label:
    """The one derived word; `levels` are the worst of the decision, no region is above them."""
    if levels.urgency is not CALM:
        return Label.EMERGENCY if levels.urgency is EMERGENCY else Label.URGENT_REFERRAL
    if levels.needling < REVIEW:
        return Label.ROUTINE if levels.needling is OK else Label.PRECAUTION
    marked = _marked(intake)
    if levels.needling is STOP or (levels.needling is AVOID and _area_is_closed(regions, marked, intake)):
        return Label.DO_NOT_NEEDLE
    near = _near(marked, intake.vocabulary) if marked else regions
    worst = max(map(regions.__getitem__, near), default=OK)
    return Label.NEEDS_REVIEW_BEFORE_NEEDLING if worst >= REVIEW else Label.PRECAUTION


def _marked(intake: Intake) -> tuple[str, ...]:
    where_it_hurts = intake.vocabulary.roles.where_it_hurts
    if not where_it_hurts:
        return ()
    holds = intake.read(where_it_hurts).holds
    return tuple(region for region in intake.vocabulary.regions if region in holds)


def _area_is_closed(regions: dict[str, Needling], marked: tuple[str, ...], intake: Intake) -> bool:
    closed = [code for code in marked if regions[code] >= AVOID]
    worst_place = intake.vocabulary.roles.worst_place
    main = intake.read(worst_place).holds if worst_place else frozenset()
    if main.isdisjoint(marked):
        return bool(closed)
    return not main.isdisjoint(closed) or len(closed) == len(marked)


def _near(marked: tuple[str, ...], vocabulary: Vocabulary) -> tuple[str, ...]:
    near = dict.fromkeys(marked)
    for limb in LIMBS:
        group = vocabulary.groups.get(limb, ())
        for code in set(marked).intersection(group):
            near.update((other, None) for other in group if _side(other) == _side(code))
    return tuple(near)


def _side(region: str) -> str:
    return next((side for side in SIDES if region.endswith(side)), "")
