"""Danger signs that a patient took back before sending: codes and times, written once, with the intake.

What a practitioner made of one stands in `closings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, insert, select

from intake.engine.book.decision import Status
from intake.engine.book.levels import Urgency
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

TAKEN_BACK = Table(
    "taken_back",
    METADATA,
    Column("intake_id", ForeignKey("intakes.id", ondelete="CASCADE"), primary_key=True),
    Column("rule", String(80), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("status", String(8), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("taken_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An urgent rule that stood once and does not any more: by which answers (fact -> codes), from when until when.

    `status` ASKS: the patient had not been sure.
    """

    rule: str
    title: str
    status: Status
    urgency: Urgency
    answers: dict[str, object]
    said_at: datetime
    taken_at: datetime


def add(connection: Connection, intake_id: str, signs: Iterable[TakenBack]) -> None:
    """Store what was taken back before an intake was sent."""
    rows = [
        {
            "intake_id": intake_id,
            "rule": sign.rule,
            "title": sign.title,
            "status": sign.status,
            "urgency": sign.urgency,
            "answers": sign.answers,
            "said_at": sign.said_at,
            "taken_at": sign.taken_at,
        }
        for sign in signs
    ]
    if rows:
        connection.execute(insert(TAKEN_BACK), rows)


def of_intakes(connection: Connection, intake_ids: Sequence[str]) -> dict[str, tuple[TakenBack, ...]]:
    """What was taken back, by intake, the most urgent first; an intake without any is left out."""
    query = (
        select(TAKEN_BACK)
        .where(TAKEN_BACK.c.intake_id.in_(intake_ids))
        .order_by(TAKEN_BACK.c.urgency.desc(), TAKEN_BACK.c.said_at, TAKEN_BACK.c.rule)
    )
    signs: dict[str, tuple[TakenBack, ...]] = {}
    for row in connection.execute(query):
        sign = TakenBack(
            rule=row.rule,
            title=row.title,
            status=Status(row.status),
            urgency=Urgency(row.urgency),
            answers=row.answers,
            said_at=row.said_at,
            taken_at=row.taken_at,
        )
        signs[row.intake_id] = (*signs.get(row.intake_id, ()), sign)
    return signs
