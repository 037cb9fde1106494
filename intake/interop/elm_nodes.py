"""The nodes of ELM that the library is made of, as JSON objects. Public names are ELM's words where it has one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TypeAlias

ElmNode: TypeAlias = dict[str, object]

SYSTEM = "urn:hl7-org:elm-types:r1"
BOOLEAN, STRING, INTEGER, DECIMAL = (f"{{{SYSTEM}}}{name}" for name in ("Boolean", "String", "Integer", "Decimal"))


def unary(kind: str, operand: ElmNode) -> ElmNode:
    """An operator of one operand: `Not`, `Exists`, `IsNull`, `IsTrue`, `IsFalse`."""
    return {"type": kind, "operand": operand}


def binary(kind: str, left: ElmNode, right: ElmNode) -> ElmNode:
    """An operator of two operands: `And`, `Or`, `In`, `Intersect` and the comparisons."""
    return {"type": kind, "operand": [left, right]}


def fold(kind: str, nodes: Iterable[ElmNode]) -> ElmNode:
    """A binary operator over any number of operands, from the left; there must be one."""
    return reduce(lambda left, right: binary(kind, left, right), nodes)


def if_else(condition: ElmNode, then: ElmNode, otherwise: ElmNode) -> ElmNode:
    """`If`: a condition that is null counts as false."""
    return {"type": "If", "condition": condition, "then": then, "else": otherwise}


def reference(expression: str) -> ElmNode:
    """What another expression of the library gives."""
    return {"type": "ExpressionRef", "name": expression}


def answer_to(fact: str) -> ElmNode:
    """The parameter of a fact."""
    return {"type": "ParameterRef", "name": fact}


def is_null(fact: str) -> ElmNode:
    """Whether the parameter of a fact was left out."""
    return unary("IsNull", answer_to(fact))


def at_least(number: ElmNode, count: int) -> ElmNode:
    """Whether a number is `count` or more."""
    return binary("GreaterOrEqual", number, integer(count))


def list_of(nodes: list[ElmNode]) -> ElmNode:
    """A list of nodes."""
    return {"type": "List", "element": nodes}


def strings(words: Iterable[str]) -> ElmNode:
    """A list of strings, typed so that it may be empty."""
    named: ElmNode = {"type": "NamedTypeSpecifier", "name": STRING}
    return list_of([string(word) for word in words]) | {
        "typeSpecifier": {"type": "ListTypeSpecifier", "elementType": named}
    }


def string(word: str) -> ElmNode:
    """One string."""
    return _literal(STRING, word)


def integer(number: int) -> ElmNode:
    """One whole number."""
    return _literal(INTEGER, str(number))


def decimal(number: float) -> ElmNode:
    """One decimal number."""
    return _literal(DECIMAL, str(float(number)))


def _literal(kind: str, value: str) -> ElmNode:
    return {"type": "Literal", "valueType": kind, "value": value}


TRUE, FALSE = _literal(BOOLEAN, "true"), _literal(BOOLEAN, "false")
NULL: ElmNode = unary("As", {"type": "Null"}) | {"asTypeSpecifier": {"type": "NamedTypeSpecifier", "name": BOOLEAN}}
