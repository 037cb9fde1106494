"""YAML text -> nodes, from the events of libyaml's parser, or of PyYAML's own in Python where libyaml is missing.

Refuses duplicate keys, anchors, aliases, tags, keys that are not words and a second document; reports them all at once.
What is larger, longer or deeper than any rule book is refused before more of it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from intake.engine.read.nodes import Mapping, Node, Scalar, Sequence
from intake.engine.read.problems import Problems

DEEPEST = 40
LARGEST = 2_000_000  # bytes of a file; the product's rule book has 300,000
LONGEST = 10_000  # characters of one value
MOST = 250_000  # events, as the parser counts what it meets; the product's rule book has 32,000
IN_PYTHON: Any = yaml.SafeLoader
FASTEST: Any = getattr(yaml, "CSafeLoader", IN_PYTHON)
PLAIN = (None, "")


def read_nodes(path: Path, problems: Problems) -> Node | None:
    """The file's one document, or None if it is empty or not YAML."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        text = content.decode()
    except UnicodeDecodeError as error:
        problems.add(1, f"not UTF-8: byte {error.start} cannot be read")
    except OSError as error:
        problems.add(1, f"cannot be read: {error.strerror}")
    else:
        if len(content) <= LARGEST:
            return parse_nodes(text, problems)
        problems.add(1, f"larger than {LARGEST} bytes")
    return None


def parse_nodes(text: str, problems: Problems, parser: Any = FASTEST) -> Node | None:  # noqa: ANN401 - PyYAML is untyped
    """The text's one document, or None if it is empty or not YAML."""
    try:
        events = list(_within_limits(yaml.parse(text, Loader=parser), problems))
    except yaml.YAMLError as error:
        problems.add(*_in_words(_clearer(text) or error))
        return None
    whole = bool(events) and isinstance(events[-1], StreamEndEvent)
    return _document(events, problems) if whole else None


def _clearer(text: str) -> yaml.YAMLError | None:
    """The same fault as the parser in Python tells it: it names what it met, libyaml only what it missed."""
    try:
        for _event in _within_limits(yaml.parse(text, Loader=IN_PYTHON), Problems("")):
            pass
    except yaml.YAMLError as error:
        return error
    return None


def _within_limits(events: Iterator[Any], problems: Problems) -> Iterator[Any]:
    """The events up to the first that is beyond a limit, which is a problem."""
    depth = 0
    for number, event in enumerate(events):
        depth += isinstance(event, SequenceStartEvent | MappingStartEvent)
        depth -= isinstance(event, SequenceEndEvent | MappingEndEvent)
        beyond = (
            f"nested deeper than {DEEPEST} levels"
            if depth > DEEPEST
            else f"longer than {LONGEST} characters"
            if isinstance(event, ScalarEvent) and len(event.value) > LONGEST
            else f"more than {MOST} values and brackets"
            if number > MOST
            else ""
        )
        if beyond:
            problems.add(_line(event.start_mark), beyond)
            return
        yield event


def _in_words(error: yaml.YAMLError) -> tuple[int, str]:
    if isinstance(error, yaml.MarkedYAMLError):
        return _line(error.problem_mark or error.context_mark), f"not YAML: {error.problem or error.context}"
    return 1, f"not YAML: {str(error).splitlines()[0]}"


def _document(events: list[Any], problems: Problems) -> Node | None:
    for second in [event for event in events if isinstance(event, DocumentStartEvent)][1:]:
        problems.add(_line(second.start_mark), "a second document begins here; a file holds one")
    content = [event for event in events if isinstance(event, NodeEvent | SequenceEndEvent | MappingEndEvent)]
    if not content:
        return None
    rest = iter(content)
    return _node(next(rest), rest, problems)


def _node(event: Any, events: Iterator[Any], problems: Problems) -> Node:  # noqa: ANN401 - PyYAML is untyped
    line = _line(event.start_mark)
    _refuse_extras(event, line, problems)
    match event:
        case ScalarEvent():
            return Scalar(event.value, event.style in PLAIN, line)
        case MappingStartEvent():
            return _mapping(events, problems, line)
        case SequenceStartEvent():
            return Sequence(tuple(_items(events, problems)), line)
        case _:
            return Scalar("", plain=True, line=line)


def _refuse_extras(event: Any, line: int, problems: Problems) -> None:  # noqa: ANN401 - PyYAML is untyped
    if isinstance(event, AliasEvent):
        problems.add(line, f"alias `*{event.anchor}`: write the value out")
        return
    if event.anchor is not None:
        problems.add(line, f"anchor `&{event.anchor}`: write the value out where it is needed")
    if event.tag is not None:
        problems.add(line, f"tag `{event.tag}`: values carry no tags")


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


def _line(mark: Any) -> int:  # noqa: ANN401 - PyYAML is untyped
    return 1 if mark is None else int(mark.line) + 1
