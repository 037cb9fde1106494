"""Keys to drafts: what a browser holds that came by an invitation or a hand-over; only hashes are stored.

The key that a draft was begun with stands in the draft. One that came by an invitation ends with the invitation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, String, Table, bindparam, delete, insert, or_, select

from intake.storage.drafts import DRAFTS, READ
from intake.storage.invitations import INVITATIONS
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

DRAFT_KEYS = Table(
    "draft_keys",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False, index=True),
    Column("invitation_id", ForeignKey("invitations.id")),
    Column("made_at", Moment, nullable=False),
)
BY_KEY = (
    READ.join(DRAFT_KEYS, DRAFT_KEYS.c.draft_id == DRAFTS.c.id)
    .outerjoin(INVITATIONS, INVITATIONS.c.id == DRAFT_KEYS.c.invitation_id)
    .where(DRAFT_KEYS.c.hash == bindparam("key"), DRAFTS.c.expires_at > bindparam("now"))
    .where(or_(INVITATIONS.c.id.is_(None), INVITATIONS.c.revoked_at.is_(None)))
    .where(or_(INVITATIONS.c.id.is_(None), INVITATIONS.c.expires_at > bindparam("now")))
)


def add(connection: Connection, hashed: str, draft_id: str, invitation_id: str | None, at: datetime) -> None:
    """Let a key open a draft."""
    row = {"hash": hashed, "draft_id": draft_id, "invitation_id": invitation_id, "made_at": at}
    connection.execute(insert(DRAFT_KEYS).values(row))


def by_key(connection: Connection, hashed: str, now: datetime) -> Sequence[Row[Any]]:
    """The live draft of a key, as `drafts.by_token` gives it."""
    return connection.execute(BY_KEY, {"key": hashed, "now": now}).all()


def invitation_of(connection: Connection, hashed: str) -> str | None:
    """The invitation that a key came by."""
    found: str | None = connection.scalar(select(DRAFT_KEYS.c.invitation_id).where(DRAFT_KEYS.c.hash == hashed))
    return found


def remove(connection: Connection, hashed: str) -> bool:
    """Let a key open nothing any more; False where there is none."""
    return connection.execute(delete(DRAFT_KEYS).where(DRAFT_KEYS.c.hash == hashed)).rowcount == 1


def remove_of(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget the keys of drafts that are about to be forgotten."""
    connection.execute(delete(DRAFT_KEYS).where(DRAFT_KEYS.c.draft_id.in_(list(draft_ids))))
