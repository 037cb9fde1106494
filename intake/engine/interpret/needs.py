"""What must be said of one fact for a leaf to hold or not to hold, and the nearest answer that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from intake.engine.book.calm import calmest
from intake.engine.book.tree import AllOf, AnyOf, Between, Count, Leaf, OneOf
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Answer, Fact, Kind
from intake.engine.interpret.truth import Reading, open_codes

INFINITY = float("inf")


@dataclass(frozen=True, slots=True)
class Pick:
    """A choice fact must hold one of the codes."""

    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ticks:
    """A choices or regions fact must hold every code of `on`, and must surely hold none of `off`."""

    on: frozenset[str] = frozenset()
    off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Span:
    """A number or score must lie in low <= value < below."""

    low: float
    below: float


Need: TypeAlias = Pick | Ticks | Span


def needs_of(leaf: Leaf, fact: Fact, reading: Reading, *, value: bool) -> list[Need]:
    """The needs of which each makes the leaf `value`."""
    match leaf:
        case OneOf(_, codes):
            return [Pick(frozenset(codes) if value else frozenset(fact.codes).difference(codes))]
        case AnyOf(_, codes) | AllOf(_, codes):
            one_is_enough = isinstance(leaf, AnyOf) is value
            return [_ticks(each, on=value) for each in ([[code] for code in codes] if one_is_enough else [codes])]
        case Count(_, count):
            held_first = sorted(open_codes(fact), key=lambda code: (code not in reading.holds, fact.codes.index(code)))
            return [_ticks(held_first[:count] if value else held_first[count - 1 :], on=value)]
        case Between():
            return _spans(leaf, value=value)
        case _:
            assert_never(leaf)


def _ticks(codes: Iterable[str], *, on: bool) -> Ticks:
    return Ticks(on=frozenset(codes)) if on else Ticks(off=frozenset(codes))


def _spans(leaf: Between, *, value: bool) -> list[Need]:
    low = -INFINITY if leaf.low is None else leaf.low
    below = INFINITY if leaf.below is None else leaf.below
    return [Span(low, below)] if value else [Span(below, INFINITY), Span(-INFINITY, low)]


def meet(one: Need, other: Need) -> Need | None:
    """Both needs at once; None where they contradict each other."""
    match one, other:
        case Pick(codes), Pick(others):
            return Pick(codes & others) if codes & others else None
        case Ticks(on, off), Ticks(more_on, more_off):
            return None if (on | more_on) & (off | more_off) else Ticks(on | more_on, off | more_off)
        case Span(low, below), Span(other_low, other_below):
            span = Span(max(low, other_low), min(below, other_below))
            return span if span.low < span.below else None
        case _:
            raise TypeError("Leaves of one fact are of one kind.")


def flips(need: Need, reading: Reading) -> int:
    """How much of the answer must become another; 0: it will do as it is."""
    match need:
        case Pick(codes):
            return int(reading.holds.isdisjoint(codes))
        case Ticks(on, off):
            return len(on - reading.holds) + len(off & (reading.holds | reading.may_hold))
        case Span(low, below):
            return int(reading.number is None or not low <= reading.number < below)
        case _:
            assert_never(need)


def worsens(fact: Fact, need: Need, reading: Reading) -> bool:
    """Whether every answer that does it is worse than what was said, or than the best where nothing was."""
    severities = fact.severities
    match need:
        case Pick(codes):
            worst_held = max((severities.get(code, 0) for code in reading.holds), default=0)
            return min((severities.get(code, 0) for code in codes), default=0) > worst_held
        case Ticks(on, _):
            return not (on - reading.holds).isdisjoint(severities)
        case Span(low, _):
            up = low > -INFINITY if reading.number is None else reading.number < low
            return fact.worse == ("higher" if up else "lower")
        case _:
            assert_never(need)


def instead(fact: Fact, need: Need, reading: Reading, given: Sequence[str]) -> Answer | None:
    """The nearest answer, or the calmest; None where no answer does it."""
    match need:
        case Pick(codes):
            return calmest(fact, codes)
        case Ticks():
            return _ticked_instead(fact, need, reading, given)
        case Span():
            return _number_instead(fact, need, reading)
        case _:
            assert_never(need)


def _ticked_instead(fact: Fact, need: Ticks, reading: Reading, given: Sequence[str]) -> Answer | None:
    holds = [code for code in fact.codes if code in (reading.holds | need.on) - need.off]
    if holds:
        return *holds, *(word for word in UNKNOWN_WORDS if word in given and len(given) > 1 and not need.off)
    if fact.none is not None:
        return (fact.none,)
    rest = tuple(code for code in fact.codes if code not in need.off)[:1]
    return () if fact.kind is Kind.REGIONS else rest or None


def _number_instead(fact: Fact, need: Span, reading: Reading) -> int | None:
    least = need.low if fact.low is None else max(need.low, fact.low)
    most = need.below - 1 if fact.high is None else min(need.below - 1, fact.high)
    nearest = reading.number if reading.number is not None else least if need.low > -INFINITY else most
    return int(max(least, min(most, nearest))) if least <= most else None
