"""What would have to be different for a rule to be quiet: the smallest change of answers that makes a condition false.

A way to settle a node is a need for each of some facts. Ways are kept cheapest first: single facts, then pairs, then
more; of these what makes no answer worse, what the condition reads itself, what is better or worse at all (age and
place are not), few codes newly ticked, few codes, and what is asked last. One is given back only when `truth` agrees
that it settles.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
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
from intake.engine.book.vocabulary import Answer, Fact, codes_in
from intake.engine.interpret.explain import parts_needed
from intake.engine.interpret.needs import Need, Ticks, flips, instead, meet, needs_of, worsens
from intake.engine.interpret.truth import Intake, Reading, open_codes

MOST_WAYS = 40

Way: TypeAlias = dict[str, Need]


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """One answer to give otherwise: what is needed of the fact, and the nearest answer that does it."""

    fact: str
    need: Need
    instead: Answer


def contrast(condition: Condition, intake: Intake) -> tuple[ChangedAnswer, ...]:
    """The smallest change that makes the condition FALSE, in vocabulary order; empty if it is so, or none was found."""
    search = _Counterfactuals(intake, frozenset(facts_read(condition)))
    for way in () if intake.truth(condition) is False else search.ways(condition, value=False):
        changes = search.changes(way)
        if changed(intake, changes).truth(condition) is False:
            for change in changes:
                fewer = tuple(each for each in changes if each is not change)
                changes = fewer if changed(intake, fewer).truth(condition) is False else changes
            return changes
    return ()


def changed(intake: Intake, changes: Iterable[ChangedAnswer]) -> Intake:
    """The intake with these answers given otherwise."""
    return Intake(intake.vocabulary, {**intake.answers, **{change.fact: change.instead for change in changes}})


class _Counterfactuals:
    """The ways on one intake for a condition that reads these facts; what one answer costs is settled once."""

    def __init__(self, intake: Intake, read: frozenset[str]) -> None:
        self._intake, self._read = intake, read
        self._facts, self._places = intake.vocabulary.facts, intake.vocabulary.places
        self._asked = cache(self._ways_to_ask)
        self._price = cache(self._priced)

    def ways(self, node: Condition, *, value: bool) -> list[Way]:
        """The cheapest ways to give the node that value."""
        match node:
            case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
                parts = [ways for each in nodes if (ways := self.ways(each, value=value))]
                needed = parts_needed(node, value=value)
                some = islice(combinations(parts, needed), MOST_WAYS)
                return self._cheapest(way for each in some for way in reduce(self._joined, each))
            case Not(inner):
                return self.ways(inner, value=not value)
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return self._leaf(node, value=value)
            case _:
                assert_never(node)

    def _leaf(self, leaf: Leaf, *, value: bool) -> list[Way]:
        fact = self._facts[leaf.fact]
        own: list[Way] = [{fact.name: need} for need in needs_of(leaf, fact, self._reading(fact), value=value)]
        if fact.asked_if is None:
            return self._cheapest(own)
        asked = self._joined(own, self._asked(fact.name, value=True))
        return asked if value else self._cheapest([*asked, *self._asked(fact.name, value=False)])

    def _ways_to_ask(self, name: str, *, value: bool) -> list[Way]:
        asked_if = self._facts[name].asked_if
        return [{}] if asked_if is None else self.ways(asked_if, value=value)

    def _joined(self, left: list[Way], right: list[Way]) -> list[Way]:
        return self._cheapest(way for one in left for other in right if (way := _both(one, other)) is not None)

    def _cheapest(self, ways: Iterable[Way]) -> list[Way]:
        once = {frozenset(way.items()): way for way in ways}
        return sorted(once.values(), key=self._cost)[:MOST_WAYS]

    def _cost(self, way: Way) -> tuple[list[int], list[int]]:
        """What is asked of each answer that must become another, summed, the gravest first; then what is asked last."""
        prices = {name: price for name, need in way.items() if (price := self._price(name, need))}
        return [*map(sum, zip(*prices.values(), strict=True))], sorted(-self._places[name] for name in prices)

    def _priced(self, name: str, need: Need) -> tuple[int, ...]:
        """In the order of the module's first lines; nothing where the answer will do as it is."""
        fact = self._facts[name]
        reading = self._reading(fact)
        codes = flips(need, reading)
        ticked = len(need.on - reading.holds) if isinstance(need, Ticks) else 0
        gravest_first = (1, worsens(fact, need, reading), name not in self._read, fact.worse is None, ticked, codes)
        return gravest_first if codes else ()

    def _reading(self, fact: Fact) -> Reading:
        """What is known of the fact; an answer to a question that does not apply is none."""
        reading = self._intake.read(fact.name)
        return reading if reading.applies else Reading(reading.applies, known=False, may_hold=open_codes(fact))

    def changes(self, way: Way) -> tuple[ChangedAnswer, ...]:
        """The answers that must be given otherwise, in vocabulary order; those that cannot be given are left out."""
        changes = []
        for name in sorted(filter(lambda name: self._price(name, way[name]), way), key=self._places.__getitem__):
            fact, given = self._facts[name], codes_in(self._intake.answers.get(name))
            answer = instead(fact, way[name], self._reading(fact), given)
            changes += [] if answer is None else [ChangedAnswer(name, way[name], answer)]
        return tuple(changes)


def _both(one: Way, other: Way) -> Way | None:
    """Both ways at once; None where they contradict each other."""
    met = {name: meet(one[name], other[name]) for name in one.keys() & other.keys()}
    return None if None in met.values() else {**one, **other, **{name: need for name, need in met.items() if need}}
