"""What a day list says, how it was read, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 5_000, 60, 300


class Column(StrEnum):
    """What a column may hold."""

    DAY = "day"
    TIME = "time"
    BEGINS = "begins"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BORN = "born"
    PHONE = "phone"
    EMAIL = "email"
    PRACTITIONER = "practitioner"
    PLACE = "place"
    KIND = "kind"
    SOURCE = "source"


class Order(StrEnum):
    """Which number of a written date comes first."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class OmissionReason(StrEnum):
    """Why a row is left out."""

    NO_NAME = "no_name"
    NO_DAY = "no_day"
    NO_TIME = "no_time"
    NO_SUCH_DAY = "no_such_day"
    NO_SUCH_TIME = "no_such_time"
    BORN_AHEAD = "born_ahead"
    FORMULA = "formula"
    HIDDEN_SIGNS = "hidden_signs"
    TOO_LONG = "too_long"
    REPEATS = "repeats"
    CANCELLED = "cancelled"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Choices:
    """What somebody answered about reading a file; empty: what was found counts."""

    separator: str = ""
    letters: str = ""
    columns: Mapping[int, str] = field(default_factory=dict)
    orders: Mapping[str, str] = field(default_factory=dict)
    day: date | None = None


@dataclass(frozen=True, slots=True)
class LettersOffer:
    """One way to read the bytes, and words that look odd where it is the wrong one."""

    letters: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderFound:
    """How the dates of one column are written. `order` None: the file does not tell; `sample` shows both readings."""

    column: Column
    order: Order | None
    sample: str
    readings: Mapping[Order, date]
    told_by: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """One visit of the list, on the clinic's clock; what the list does not say is empty."""

    row: int
    begins: datetime
    name: str
    born: str = ""
    phone: str = ""
    email: str = ""
    practitioner: str = ""
    place: str = ""
    kind: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One row that is left out, why, and the cell that it is about, as text."""

    row: int
    reason: OmissionReason
    column: Column | None
    cell: str


@dataclass(frozen=True, slots=True)
class ListReading:
    """A day list as read. While `open` names a question, nothing of it may be saved.

    `separator` is empty for a calendar. `letters`: how the bytes were read, `offers` the ways that are left.
    """

    separator: str
    separators: tuple[str, ...]
    letters: str
    samples: tuple[str, ...]
    offers: tuple[LettersOffer, ...]
    headers: tuple[str, ...]
    columns: Mapping[int, Column]
    orders: tuple[OrderFound, ...]
    open: tuple[str, ...]
    entries: tuple[ListedVisit, ...]
    left_out: tuple[LeftOut, ...]
    rows: int
