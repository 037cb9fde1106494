"""The classes of answers: those that no leaf of a condition tells apart are one, so that a fact has few."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

from intake.engine.book.tree import AllOf, AnyOf, Between, Condition, Count, Leaf, OneOf, leaves
from intake.engine.book.vocabulary import NOT_SURE, Answer, Fact, Kind, Vocabulary

FactState: TypeAlias = Answer | None


def states_of(fact: Fact, read: list[Leaf]) -> dict[FactState, tuple[Answer, ...]]:
    """Each state of the fact with the full answers that it may turn out to be; None: not answered."""
    full = tuple(_full(fact, [leaf for leaf in read if leaf.fact in {fact.name, fact.narrows}]))
    states: dict[FactState, tuple[Answer, ...]] = {value: (value,) for value in full}
    if fact.kind is Kind.CHOICES and fact.narrows is None:
        for value in full:
            ticked = () if value == (fact.none,) else tuple(value)  # type: ignore[arg-type]  # a choices answer is a tuple
            beside = tuple(other for other in full if set(ticked) <= set(other))  # type: ignore[arg-type]
            states[(*ticked, NOT_SURE)] = beside
    return states | {None: full}


def leaves_behind(vocabulary: Vocabulary, when: Condition, names: list[str]) -> Iterator[Leaf]:
    """Every leaf that can change the condition: its own, and those that decide whether a question is asked."""
    conditions = [when, *(vocabulary.facts[name].asked_if for name in names)]
    yield from (leaf for condition in conditions if condition is not None for leaf in leaves(condition))


def _full(fact: Fact, read: list[Leaf]) -> Iterator[Answer]:
    """One full answer a class."""
    match fact.kind:
        case Kind.CHOICE:
            yield from _distinct(fact.codes, read)
        case Kind.CHOICES | Kind.REGIONS:
            most = max((leaf.count for leaf in read if isinstance(leaf, Count)), default=1)
            codes = _distinct([code for code in fact.codes if code != fact.none], read, keep=most)
            yield from _nothing(fact)
            yield from (some for size in range(1, len(codes) + 1) for some in combinations(codes, size))
        case Kind.NUMBER | Kind.SCORE:
            yield from _values(fact, read)
        case Kind.TEXT:
            return


def _nothing(fact: Fact) -> list[Answer]:
    """The full answer that holds no code, where there is one."""
    if fact.kind is Kind.REGIONS:
        return [()]
    return [(fact.none,)] if fact.none else []


def _distinct(codes: tuple[str, ...] | list[str], read: list[Leaf], keep: int = 1) -> tuple[str, ...]:
    """`keep` codes of each group that no leaf tells apart."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for code in codes:
        groups.setdefault(tuple(_role(code, leaf) for leaf in read), []).append(code)
    return tuple(code for group in groups.values() for code in group[:keep])


def _role(code: str, leaf: Leaf) -> object:
    match leaf:
        case OneOf(_, codes) | AnyOf(_, codes):
            return code in codes
        case AllOf(_, codes):
            return code if code in codes else ""
        case Count() | Between():
            return True


def _values(fact: Fact, read: list[Leaf]) -> Iterator[float]:
    """A value at each threshold and one below it, within the fact's range."""
    edges = {edge for leaf in read if isinstance(leaf, Between) for edge in (leaf.low, leaf.below) if edge is not None}
    for value in sorted({each for edge in edges for each in (edge - 1, edge)}):
        if (fact.low is None or value >= fact.low) and (fact.high is None or value <= fact.high):
            yield value
