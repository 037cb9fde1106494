"""What a page about needling is: sentences with their studies, pictures of 100, places, risks, a table. Frozen data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from intake.engine.book.rulebook import Source

SEEN = re.compile(r"\s*\(.*?\)")
TITLE_END = re.compile(r"[,:(]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or a few. `figures` names, for each number in the words, where it stands in the rule book's `note`.

    Without `sources` it says what is usual practice, or what the clinic does.
    """

    say: str
    sources: tuple[str, ...] = ()
    note: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class People:
    """A picture of 100: `on` of them for sure, up to `up_to` perhaps, the others not; each kind with its words."""

    on: int
    up_to: int
    said_on: Statement
    said_may: Statement | None
    said_off: Statement

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind of each of the 100: `on`, `may` or `off`."""
        return ("on",) * self.on + ("may",) * (self.up_to - self.on) + ("off",) * (100 - self.up_to)

    @property
    def key(self) -> tuple[tuple[str, Statement], ...]:
        """What each kind means, as the picture's text says it."""
        key = (("on", self.said_on), ("may", self.said_may), ("off", self.said_off))
        return tuple((kind, statement) for kind, statement in key if statement is not None)


@dataclass(frozen=True, slots=True)
class BodyPlace:
    """What is known of one part of the body. No regions: it is for everybody."""

    name: str
    certainty: str
    regions: frozenset[str]
    says: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """One thing that can go wrong: how often, and what the clinic does against it. `lung`: only near the lung."""

    name: str
    says: tuple[Statement, ...]
    we: str
    lung: bool


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table, a cell a column."""

    head: str
    cells: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class PagePart:
    """One part of a page under its heading; what it does not have is empty."""

    heading: str
    says: tuple[Statement, ...] = ()
    steps: bool = False
    people: People | None = None
    after: tuple[Statement, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()
    places: tuple[BodyPlace, ...] = ()
    risks: tuple[Risk, ...] = ()
    urgent: bool = False
    practitioners: bool = False
    countries: Mapping[str, tuple[Statement, ...]] = field(default_factory=dict)

    def read_in(self, country: str) -> PagePart:
        """The part with the sentences of one country in place of those of all, where it has some."""
        return replace(self, says=self.countries.get(country, self.says), countries={})

    def statements(self) -> Iterator[Statement]:
        """Every statement of the part, in the order of reading."""
        yield from self.says
        yield from (statement for _kind, statement in (self.people.key if self.people else ()))
        yield from self.after
        yield from (cell for row in self.rows for cell in row.cells)
        yield from (statement for place in self.places for statement in place.says)
        yield from (statement for risk in self.risks for statement in risk.says)
        yield from (statement for says in self.countries.values() for statement in says)


@dataclass(frozen=True, slots=True)
class AboutPage:
    """One page: its name in the address, the words of the link to it, its heading, what matters most, its parts."""

    name: str
    link: str
    title: str
    lead: tuple[Statement, ...]
    parts: tuple[PagePart, ...]

    def statements(self) -> Iterator[Statement]:
        """Every statement of the page."""
        yield from self.lead
        yield from (statement for part in self.parts for statement in part.statements())

    def words(self) -> Iterator[str]:
        """Every text of the page that patients read."""
        yield from (self.link, self.title)
        yield from (statement.say for statement in self.statements())
        for part in self.parts:
            yield from (part.heading, *part.columns, *(row.head for row in part.rows))
            yield from (text for place in part.places for text in (place.name, place.certainty))
            yield from (text for risk in part.risks for text in (risk.name, risk.we))


@dataclass(frozen=True, slots=True)
class About:
    """All pages in their order, the sources that they cite, and the regions that no needle near the lung goes to."""

    pages: tuple[AboutPage, ...]
    sources: Mapping[str, Source]
    far_from_lung: frozenset[str]

    def page(self, name: str, country: str) -> AboutPage | None:
        """The page of that name, as it is read in the country."""
        found = next((page for page in self.pages if page.name == name), None)
        return None if found is None else replace(found, parts=tuple(part.read_in(country) for part in found.parts))

    def cited(self, page: AboutPage) -> tuple[Source, ...]:
        """The sources of a page, by author."""
        keys = {key for statement in page.statements() for key in statement.sources}
        return tuple(sorted((self.sources[key] for key in keys), key=lambda source: source.citation))


def short_name(source: Source) -> str:
    """Author and year, as a sentence names a source."""
    author = TITLE_END.split(SEEN.sub("", source.citation), maxsplit=1)[0].strip()
    return f"{author} {source.year}"
