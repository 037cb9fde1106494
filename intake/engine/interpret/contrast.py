"""What would have to be different for a rule to be quiet: the smallest change of answers that makes a condition false.

A way to settle a condition is a need for each of some facts. Ways are kept cheapest first: fewest facts to answer
otherwise; of these fewest that would be answered for the worse, that the condition does not read itself, and that are
neither better nor worse (age, place); then fewest codes, and what is asked last. One is given back only when `truth`
agrees that it makes the condition FALSE.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice
from typing import TypeAlias, assert_never

from intake.engine.book.tree import (
    All,
    AllOf,
    AnyNode,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Count,
    Leaf,
    Not,
    OneOf,
    facts_read,
)
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Answer, Fact, Kind
from intake.engine.interpret.truth import Intake, Reading, open_codes

MOST_WAYS = 60
INFINITY = float("inf")
CALM_CODES = ("none", "no", "never")


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice fact must hold one of the codes."""

    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ticks:
    """A choices or regions fact must hold every code of `on`, and must surely hold none of `off`."""

    on: frozenset[str]
    off: frozenset[str]


@dataclass(frozen=True, slots=True)
class Span:
    """A number or score must lie in low <= value < below."""

    low: float
    below: float


Need: TypeAlias = Pick | Ticks | Span
Way: TypeAlias = dict[str, Need]


@dataclass(frozen=True, slots=True)
class Change:
    """One answer to give otherwise: what is needed of the fact, and the nearest answer that does it."""

    fact: str
    need: Need
    instead: Answer


def contrast(condition: Condition, intake: Intake) -> tuple[Change, ...]:
    """The smallest change that makes the condition FALSE, in vocabulary order; empty if it is so, or none was found."""
    if intake.truth(condition) is False:
        return ()
    search = _Search(intake, frozenset(facts_read(condition)))
    for way in search.ways(condition, value=False):
        changes = search.changes(way)
        if changes is not None and _settles(condition, intake, changes):
            return _irreducible(condition, intake, changes)
    return ()


def changed(intake: Intake, changes: Iterable[Change]) -> Intake:
    """The intake with these answers given otherwise."""
    return Intake(intake.vocabulary, {**intake.answers, **{change.fact: change.instead for change in changes}})


def _settles(condition: Condition, intake: Intake, changes: Iterable[Change]) -> bool:
    return changed(intake, changes).truth(condition) is False


