"""Which questions are still open: the facts whose answers could decide a condition that is UNKNOWN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.interpret.truth import Intake


def open_facts(condition: Condition, intake: Intake) -> tuple[str, ...]:
    """The facts whose answers could still decide an UNKNOWN condition, in vocabulary order; none of a decided one.

    Of a fact that may or may not apply they are what decides that; it is looked behind once.
    """
    open_now: set[str] = set()
    passed: set[str] = set()
    waiting = [*_unknown(condition, intake)]
    while waiting:
        name = waiting.pop()
        asked_if = intake.vocabulary.facts[name].asked_if
        if asked_if is None or intake.read(name).applies is not None:
            open_now.add(name)
        elif name not in passed:
            passed.add(name)
            waiting += _unknown(asked_if, intake)
    return tuple(sorted(open_now, key=intake.vocabulary.places.__getitem__))


def _unknown(condition: Condition, intake: Intake) -> Iterator[str]:
    """The facts of the leaves that leave it UNKNOWN; a part that is decided has none."""
    if intake.truth(condition) is not None:
        return
    match condition:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            for node in nodes:
                yield from _unknown(node, intake)
        case Not(node):
            yield from _unknown(node, intake)
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            yield condition.fact
        case _:
            assert_never(condition)
