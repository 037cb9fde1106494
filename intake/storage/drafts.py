"""Drafts: what a patient has answered so far. Found by the hash of a token, changed only from the version read.

`earlier_id` is the intake of last time whose answers may be offered in the draft; only an invitation sets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    delete,
    exists,
    insert,
    select,
    update,
)

from intake.errors import StaleError
from intake.storage.alerts import ALERTS
from intake.storage.schema import METADATA, Moment
from intake.storage.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("passed", JSON, nullable=False),
    Column("texts", LargeBinary),
    Column("started_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("source", String(16)),
    Column("visit_id", ForeignKey("visits.id"), index=True),
    Column("intake_id", String(32)),
    Column("reference", String(32)),
    Column("shown", JSON, nullable=False),
    Column("earlier_id", String(32)),
    Index("ix_drafts_version_started_at", "version", "started_at"),
)
BEGUN = 1  # the version of a draft in which no page was sent
# Statements of every step are made once: to make one anew costs more than to run it.
READ: Select[Any] = (
    select(
        *(DRAFTS.c[name] for name in ("id", "subject_id", "version", "changes", "answers", "passed", "texts")),
        *(DRAFTS.c[name] for name in ("expires_at", "reference", "shown", "earlier_id")),
        *(SUBJECTS.c[name] for name in ("identity", "master", "data_key")),
        ALERTS.c.rule.label("alerted"),
        *(ALERTS.c[name] for name in ("page", "status", "urgency", "seen_at")),
        *(ALERTS.c[name] for name in ("shown_at", "withdrawn_at", "withdrawal_shown_at")),
    )
    .join_from(DRAFTS, SUBJECTS)
    .outerjoin(ALERTS, ALERTS.c.draft_id == DRAFTS.c.id)
)
BY_TOKEN = READ.where(DRAFTS.c.token_hash == bindparam("token"), DRAFTS.c.expires_at > bindparam("now"))
BY_ID = READ.where(DRAFTS.c.id == bindparam("draft"))
UNCHANGED = update(DRAFTS).where(
    DRAFTS.c.id == bindparam("draft"), DRAFTS.c.version == bindparam("read"), DRAFTS.c.intake_id.is_(None)
)


def add(connection: Connection, row: Mapping[str, object]) -> None:
    """Begin a draft."""
    connection.execute(insert(DRAFTS).values(dict(row)))


def by_token(connection: Connection, token_hash: str, now: datetime) -> Sequence[Row[Any]]:
    """The live draft of a token with its subject's columns: one row for each rule that `alerted`, or one without."""
    return connection.execute(BY_TOKEN, {"token": token_hash, "now": now}).all()


def by_id(connection: Connection, draft_id: str) -> Row[Any] | None:
    """A draft by its id, expired or not, with its subject's columns."""
    return connection.execute(BY_ID, {"draft": draft_id}).first()


def whole(connection: Connection, draft_id: str) -> Sequence[Row[Any]]:
    """A draft by its id, expired or not, in rows as of `by_token`."""
    return connection.execute(BY_ID, {"draft": draft_id}).all()


def change(connection: Connection, draft_id: str, version: int, values: Mapping[str, object]) -> None:
    """Write values and the next version in one compare-and-set; raises StaleError if the draft moved on or was sent."""
    if not _set(connection, draft_id, version, values):
        raise StaleError("The draft was changed or sent elsewhere since this page was opened; nothing was saved.")


def mark_sent(connection: Connection, draft_id: str, version: int, intake_id: str, reference: str) -> bool:
    """Close a draft as sent, from the version that was read; False where it was sent already or moved on."""
    return _set(connection, draft_id, version, {"intake_id": intake_id, "reference": reference})


def set_token(connection: Connection, draft_id: str, token: str) -> None:
    """Let another token's hash open the draft, and the one before no more."""
    connection.execute(update(DRAFTS).where(DRAFTS.c.id == draft_id).values(token_hash=token))


def _set(connection: Connection, draft_id: str, version: int, values: Mapping[str, object]) -> bool:
    row = {**values, "version": version + 1, "draft": draft_id, "read": version}
    return connection.execute(UNCHANGED, row).rowcount == 1


def expired(connection: Connection, now: datetime) -> list[Row[Any]]:
    """Drafts past their time that were never sent and of which no alert waits for the clinic: (id, subject_id)."""
    waiting = exists().where(ALERTS.c.draft_id == DRAFTS.c.id, ALERTS.c.acknowledged_at.is_(None))
    over = select(DRAFTS.c.id, DRAFTS.c.subject_id).where(
        DRAFTS.c.expires_at <= now, DRAFTS.c.intake_id.is_(None), ~waiting
    )
    return list(connection.execute(over))


def empty(connection: Connection, before: datetime, most: int | None = None) -> list[Row[Any]]:
    """Drafts without a visit, begun before a moment, in which no page was sent, the oldest first: (id, subject_id)."""
    nothing = select(DRAFTS.c.id, DRAFTS.c.subject_id).where(DRAFTS.c.version == BEGUN, DRAFTS.c.started_at <= before)
    loose = nothing.where(DRAFTS.c.intake_id.is_(None), DRAFTS.c.visit_id.is_(None))
    return list(connection.execute(loose.order_by(DRAFTS.c.started_at).limit(most)))


def remove(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget drafts; their trail and alerts must be gone already."""
    connection.execute(delete(DRAFTS).where(DRAFTS.c.id.in_(list(draft_ids))))
