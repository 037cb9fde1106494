"""Mails to patients: written with what they tell, in its transaction; names and days as they are said there.

The subject line of one holds no name and nothing of what was answered: it is read over shoulders and on locked screens.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.storage import outbox
from intake.storage.outbox import Channel, NewMessage

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """A mail to a patient; `id` (32 letters at most) is that of its one row in the outbox, `kind` what it is about."""

    id: str
    kind: str
    recipient: str
    subject: str
    text: str


def can_mail(clinic: Clinic, address: str) -> bool:
    """Whether a mail could go to this address."""
    return bool(clinic.duty.sender and address)


def post(connection: Connection, clinic: Clinic, letter: Letter) -> None:
    """Write a mail to be sent; belongs into the transaction of what it tells."""
    payload = {"subject": letter.subject, "text": letter.text, "message_id": clinic.duty.message_id(letter.id)}
    new = NewMessage(letter.id, Channel.MAIL, letter.kind, letter.recipient, payload)
    outbox.add(connection, clinic.keys, [new], clinic.clock())


def short_name(name: str) -> str:
    """A name as a family tells its members apart by, and others learn little from: Alex M."""
    first, *others = name.split() or ["you"]
    return f"{first} {others[-1][:1]}." if others else first


def day_in_full(day: date) -> str:
    """A day without a number that could be taken for another's: Monday 23 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"
