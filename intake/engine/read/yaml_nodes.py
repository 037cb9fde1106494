"""YAML as plain nodes with line numbers: every scalar is text, so `yes`, `1:30` and dates stay what was written.

Refuses duplicate keys, anchors, aliases, tags, keys that are not words and a second document; reports them all at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from intake.errors import Problem, nearest

DEEPEST = 40
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


class Problems:
    """Everything found wrong in one file so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def __len__(self) -> int:
        return len(self.found)

    def add(self, line: int, message: str) -> None:
        """Note one problem."""
        self.found.append(Problem(self.file, line, message))

    def unknown(self, line: int, what: str, word: str, known: Iterable[str]) -> None:
        """Note a word that nothing is called by, with the right word nearest to it."""
        self.add(line, f"unknown {what} `{word}`{nearest(word, known)}")

    def in_order(self) -> tuple[Problem, ...]:
        """All problems from the top of the file down, each once."""
        return tuple(sorted(dict.fromkeys(self.found), key=lambda problem: problem.line))


def read_nodes(path: Path, problems: Problems) -> Node | None:
    """The file's one document, or None if it is empty or not YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        problems.add(1, f"not UTF-8: byte {error.start} cannot be read")
    except OSError as error:
        problems.add(1, f"cannot be read: {error.strerror}")
    else:
        return parse_nodes(text, problems)
    return None


def parse_nodes(text: str, problems: Problems) -> Node | None:
    """The text's one document, or None if it is empty or not YAML."""
    try:
        events = list(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as error:
        problems.add(_line(error.problem_mark or error.context_mark), f"not YAML: {error.problem or error.context}")
    except YAMLError as error:
        problems.add(1, f"not YAML: {str(error).splitlines()[0]}")
    else:
        return _document(events, problems)
    return None


def _document(events: list[Any], problems: Problems) -> Node | None:
    for second in [event for event in events if isinstance(event, DocumentStartEvent)][1:]:
        problems.add(_line(second.start_mark), "a second document begins here; a file holds one")
    content = [event for event in events if isinstance(event, NodeEvent | SequenceEndEvent | MappingEndEvent)]
    if not content or _too_deep(content, problems):
        return None
    rest = iter(content)
    return _node(next(rest), rest, problems)


def _too_deep(events: list[Any], problems: Problems) -> bool:
    depth = 0
    for event in events:
        depth += isinstance(event, SequenceStartEvent | MappingStartEvent)
        depth -= isinstance(event, SequenceEndEvent | MappingEndEvent)
        if depth > DEEPEST:
            problems.add(_line(event.start_mark), f"nested deeper than {DEEPEST} levels")
            return True
    return False


def _node(event: Any, events: Iterator[Any], problems: Problems) -> Node:  # noqa: ANN401 - ruamel is untyped
    line = _line(event.start_mark)
    _refuse_extras(event, line, problems)
    match event:
        case SequenceStartEvent():
            return Sequence(tuple(_items(events, problems)), line)
        case MappingStartEvent():
            return _mapping(events, problems, line)
        case ScalarEvent():
            return Scalar(event.value, event.style is None, line)
        case _:
            return Scalar("", plain=True, line=line)


def _refuse_extras(event: Any, line: int, problems: Problems) -> None:  # noqa: ANN401 - ruamel is untyped
    if isinstance(event, AliasEvent):
        problems.add(line, f"alias `*{event.anchor}`: write the value out")
        return
    if event.anchor is not None:
        problems.add(line, f"anchor `&{event.anchor}`: write the value out where it is needed")
    if event.ctag is not None:
        problems.add(line, f"tag `{event.ctag}`: values carry no tags")


def _items(events: Iterator[Any], problems: Problems) -> Iterator[Node]:
    for event in events:
        if isinstance(event, SequenceEndEvent):
            return
        yield _node(event, events, problems)


def _mapping(events: Iterator[Any], problems: Problems, line: int) -> Mapping:
    entries: dict[str, Node] = {}
    key_lines: dict[str, int] = {}
    for event in events:
        if isinstance(event, MappingEndEvent):
            break
        key = _node(event, events, problems)
        value = _node(next(events), events, problems)
        if not isinstance(key, Scalar):
            problems.add(key.line, "a key is one word")
        elif key.text in entries:
            problems.add(key.line, f"duplicate key `{key.text}`, first given on line {key_lines[key.text]}")
        else:
            entries[key.text], key_lines[key.text] = value, key.line
    return Mapping(entries, key_lines, line)


def _line(mark: Any) -> int:  # noqa: ANN401 - ruamel is untyped
    return 1 if mark is None else int(mark.line) + 1


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
