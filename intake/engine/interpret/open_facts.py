"""Which questions are still open: the facts whose answers could decide a condition that is UNKNOWN."""

from __future__ import annotations

from typing import assert_never

from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Leaf, Not, OneOf
from intake.engine.interpret.explain import parts_needed
from intake.engine.interpret.truth import Intake, Truth


def open_facts(condition: Condition, intake: Intake) -> tuple[str, ...]:
    """The facts whose answers could still decide an UNKNOWN condition, in vocabulary order."""
    return tuple(sorted(frozenset(_open(condition, intake)[1]), key=intake.vocabulary.places.__getitem__))


def _open(condition: Condition, intake: Intake) -> tuple[Truth, list[str]]:
    """The truth, and while it is UNKNOWN the facts that are open."""
    match condition:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            return _open_among(condition, nodes, intake)
        case Not(node):
            value, names = _open(node, intake)
            return None if value is None else not value, names
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            value = intake.truth(condition)
            return value, [] if value is not None else _open_leaf(condition, intake)
        case _:
            assert_never(condition)


def _open_among(node: All | AnyNode | AtLeast, parts: tuple[Condition, ...], intake: Intake) -> tuple[Truth, list[str]]:
    opened = [_open(part, intake) for part in parts]
    value = _kleene(node, [truth for truth, _ in opened])
    return value, [] if value is not None else [name for _, names in opened for name in names]


def _kleene(node: All | AnyNode | AtLeast, truths: list[Truth]) -> Truth:
    if truths.count(True) >= parts_needed(node, value=True):
        return True
    return False if truths.count(False) >= parts_needed(node, value=False) else None


def _open_leaf(leaf: Leaf, intake: Intake) -> list[str]:
    asked_if = intake.vocabulary.facts[leaf.fact].asked_if
    if asked_if is not None and intake.read(leaf.fact).applies is None:
        return _open(asked_if, intake)[1]
    return [leaf.fact]
