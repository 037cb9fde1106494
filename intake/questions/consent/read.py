"""intake/consent.yaml -> ConsentTable. Refuses a risk without a source, a number of no note, a silent concept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.engine.read.nodes import EMPTY, Node
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section
from intake.engine.read.values import text as text_of
from intake.questions.about.read import Reader, numbers_in
from intake.questions.consent.table import ANOTHER, ConsentTable, Line, SheetPart

if TYPE_CHECKING:
    from pathlib import Path

    from intake.engine.book.rulebook import Rulebook

REQUIRED = ("id", "say", "keep")
OPTIONAL = ("part", "ask", "places", "concepts", "stimulation", "strength", "sources", "note", "figures")
CONSENSUS = "consensus"


def load_table(path: Path, rulebook: Rulebook) -> ConsentTable:
    """The table in the file, over the rule book whose concepts, notes and sources it names; raises DataFileError."""
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    table = TableReader(rulebook, problems).read(root or EMPTY)
    problems.refuse()
    return table


class TableReader:
    """Reads one table; faults are noted in its problems."""

    def __init__(self, rulebook: Rulebook, problems: Problems) -> None:
        self._problems = problems
        self._statements = Reader(rulebook, problems)
        self._concepts = rulebook.concepts
        self._cited: dict[str, set[str]] = {concept: set() for concept in rulebook.concepts}
        for rule in rulebook.rules:
            self._cited[rule.concept].update(rule.sources)
        vocabulary = rulebook.vocabulary
        self._places = dict(vocabulary.stems) | dict(vocabulary.groups)
        self._groups: dict[str, frozenset[str]] = {}

    def read(self, root: Node) -> ConsentTable:
        """All of it."""
        top = Section(root, "the file", self._problems, required=("groups", "lines", "unsaid"))
        groups = top.section("groups", optional=tuple(top.mapping("groups").entries))
        for name in top.mapping("groups").entries if groups else ():
            stems = groups.several_of(name, self._places, "region") if groups else ()
            self._groups[name] = frozenset(region for stem in stems for region in self._places[stem])
        lines = tuple(self._line(node) for node in top.items("lines"))
        unsaid = {
            concept: text_of(node, f"`{concept}`", self._problems)
            for concept, node in top.mapping("unsaid").entries.items()
        }
        self._refuse_unknown(top, lines, unsaid)
        return ConsentTable(lines, unsaid)

    def _line(self, node: Node) -> Line:
        line = Section(node, "a line", self._problems, required=REQUIRED, optional=OPTIONAL)
        said = self._statements.said(line)
        concepts = line.several_of("concepts", (*self._concepts, ANOTHER), "concept")
        places = line.several_of("places", self._groups, "group")
        part = line.member("part", SheetPart, SheetPart.RISKS) if "part" in line else SheetPart.RISKS
        read = Line(
            line.text("id"),
            part,
            said.say,
            line.text("ask") if "ask" in line else said.say,
            frozenset(region for group in places for region in self._groups[group]),
            frozenset(concepts),
            line.flag("stimulation"),
            said.sources,
            line.texts("keep"),
        )
        for fault in self._faults(read, line):
            self._problems.add(line.line, f"`{read.id}`: {fault}")
        return read

    def _faults(self, line: Line, read: Section) -> list[str]:
        strength = read.text("strength") if "strength" in read else ""
        faults = [f"it does not hold what it keeps: `{word}`" for word in lost_words(line, line.say, line.ask)]
        if bool(line.sources) == bool(strength) or strength not in ("", CONSENSUS):
            faults.append(f"it needs `sources`, or `strength: {CONSENSUS}`")
        if line.concepts and "ask" not in read:
            faults.append("it needs `ask`: the words where the answer is open")
        if numbers_in(line.ask) != numbers_in(line.say):
            faults.append("`ask` has other numbers than `say`")
        given = set().union(*(self._cited.get(concept, set()) for concept in line.concepts))
        if line.concepts:
            faults += [f"no rule on these concepts rests on {key}" for key in line.sources if key not in given]
        return faults

    def _refuse_unknown(self, top: Section, lines: tuple[Line, ...], unsaid: dict[str, str]) -> None:
        """Every concept of the rule book has a line or a reason; there is a line for what nobody foresaw."""
        said = frozenset[str]().union(*(line.concepts for line in lines))
        for concept in unsaid.keys() - set(self._concepts):
            self._problems.unknown(top.line_of("unsaid"), "concept", concept, self._concepts)
        for concept in (*self._concepts, ANOTHER):
            if (concept in said) == (concept in unsaid):
                self._problems.add(top.line, f"`{concept}` needs a line, or a reason in `unsaid`, and not both")
        ids = [line.id for line in lines]
        for double in {name for name in ids if ids.count(name) > 1}:
            self._problems.add(top.line, f"two lines are called `{double}`")


def lost_words(line: Line, *texts: str) -> list[str]:
    """What a text leaves out of the words that its line keeps."""
    return [word for word in line.keep if not all(word.lower() in text.lower() for text in texts)]
