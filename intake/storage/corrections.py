"""Corrections: drafts that began as a copy of what was sent; sent, each is a new version beside the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Table, delete, insert, select

from intake.storage.alerts import ALERTS
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES, Receipt
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False, index=True),
    Column("begun_at", Moment, nullable=False),
)


def add(connection: Connection, draft_id: str, intake_id: str, at: datetime) -> None:
    """A draft corrects an intake."""
    connection.execute(insert(CORRECTIONS).values(draft_id=draft_id, intake_id=intake_id, begun_at=at))


def unsent(connection: Connection, intake_id: str) -> str | None:
    """The draft that corrects an intake and is not sent yet."""
    query = select(CORRECTIONS.c.draft_id).join(DRAFTS, DRAFTS.c.id == CORRECTIONS.c.draft_id)
    waits = query.where(CORRECTIONS.c.intake_id == intake_id, DRAFTS.c.intake_id.is_(None))
    found: str | None = connection.scalar(waits.order_by(CORRECTIONS.c.begun_at.desc()).limit(1))
    return found


def corrected_by(connection: Connection, draft_id: str) -> str | None:
    """The intake that a draft corrects."""
    found: str | None = connection.scalar(select(CORRECTIONS.c.intake_id).where(CORRECTIONS.c.draft_id == draft_id))
    return found


def before(connection: Connection, draft_id: str) -> Receipt | None:
    """The version that the intake of a draft corrects."""
    query = select(INTAKES.c.id, INTAKES.c.reference, INTAKES.c.sent_at)
    older = query.join(CORRECTIONS, CORRECTIONS.c.intake_id == INTAKES.c.id).where(CORRECTIONS.c.draft_id == draft_id)
    row = connection.execute(older).first()
    return None if row is None else Receipt(row.id, row.reference, row.sent_at)


def after(connection: Connection, intake_id: str) -> list[Receipt]:
    """The versions that correct an intake, as far as they were sent, the newest first."""
    query = select(INTAKES.c.id, INTAKES.c.reference, INTAKES.c.sent_at)
    newer = query.join(CORRECTIONS, CORRECTIONS.c.draft_id == INTAKES.c.draft_id)
    rows = connection.execute(newer.where(CORRECTIONS.c.intake_id == intake_id).order_by(INTAKES.c.sent_at.desc()))
    return [Receipt(row.id, row.reference, row.sent_at) for row in rows]


def lineages(connection: Connection, intake_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of each intake all versions of it that were sent, itself among them, the oldest first."""
    older: dict[str, str] = {}
    query = select(INTAKES.c.id, CORRECTIONS.c.intake_id).join(INTAKES, INTAKES.c.draft_id == CORRECTIONS.c.draft_id)
    known, fresh = set(intake_ids), set(intake_ids)
    while fresh:
        among = list(fresh)
        touching = query.where(INTAKES.c.id.in_(among) | CORRECTIONS.c.intake_id.in_(among))
        older |= {row.id: row.intake_id for row in connection.execute(touching)}
        fresh = {*older, *older.values()} - known
        known |= fresh
    sent = dict.fromkeys(known)
    if older:
        when = select(INTAKES.c.id).where(INTAKES.c.id.in_(list(known))).order_by(INTAKES.c.sent_at, INTAKES.c.id)
        sent = dict.fromkeys(connection.scalars(when))
    return {each: tuple(other for other in sent if _first(other, older) == _first(each, older)) for each in intake_ids}


def _first(intake_id: str, older: Mapping[str, str]) -> str:
    while intake_id in older:
        intake_id = older[intake_id]
    return intake_id


def copy_alerts(
    connection: Connection, draft_id: str, copy_id: str, at: datetime, anew: Collection[str] = frozenset()
) -> None:
    """Let the copy of a draft remember what alarmed: told already, and open on the draft that told it alone.

    The rules in `anew` may alarm once more: the copy asks again what they read.
    """
    told = ALERTS.c.draft_id == draft_id, ALERTS.c.rule.not_in(list(anew))
    rows = connection.execute(select(ALERTS).where(*told)).mappings()
    copied = [
        {**row, "draft_id": copy_id, "acknowledged_at": row["acknowledged_at"] or at, "care": None} for row in rows
    ]
    if copied:
        connection.execute(insert(ALERTS), copied)


def remove_of(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget that drafts, which are about to be forgotten, were corrections."""
    connection.execute(delete(CORRECTIONS).where(CORRECTIONS.c.draft_id.in_(list(draft_ids))))
