"""Links: what lets a patient open one thing that comes after the form, behind the birth date, until its time is over.

Of a link and of the keys that browsers are given for it only hashes are stored. Looking spends nothing; `used_at` says
when what it was for was done. A new link to a thing ends those before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, delete, insert, select, update

from intake.storage.schema import METADATA, Moment
from intake.storage.tries import Counter

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

LINKS = Table(
    "links",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String(10), nullable=False),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False, index=True),
    Column("object_id", String(64), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("revoked_at", Moment),
    Column("used_at", Moment),
    Column("tries", Integer, nullable=False),
    Column("letter_id", String(32)),
    Index("ix_links_object", "purpose", "object_id", "made_at"),
)
KEYS = Table(
    "link_keys",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("link", ForeignKey("links.hash", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
)


class Purpose(StrEnum):
    """What a link opens; its `object_id` names which."""

    QUESTION = "question"
    CONSENT = "consent"
    AFTERCARE = "aftercare"
    CHECKIN = "checkin"


@dataclass(frozen=True, slots=True)
class Link:
    """A link as stored. `tries`: wrong birth dates since the last right one; `letter_id`: the mail it went by."""

    hash: str
    purpose: Purpose
    intake_id: str
    object_id: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    tries: int = 0
    letter_id: str | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.revoked_at is None and now < self.expires_at


def add(connection: Connection, link: Link) -> None:
    """Let a link open a thing, and those before it no more."""
    revoke(connection, link.purpose, link.object_id, link.made_at)
    row = {name: getattr(link, name) for name in LINKS.c.keys()}  # noqa: SIM118 - a collection of columns
    connection.execute(insert(LINKS).values(row))


def by_hash(connection: Connection, hashed: str, *, hold: bool = False) -> Link | None:
    """A link, live or not; `hold`: nobody else comes in before this transaction ends."""
    query = select(LINKS).where(LINKS.c.hash == hashed)
    row = connection.execute(query.with_for_update() if hold else query).first()
    return None if row is None else _link(row)


def newest(connection: Connection, purpose: Purpose, object_id: str) -> Link | None:
    """The last link to a thing, live or not."""
    query = select(LINKS).where(*_of(purpose, object_id)).order_by(LINKS.c.made_at.desc(), LINKS.c.revoked_at.is_(None))
    row = connection.execute(query.limit(1)).first()
    return None if row is None else _link(row)


def counter(hashed: str) -> Counter:
    """Where the wrong birth dates that came with a link are counted."""
    return Counter(LINKS.c.hash, hashed)


def revoke(connection: Connection, purpose: Purpose, object_id: str, at: datetime) -> None:
    """Close every link to a thing, and every browser that came by one."""
    live = update(LINKS).where(*_of(purpose, object_id), LINKS.c.revoked_at.is_(None))
    connection.execute(live.values(revoked_at=at))


def use(connection: Connection, purpose: Purpose, object_id: str, at: datetime) -> None:
    """What the links to a thing were for was done."""
    fresh = update(LINKS).where(*_of(purpose, object_id), LINKS.c.used_at.is_(None))
    connection.execute(fresh.values(used_at=at))


def add_key(connection: Connection, hashed: str, link: Link, expires_at: datetime) -> None:
    """Let a browser's key open what a link opens, no longer than the link does."""
    row = {"hash": hashed, "link": link.hash, "expires_at": min(expires_at, link.expires_at)}
    connection.execute(insert(KEYS).values(row))


def by_key(connection: Connection, hashed: str, now: datetime) -> Link | None:
    """The live link of a key whose time is not over."""
    query = select(LINKS).join(KEYS, KEYS.c.link == LINKS.c.hash).where(KEYS.c.hash == hashed, KEYS.c.expires_at > now)
    row = connection.execute(query.where(LINKS.c.revoked_at.is_(None), LINKS.c.expires_at > now)).first()
    return None if row is None else _link(row)


def remove_key(connection: Connection, hashed: str) -> None:
    """Let a key open nothing any more."""
    connection.execute(delete(KEYS).where(KEYS.c.hash == hashed))


def forget(connection: Connection, now: datetime, over_since: datetime) -> None:
    """Forget keys whose time is over, and links that were over before a moment."""
    connection.execute(delete(KEYS).where(KEYS.c.expires_at <= now))
    over = select(LINKS.c.hash).where(LINKS.c.expires_at < over_since)
    connection.execute(delete(KEYS).where(KEYS.c.link.in_(over)))
    connection.execute(delete(LINKS).where(LINKS.c.expires_at < over_since))


def _of(purpose: Purpose, object_id: str) -> tuple[Any, ...]:
    return LINKS.c.purpose == purpose, LINKS.c.object_id == object_id


def _link(row: Row[Any]) -> Link:
    values = {name: row._mapping[name] for name in LINKS.c.keys()}  # noqa: SIM118, SLF001 - columns; SQLAlchemy's public name
    return Link(**{**values, "purpose": Purpose(values["purpose"])})
