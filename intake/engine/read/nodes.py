"""A YAML document as plain nodes with line numbers: every scalar is text, so `yes`, `1:30` and dates stay as written.

`plain` and `nodes` turn them into JSON-like data and back; `canonical` is the text that a stored book is kept as.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeAlias

NOTHING = ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word, number or text, as written; `plain` if it stands without quotes."""

    text: str
    plain: bool
    line: int

    @property
    def empty(self) -> bool:
        """Nothing was written: YAML's null."""
        return self.plain and self.text in NOTHING


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping; `key_lines` says where each key stands."""

    entries: dict[str, Node]
    key_lines: dict[str, int]
    line: int


Node: TypeAlias = Scalar | Sequence | Mapping
EMPTY = Mapping({}, {}, 1)


def is_empty(node: Node | None) -> bool:
    """Whether nothing was written."""
    return node is None or (isinstance(node, Scalar) and node.empty)


def plain(node: Node | None) -> object:
    """The node as JSON-like data, every scalar a text (an empty one None)."""
    match node:
        case None:
            return None
        case Scalar():
            return None if node.empty else node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}


def nodes(content: object) -> Node:
    """The node that `plain` made this content of, but for its lines and its quotes."""
    match content:
        case None:
            return Scalar("", plain=True, line=1)
        case list():
            return Sequence(tuple(nodes(item) for item in content), 1)
        case dict():
            return Mapping({key: nodes(value) for key, value in content.items()}, dict.fromkeys(content, 1), 1)
        case _:
            return Scalar(str(content), plain=content not in NOTHING, line=1)


def canonical(content: object) -> str:
    """The one JSON text of equal content in equal order: the order of facts decides which explanation is the first."""
    return json.dumps(content, separators=(",", ":"))
