"""Corrections: drafts that began as a copy of what was sent, or as a second form of its visit.

Sent, each is a new version beside the old one: one of its lineage (`lineages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, String, Table, delete, insert, select, update

from intake.storage import lineages
from intake.storage.alerts import ALERTS
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES, Receipt
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

CORRECTIONS = Table(
    "corrections",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False, index=True),
    Column("begun_at", Moment, nullable=False),
    Column("how", String(8), nullable=False),
)


class By(StrEnum):
    """How a version came about.

    The patient's own correction, what was asked back, what staff entered, a check-in after the needles, what was asked
    on the day of the visit, another form of the same visit.
    """

    FORM = "form"
    ASKED = "asked"
    STAFF = "staff"
    CHECK_IN = "check_in"
    DAY = "day"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Version:
    """The receipt of another version, and how the newer of both came about."""

    receipt: Receipt
    by: By


def add(connection: Connection, draft_id: str, intake_id: str, by: By, at: datetime) -> None:
    """A draft corrects an intake; one that was sent is a version of it from now on."""
    row = {"draft_id": draft_id, "intake_id": intake_id, "begun_at": at, "how": by}
    connection.execute(insert(CORRECTIONS).values(row))
    sent = connection.scalar(select(INTAKES.c.id).where(INTAKES.c.draft_id == draft_id))
    if sent is not None:
        lineages.join(connection, sent, intake_id)


def unsent(connection: Connection, intake_id: str, *kinds: By) -> list[str]:
    """The drafts of these kinds that are to become a version after an intake and are not sent yet, the newest first."""
    query = select(CORRECTIONS.c.draft_id).join(DRAFTS, DRAFTS.c.id == CORRECTIONS.c.draft_id)
    waits = query.where(
        CORRECTIONS.c.intake_id == intake_id, CORRECTIONS.c.how.in_(kinds), DRAFTS.c.intake_id.is_(None)
    )
    return list(connection.scalars(waits.order_by(CORRECTIONS.c.begun_at.desc())))


def begun_at(connection: Connection, draft_id: str) -> datetime | None:
    """When a draft began as a correction; None where it is none."""
    moment: datetime | None = connection.scalar(
        select(CORRECTIONS.c.begun_at).where(CORRECTIONS.c.draft_id == draft_id)
    )
    return moment


def corrected_by(connection: Connection, draft_id: str) -> str | None:
    """The intake that a draft corrects."""
    found: str | None = connection.scalar(select(CORRECTIONS.c.intake_id).where(CORRECTIONS.c.draft_id == draft_id))
    return found


def before(connection: Connection, draft_id: str) -> Version | None:
    """The version that the intake of a draft corrects."""
    older = _VERSIONS.join_from(INTAKES, CORRECTIONS, CORRECTIONS.c.intake_id == INTAKES.c.id)
    row = connection.execute(older.where(CORRECTIONS.c.draft_id == draft_id)).first()
    return None if row is None else _version(row)


def after(connection: Connection, intake_id: str) -> list[Version]:
    """The versions that correct an intake, as far as they were sent, the newest first."""
    newer = _VERSIONS.join_from(INTAKES, CORRECTIONS, CORRECTIONS.c.draft_id == INTAKES.c.draft_id)
    rows = connection.execute(newer.where(CORRECTIONS.c.intake_id == intake_id).order_by(INTAKES.c.place.desc()))
    return [_version(row) for row in rows]


def follow(connection: Connection, draft_id: str, intake_id: str) -> None:
    """Let an unsent correction be one of another version."""
    mine = update(CORRECTIONS).where(CORRECTIONS.c.draft_id == draft_id)
    connection.execute(mine.values(intake_id=intake_id))


def follow_visit(connection: Connection, draft_id: str, at: datetime) -> None:
    """Where the visit of a sent draft has another intake already, this one is a new version of the last of them."""
    own = connection.execute(
        select(DRAFTS.c.visit_id, DRAFTS.c.intake_id, CORRECTIONS.c.intake_id.label("corrects"))
        .outerjoin(CORRECTIONS, CORRECTIONS.c.draft_id == DRAFTS.c.id)
        .where(DRAFTS.c.id == draft_id)
    ).one()
    if own.visit_id is None or own.intake_id is None or own.corrects is not None:
        return
    of_own = select(CORRECTIONS.c.draft_id).where(CORRECTIONS.c.intake_id == own.intake_id)
    others = select(INTAKES.c.id).join(DRAFTS, DRAFTS.c.id == INTAKES.c.draft_id)
    older = others.where(DRAFTS.c.visit_id == own.visit_id, DRAFTS.c.id != draft_id, DRAFTS.c.id.not_in(of_own))
    last = connection.scalar(older.order_by(INTAKES.c.sent_at.desc(), INTAKES.c.id.desc()).limit(1))
    if last is not None:
        add(connection, draft_id, last, By.VISIT, at)


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


_VERSIONS: Select[Any] = select(INTAKES.c.id, INTAKES.c.reference, INTAKES.c.sent_at, CORRECTIONS.c.how)


def _version(row: Row[Any]) -> Version:
    return Version(Receipt(row.id, row.reference, row.sent_at), By(row.how))
