"""intake/about.yaml -> About. Refuses a number that names no study, or that its note of the rule book does not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.engine.book.rulebook import Source
from intake.engine.read.nodes import EMPTY, Node, Scalar
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section
from intake.questions.about.pages import About, AboutPage, BodyPlace, PagePart, People, Risk, Statement, TableRow

if TYPE_CHECKING:
    from pathlib import Path

    from intake.engine.book.rulebook import Note, Rulebook

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
DENOMINATOR = re.compile(r"\b(?:in|of) (?:about )?(?:100,000|10,000|1,000|100)\b(?!,?\d)")
WHOLE = re.compile(r"\bThink of 100\b")
SAY = ("say", "sources", "note", "figures")
PART = (
    "say", "steps", "people", "after", "table", "places", "risks", "urgent", "practitioners", "countries",
)  # fmt: skip


def load_about(path: Path, rulebook: Rulebook) -> About:
    """The pages in the file, over the rule book whose notes and sources they name; raises DataFileError."""
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    about = Reader(rulebook, problems).read(root or EMPTY)
    problems.refuse()
    return about


def numbers_in(words: str) -> tuple[str, ...]:
    """The numbers that a text claims: not the 100 or 1,000 that others are counted in."""
    rest = WHOLE.sub("", DENOMINATOR.sub("", words))
    return tuple(number.rstrip(",") for number in NUMBER.findall(rest))


class Reader:
    """Reads one file; faults are noted in its problems."""

    def __init__(self, rulebook: Rulebook, problems: Problems) -> None:
        self._problems = problems
        self._notes: dict[str, Note] = {note.id: note for note in rulebook.notes}
        self._stems = rulebook.vocabulary.stems
        self._sources = dict(rulebook.sources)
        self._certainties: dict[str, str] = {}

    def read(self, root: Node) -> About:
        """All of it."""
        required = ("sources", "far_from_lung", "certainties", "pages")
        top = Section(root, "the file", self._problems, required=required)
        for key, node in top.mapping("sources").entries.items():
            self._sources[key] = self._source(key, node)
        for word, node in top.mapping("certainties").entries.items():
            self._certainties[word] = node.text if isinstance(node, Scalar) else ""
        pages = tuple(self._page(node) for node in top.items("pages"))
        return About(pages, self._sources, self._regions(top, "far_from_lung"))

    def _source(self, key: str, node: Node) -> Source:
        found = Section(node, f"source `{key}`", self._problems, required=("citation", "year", "kind"))
        return Source(key, found.text("citation"), found.whole("year", least=1), found.text("kind"))

    def _page(self, node: Node) -> AboutPage:
        page = Section(node, "a page", self._problems, required=("name", "link", "title", "lead", "parts"))
        parts = tuple(self._part(item) for item in page.items("parts"))
        return AboutPage(
            page.text("name"), page.text("link"), page.text("title"), self._statements(page, "lead"), parts
        )

    def _part(self, node: Node) -> PagePart:
        part = Section(node, "a part", self._problems, required=("heading",), optional=PART)
        table = part.section("table", required=("columns", "rows"))
        countries = part.mapping("countries").entries
        return PagePart(
            part.text("heading"),
            self._statements(part, "say"),
            part.flag("steps"),
            self._people(part),
            self._statements(part, "after"),
            table.texts("columns") if table else (),
            tuple(self._row(item) for item in table.items("rows")) if table else (),
            tuple(self._place(item) for item in part.items("places")),
            tuple(self._risk(item) for item in part.items("risks")),
            part.flag("urgent"),
            part.flag("practitioners"),
            {code: self._statements(part.section("countries", optional=countries), code) for code in countries},
        )

    def _row(self, node: Node) -> TableRow:
        row = Section(node, "a row", self._problems, required=("head", "cells"))
        return TableRow(row.text("head"), self._statements(row, "cells"))

    def _people(self, part: Section) -> People | None:
        people = part.section("people", required=("on", "off"), optional=("may",))
        if people is None:
            return None
        counted = {key: people.section(key, required=("count", *SAY)) for key in ("on", "may")}
        on, may = (section.whole("count", least=0) if section else 0 for section in counted.values())
        said_on, said_may = (self.said(section) if section else None for section in counted.values())
        return People(on, may or on, said_on or Statement(""), said_may, self._statement(people.node("off") or EMPTY))

    def _place(self, node: Node) -> BodyPlace:
        place = Section(node, "a place", self._problems, required=("name", "note", "say"), optional=("regions",))
        note = self._notes.get(place.one_of("note", self._notes, "note") or "")
        certainty = note.certainty.partition(" (")[0] if note else ""
        if note and certainty not in self._certainties:
            self._problems.add(place.line, f"`certainties` has no words for `{certainty}`")
        regions = self._regions(place, "regions")
        return BodyPlace(
            place.text("name"), self._certainties.get(certainty, ""), regions, self._statements(place, "say")
        )

    def _risk(self, node: Node) -> Risk:
        risk = Section(node, "a risk", self._problems, required=("name", "say", "we"), optional=("lung",))
        return Risk(risk.text("name"), self._statements(risk, "say"), risk.text("we"), risk.flag("lung"))

    def _regions(self, section: Section, key: str) -> frozenset[str]:
        stems = section.several_of(key, self._stems, "region")
        return frozenset(region for stem in stems for region in self._stems[stem])

    def _statements(self, section: Section | None, key: str) -> tuple[Statement, ...]:
        return tuple(self._statement(node) for node in section.items(key)) if section else ()

    def _statement(self, node: Node) -> Statement:
        return self.said(Section(node, "a statement", self._problems, required=("say",), optional=SAY[1:]))

    def said(self, section: Section) -> Statement:
        """The statement that stands under `say`, with its sources, its note and its figures."""
        figures = {
            number: node.text if isinstance(node, Scalar) else ""
            for number, node in section.mapping("figures").entries.items()
        }
        sources = section.several_of("sources", self._sources, "source")
        statement = Statement(section.text("say"), sources, section.one_of("note", self._notes, "note") or "", figures)
        for fault in self._faults(statement):
            self._problems.add(section.line, f"{fault}: {statement.say}")
        return statement

    def _faults(self, statement: Statement) -> list[str]:
        numbers = numbers_in(statement.say)
        note = self._notes.get(statement.note)
        text = " ".join(note.text.split()) if note else ""
        without = [
            f"`figures` does not say where {number} stands" for number in numbers if number not in statement.figures
        ]
        idle = [
            f"{number} is in `figures` and not in the words" for number in statement.figures if number not in numbers
        ]
        lost = [f"`{place}` does not stand in the note" for place in statement.figures.values() if place not in text]
        bare = ["a number needs `sources`"] if numbers and not statement.sources else []
        return [*without, *idle, *lost, *bare]
