"""A day list read as far as it can be: bytes and what somebody chose in, visits, reasons and open questions out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from intake.errors import ForeignFileError
from intake.interop.day_lists import calendars, columns, dates, letters, sheets
from intake.interop.day_lists.calendars import Cells
from intake.interop.day_lists.reading import (
    LONGEST_CELL,
    Choices,
    Column,
    LeftOut,
    LettersOffer,
    ListedVisit,
    ListReading,
    OmissionReason,
    Order,
    OrderFound,
)

DATED = (Column.DAY, Column.BEGINS, Column.BORN)
FORMULA = re.compile(r"^\s*(?:[=@]|[+-](?![\d\s().]))|^\s*[+-].*[(!|]\s*[A-Za-z]")
OLDEST = 120


@dataclass(frozen=True, slots=True)
class ClinicDay:
    """The clinic's day and zone: no birth date lies ahead of it, and every time is told on its clock."""

    today: date
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class _Table:
    separators: tuple[str, ...]
    offers: tuple[LettersOffer, ...]
    headers: tuple[str, ...]
    columns: Mapping[int, Column]
    rows: list[tuple[int, Cells]]
    left_out: list[LeftOut]


def read(content: bytes, choices: Choices, day: ClinicDay) -> ListReading:
    """Read a day list; raises ForeignFileError where it is none, or too large."""
    if not content.strip():
        raise ForeignFileError("This file is empty.")
    table = _calendar(content, day) if calendars.is_calendar(content) else _csv(content, choices)
    rows = [(number, _with_day_apart(cells, day)) for number, cells in table.rows]
    orders = _orders(rows, choices, day.today)
    open_questions = tuple(_open(table, orders, choices, rows))
    found = {each.column: each.order for each in orders}
    entries, left_out = list[ListedVisit](), list(table.left_out)
    for number, cells in rows:
        read_row = _entry(number, cells, found, choices, day)
        if isinstance(read_row, ListedVisit):
            entries.append(read_row)
        elif isinstance(read_row, LeftOut):
            left_out.append(read_row)
    offer = table.offers[0] if table.offers else LettersOffer("utf-8", ())
    return ListReading(
        separator=table.separators[0] if table.separators else "",
        separators=table.separators,
        letters=offer.letters,
        samples=offer.samples,
        offers=table.offers,
        headers=table.headers,
        columns=table.columns,
        orders=orders,
        open=open_questions,
        entries=tuple(entries),
        left_out=tuple(sorted(left_out, key=lambda each: each.row)),
        rows=len(rows) + len(table.left_out),
    )


def _calendar(content: bytes, day: ClinicDay) -> _Table:
    rows, left_out = calendars.rows(content, day.zone)
    return _Table((), (), (), {}, rows, left_out)


def _csv(content: bytes, choices: Choices) -> _Table:
    offers = letters.offers(content)
    if choices.letters:
        text = letters.decode(content, choices.letters)
        others = (offer for offer in offers if offer.letters != choices.letters)
        offers = (LettersOffer(choices.letters, letters.odd_words(text)), *others)
    text = letters.decode(content, offers[0].letters)
    signs = sheets.separators(text)
    if choices.separator in sheets.SEPARATORS:
        signs = (choices.separator, *(sign for sign in signs if sign != choices.separator))
    if not signs:
        raise ForeignFileError(
            "There is no table in this file: no semicolon, comma, tab or bar parts its rows. Export it as CSV."
        )
    sheet = sheets.split(text, signs[0])
    known = columns.assigned(sheet.headers) | _chosen_columns(choices)
    known = {place: column for place, column in known.items() if choices.columns.get(place) != ""}
    rows = [(number, _cells(row, known)) for number, row in sheet.rows]
    headers = sheet.headers or tuple("" for _ in (sheet.rows[0][1] if sheet.rows else ()))
    return _Table(signs, offers, headers, known, rows, [])


def _chosen_columns(choices: Choices) -> dict[int, Column]:
    return {place: Column(name) for place, name in choices.columns.items() if name in set(Column)}


def _cells(row: Sequence[str], known: Mapping[int, Column]) -> Cells:
    cells: Cells = {}
    for place, column in known.items():
        text = row[place].strip() if place < len(row) else ""
        if text and not cells.get(column):
            cells[column] = text
    return cells


def _with_day_apart(cells: Cells, day: ClinicDay) -> Cells:
    """A cell with day and time as two; the day column of some systems holds both."""
    both = cells.get(Column.BEGINS) or (cells.get(Column.DAY, "") if not cells.get(Column.TIME) else "")
    if not both:
        return cells
    on, at = dates.apart(both, day.zone)
    rest: Cells = {column: text for column, text in cells.items() if column != Column.BEGINS}
    return rest | {Column.DAY: on, Column.TIME: at or cells.get(Column.TIME, "")}


def _orders(rows: Sequence[tuple[int, Cells]], choices: Choices, today: date) -> tuple[OrderFound, ...]:
    found = (
        dates.order_of(
            column,
            [cells[column] for _number, cells in rows if cells.get(column)],
            choices.orders,
            today if column is Column.BORN else None,
        )
        for column in (Column.DAY, Column.BORN)
    )
    return tuple(each for each in found if each is not None)


