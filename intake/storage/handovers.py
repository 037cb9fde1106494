"""Hand-overs: four words that open a draft on another device, once and for minutes; only their keyed hash is stored.

A draft has one at a time: a new one takes the place of the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Integer, String, Table, delete, insert, select

from intake.storage.schema import METADATA, Moment
from intake.storage.tries import Counter

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

HANDOVERS = Table(
    "handovers",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Handover:
    """A code that is out: which draft it opens, and how many wrong birth dates came with it."""

    draft_id: str
    tries: int


def offer(connection: Connection, draft_id: str, hashed: str, expires_at: datetime) -> None:
    """Let a code open a draft, and the one before no more."""
    remove_of(connection, [draft_id])
    row = {"draft_id": draft_id, "code_hash": hashed, "expires_at": expires_at, "tries": 0}
    connection.execute(insert(HANDOVERS).values(row))


def by_code(connection: Connection, hashed: str, now: datetime) -> Handover | None:
    """The hand-over of a code that is still good."""
    query = select(HANDOVERS.c.draft_id, HANDOVERS.c.tries)
    row = connection.execute(query.where(HANDOVERS.c.code_hash == hashed, HANDOVERS.c.expires_at > now)).first()
    return None if row is None else Handover(row.draft_id, row.tries)


def counter(draft_id: str) -> Counter:
    """Where the wrong birth dates that came with a code are counted."""
    return Counter(HANDOVERS.c.draft_id, draft_id)


def take(connection: Connection, draft_id: str, hashed: str) -> bool:
    """Whether this call is the one that uses the code."""
    mine = delete(HANDOVERS).where(HANDOVERS.c.draft_id == draft_id, HANDOVERS.c.code_hash == hashed)
    return connection.execute(mine).rowcount == 1


def remove_of(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget the codes of drafts."""
    connection.execute(delete(HANDOVERS).where(HANDOVERS.c.draft_id.in_(list(draft_ids))))


def remove_before(connection: Connection, now: datetime) -> None:
    """Forget codes whose time is over."""
    connection.execute(delete(HANDOVERS).where(HANDOVERS.c.expires_at <= now))
