"""Asks: which findings of an intake a practitioner asked the patient about, what was put to them, and what came of it.

`questions` are the facts that were put; an answer adds those of the next round, if it brought up any.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, ForeignKey, String, Table, insert, select, update

from intake.errors import StaleError
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

ASKS = Table(
    "asks",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False, index=True),
    Column("rules", JSON, nullable=False),
    Column("questions", JSON, nullable=False),
    Column("answered", JSON, nullable=False),
    Column("by", ForeignKey("staff.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("answer_id", ForeignKey("intakes.id")),
    Column("answered_at", Moment),
)
STALE = "This was answered in another window meanwhile; nothing was saved twice."


@dataclass(frozen=True, slots=True)
class Ask:
    """What a practitioner asked back. `answered`: the facts that were answered; `answer_id`: the newest version so."""

    id: str
    intake_id: str
    rules: tuple[str, ...]
    questions: tuple[str, ...]
    by: int
    at: datetime
    answered: tuple[str, ...] = ()
    answer_id: str | None = None
    answered_at: datetime | None = None


def add(connection: Connection, ask: Ask) -> None:
    """Ask back."""
    row = {name: getattr(ask, name) for name in ASKS.c.keys()}  # noqa: SIM118 - a collection of columns
    lists = {name: list(row[name]) for name in ("rules", "questions", "answered")}
    connection.execute(insert(ASKS).values({**row, **lists}))


def by_id(connection: Connection, ask_id: str) -> Ask | None:
    """What was asked under this id."""
    row = connection.execute(select(ASKS).where(ASKS.c.id == ask_id)).first()
    return None if row is None else _ask(row)


def of_intake(connection: Connection, intake_id: str) -> list[Ask]:
    """What was asked back about an intake, the newest first."""
    query = select(ASKS).where(ASKS.c.intake_id == intake_id).order_by(ASKS.c.at.desc(), ASKS.c.id)
    return [_ask(row) for row in connection.execute(query)]


def answer(connection: Connection, ask: Ask, names: Sequence[str], answer_id: str, at: datetime) -> None:
    """These facts were answered, which made this version; raises StaleError where the ask was answered meanwhile."""
    before = ASKS.c.answer_id.is_(None) if ask.answer_id is None else ASKS.c.answer_id == ask.answer_id
    questions = dict.fromkeys((*ask.questions, *names))
    values = {
        "questions": list(questions),
        "answered": list(dict.fromkeys((*ask.answered, *names))),
        "answer_id": answer_id,
        "answered_at": at,
    }
    if connection.execute(update(ASKS).where(ASKS.c.id == ask.id, before).values(values)).rowcount != 1:
        raise StaleError(STALE)


def _ask(row: Row[Any]) -> Ask:
    values = {name: row._mapping[name] for name in ASKS.c.keys()}  # noqa: SIM118, SLF001 - columns; SQLAlchemy's public name
    lists = {name: tuple(values[name]) for name in ("rules", "questions", "answered")}
    return Ask(**{**values, **lists})
