"""Answers that staff entered for a patient, beside what stood before: who said so, how and when.

They go along into every later version of the form, as the trail does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Column, ForeignKey, String, Table, delete, insert, select

from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

REPORTED = Table(
    "reported",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("who", String(12), nullable=False),
    Column("how", String(12), nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("by", ForeignKey("staff.id"), nullable=False),
    Column("own", JSON(none_as_null=True)),
    Column("answer", JSON(none_as_null=True)),
)
COLUMNS = ("key", "at", "who", "how", "said_at", "by", "own", "answer")


class Who(StrEnum):
    """Who gave an answer that staff entered."""

    PATIENT = "patient"
    RELATIVE = "relative"
    DOCTOR = "doctor"
    CARER = "carer"
    OTHER = "other"


class How(StrEnum):
    """How it was given."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    LETTER = "letter"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Report:
    """The `answer` to the fact `key` as staff entered it at `at`; it was given at `said_at`, and `own` stood before.

    `own` is what counted: a list that was denied says no to each question behind it.
    """

    key: str
    at: datetime
    who: Who
    how: How
    said_at: datetime
    by: int
    own: object
    answer: object


def add(connection: Connection, draft_id: str, reports: Iterable[Report]) -> None:
    """Note who said what staff entered into a draft."""
    rows = [{"draft_id": draft_id, **{name: getattr(each, name) for name in COLUMNS}} for each in reports]
    if rows:
        connection.execute(insert(REPORTED), rows)


def of_draft(connection: Connection, draft_id: str) -> list[Report]:
    """What staff entered into a draft or a version before it, the oldest first."""
    rows = connection.execute(select(REPORTED).where(REPORTED.c.draft_id == draft_id).order_by(REPORTED.c.at))
    return [
        Report(row.key, row.at, Who(row.who), How(row.how), row.said_at, row.by, row.own, row.answer) for row in rows
    ]


def remove_of(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget it of drafts that are about to be forgotten."""
    connection.execute(delete(REPORTED).where(REPORTED.c.draft_id.in_(list(draft_ids))))
