"""The clinic's own words for a consent sheet: `consent.yaml` in the instance, over the product's table.

It may say a line otherwise and add lines. It can leave nothing out: every line stays, with the words that it keeps and
with its numbers, and its sources are those of the table.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.engine.read.nodes import EMPTY, Node
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section
from intake.questions.about.read import numbers_in
from intake.questions.consent.read import lost_words
from intake.questions.consent.table import ConsentTable, Line, SheetPart

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "consent.yaml"


def with_wording(table: ConsentTable, path: Path) -> ConsentTable:
    """The table in the clinic's words, as it is where there is no file; raises DataFileError, with the line."""
    if not path.exists():
        return table
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    top = Section(root or EMPTY, "the file", problems, optional=("wording", "add"))
    ids = {line.id: line for line in table.lines}
    wording = top.section("wording", optional=tuple(ids))
    lines = [_worded(line, wording) if wording and line.id in wording else line for line in table.lines]
    lines += [_added(node, ids, problems) for node in top.items("add")]
    problems.refuse()
    return ConsentTable(tuple(lines), table.unsaid)


def _worded(line: Line, wording: Section) -> Line:
    needed = ("say", "ask") if line.ask != line.say else ("say",)
    own = wording.section(line.id, required=needed)
    if own is None:
        return line
    say = own.text("say")
    ask = own.text("ask") if "ask" in needed else say
    where, texts = wording.line_of(line.id), (say, ask)
    for word in lost_words(line, *texts):
        wording.problems.add(where, f"`{line.id}` would lose a risk: it must still say `{word}`")
    if any(sorted(numbers_in(text)) != sorted(numbers_in(line.say)) for text in texts):
        wording.problems.add(where, f"`{line.id}` must name the numbers of the table, and no other")
    return replace(line, say=say, ask=ask)


def _added(node: Node, ids: dict[str, Line], problems: Problems) -> Line:
    own = Section(node, "a line", problems, required=("id", "say"), optional=("part",))
    name = own.text("id")
    if name in ids:
        problems.add(own.line, f"`{name}` is a line of the table: say it otherwise under `wording`")
    say = own.text("say")
    part = own.member("part", SheetPart, SheetPart.RISKS) if "part" in own else SheetPart.RISKS
    return Line(name, part, say, say, frozenset(), frozenset(), stimulation=False, sources=(), keep=())
