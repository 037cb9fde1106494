"""One appointment as an iCalendar file (RFC 5545) for a patient's own calendar: text out, nothing else read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

LINE_BYTES = 74  # of 75, the first of a folded line being a blank
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a calendar is told: a name that never changes, when it begins and ends, what it is, where."""

    uid: str
    begins: datetime
    ends: datetime
    summary: str
    place: str


def to_calendar(appointment: Appointment, now: datetime) -> str:
    """The file; times in UTC, lines folded at 75 bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//needling-intake//visit//EN",
        "BEGIN:VEVENT",
        f"UID:{_text(appointment.uid)}",
        f"DTSTAMP:{now.astimezone(UTC):{STAMP}}",
        f"DTSTART:{appointment.begins.astimezone(UTC):{STAMP}}",
        f"DTEND:{appointment.ends.astimezone(UTC):{STAMP}}",
        f"SUMMARY:{_text(appointment.summary)}",
        *([f"LOCATION:{_text(appointment.place)}"] if appointment.place else []),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _text(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(escaped.split())


def _folded(line: str) -> str:
    parts, size = [""], 0
    for sign in line:
        size += len(sign.encode())
        if size > LINE_BYTES:
            parts.append("")
            size = 1 + len(sign.encode())
        parts[-1] += sign
    return "\r\n ".join(parts)
