"""What a clinic's country sets at the first run: emergency and crisis numbers, date order, time zones, language.

The table is `countries.yaml`, with its sources. Nothing of it counts before a person has confirmed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from intake.engine.read.nodes import EMPTY, Node
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

TABLE = Path(__file__).parents[2] / "countries.yaml"
COUNTRY = ("emergency", "source", "dates", "zones", "language")
STRENGTHS = ("law", "published", "consensus")


class DateOrder(StrEnum):
    """The order in which a country writes the parts of a date."""

    DAY_MONTH_YEAR = "day_month_year"
    MONTH_DAY_YEAR = "month_day_year"
    YEAR_MONTH_DAY = "year_month_day"


@dataclass(frozen=True, slots=True)
class NumberSource:
    """Where a number was read, and how strong that is: `law`, `published` or `consensus`."""

    citation: str
    strength: str


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """A line for somebody who thinks of killing themselves."""

    number: str
    name: str
    source: NumberSource


@dataclass(frozen=True, slots=True)
class Country:
    """One country; `code` is its two letters, `also` are emergency numbers that reach an ambulance too."""

    code: str
    emergency: str
    also: tuple[str, ...]
    source: NumberSource
    crisis: CrisisLine | None
    dates: DateOrder
    zones: tuple[str, ...]
    language: str

    def answers(self, number: str) -> bool:
        """Whether the number is one of the country's emergency numbers, as far as the table knows."""
        return number in (self.emergency, *self.also)


@cache
def countries() -> dict[str, Country]:
    """The table by code; raises DataFileError with every fault of the file."""
    return load(TABLE)


def load(path: Path) -> dict[str, Country]:
    """The countries in the file by code; raises DataFileError."""
    problems = Problems(str(path))
    root = read_nodes(path, problems)
    problems.refuse()
    table = Section(root or EMPTY, "the table", problems, required=("sources", "countries"))
    sources = {key: _source(key, node, problems) for key, node in table.mapping("sources").entries.items()}
    entries = table.mapping("countries").entries.items()
    found = {code: _country(code, node, sources, problems) for code, node in entries}
    problems.refuse()
    return found


def _country(code: str, node: Node, sources: dict[str, NumberSource], problems: Problems) -> Country:
    row = Section(node, f"`{code}`", problems, required=COUNTRY, optional=("also", "crisis"))
    zones = row.texts("zones")
    if not zones:
        problems.add(row.line, f"`{code}` has no time zone")
    return Country(
        code,
        row.text("emergency"),
        row.texts("also"),
        _named(row, sources),
        _crisis(row, sources),
        row.member("dates", DateOrder, DateOrder.DAY_MONTH_YEAR),
        zones,
        row.text("language"),
    )


def _crisis(row: Section, sources: dict[str, NumberSource]) -> CrisisLine | None:
    line = row.section("crisis", required=("number", "name", "source"))
    return None if line is None else CrisisLine(line.text("number"), line.text("name"), _named(line, sources))


def _named(section: Section, sources: dict[str, NumberSource]) -> NumberSource:
    key = section.one_of("source", sources.keys())
    return sources[key] if key in sources else NumberSource("", "")


def _source(key: str, node: Node, problems: Problems) -> NumberSource:
    entry = Section(node, f"`{key}`", problems, required=("citation", "strength"))
    return NumberSource(entry.text("citation"), entry.one_of("strength", STRENGTHS) or "")
