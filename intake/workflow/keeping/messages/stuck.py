"""What does not get out: told to staff and to whoever keeps the program, by id, way, times and reason alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import audit, outbox
from intake.storage.outbox import Channel

if TYPE_CHECKING:
    from intake.storage.outbox import Message
    from intake.workflow.shared.clinic import Clinic

LISTED = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that nobody has accepted, without its content; `failure` empty: not tried yet, or being tried."""

    id: str
    channel: Channel
    kind: str
    created_at: datetime
    due_at: datetime
    tries: int
    failure: str


def count(clinic: Clinic) -> int:
    """How many messages are stuck."""
    with clinic.database.read() as connection:
        return outbox.count_stuck(connection, clinic.clock())


def listed(clinic: Clinic, *, every: bool = False) -> list[Waiting]:
    """Those that are stuck, or every one that waits; the oldest first."""
    with clinic.database.read() as connection:
        messages = outbox.waiting(connection, LISTED) if every else outbox.stuck(connection, clinic.clock(), LISTED)
    return [_told(message) for message in messages]


def drop(clinic: Clinic, message_id: str) -> bool:
    """Give a message up, which the audit remembers; False where none of that id waits."""
    with clinic.database.begin() as connection:
        dropped = outbox.drop(connection, message_id)
        if dropped:
            entry = audit.AuditEntry(clinic.clock(), "system", "message_dropped", "message", message_id, {})
            audit.record(connection, clinic.keys, entry)
    return dropped


def _told(message: Message) -> Waiting:
    return Waiting(
        id=message.id,
        channel=message.channel,
        kind=message.kind,
        created_at=message.created_at,
        due_at=message.due_at,
        tries=message.tries,
        failure=message.failure or "",
    )
