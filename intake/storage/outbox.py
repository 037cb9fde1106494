"""The outbox: messages to be sent, written in the transaction of what they tell; recipient and content are sealed.

A message is sent at least once, under an id that never changes. Who works on one has it on lease: it is not due for
others until then, and falls to them where the lease runs out. Once accepted, nothing is left but that it was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)

from intake.storage.crypto import Purpose, SealedPlace, clinic_vault
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from intake.storage.crypto import Keys

WAITS = text("accepted_at IS NULL")
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("channel", String(8), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease", String(32)),
    Column("failure", String(80)),
    Column("accepted_at", Moment),
    Column("master", String(32), nullable=False),
    Column("recipient", LargeBinary),
    Column("payload", LargeBinary),
    Index("ix_outbox_waiting", "channel", "urgent", "due_at", sqlite_where=WAITS, postgresql_where=WAITS),
)
STUCK_AFTER = timedelta(minutes=1)  # since it was written, where a try has failed
OVERDUE_AFTER = timedelta(minutes=10)  # where nobody tries at all


class Channel(StrEnum):
    """The ways out of the clinic."""

    MAIL = "mail"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, repr=False)
class NewMessage:
    """A message to be written: its id, its way, of which kind it is, to whom and what. `urgent`: before all others."""

    id: str
    channel: Channel
    kind: str
    recipient: str
    payload: Mapping[str, object]
    urgent: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """A message as stored. `failure` says in a few words of ours why the last try came to nothing."""

    id: str
    channel: Channel
    kind: str
    created_at: datetime
    due_at: datetime
    tries: int
    failure: str | None
    accepted_at: datetime | None
    master: str
    recipient: bytes | None
    payload: bytes | None

    def read_recipient(self, keys: Keys) -> str:
        """To whom it goes; empty once it was accepted."""
        vault = clinic_vault(keys, self.master)
        return cast("str", vault.open(Purpose.IDENTITY, _place(self.id, "recipient"), self.recipient) or "")

    def read_payload(self, keys: Keys) -> dict[str, object]:
        """What it says; empty once it was accepted."""
        vault = clinic_vault(keys, self.master)
        sealed = vault.open(Purpose.CLINICAL, _place(self.id, "payload"), self.payload)
        return cast("dict[str, object]", sealed or {})


@dataclass(frozen=True, slots=True)
class Lease:
    """Who works on messages, and from when on they are due for others again."""

    name: str
    until: datetime


def add(connection: Connection, keys: Keys, messages: Iterable[NewMessage], at: datetime) -> None:
    """Write messages, due at once; belongs into the transaction of what they tell."""
    vault = clinic_vault(keys, keys.current)
    rows = [
        {
            "id": new.id,
            "channel": new.channel,
            "kind": new.kind,
            "urgent": new.urgent,
            "created_at": at,
            "due_at": at,
            "tries": 0,
            "master": keys.current,
            "recipient": vault.seal(Purpose.IDENTITY, _place(new.id, "recipient"), new.recipient),
            "payload": vault.seal(Purpose.CLINICAL, _place(new.id, "payload"), dict(new.payload)),
        }
        for new in messages
    ]
    if rows:
        connection.execute(insert(OUTBOX), rows)


def is_any_due(connection: Connection, channel: Channel, now: datetime) -> bool:
    """Whether a message waits to be sent now."""
    return connection.execute(select(OUTBOX.c.id).where(*_due(channel, now)).limit(1)).first() is not None


def claim(connection: Connection, channel: Channel, now: datetime, lease: Lease, limit: int) -> list[Message]:
    """Take messages that are due, the urgent ones first; each is on this lease, and its try is counted."""
    due = (
        select(OUTBOX.c.id)
        .where(*_due(channel, now))
        .order_by(OUTBOX.c.urgent.desc(), OUTBOX.c.due_at, OUTBOX.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # PostgreSQL: what another process takes at this moment; SQLite: one writer
    )
    ids = list(connection.scalars(due))
    if not ids:
        return []
    taken = update(OUTBOX).where(OUTBOX.c.id.in_(ids))
    connection.execute(taken.values(lease=lease.name, due_at=lease.until, tries=OUTBOX.c.tries + 1))
    rows = {row.id: row for row in connection.execute(select(OUTBOX).where(OUTBOX.c.id.in_(ids)))}
    return [_message(rows[name]) for name in ids]


def accept(connection: Connection, message_id: str, at: datetime, *, keep: bool = False) -> None:
    """The other side has taken the message; recipient and content are forgotten, unless they are to be kept."""
    gone = {} if keep else {"recipient": None, "payload": None}
    accepted = update(OUTBOX).where(OUTBOX.c.id == message_id, OUTBOX.c.accepted_at.is_(None))
    connection.execute(accepted.values(accepted_at=at, lease=None, failure=None, **gone))


def put_off(connection: Connection, message_id: str, lease: str, due_at: datetime, failure: str) -> None:
    """A try came to nothing; nothing is written where the lease has run out and somebody else tries."""
    held = update(OUTBOX).where(OUTBOX.c.id == message_id, OUTBOX.c.lease == lease, OUTBOX.c.accepted_at.is_(None))
    connection.execute(held.values(due_at=due_at, lease=None, failure=failure))


def waiting(connection: Connection, limit: int) -> list[Message]:
    """What nobody has accepted yet, the oldest first."""
    query = select(OUTBOX).where(OUTBOX.c.accepted_at.is_(None)).order_by(OUTBOX.c.created_at, OUTBOX.c.id)
    return [_message(row) for row in connection.execute(query.limit(limit))]


def stuck(connection: Connection, now: datetime, limit: int) -> list[Message]:
    """What does not get out: a try has failed, or nobody tries; the oldest first."""
    query = select(OUTBOX).where(*_stuck(now)).order_by(OUTBOX.c.created_at, OUTBOX.c.id)
    return [_message(row) for row in connection.execute(query.limit(limit))]


def count_stuck(connection: Connection, now: datetime) -> int:
    """How many messages do not get out."""
    return connection.scalar(select(func.count()).select_from(OUTBOX).where(*_stuck(now))) or 0


def is_waiting(connection: Connection, channel: Channel, kind: str) -> bool:
    """Whether a message of this kind waits on this way."""
    query = select(OUTBOX.c.id).where(OUTBOX.c.accepted_at.is_(None), OUTBOX.c.channel == channel)
    return connection.execute(query.where(OUTBOX.c.kind == kind).limit(1)).first() is not None


def several(connection: Connection, ids: Iterable[str]) -> list[Message]:
    """The messages of these ids, accepted or not."""
    return [_message(row) for row in connection.execute(select(OUTBOX).where(OUTBOX.c.id.in_(list(ids))))]


def newest(connection: Connection, channel: Channel, limit: int) -> list[Message]:
    """The messages that were written last, accepted or not."""
    query = select(OUTBOX).where(OUTBOX.c.channel == channel).order_by(OUTBOX.c.created_at.desc(), OUTBOX.c.id)
    return [_message(row) for row in connection.execute(query.limit(limit))]


def drop(connection: Connection, message_id: str) -> bool:
    """Give a message up that nobody has accepted; False where there is none of that id."""
    given_up = delete(OUTBOX).where(OUTBOX.c.id == message_id, OUTBOX.c.accepted_at.is_(None))
    return connection.execute(given_up).rowcount == 1


def forget(connection: Connection, before: datetime) -> None:
    """Forget messages that were accepted before a moment."""
    connection.execute(delete(OUTBOX).where(OUTBOX.c.accepted_at < before))


def _due(channel: Channel, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return OUTBOX.c.accepted_at.is_(None), OUTBOX.c.channel == channel, OUTBOX.c.due_at <= now


def _stuck(now: datetime) -> tuple[ColumnElement[bool], ...]:
    failed = and_(OUTBOX.c.failure.is_not(None), OUTBOX.c.created_at <= now - STUCK_AFTER)
    return OUTBOX.c.accepted_at.is_(None), or_(failed, OUTBOX.c.due_at <= now - OVERDUE_AFTER)


def _message(row: Row[Any]) -> Message:
    return Message(
        id=row.id,
        channel=Channel(row.channel),
        kind=row.kind,
        created_at=row.created_at,
        due_at=row.due_at,
        tries=row.tries,
        failure=row.failure,
        accepted_at=row.accepted_at,
        master=row.master,
        recipient=row.recipient,
        payload=row.payload,
    )


def _place(message_id: str, column: str) -> SealedPlace:
    return SealedPlace("outbox", message_id, column)
