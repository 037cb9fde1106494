"""Why a condition is true or false: the smallest set of answers that decides it; and which open questions still could.

A set of literals suffices if Kleene's logic reaches the same result from these answers alone. `deciding` returns one of
which no answer can be left out: the fewest answers, and among equals the first in vocabulary order. A literal brings
along the answers that make its question apply (`asked_if`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, islice
from typing import TypeAlias, assert_never

from intake.engine.rulebook import Literal
from intake.engine.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Leaf, Not, OneOf
from intake.engine.truth import Intake, words
from intake.engine.vocabulary import NOT_SURE, Answer, Answers, Fact, Kind

Reasons: TypeAlias = list[frozenset[Literal]]
MOST_REASONS = 200


def deciding(condition: Condition, intake: Intake) -> tuple[Literal, ...]:
    """The smallest set of answers that makes the condition what it is; empty while it is UNKNOWN."""
    value = intake.truth(condition)
    if value is None:
        return ()
    order = _order(intake)
    best = min(_reasons(condition, intake, value=value), key=lambda reason: (len(reason), sorted(map(order, reason))))
    return tuple(sorted(best, key=order))


def open_facts(condition: Condition, intake: Intake) -> tuple[str, ...]:
    """The facts whose answers could still decide an UNKNOWN condition, in vocabulary order."""
    return tuple(sorted(frozenset(_open(condition, intake)), key=intake.place_of))


def shown(literals: Iterable[Literal], answers: Answers) -> dict[str, object]:
    """The deciding answers as fact -> code, list of codes or number, as the command line prints them."""
    facts: dict[str, list[str]] = {}
    for literal in literals:
        facts.setdefault(literal.fact, []).extend([literal.code] if literal.holds and literal.code else [])
    return {fact: _shown(answers.get(fact), codes) for fact, codes in facts.items()}


def _shown(answer: Answer | None, codes: list[str]) -> object:
    return (codes or list(answer)) if isinstance(answer, tuple) else answer


def _order(intake: Intake) -> Callable[[Literal], tuple[int, int]]:
    def key(literal: Literal) -> tuple[int, int]:
        codes = intake.vocabulary.facts[literal.fact].codes
        return intake.place_of(literal.fact), codes.index(literal.code) if literal.code in codes else -1

    return key


def _open(condition: Condition, intake: Intake) -> Iterator[str]:
    if intake.truth(condition) is not None:
        return
    match condition:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            for node in nodes:
                yield from _open(node, intake)
        case Not(node):
            yield from _open(node, intake)
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            yield from _open_leaf(condition, intake)
        case _:
            assert_never(condition)


def _open_leaf(leaf: Leaf, intake: Intake) -> Iterator[str]:
    asked_if = intake.vocabulary.facts[leaf.fact].asked_if
    if asked_if is not None and intake.read(leaf.fact).applies is None:
        yield from _open(asked_if, intake)
    else:
        yield leaf.fact


def _reasons(condition: Condition, intake: Intake, *, value: bool) -> Reasons:
    match condition:
        case All(nodes):
            return _every(nodes, intake, value=value) if value else _some(nodes, intake, 1, value=value)
        case AnyNode(nodes):
            return _some(nodes, intake, 1, value=value) if value else _every(nodes, intake, value=value)
        case Not(node):
            return _reasons(node, intake, value=not value)
        case AtLeast(count, nodes):
            return _some(nodes, intake, count if value else len(nodes) - count + 1, value=value)
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            return _leaf(condition, intake, value=value)
        case _:
            assert_never(condition)


def _every(nodes: Iterable[Condition], intake: Intake, *, value: bool) -> Reasons:
    reasons: Reasons = [frozenset()]
    for node in nodes:
        reasons = _joined(reasons, _reasons(node, intake, value=value))
    return reasons


def _some(nodes: Iterable[Condition], intake: Intake, count: int, *, value: bool) -> Reasons:
    agree = [node for node in nodes if intake.truth(node) is value]
    if count == 1:
        return _smallest(reason for node in agree for reason in _reasons(node, intake, value=value))
    chosen = islice(combinations(agree, count), MOST_REASONS)
    return _smallest(reason for nodes in chosen for reason in _every(nodes, intake, value=value))


def _joined(left: Reasons, right: Reasons) -> Reasons:
    return _smallest(one | other for one in left for other in right)


def _smallest(reasons: Iterable[frozenset[Literal]]) -> Reasons:
    kept: Reasons = []
    for reason in sorted(dict.fromkeys(reasons), key=len):
        if not any(smaller <= reason for smaller in kept):
            kept.append(reason)
    return kept[:MOST_REASONS]


def _leaf(leaf: Leaf, intake: Intake, *, value: bool) -> Reasons:
    fact = intake.vocabulary.facts[leaf.fact]
    if fact.asked_if is None:
        return _own(leaf, fact, intake, value=value)
    if not intake.read(fact.name).applies:
        return _reasons(fact.asked_if, intake, value=False)
    return _joined(_own(leaf, fact, intake, value=value), _reasons(fact.asked_if, intake, value=True))


def _own(leaf: Leaf, fact: Fact, intake: Intake, *, value: bool) -> Reasons:
    answer = intake.answers[fact.name]
    if fact.kind is Kind.CHOICE:
        return [frozenset((Literal(fact.name, str(answer), holds=True),))]
    if not isinstance(answer, tuple) or not answer:
        return [frozenset((Literal(fact.name, "", holds=True),))]
    if fact.none is not None and fact.none in answer:
        return [frozenset((Literal(fact.name, fact.none, holds=True),))]
    return _of_set(leaf, fact, intake, value=value)


def _of_set(leaf: Leaf, fact: Fact, intake: Intake, *, value: bool) -> Reasons:
    reading = intake.read(fact.name)
    needed, pool = _needed(leaf, fact, value=value)
    agree = [
        code for code in pool if (code in reading.holds if value else code not in reading.holds | reading.may_hold)
    ]
    chosen = islice(combinations(agree, needed), MOST_REASONS)
    return [frozenset(_literals(fact, codes, intake, value=value)) for codes in chosen]


def _needed(leaf: Leaf, fact: Fact, *, value: bool) -> tuple[int, tuple[str, ...]]:
    match leaf:
        case OneOf(_, codes) | AnyOf(_, codes):
            return (1 if value else len(codes)), codes
        case AllOf(_, codes):
            return (len(codes) if value else 1), codes
        case Count(_, count):
            codes = tuple(code for code in fact.codes if code != fact.none)
            return (count if value else len(codes) - count + 1), codes
        case Between():
            return 0, ()
        case _:
            assert_never(leaf)


def _literals(fact: Fact, codes: Iterable[str], intake: Intake, *, value: bool) -> Iterator[Literal]:
    narrowed = not value and NOT_SURE in words(intake.answers[fact.name])
    for code in codes:
        yield Literal(fact.name, code, holds=value)
        if narrowed and fact.narrowed_by is not None:
            yield Literal(fact.narrowed_by, code, holds=False)
