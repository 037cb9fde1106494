"""What a rule book says of one symbolic intake, as formulas: levels on both axes, regions, label. Needs z3."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

import z3

from intake.engine.book.levels import Label, Needling, Urgency
from intake.engine.book.rulebook import Everywhere, Named, Regions, Rule
from intake.engine.book.tree import AnyOf, Condition, OneOf
from intake.engine.book.vocabulary import Kind, Vocabulary, facts_behind
from intake.engine.interpret.body import LIMBS, SIDES
from intake.engine.prove.encoder import FALSE, TRUE, Formula, SymbolicIntake, TruthPair, pair

AXES = (("needling", Needling), ("urgency", Urgency))
LOCAL = (Needling.AVOID_AREA, Needling.REVIEW_BEFORE)
Reader: TypeAlias = Callable[[SymbolicIntake, Condition], TruthPair]


@dataclass(frozen=True, slots=True)
class Worst:
    """When some rules reach each level of an axis, and each of `LOCAL` in a region."""

    reached: dict[tuple[str, int], Formula]
    area: dict[int, dict[str, Formula]]


def named(where: Named) -> tuple[str, ...]:
    """The fact, and those of its codes that name a place."""
    return (where.fact, *(code for code, places in where.places.items() if places))


def counted(rule: Rule, own: TruthPair, raises: list[TruthPair], axis: str, level: int) -> Formula:
    """When the rule counts at `level` or worse on an axis (`needling`, `urgency`), asking included."""
    cases = [own.true] if getattr(rule.levels, axis) >= level else []
    cases += [own.unknown] if getattr(rule.if_unknown, axis) >= level else []
    for one, when in zip(rule.raises, raises, strict=True):
        active = z3.Not(own.false)
        cases += [z3.And(active, when.true)] if getattr(one.levels, axis) >= level else []
        cases += [z3.And(own.true, when.unknown)] if getattr(one.if_unknown, axis) >= level else []
        cases += [z3.And(own.unknown, when.unknown)] if getattr(one.while_asking, axis) >= level else []
    return z3.Or(cases) if cases else FALSE


class Judgement:
    """The formulas over one record, made with `read`."""

    def __init__(self, record: SymbolicIntake, read: Reader = pair) -> None:
        self.record, self.read, self.words = record, read, record.vocabulary
        self.pairs: dict[Condition, TruthPair] = {}
        self.nowhere: dict[tuple[str, ...], Formula] = {}
        self.covered: dict[tuple[tuple[str, ...], tuple[str, ...]], Formula] = {}

    def needed(self, *rules: Rule, extra: tuple[str, ...] = ()) -> frozenset[str]:
        """The facts that can change what these rules say."""
        names = [name for rule in rules for name in rule.facts]
        names += [rule.where.fact for rule in rules if isinstance(rule.where, Named)]
        return frozenset(facts_behind((*names, *(name for name in extra if name in self.words.facts)), self.words))

    def pair(self, condition: Condition) -> TruthPair:
        """When the condition is true and when it is false."""
        if condition not in self.pairs:
            self.pairs[condition] = self.read(self.record, condition)
        return self.pairs[condition]

    def _code(self, fact: str, code: str) -> TruthPair:
        leaf = OneOf if self.words.facts[fact].kind is Kind.CHOICE else AnyOf
        return self.pair(leaf(fact, (code,)))

    def counts(self, rule: Rule, axis: str, level: int) -> Formula:
        """When the rule counts at a level or worse; needling above ok is review_before where no place is named."""
        own, raises = self.pair(rule.when), [self.pair(one.when) for one in rule.raises]
        reached = counted(rule, own, raises, axis, level)
        if axis == "urgency" or not isinstance(rule.where, Named) or level == Needling.PRECAUTION:
            return reached
        if reached is FALSE and level > Needling.REVIEW_BEFORE:
            return FALSE
        nowhere = self._nowhere(rule.where)
        if level > Needling.REVIEW_BEFORE:
            return z3.And(reached, z3.Not(nowhere))
        return z3.Or(reached, z3.And(nowhere, counted(rule, own, raises, axis, Needling.PRECAUTION)))

    def _nowhere(self, where: Named) -> Formula:
        """The fact names no place, and may name none."""
        key = named(where)
        if key not in self.nowhere:
            self.nowhere[key] = z3.And([self._code(where.fact, code).false for code in key[1:]])
        return self.nowhere[key]

    def covers(self, rule: Rule, region: str) -> Formula:
        """When the needling level of the rule applies to a region."""
        match rule.where:
            case Everywhere():
                return TRUE
            case Regions(codes):
                return TRUE if region in codes else FALSE
            case Named() as where:
                key = named(where), tuple(code for code, places in where.places.items() if region in places)
                if key not in self.covered:
                    possible = [z3.Not(self._code(where.fact, code).false) for code in key[1]]
                    self.covered[key] = z3.Or([*possible, self._nowhere(where)])
                return self.covered[key]
            case _:
                assert_never(rule.where)

    def worst(self, rules: Iterable[Rule]) -> Worst:
        """Where some of the rules count, at every level that a label reads."""
        several = tuple(rules)
        reached: dict[tuple[str, int], Formula] = {}
        for axis, levels in AXES:
            for level in list(levels)[1:]:
                reached[axis, level] = self._any(several, axis, level)
        return Worst(reached, {level: self._area(several, level) for level in LOCAL})

    def label(self, *parts: Worst) -> dict[Label, Formula]:
        """When each label is given, where the rules are in several parts."""

        def reached(axis: str, level: int) -> Formula:
            return z3.Or([part.reached[axis, level] for part in parts])

        def area(level: int) -> dict[str, Formula]:
            return {region: z3.Or([part.area[level][region] for part in parts]) for region in self.words.regions}

        return self.label_of(reached, *map(area, LOCAL))

    def label_of(
        self, reached: Callable[[str, int], Formula], avoid: dict[str, Formula], review: dict[str, Formula]
    ) -> dict[Label, Formula]:
        """When each label is given, where axes have `reached` levels and regions are at avoid_area or review_before."""
        steps = {
            Label.EMERGENCY: reached("urgency", Urgency.EMERGENCY_NOW),
            Label.URGENT_REFERRAL: reached("urgency", Urgency.WITHIN_DAYS),
            Label.DO_NOT_NEEDLE: z3.Or(reached("needling", Needling.DO_NOT_NEEDLE), self._closed_area(avoid)),
            Label.NEEDS_REVIEW_BEFORE_NEEDLING: self._near(review),
            Label.PRECAUTION: reached("needling", Needling.PRECAUTION),
        }
        given: dict[Label, Formula] = {}
        higher = FALSE
        for label, step in steps.items():
            given[label], higher = z3.And(step, z3.Not(higher)), z3.Or(step, higher)
        return given | {Label.ROUTINE: z3.Not(higher)}

    def _any(self, rules: tuple[Rule, ...], axis: str, level: int) -> Formula:
        """When some rule counts at a level or worse."""
        counts = (self.counts(rule, axis, level) for rule in rules)
        return z3.Or([count for count in counts if count is not FALSE])

    def _area(self, rules: tuple[Rule, ...], level: int) -> dict[str, Formula]:
        """When each region is at a level or worse."""
        formulas: dict[str, list[Formula]] = {region: [] for region in self.words.regions}
        body = []
        for rule in rules:
            count = self.counts(rule, "needling", level)
            if count is not FALSE and isinstance(rule.where, Everywhere):
                body.append(count)
            elif count is not FALSE:
                for region in formulas:
                    covered = self.covers(rule, region)
                    formulas[region] += [] if covered is FALSE else [z3.And(count, covered)]
        everywhere = z3.Or(body)
        return {region: z3.Or([everywhere, *there]) for region, there in formulas.items()}

    def _marked(self) -> dict[str, Formula]:
        return {region: self._code(self.words.roles.where_it_hurts, region).true for region in self.words.regions}

    def _closed_area(self, area: dict[str, Formula]) -> Formula:
        """avoid_area covers the main region, or, while that is not one of the marked, any of them; or all of them."""
        marked = self._marked()
        closed = {region: z3.And(marked[region], area[region]) for region in marked}
        main = {region: self._code(self.words.roles.worst_place, region).true for region in marked}
        known = z3.Or([z3.And(main[region], marked[region]) for region in marked])
        all_closed = z3.And([z3.Implies(marked[region], closed[region]) for region in marked])
        main_closed = z3.Or([z3.And(main[region], closed[region]) for region in marked])
        return z3.If(known, z3.Or(main_closed, all_closed), z3.Or(list(closed.values())))

    def _near(self, area: dict[str, Formula]) -> Formula:
        """review_before or worse on a marked region or its limb, or anywhere while none is marked."""
        marked = self._marked()
        nothing = z3.Not(z3.Or(list(marked.values())))
        near = {region: [marked[other] for other in _neighbours(self.words, region)] for region in marked}
        return z3.Or([z3.And(area[region], z3.Or([nothing, *near[region]])) for region in marked])


def _neighbours(words: Vocabulary, region: str) -> tuple[str, ...]:
    """The region itself, and its limb on its side."""
    side = next((side for side in SIDES if region.endswith(side)), "")
    limbs = [words.groups[limb] for limb in LIMBS if region in words.groups.get(limb, ())]
    same = [other for limb in limbs for other in limb if (other.endswith(side) if side else not other.endswith(SIDES))]
    return tuple(dict.fromkeys((region, *same)))
