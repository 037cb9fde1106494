"""One section of a file: a mapping, what it is called, and where its faults are noted; its keys are read by their type.

An absent key reads as the empty value of its type; whether it may be absent is said once, where the section is opened.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import Enum
from typing import TypeVar

from intake.engine.read import values
from intake.engine.read.nodes import EMPTY, Mapping, Node
from intake.engine.read.problems import Problems

E = TypeVar("E", bound=Enum)


class Section:
    """A mapping with exactly the keys that its place in the language gives it."""

    __slots__ = ("_mapping", "line", "problems", "what")

    def __init__(
        self,
        node: Node,
        what: str,
        problems: Problems,
        *,
        required: Collection[str] = (),
        optional: Collection[str] = (),
    ) -> None:
        """Open the section; no mapping at all, every unknown and every missing key is a problem."""
        self.what = what
        self.problems = problems
        self._mapping = _with_keys(node, what, problems, required, optional)
        self.line = self._mapping.line

    def __contains__(self, key: str) -> bool:
        return key in self._mapping.entries

    def node(self, key: str) -> Node | None:
        """What stands under the key."""
        return self._mapping.entries.get(key)

    def line_of(self, key: str) -> int:
        """Where the key stands; raises KeyError if it is absent."""
        return self._mapping.key_lines[key]

    def section(self, key: str, *, required: Collection[str] = (), optional: Collection[str] = ()) -> Section | None:
        """The section under the key, None if it is absent."""
        node = self.node(key)
        if node is None:
            return None
        return Section(node, f"`{key}`", self.problems, required=required, optional=optional)

    def mapping(self, key: str) -> Mapping:
        """The mapping under the key, whose own keys are free."""
        return values.mapping(self._mapping.entries.get(key, EMPTY), f"`{key}`", self.problems)

    def items(self, key: str) -> tuple[Node, ...]:
        """The items of the list under the key."""
        return values.items(self.node(key), f"`{key}`", self.problems)

    def text(self, key: str, *, of: str = "") -> str:
        """The text under the key; `of` is what a message names as its owner."""
        return values.text(self.node(key), f"`{key}` of {of}" if of else f"`{key}`", self.problems)

    def text_or_none(self, key: str, *, of: str = "") -> str | None:
        """The text under the key, None if there is none."""
        return self.text(key, of=of) or None

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under the key."""
        return values.texts(self.node(key), f"`{key}`", self.problems)

    def one_of(self, key: str, known: Collection[str], what: str = "") -> str | None:
        """The known word under the key; `what` says what such a word is, if the key does not."""
        return values.one_of(self.node(key), what or key, known, self.problems)

    def several_of(self, key: str, known: Collection[str], item: str) -> tuple[str, ...]:
        """The list of known words under the key; `item` says what one of them is."""
        return values.several_of(self.node(key), f"`{key}`", item, known, self.problems)

    def member(self, key: str, kind: type[E], otherwise: E) -> E:
        """The member of an enumeration that the key names, `otherwise` if it names none."""
        return values.member(self.node(key), key, kind, self.problems, otherwise)

    def flag(self, key: str) -> bool:
        """Whether the key says `true`."""
        return values.flag(self.node(key), f"`{key}`", self.problems)

    def number(self, key: str) -> float | None:
        """The number under the key."""
        return values.number(self.node(key), f"`{key}`", self.problems)

    def whole(self, key: str, *, least: int, of: str = "") -> int:
        """The whole number under the key, which is not below `least`."""
        return values.whole(self.node(key), f"`{key}` of {of}" if of else f"`{key}`", self.problems, least=least)

    def day(self, key: str) -> date:
        """The date under the key."""
        return values.day(self.node(key), f"`{key}`", self.problems)


def _with_keys(
    node: Node, what: str, problems: Problems, required: Collection[str], optional: Collection[str]
) -> Mapping:
    if not isinstance(node, Mapping):
        keys = f"with {', '.join(f'`{key}`' for key in required)}" if required else "(key: value)"
        problems.add(node.line, f"{what} must be a mapping {keys}")
        return EMPTY
    for key in node.entries.keys() - {*required, *optional}:
        problems.unknown(node.key_lines[key], f"key in {what}", key, (*required, *optional))
    for key in required:
        if key not in node.entries:
            problems.add(node.line, f"{what} lacks `{key}`")
    return node