def _open(
    table: _Table, orders: Sequence[OrderFound], choices: Choices, rows: Sequence[tuple[int, Cells]]
) -> list[str]:
    """The questions that the file leaves: nothing is saved before they are answered."""
    written = {"letters": (table.offers, choices.letters), "separator": (table.separators, choices.separator)}
    questions = [name for name, (offers, chosen) in written.items() if len(offers) > 1 and not chosen]
    return (
        questions + _open_columns(table, choices, rows) + [f"order-{each.column}" for each in orders if not each.order]
    )


def _open_columns(table: _Table, choices: Choices, rows: Sequence[tuple[int, Cells]]) -> list[str]:
    """What is not known of the columns, or of the day where no column says it."""
    dated = any(cells.get(Column.DAY) for _number, cells in rows)
    timed = any(cells.get(Column.TIME) for _number, cells in rows)
    if table.separators and not (columns.is_enough(dict(table.columns)) or (timed and _has_names(table))):
        return ["columns"]
    return ["day"] if rows and not dated and choices.day is None else []


def _has_names(table: _Table) -> bool:
    have = set(table.columns.values())
    return Column.NAME in have or have >= columns.NAMES_FIRST_AND_LAST


def _entry(
    number: int, cells: Cells, orders: Mapping[Column, Order | None], choices: Choices, day: ClinicDay
) -> ListedVisit | LeftOut | None:
    """The visit of a row, why there is none, or None where a question about its dates is open."""
    unsound = _unsound(number, cells)
    if unsound is not None:
        return unsound
    name = _name(cells)
    if not name:
        return LeftOut(number, OmissionReason.NO_NAME, Column.NAME, "")
    if any(column in orders and dates.waits(cells.get(column, ""), orders[column]) for column in DATED):
        return None
    begins = _begins(number, cells, orders, choices, day)
    if isinstance(begins, LeftOut):
        return begins
    born = _born(number, cells, orders, day.today)
    if isinstance(born, LeftOut):
        return born
    said = {column.value: cells.get(column, "") for column in (Column.PHONE, Column.EMAIL, Column.PRACTITIONER)}
    kind, place, source = (cells.get(column, "") for column in (Column.KIND, Column.PLACE, Column.SOURCE))
    return ListedVisit(number, begins, name, born, **said, place=place, kind=columns.kind_of(kind), source=source)


def _unsound(number: int, cells: Cells) -> LeftOut | None:
    for column, text in cells.items():
        if len(text) > LONGEST_CELL:
            return LeftOut(number, OmissionReason.TOO_LONG, column, text[:40])
        if column is Column.SOURCE:
            continue
        if any(unicodedata.category(sign) in ("Cc", "Co", "Cs") and sign not in "\t\n\r" for sign in text):
            return LeftOut(number, OmissionReason.HIDDEN_SIGNS, column, "")
        if FORMULA.search(text):
            return LeftOut(number, OmissionReason.FORMULA, column, text[:60])
    return None


def _name(cells: Cells) -> str:
    whole = cells.get(Column.NAME, "")
    if not whole:
        whole = " ".join(part for column in (Column.FIRST_NAME, Column.LAST_NAME) if (part := cells.get(column, "")))
    last, comma, first = whole.partition(",")
    ordered = f"{first} {last}" if comma and "," not in first and first.strip() else whole
    clean = "".join(sign for sign in ordered if unicodedata.category(sign) != "Cf" or sign in "\u200c\u200d")
    return " ".join(unicodedata.normalize("NFC", clean).split())


def _begins(
    number: int, cells: Cells, orders: Mapping[Column, Order | None], choices: Choices, day: ClinicDay
) -> datetime | LeftOut:
    on, at = cells.get(Column.DAY, ""), cells.get(Column.TIME, "")
    if not on and choices.day is None:
        return LeftOut(number, OmissionReason.NO_DAY, Column.DAY, "")
    if not at:
        return LeftOut(number, OmissionReason.NO_TIME, Column.TIME, "")
    the_day = dates.day_of(on, orders.get(Column.DAY)) if on else choices.day
    if the_day is None or not 1900 < the_day.year < 9000:  # noqa: PLR2004 - days that a visit can be on
        reason = OmissionReason.NO_SUCH_DAY if dates.is_date(on) else OmissionReason.NO_DAY
        return LeftOut(number, reason, Column.DAY, on[:40])
    hour = dates.time_of(at)
    if hour is None:
        return LeftOut(number, OmissionReason.NO_SUCH_TIME, Column.TIME, at[:40])
    begins = datetime.combine(the_day, hour)
    there = begins.replace(tzinfo=day.zone)
    skipped = datetime.fromtimestamp(there.timestamp(), day.zone).replace(tzinfo=None) != begins
    return LeftOut(number, OmissionReason.NO_SUCH_TIME, Column.TIME, at[:40]) if skipped else begins


def _born(number: int, cells: Cells, orders: Mapping[Column, Order | None], today: date) -> str | LeftOut:
    text = cells.get(Column.BORN, "")
    if not text:
        return ""
    born = dates.day_of(text, orders.get(Column.BORN), today)
    if born is None:
        return LeftOut(number, OmissionReason.NO_SUCH_DAY, Column.BORN, text[:40])
    if born > today or today.year - born.year > OLDEST:
        return LeftOut(number, OmissionReason.BORN_AHEAD, Column.BORN, text[:40])
    return born.isoformat()
