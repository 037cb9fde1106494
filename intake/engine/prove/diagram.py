"""Decision diagrams over questions with several states each: a function of many answers, every equal part kept once.

A diagram is a value, or a `DiagramNode` that asks one variable (its place) and has a diagram for each state of it.
Variables are asked in ascending order and one that changes nothing is never asked, so equal functions are one object.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Value: TypeAlias = Hashable
UNKNOWN = object()


@dataclass(frozen=True, slots=True, eq=False)
class DiagramNode:
    """What the function is for each state of the variable at `place`."""

    place: int
    below: tuple[Diagram, ...]


Diagram: TypeAlias = DiagramNode | Value


@dataclass(slots=True)
class Diagrams:
    """All diagrams of one piece of work: every node once."""

    _nodes: dict[tuple[int, tuple[Diagram, ...]], DiagramNode] = field(default_factory=dict)
    _known: dict[tuple[Any, ...], Diagram] = field(default_factory=dict)

    def node(self, place: int, below: Sequence[Diagram]) -> Diagram:
        """The diagram that asks the variable, or what is below where the answer changes nothing."""
        if len(set(below)) == 1:
            return below[0]
        key = (place, tuple(below))
        return self._nodes.setdefault(key, DiagramNode(*key))

    def combine(self, how: Callable[..., Value], *parts: Diagram) -> Diagram:
        """The function that has the value `how(...)` of the values of the parts."""
        key = (how, *parts)
        known = self._known.get(key, UNKNOWN)
        if known is UNKNOWN:
            asked = [each for each in parts if isinstance(each, DiagramNode)]
            known = self._split(how, parts, min(asked, key=_place)) if asked else how(*parts)
            self._known[key] = known
        return known

    def _split(self, how: Callable[..., Value], parts: tuple[Diagram, ...], first: DiagramNode) -> Diagram:
        """Part by part, state by state of the variable asked first."""
        place, width = first.place, len(first.below)
        rows = [
            each.below if isinstance(each, DiagramNode) and each.place == place else (each,) * width for each in parts
        ]
        return self.node(place, [self.combine(how, *row) for row in zip(*rows, strict=True)])


def _place(node: DiagramNode) -> int:
    return node.place


def find(diagram: Diagram, wanted: Value) -> dict[int, int] | None:
    """States of the variables asked on a way to the value; None: nothing leads there."""
    dead: set[Diagram] = set()

    def search(part: Diagram) -> dict[int, int] | None:
        if not isinstance(part, DiagramNode):
            return {} if part is wanted else None
        if part in dead:
            return None
        for state, below in enumerate(part.below):
            path = search(below)
            if path is not None:
                return {part.place: state, **path}
        dead.add(part)
        return None

    return search(diagram)
