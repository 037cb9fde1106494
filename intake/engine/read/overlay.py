"""A clinic's overlay: rules to add and policies to count stricter, laid over a rule book that it can never loosen.

Names in an overlay are its own: it may use the book's lists, conditions, concepts and sources, and not redefine them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from intake.engine.book.levels import Levels
from intake.engine.book.rulebook import AVOID, Note, Rule, Rulebook
from intake.engine.read import values
from intake.engine.read.nodes import EMPTY, Mapping, Node, Scalar, Sequence, nodes
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.rules import RuleReader
from intake.engine.read.section import Section

NAMED = ("lists", "conditions", "sources", "policies")
LISTED = ("concepts", "rules")
OPTIONAL = ("reviewed", *NAMED, *LISTED)
MARK = "+overlay"


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay file, read but not checked: only over a rule book do its words mean something."""

    file: str
    root: Node | None

    def over(self, base: Rulebook) -> Rulebook:
        """The rule book with the overlay, under a hash of its own; raises DataFileError with every fault."""
        problems = Problems(self.file)
        top = Section(self.root or EMPTY, "the overlay", problems, optional=OPTIONAL)
        merged = _merged(nodes(json.loads(base.content)["rules"]), top)
        book = RuleReader(base.vocabulary, problems).read(merged)
        problems.refuse()
        for rule, text in loosenings(base, book):
            problems.add(1, f"rule `{rule}` would be loosened: {text}")
        problems.refuse()
        return book


def read_overlay(path: Path) -> Overlay:
    """The overlay in the file; raises DataFileError where it is not YAML."""
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    return Overlay(str(path), root)


def loosenings(base: Rulebook, book: Rulebook) -> Iterator[tuple[str, str]]:
    """Rules of the base that the book does not hold as they are, or counts lower, and how; by structure alone.

    Where there are none, every finding of the base is one of the book's, at least as high: a region, an urgency and a
    label are the worst of the findings, so that nobody is judged lower. `losses.loosened` proves the same.
    """
    there = {rule.id: rule for rule in book.rules}
    for rule in base.rules:
        if rule.id not in there:
            yield rule.id, "it is not there"
        else:
            yield from ((rule.id, text) for text in _lower(rule, there[rule.id]))


def _lower(was: Rule, now: Rule) -> Iterator[str]:
    if replace(now, levels=was.levels, if_unknown=was.if_unknown, electrical_stimulation=None) != replace(
        was, electrical_stimulation=None
    ):
        yield "it is another rule"
    if not _as_high(was.levels, now.levels):
        yield "it counts lower"
    if not _as_high(was.if_unknown, now.if_unknown):
        yield "it counts lower while an answer is missing"
    if was.electrical_stimulation == AVOID and now.electrical_stimulation != AVOID:
        yield "it allows electrical stimulation"


def _as_high(was: Levels, now: Levels) -> bool:
    return now.needling >= was.needling and now.urgency >= was.urgency


def _merged(base: Node, top: Section) -> Mapping:
    """The book's document with the overlay's entries behind its own."""
    book = values.mapping(base, "the rule book", top.problems)
    entries, lines = dict(book.entries), dict(book.key_lines)
    for key in NAMED:
        given = top.mapping(key)
        if given.entries:
            entries[key], lines[key] = _joined(book.entries.get(key, EMPTY), given, key, top.problems), top.line_of(key)
    for key in LISTED:
        added = top.items(key)
        if added:
            own = values.items(book.entries.get(key), f"`{key}`", top.problems)
            added = tuple(_new_rules(own, added, top)) if key == "rules" else added
            entries[key] = Sequence((*own, *added), top.line_of(key))
    if "version" in entries:
        version = values.text(entries["version"], "`version`", top.problems)
        entries["version"] = Scalar(version + MARK, plain=True, line=1)
    return Mapping(entries, lines, 1)


def _joined(own: Node, given: Mapping, section: str, problems: Problems) -> Mapping:
    book = values.mapping(own, f"`{section}`", problems)
    for name in given.entries.keys() & book.entries.keys():
        if section == "policies":
            problems.add(given.key_lines[name], f"the rule book counts policy `{name}` already: change it there")
        else:
            what = section.removesuffix("s")
            problems.add(given.key_lines[name], f"{what} `{name}` is the rule book's own: give yours another name")
    return Mapping({**given.entries, **book.entries}, {**given.key_lines, **book.key_lines}, given.line)


def _new_rules(own: tuple[Node, ...], added: tuple[Node, ...], top: Section) -> Iterator[Node]:
    """The overlay's rules, with its `reviewed` where one has none; a rule of the book is not to be written anew."""
    taken = {_id(node) for node in own}
    reviewed = top.node("reviewed")
    for node in added:
        name = _id(node)
        if name in taken:
            text = "an overlay adds rules and makes policies stricter, it does not change a rule"
            top.problems.add(node.line, f"rule `{name}` is the rule book's own: {text}")
        elif not isinstance(node, Mapping) or "reviewed" in node.entries:
            yield node
        elif reviewed is None:
            top.problems.add(node.line, f"rule `{name}` lacks `reviewed`, and the overlay gives none for all")
        else:
            lines = {**node.key_lines, "reviewed": reviewed.line}
            yield Mapping({**node.entries, "reviewed": reviewed}, lines, node.line)


def _id(node: Node) -> str:
    name = node.entries.get("id") if isinstance(node, Mapping) else None
    return name.text if isinstance(name, Scalar) else ""


def added(base: Rulebook, book: Rulebook) -> list[Rule | Note]:
    """The rules and notes that are in the book and not in the base."""
    known = {rule.id for rule in base.rules} | {note.id for note in base.notes}
    entries: tuple[Rule | Note, ...] = (*book.rules, *book.notes)
    return [entry for entry in entries if entry.id not in known]
