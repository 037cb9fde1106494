"""An iCalendar file as rows of a day list: one row an event, its description's `key: value` lines read as columns."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from intake.errors import ForeignFileError
from intake.interop.day_lists.columns import known
from intake.interop.day_lists.reading import MOST_ROWS, Column, LeftOut, OmissionReason

if TYPE_CHECKING:
    from icalendar import Component

START = b"BEGIN:VCALENDAR"
Cells = dict[Column, str]
BROKEN = "This calendar cannot be read: it is cut off or not iCalendar. Export it anew."


def is_calendar(content: bytes) -> bool:
    """Whether a file is iCalendar."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[: len(START)].upper() == START


def rows(content: bytes, zone: tzinfo) -> tuple[list[tuple[int, Cells]], list[LeftOut]]:
    """The events as rows with their numbers, and those that are left out; raises ForeignFileError."""
    if content.count(b"BEGIN:VEVENT") > MOST_ROWS:
        raise ForeignFileError(
            f"This calendar has more than {MOST_ROWS:,} events. Export fewer days at a time, then send each."
        )
    from icalendar import Calendar  # noqa: PLC0415 - half a second and 7 MiB that only a calendar needs

    try:
        calendar = Calendar.from_ical(content)
        events = list(calendar.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise ForeignFileError(BROKEN) from error
    read, left_out = list[tuple[int, Cells]](), list[LeftOut]()
    for number, event in enumerate(events, 1):
        reason = _reason(event)
        if reason is not None:
            left_out.append(LeftOut(number, reason, None, _text(event, "SUMMARY")))
        else:
            read.append((number, _cells(event, zone)))
    return read, left_out


def _reason(event: Component) -> OmissionReason | None:
    if _text(event, "STATUS").upper() == "CANCELLED":
        return OmissionReason.CANCELLED
    return OmissionReason.REPEATS if "RRULE" in event or "RDATE" in event else None


def _cells(event: Component, zone: tzinfo) -> Cells:
    cells = _described(_text(event, "DESCRIPTION"))
    begins = getattr(event.get("DTSTART"), "dt", None)
    if isinstance(begins, datetime):
        here = begins.astimezone(zone) if begins.tzinfo is not None else begins
        cells |= {Column.DAY: here.date().isoformat(), Column.TIME: f"{here:%H:%M}"}
    elif begins is not None:
        cells[Column.DAY] = str(begins)
    cells.setdefault(Column.NAME, _text(event, "SUMMARY"))
    cells.setdefault(Column.PLACE, _text(event, "LOCATION"))
    cells[Column.SOURCE] = "\x1f".join((_text(event, "UID"), _text(event, "RECURRENCE-ID")))
    attendees = event.get("ATTENDEE", [])
    for attendee in attendees if isinstance(attendees, list) else [attendees]:
        cells.setdefault(Column.EMAIL, str(attendee).lower().removeprefix("mailto:"))
    organizer = event.get("ORGANIZER")
    if organizer is not None and "CN" in getattr(organizer, "params", {}):
        cells.setdefault(Column.PRACTITIONER, str(organizer.params["CN"]))
    return cells


def _described(text: str) -> Cells:
    cells: Cells = {}
    for line in text.replace("\\n", "\n").splitlines():
        key, colon, value = line.partition(":")
        column = known(key.strip()) if colon else None
        if column is not None and column not in (Column.DAY, Column.TIME, Column.BEGINS, Column.SOURCE):
            cells.setdefault(column, value.strip())
    return cells


def _text(event: Component, name: str) -> str:
    value = event.get(name, "")
    return str(value[0] if isinstance(value, list) and value else value).strip()
