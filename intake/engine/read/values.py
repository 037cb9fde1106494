"""One node -> one typed value. What cannot be read is noted in `problems` and replaced by an empty value."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date
from enum import Enum
from typing import TypeVar

from intake.engine.read.nodes import EMPTY, Mapping, Node, Scalar, Sequence, is_empty
from intake.engine.read.problems import Problems

E = TypeVar("E", bound=Enum)


def mapping(node: Node, what: str, problems: Problems) -> Mapping:
    """A mapping; nothing written at all counts as an empty one."""
    if isinstance(node, Mapping):
        return node
    if not is_empty(node):
        problems.add(node.line, f"{what} must be a mapping (key: value)")
    return EMPTY


def items(node: Node | None, what: str, problems: Problems) -> tuple[Node, ...]:
    """The items of a list; nothing written at all counts as an empty one."""
    if isinstance(node, Sequence):
        return node.items
    if node is not None and not is_empty(node):
        problems.add(node.line, f"{what} must be a list")
    return ()


def text(node: Node | None, what: str, problems: Problems) -> str:
    """A text that is not blank."""
    if node is None:
        return ""
    if isinstance(node, Scalar) and node.text.strip() and not node.empty:
        return node.text.strip()
    problems.add(node.line, f"{what} must be a text")
    return ""


def texts(node: Node | None, what: str, problems: Problems) -> tuple[str, ...]:
    """A list of texts, none of them twice."""
    words: list[str] = []
    for item in items(node, what, problems):
        word = text(item, f"each item of {what}", problems)
        if word and word in words:
            problems.add(item.line, f"{what} names `{word}` twice")
        words.append(word)
    return tuple(words)


def number(node: Node | None, what: str, problems: Problems) -> float | None:
    """A finite number written without quotes, whole if it is whole."""
    if node is None:
        return None
    value = to_number(node)
    if value is None:
        problems.add(node.line, f"{what} must be a number")
    return value


def to_number(node: Node) -> float | None:
    """The number that an unquoted scalar spells, else None."""
    if not isinstance(node, Scalar) or not node.plain or not node.text.isascii() or "_" in node.text:
        return None
    try:
        value = float(node.text)
    except ValueError:
        return None
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def whole(node: Node | None, what: str, problems: Problems, *, least: int) -> int:
    """A whole number that is not below `least`."""
    value = None if node is None else to_number(node)
    if node is not None and (not isinstance(value, int) or value < least):
        problems.add(node.line, f"{what} must be a whole number from {least} up")
    return value if isinstance(value, int) else least


def day(node: Node | None, what: str, problems: Problems) -> date:
    """A date written as year-month-day."""
    if isinstance(node, Scalar):
        try:
            return date.fromisoformat(node.text)
        except ValueError:
            pass
    if node is not None:
        problems.add(node.line, f"{what} must be a date such as 2026-11-22")
    return date.min


def one_of(node: Node | None, what: str, known: Collection[str], problems: Problems) -> str | None:
    """One of the known words."""
    word = text(node, what, problems)
    if not word or node is None:
        return None
    if word not in known:
        problems.unknown(node.line, what, word, known)
        return None
    return word


def several_of(node: Node | None, what: str, item: str, known: Collection[str], problems: Problems) -> tuple[str, ...]:
    """The words of a list whose items are known words; `item` says what one of them is."""
    for each in items(node, what, problems):
        one_of(each, item, known, problems)
    return texts(node, what, Problems(""))


def member(node: Node | None, what: str, kind: type[E], problems: Problems, otherwise: E) -> E:
    """The member of an enumeration whose lower-case name is written."""
    word = one_of(node, what, [each.name.lower() for each in kind], problems)
    return otherwise if word is None else kind[word.upper()]


def flag(node: Node | None, what: str, problems: Problems) -> bool:
    """`true` or `false`; absent is false."""
    return node is not None and one_of(node, what, ("true", "false"), problems) == "true"
