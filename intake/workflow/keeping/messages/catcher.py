"""The way out of a demonstration: nothing leaves the machine; mails are kept, and shown on a page of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import outbox
from intake.storage.outbox import Channel, Message
from intake.workflow.keeping.messages.courier import Send

if TYPE_CHECKING:
    from intake.workflow.shared.clinic import Clinic

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Catcher:
    """Accepts every mail."""

    channel: Channel = Channel.MAIL
    keeps: bool = True

    @contextmanager
    def session(self) -> Iterator[Send]:
        """Always open."""
        yield _caught


@dataclass(frozen=True, slots=True)
class Caught:
    """A mail as its page shows it; `accepted_at` None: on its way."""

    recipient: str
    subject: str
    text: str
    message_id: str
    created_at: datetime
    accepted_at: datetime | None


def caught(clinic: Clinic) -> list[Caught]:
    """The newest mails."""
    with clinic.database.read() as connection:
        messages = outbox.newest(connection, Channel.MAIL, SHOWN)
    return [_opened(clinic, message) for message in messages]


def _opened(clinic: Clinic, message: Message) -> Caught:
    payload = message.read_payload(clinic.keys)
    return Caught(
        recipient=message.read_recipient(clinic.keys),
        subject=str(payload.get("subject", "")),
        text=str(payload.get("text", "")),
        message_id=str(payload.get("message_id", "")),
        created_at=message.created_at,
        accepted_at=message.accepted_at,
    )


def _caught(_message: Message, _recipient: str, _payload: Mapping[str, object]) -> None:
    """Nothing is left to do: the outbox keeps it."""
