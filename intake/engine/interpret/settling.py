"""Which questions settle a finding that asks: the fewest that leave no doubt, whatever is answered to them.

Each open question is tried with every code, nothing, each tick alone and all at once, and numbers on both sides of each
bound. Where an answer brings up a question
that was not asked before, no set leaves no doubt at once: then it is all that are open now, and the rest comes after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import assert_never

from intake.engine.book.tree import Between, Condition, Leaf
from intake.engine.book.vocabulary import Answer, Fact, Kind, leaves_behind
from intake.engine.interpret.open_facts import open_facts
from intake.engine.interpret.truth import Intake

MOST_TRIED = 2  # questions at once, with every answer to each
STEP = 1


def settling(condition: Condition, intake: Intake) -> tuple[str, ...]:
    """The facts to ask about an UNKNOWN condition, in vocabulary order; none of a decided one."""
    open_now = open_facts(condition, intake)
    for size in range(1, min(len(open_now), MOST_TRIED + 1)):
        for names in combinations(open_now, size):
            if settles(condition, intake, names):
                return names
    return open_now


def settles(condition: Condition, intake: Intake, names: Iterable[str]) -> bool:
    """Whether the condition is known, whatever is answered to these facts."""
    return all(intake.truth(condition) is not None for intake in answered(condition, intake, names))


def answered(condition: Condition, intake: Intake, names: Iterable[str]) -> Iterator[Intake]:
    """The intake with each of the answers that are tried for these facts."""
    facts = [intake.vocabulary.facts[name] for name in names]
    leaves = leaves_behind(condition, intake.vocabulary)
    each = [tuple(_answers(fact, leaves)) for fact in facts]
    for given in product(*each):
        said = {fact.name: answer for fact, answer in zip(facts, given, strict=True)}
        yield Intake(intake.vocabulary, {**intake.answers, **said})


def _answers(fact: Fact, leaves: Iterable[Leaf]) -> Iterator[Answer]:
    match fact.kind:
        case Kind.CHOICE:
            yield from fact.codes
        case Kind.CHOICES | Kind.REGIONS:
            yield from _ticked(fact)
        case Kind.NUMBER | Kind.SCORE:
            yield from beside_bounds(fact, leaves)
        case Kind.TEXT:
            return
        case _:
            assert_never(fact.kind)


def _ticked(fact: Fact) -> Iterator[Answer]:
    """Nothing where that can be said, each code alone, and all at once."""
    if fact.none is not None or fact.kind is Kind.REGIONS:
        yield () if fact.none is None else (fact.none,)
    codes = tuple(code for code in fact.codes if code != fact.none)
    yield from ((code,) for code in codes)
    yield codes


def beside_bounds(fact: Fact, leaves: Iterable[Leaf]) -> list[int]:
    """The numbers on both sides of each bound that the leaves set for the fact, within what it takes, ascending."""
    bounds = {end for leaf in leaves if isinstance(leaf, Between) and leaf.fact == fact.name for end in _ends(leaf)}
    return sorted({_within(fact, number) for bound in bounds for number in (bound - STEP, bound)})


def _ends(leaf: Between) -> Iterator[float]:
    return (end for end in (leaf.low, leaf.below) if end is not None)


def _within(fact: Fact, number: float) -> int:
    low = number if fact.low is None else max(number, fact.low)
    return int(low if fact.high is None else min(low, fact.high))
