"""Condition nodes: frozen data without methods; each of their readers takes them apart by `match`.

A condition is three-valued. `All`, `AnyNode`, `Not` and `AtLeast` follow Kleene. A leaf reads one fact:
`OneOf` a choice, `AnyOf` / `AllOf` / `Count` a choices or regions fact, `Between` a number or score (low <= x < below).
Region stems, groups, lists and named conditions are already expanded here: leaves hold plain codes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never


@dataclass(frozen=True, slots=True)
class All:
    """TRUE if every node is."""

    nodes: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyNode:
    """TRUE if one node is."""

    nodes: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; UNKNOWN stays UNKNOWN."""

    node: Condition


@dataclass(frozen=True, slots=True)
class AtLeast:
    """TRUE if `count` of the nodes are."""

    count: int
    nodes: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice fact holds one of the codes."""

    fact: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A choices or regions fact holds at least one of the codes."""

    fact: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """A choices or regions fact holds every one of the codes."""

    fact: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """A choices or regions fact holds at least `count` codes, its exclusive none not counted."""

    fact: str
    count: int


@dataclass(frozen=True, slots=True)
class Between:
    """A number or score fact lies in low <= value < below; None leaves that side open."""

    fact: str
    low: float | None
    below: float | None


Leaf: TypeAlias = OneOf | AnyOf | AllOf | Count | Between
Condition: TypeAlias = All | AnyNode | Not | AtLeast | Leaf


def size(condition: Condition, known: dict[int, tuple[int, int]] | None = None) -> tuple[int, int]:
    """How many nodes a condition has when it is written out, and how deep it is; a shared node is looked at once."""
    sizes = {} if known is None else known
    if id(condition) not in sizes:
        match condition:
            case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
                below = [size(node, sizes) for node in nodes]
            case Not(node):
                below = [size(node, sizes)]
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                below = []
            case _:
                assert_never(condition)
        sizes[id(condition)] = 1 + sum(nodes for nodes, _ in below), 1 + max((deep for _, deep in below), default=0)
    return sizes[id(condition)]


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf, in the order written."""
    match condition:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            for node in nodes:
                yield from leaves(node)
        case Not(node):
            yield from leaves(node)
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            yield condition
        case _:
            assert_never(condition)


def facts_read(condition: Condition) -> tuple[str, ...]:
    """The names of the facts that the condition reads, each once."""
    return tuple(dict.fromkeys(leaf.fact for leaf in leaves(condition)))
