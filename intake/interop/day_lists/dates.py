"""Written days and times. Which number of `03/12/2026` is the day only other dates, or a person, can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import cache, lru_cache

from babel.dates import get_month_names

from intake.interop.day_lists.reading import Column, Order, OrderFound

LOCALES = ("en", "de", "fr", "es", "it", "nl", "sv", "pl", "pt")
WEEKDAY = re.compile(r"^[^\W\d_]{2,12}[.,]*\s+(?=\d)")
NUMBERS = re.compile(r"^(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d{2})$")
YEAR_FIRST = re.compile(r"^(\d{4})[./-](\d{1,2})[./-](\d{1,2})$|^(\d{4})(\d{2})(\d{2})$")
DAY_WORD = re.compile(r"^(\d{1,2})[.\s-]*(?:de\s+)?([^\W\d_]{3,12})[.\s,-]*(?:de\s+)?(\d{4}|\d{2})$")
WORD_DAY = re.compile(r"^([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
CLOCK = re.compile(
    r"^(\d{1,2})(?:\s?[:.hH]\s?(\d{2}))?(?::\d{2})?\s*(am|pm|a\.m\.|p\.m\.|uhr|h)?(?:\s*(?:-|\u2013|to|bis|\u00e0)\s*\S.*)?$",
    re.IGNORECASE,
)
FOUR = re.compile(r"^([01]\d|2[0-3])([0-5]\d)$")
ENDS_IN_TIME = re.compile(
    r"^(.*?\d)[,\sT]+((?:\d{1,2}[:.hH]\d{2})(?::\d{2})?\s*(?:[ap]\.?m\.?|uhr)?(?:\s*(?:-|\u2013)\s*\S.*)?)$",
    re.IGNORECASE,
)
NOON = 12
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Numbers:
    """A date of three numbers whose first two may be day and month, or month and day."""

    first: int
    second: int
    year: str


def is_date(text: str) -> bool:
    """Whether a text looks like a date at all, whatever day it names."""
    return written(text) is not None


def written(text: str) -> Numbers | tuple[int, int, int] | None:
    """A date's parts: (year, month, day) where they are plain, `Numbers` where the order is open, None: no date."""
    plain = WEEKDAY.sub("", text[:LONGEST].strip())
    if found := YEAR_FIRST.match(plain):
        year, number, day = (int(part) for part in found.groups() if part is not None)
        return year, number, day
    if found := NUMBERS.match(plain):
        return Numbers(int(found[1]), int(found[2]), found[3])
    if found := DAY_WORD.match(plain):
        return _with_month(_year(found[3], None), found[2], int(found[1]))
    if found := WORD_DAY.match(text[:LONGEST].strip()):
        return _with_month(int(found[3]), found[1], int(found[2]))
    return None


def _with_month(year: int, name: str, day: int) -> tuple[int, int, int] | None:
    month = _month(name)
    return None if month is None else (year, month, day)


def day_of(text: str, order: Order | None, born_by: date | None = None) -> date | None:
    """The day that a text names in that order; None: there is no such day. `born_by`: of a birth date, the latest."""
    parts = written(text)
    if isinstance(parts, Numbers):
        if order is None and parts.first != parts.second:
            return None
        return _in_order(parts, order or Order.DAY_FIRST, born_by)
    if parts is None:
        return None
    return _real(*parts)


def waits(text: str, order: Order | None) -> bool:
    """Whether a text is a day only once somebody has said which of its numbers is the day."""
    parts = written(text)
    return order is None and isinstance(parts, Numbers) and parts.first != parts.second


def order_of(
    column: Column, cells: Sequence[str], chosen: Mapping[str, str], born_by: date | None
) -> OrderFound | None:
    """How a column's dates are written; None where their order does not matter."""
    open_ones = [(cell, parts) for cell in cells if isinstance(parts := written(cell), Numbers)]
    telling = [(cell, parts) for cell, parts in open_ones if parts.first != parts.second]
    if not telling:
        return None
    votes = _votes(telling, born_by)
    known = {each.value: each for each in Order}.get(chosen.get(column, ""))
    order = known or (next(iter(votes)) if len(votes) == 1 else None)
    sample, parts = next(((c, p) for c, p in telling if max(p.first, p.second) <= NOON), telling[0])
    readings = {each: day for each in Order if (day := _in_order(parts, each, born_by)) is not None}
    told_by = votes.get(order, "") if order is not None and known is None else ""
    return OrderFound(column, order, sample, readings, told_by, chosen=known is not None)


def _votes(telling: Iterable[tuple[str, Numbers]], born_by: date | None) -> dict[Order, str]:
    """The orders that some cell allows alone, each with the first such cell."""
    votes: dict[Order, str] = {}
    for cell, parts in telling:
        real = [order for order in Order if _in_order(parts, order, born_by) is not None]
        if len(real) == 1:
            votes.setdefault(real[0], cell)
    return votes


def time_of(text: str) -> time | None:
    """The time of day that a text begins with; None: there is no such time."""
    plain = text[:LONGEST].strip()
    if four := FOUR.match(plain):
        return time(int(four[1]), int(four[2]))
    found = CLOCK.match(plain)
    if found is None or (found[2] is None and found[3] is None):
        return None
    half = (found[3] or "").replace(".", "").lower()
    hour = int(found[1])
    if half in ("am", "pm"):
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "pm" else 0)
    try:
        return time(hour, int(found[2] or 0))
    except ValueError:
        return None


def apart(text: str, zone: tzinfo) -> tuple[str, str]:
    """The day and the time of a cell that holds both; a moment with its zone is told on the clinic's clock."""
    plain = text[:LONGEST].strip()
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        moment = None
    if moment is not None and ":" in plain:
        here = moment.astimezone(zone) if moment.tzinfo is not None else moment
        return here.date().isoformat(), f"{here:%H:%M}"
    found = ENDS_IN_TIME.match(plain)
    return (found[1].strip(" ,T"), found[2]) if found else (plain, "")


def _in_order(parts: Numbers, order: Order, born_by: date | None) -> date | None:
    day, month = (parts.first, parts.second) if order is Order.DAY_FIRST else (parts.second, parts.first)
    return _real(_year(parts.year, born_by), month, day)


def _year(text: str, born_by: date | None) -> int:
    """Two digits mean this century, but for a birth date that would lie ahead."""
    if len(text) > 2:  # noqa: PLR2004 - two digits
        return int(text)
    year = 2000 + int(text)
    return year - 100 if born_by is not None and year > born_by.year else year


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _month(word: str) -> int | None:
    plain = word.casefold().rstrip(".")
    if plain in _months():
        return _months()[plain]
    begun = {number for name, number in _months().items() if len(plain) > 2 and name.startswith(plain)}  # noqa: PLR2004 - as in `jan`
    return begun.pop() if len(begun) == 1 else None


@cache
def _months() -> dict[str, int]:
    return {
        name.casefold().rstrip("."): number
        for locale in LOCALES
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=locale).items()
    }
