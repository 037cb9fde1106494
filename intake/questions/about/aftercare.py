"""intake/aftercare.yaml -> Aftercare: what to know after the needles, fitted to the regions that were needled.

Every sentence is held to the rule book as those of the pages about needling are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.read.nodes import EMPTY, Node
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section
from intake.questions.about.read import Reader

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from intake.engine.book.rulebook import Rulebook, Source
    from intake.questions.about.pages import Statement


@dataclass(frozen=True, slots=True)
class RedList:
    """What nobody waits with after needles in these regions (none: anywhere), and what to tell who answers the call.

    `unless`: after needles in one of those it is left out, because the line of that region says it.
    """

    regions: frozenset[str]
    unless: frozenset[str]
    says: tuple[Statement, ...]
    tell: tuple[Statement, ...]

    def is_for(self, regions: Collection[str]) -> bool:
        """Whether it is read after needles in these regions."""
        return self.unless.isdisjoint(regions) and (not self.regions or not self.regions.isdisjoint(regions))


@dataclass(frozen=True, slots=True)
class Aftercare:
    """What to know: the red list, what is normal, what helps, when to call; and the sources that it cites."""

    title: str
    red: tuple[RedList, ...]
    normal: tuple[Statement, ...]
    helps: tuple[Statement, ...]
    call: tuple[Statement, ...]
    sources: Mapping[str, Source]

    def after(self, regions: Collection[str]) -> tuple[RedList, ...]:
        """The red list for needles in these regions, that of the regions first."""
        return tuple(red for red in self.red if red.is_for(regions))

    def statements(self, regions: Collection[str]) -> Iterator[Statement]:
        """Every sentence for needles in these regions."""
        for red in self.after(regions):
            yield from (*red.says, *red.tell)
        yield from (*self.normal, *self.helps, *self.call)

    def words(self) -> Iterator[str]:
        """Every text that patients read, whatever was needled."""
        yield self.title
        for red in self.red:
            yield from (each.say for each in (*red.says, *red.tell))
        yield from (each.say for each in (*self.normal, *self.helps, *self.call))

    def cited(self, regions: Collection[str]) -> tuple[Source, ...]:
        """The sources of those sentences, by author."""
        keys = {key for statement in self.statements(regions) for key in statement.sources}
        return tuple(sorted((self.sources[key] for key in keys), key=lambda source: source.citation))


def load_aftercare(path: Path, rulebook: Rulebook) -> Aftercare:
    """The words in the file, over the rule book whose notes and sources they name; raises DataFileError."""
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    aftercare = _AftercareReader(rulebook, problems).read_aftercare(root or EMPTY)
    problems.refuse()
    return aftercare


class _AftercareReader(Reader):
    """Reads one file; faults are noted in its problems."""

    def __init__(self, rulebook: Rulebook, problems: Problems) -> None:
        super().__init__(rulebook, problems)
        vocabulary = rulebook.vocabulary
        self._stems = {**vocabulary.stems, **vocabulary.groups}

    def read_aftercare(self, root: Node) -> Aftercare:
        """All of it."""
        required = ("title", "red", "normal", "helps", "call")
        top = Section(root, "the file", self._problems, required=required)
        return Aftercare(
            top.text("title"),
            tuple(self._red(item) for item in top.items("red")),
            self._statements(top, "normal"),
            self._statements(top, "helps"),
            self._statements(top, "call"),
            dict(self._sources),
        )

    def _red(self, node: Node) -> RedList:
        optional = ("where", "unless", "tell")
        red = Section(node, "a part of the red list", self._problems, required=("say",), optional=optional)
        where, unless = self._regions(red, "where"), self._regions(red, "unless")
        return RedList(where, unless, self._statements(red, "say"), self._statements(red, "tell"))