def _irreducible(condition: Condition, intake: Intake, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    kept = changes
    for change in changes:
        fewer = tuple(each for each in kept if each is not change)
        if fewer and _settles(condition, intake, fewer):
            kept = fewer
    return kept


class _Search:
    """The ways on one intake; questions that make a fact apply are settled once."""

    def __init__(self, intake: Intake, read: frozenset[str]) -> None:
        self._intake = intake
        self._read = read
        self._facts = intake.vocabulary.facts
        self._order = {name: place for place, name in enumerate(self._facts)}
        self._applying: dict[tuple[str, bool], list[Way]] = {}

    def ways(self, condition: Condition, *, value: bool) -> list[Way]:
        """The cheapest ways to give the condition that value."""
        match condition:
            case All(nodes):
                return self._every(nodes, value=value) if value else self._some(nodes, 1, value=value)
            case AnyNode(nodes):
                return self._some(nodes, 1, value=value) if value else self._every(nodes, value=value)
            case Not(node):
                return self.ways(node, value=not value)
            case AtLeast(count, nodes):
                return self._some(nodes, count if value else len(nodes) - count + 1, value=value)
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return self._leaf(condition, value=value)
            case _:
                assert_never(condition)

    def _every(self, nodes: Iterable[Condition], *, value: bool) -> list[Way]:
        found: list[Way] = [{}]
        for node in nodes:
            found = self._joined(found, self.ways(node, value=value))
        return found

    def _some(self, nodes: tuple[Condition, ...], count: int, *, value: bool) -> list[Way]:
        if count == 1:
            return self._cheapest(way for node in nodes for way in self.ways(node, value=value))
        chosen = islice(combinations(nodes, count), MOST_WAYS)
        return self._cheapest(way for several in chosen for way in self._every(several, value=value))

    def _joined(self, left: list[Way], right: list[Way]) -> list[Way]:
        return self._cheapest(way for one in left for other in right if (way := _both(one, other)) is not None)

    def _leaf(self, leaf: Leaf, *, value: bool) -> list[Way]:
        fact = self._facts[leaf.fact]
        own: list[Way] = [{fact.name: need} for need in self._needs(leaf, fact, value=value)]
        if fact.asked_if is None:
            return self._cheapest(own)
        asked = self._joined(own, self._asked(fact.name, fact.asked_if, value=True))
        return asked if value else self._cheapest([*asked, *self._asked(fact.name, fact.asked_if, value=False)])

    def _asked(self, name: str, asked_if: Condition, *, value: bool) -> list[Way]:
        key = name, value
        if key not in self._applying:
            self._applying[key] = self.ways(asked_if, value=value)
        return self._applying[key]

    def _needs(self, leaf: Leaf, fact: Fact, *, value: bool) -> Iterator[Need]:
        match leaf:
            case OneOf(_, codes):
                yield Pick(frozenset(codes) if value else frozenset(fact.codes).difference(codes))
            case AnyOf(_, codes):
                yield from _on_one(codes) if value else (_off(codes),)
            case AllOf(_, codes):
                yield from (Ticks(frozenset(codes), frozenset()),) if value else (_off((code,)) for code in codes)
            case Count(_, count):
                yield self._count(fact, count, value=value)
            case Between(_, low, below):
                yield from _spans(low, below, value=value)
            case _:
                assert_never(leaf)

    def _count(self, fact: Fact, count: int, *, value: bool) -> Ticks:
        holds = self.reading(fact).holds
        codes = sorted((code for code in fact.codes if code != fact.none), key=lambda code: code not in holds)
        if value:
            return Ticks(frozenset(codes[:count]), frozenset())
        return _off(codes[count - 1 :])

    def _cheapest(self, ways: Iterable[Way]) -> list[Way]:
        once = {frozenset(way.items()): way for way in ways}
        return sorted(once.values(), key=self._cost)[:MOST_WAYS]

    def _cost(self, way: Way) -> tuple[int, int, int, int, int, list[int]]:
        costs = {name: cost for name, need in way.items() if (cost := self._flips(self._facts[name], need))}
        worse = sum(self._worsens(self._facts[name], way[name]) for name in costs)
        neither = sum(self._facts[name].worse is None for name in costs)
        places = sorted(-self._order[name] for name in costs)
        return len(costs), worse, len(costs.keys() - self._read), neither, sum(costs.values()), places

    def _flips(self, fact: Fact, need: Need) -> int:
        """How much of the answer must become another; 0: it will do as it is."""
        reading = self.reading(fact)
        match need:
            case Pick(codes):
                return int(reading.holds.isdisjoint(codes))
            case Ticks(on, off):
                return len(on - reading.holds) + len(off & (reading.holds | reading.may_hold))
            case Span(low, below):
                return int(reading.number is None or not low <= reading.number < below)
            case _:
                assert_never(need)

    def _worsens(self, fact: Fact, need: Need) -> bool:
        """Whether every answer that does it is worse than what was said, or than the best where nothing was."""
        reading = self.reading(fact)
        match need:
            case Pick(codes):
                ranks = {code: rank for rank, code in enumerate(fact.worse)} if isinstance(fact.worse, tuple) else {}
                said = max((ranks.get(code, 0) for code in reading.holds), default=0)
                return min((ranks.get(code, 0) for code in codes), default=0) > said
            case Ticks(on, _):
                return isinstance(fact.worse, tuple) and not (on - reading.holds).isdisjoint(fact.worse)
            case Span(low, _):
                up = low > -INFINITY if reading.number is None else reading.number < low
                return fact.worse == ("higher" if up else "lower")
            case _:
                assert_never(need)

    def reading(self, fact: Fact) -> Reading:
        """What is known of the fact; an answer to a question that does not apply is none."""
        reading = self._intake.read(fact.name)
        return reading if reading.applies else Reading(reading.applies, known=False, may_hold=open_codes(fact))

    def changes(self, way: Way) -> tuple[Change, ...] | None:
        """The answers that must be given otherwise; None where no answer is such."""
        found = []
        for name in sorted(way, key=self._order.__getitem__):
            fact, need = self._facts[name], way[name]
            if not self._flips(fact, need):
                continue
            instead = self._instead(fact, need)
            if instead is None:
                return None
            found.append(Change(name, need, instead))
        return tuple(found)

    def _instead(self, fact: Fact, need: Need) -> Answer | None:
        match need:
            case Pick(codes):
                return _mildest(fact, codes)
            case Ticks(on, off):
                return self._ticked(fact, on, off)
            case Span(low, below):
                return _nearest(fact, self.reading(fact).number, low, below)
            case _:
                assert_never(need)

    def _ticked(self, fact: Fact, on: frozenset[str], off: frozenset[str]) -> Answer | None:
        reading = self.reading(fact)
        codes = (reading.holds | on) - off
        unsure = () if off else tuple(word for word in UNKNOWN_WORDS if word in self._stated(fact))
        if codes:
            return *(code for code in fact.codes if code in codes), *unsure
        if fact.none is not None:
            return (fact.none,)
        rest = tuple(code for code in fact.codes if code not in off)[:1]
        return () if fact.kind is Kind.REGIONS else rest or None

    def _stated(self, fact: Fact) -> tuple[str, ...]:
        answer = self._intake.answers.get(fact.name)
        may_stand_beside = fact.kind is Kind.CHOICES and isinstance(answer, tuple) and len(answer) > 1
        return answer if may_stand_beside and isinstance(answer, tuple) else ()


def _off(codes: Iterable[str]) -> Ticks:
    return Ticks(frozenset(), frozenset(codes))


def _on_one(codes: Iterable[str]) -> Iterator[Ticks]:
    return (Ticks(frozenset((code,)), frozenset()) for code in codes)


def _spans(low: float | None, below: float | None, *, value: bool) -> Iterator[Span]:
    if value:
        yield Span(-INFINITY if low is None else low, INFINITY if below is None else below)
        return
    if below is not None:
        yield Span(below, INFINITY)
    if low is not None:
        yield Span(-INFINITY, low)


def _both(one: Mapping[str, Need], other: Mapping[str, Need]) -> Way | None:
    """Both ways at once; None where they contradict each other."""
    joined = dict(one)
    for name, need in other.items():
        met = need if name not in joined else _meet(joined[name], need)
        if met is None:
            return None
        joined[name] = met
    return joined


def _meet(one: Need, other: Need) -> Need | None:
    match one, other:
        case Pick(codes), Pick(others):
            return Pick(codes & others) if codes & others else None
        case Ticks(on, off), Ticks(more_on, more_off):
            met = Ticks(on | more_on, off | more_off)
            return met if met.on.isdisjoint(met.off) else None
        case Span(low, below), Span(other_low, other_below):
            met_span = Span(max(low, other_low), min(below, other_below))
            return met_span if met_span.low < met_span.below else None
        case _:
            raise TypeError("Leaves of one fact are of one kind.")


def _mildest(fact: Fact, codes: frozenset[str]) -> str | None:
    """The calmest of the codes: the benign one, the best by the vocabulary's order, a plain no, the first."""
    ordered = fact.worse if isinstance(fact.worse, tuple) else ()
    wanted = (*((fact.benign,) if fact.benign else ()), *ordered, *CALM_CODES, *fact.codes)
    return next((code for code in wanted if code in codes), None)


def _nearest(fact: Fact, number: float | None, low: float, below: float) -> float | None:
    """The whole number in the span that is nearest to what was said, or to its bound where nothing was."""
    least = low if fact.low is None else max(low, fact.low)
    most = below - 1 if fact.high is None else min(below - 1, fact.high)
    if least > most:
        return None
    if number is None:
        return int(least) if low > -INFINITY else int(most)
    return int(least) if number < least else int(most)
