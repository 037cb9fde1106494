"""What was asked on the day of the visit, in the clinic: one answer a question of a draft, beside those of its form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, cast

from sqlalchemy import JSON, Column, ForeignKey, String, Table, delete, insert, select

from intake.engine.read.answers import from_raw
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.engine.book.vocabulary import Answer

DAY_ANSWERS = Table(
    "day_answers",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("question", String(64), primary_key=True),
    Column("answer", JSON(none_as_null=True)),
    Column("asked_at", Moment, nullable=False),
    Column("place", String(8), nullable=False),
)


class AskedAt(StrEnum):
    """Where the questions of the day were answered: on a tablet, on the patient's phone, told to the desk."""

    TABLET = "tablet"
    PHONE = "phone"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """An answer of the day; None: the form says it, and was filled in at this page in the clinic on that day."""

    answer: Answer | None
    asked_at: datetime
    place: AskedAt


def put(connection: Connection, draft_id: str, answers: Mapping[str, DayAnswer]) -> None:
    """Keep answers of the day, in place of those to the same questions."""
    mine = delete(DAY_ANSWERS).where(DAY_ANSWERS.c.draft_id == draft_id)
    connection.execute(mine.where(DAY_ANSWERS.c.question.in_(list(answers))))
    rows = [
        {"draft_id": draft_id, "question": name, "answer": each.answer, "asked_at": each.asked_at, "place": each.place}
        for name, each in answers.items()
    ]
    if rows:
        connection.execute(insert(DAY_ANSWERS), rows)


def of_drafts(connection: Connection, draft_ids: Collection[str]) -> dict[str, dict[str, DayAnswer]]:
    """What was asked on the day, of each draft of which anything was."""
    found: dict[str, dict[str, DayAnswer]] = {}
    for row in connection.execute(select(DAY_ANSWERS).where(DAY_ANSWERS.c.draft_id.in_(list(draft_ids)))):
        read = None if row.answer is None else from_raw({row.question: row.answer})[row.question]
        kept = found.setdefault(cast("str", row.draft_id), {})
        kept[row.question] = DayAnswer(read, row.asked_at, AskedAt(row.place))
    return found


def of_draft(connection: Connection, draft_id: str) -> dict[str, DayAnswer]:
    """What was asked on the day, of one draft."""
    return of_drafts(connection, [draft_id]).get(draft_id, {})
