"""One round of sending: take what is due on lease, hand it over, note what was accepted, put off the rest.

Killed anywhere, a message is sent again once its lease has run out: under the same id, so that it can be told apart.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import structlog

from intake.errors import DeliveryError, StorageError
from intake.storage import outbox
from intake.storage.outbox import Channel, Lease, Message

if TYPE_CHECKING:
    from datetime import datetime

    from intake.workflow.shared.clinic import Clinic

LOG = structlog.get_logger()
LEASE = timedelta(minutes=3)
ONE_TRY = timedelta(minutes=1)  # what is left of the lease when the last message of a round begins
AT_ONCE = 20
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
LEASE_BYTES = 16
Send = Callable[[Message, str, Mapping[str, object]], None]


class WayOut(Protocol):
    """A way out of the clinic."""

    @property
    def channel(self) -> Channel:
        """Whose messages it takes."""

    @property
    def keeps(self) -> bool:
        """Whether what it accepted stays readable here."""

    def session(self) -> AbstractContextManager[Send]:
        """Open it; what it gives sends one message to a recipient, or raises DeliveryError, as opening does."""


def deliver(clinic: Clinic, way: WayOut) -> int:
    """Send what is due on a way, a few at once; how many were tried, 0 if nothing is due."""
    now = clinic.clock()
    lease = Lease(secrets.token_hex(LEASE_BYTES), now + LEASE)
    with clinic.database.read() as connection:
        if not outbox.is_any_due(connection, way.channel, now):
            return 0
    with clinic.database.begin() as connection:
        messages = outbox.claim(connection, way.channel, now, lease, AT_ONCE)
    left = list(messages)
    try:
        with way.session() as send:
            while left and clinic.clock() < lease.until - ONE_TRY:
                _send(clinic, way, send, left[0], lease)
                left.pop(0)
    except DeliveryError as error:  # nobody is there: what is left need not be tried
        for message in left:
            _put_off(clinic, message, lease, error.reason)
    return len(messages)


def wait(tries: int) -> timedelta:
    """How long after the last of so many tries the next one comes."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)


def _send(clinic: Clinic, way: WayOut, send: Send, message: Message, lease: Lease) -> None:
    try:
        send(message, message.read_recipient(clinic.keys), message.read_payload(clinic.keys))
    except StorageError:
        _put_off(clinic, message, lease, "cannot be opened")
    except DeliveryError as error:
        if error.is_whole:
            raise
        _put_off(clinic, message, lease, error.reason)
    else:
        with clinic.database.begin() as connection:
            outbox.accept(connection, message.id, clinic.clock(), keep=way.keeps)


def _put_off(clinic: Clinic, message: Message, lease: Lease, failure: str) -> None:
    due_at: datetime = clinic.clock() + wait(message.tries)
    LOG.error("message_not_accepted", object_id=message.id, kind=message.kind, error=failure)
    with clinic.database.begin() as connection:
        outbox.put_off(connection, message.id, lease.name, due_at, failure)
