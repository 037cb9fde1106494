"""The patient's side of a link to what comes after the form: the birth date opens one thing, in this browser, briefly.

A look spends nothing, so that a mail scanner takes nothing from anybody. Five wrong birth dates end a link; staff send
a new one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, intakes
from intake.storage import links as rows
from intake.storage.crypto import token_hash
from intake.storage.links import Purpose
from intake.workflow.review.links import hashed
from intake.workflow.review.people import person
from intake.workflow.shared import birth_date
from intake.workflow.shared.birth_date import MOST_TRIES, Entered
from intake.workflow.shared.letters import short_name

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.links import Link
    from intake.workflow.review.people import Person
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Found", "Opened", "Purpose"]
OPEN_FOR = timedelta(minutes=30)
GONE = "This link is not here any more: it was taken back, its time is over, or it is not complete."


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Where a link leads: for whom (first name and a letter), to what, until when; `locked`: too many wrong dates."""

    name: str
    purpose: Purpose
    expires_at: datetime
    locked: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """What a browser may open now; `used`: what the link was for was done."""

    purpose: Purpose
    intake_id: str
    object_id: str
    used: bool


def find(clinic: Clinic, token: str) -> Found:
    """Where a link leads; nothing is written. Raises NotFoundError where it leads nowhere, for whatever reason."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        link, who = _read(connection, clinic, token, now)
    return Found(short_name(who.name), link.purpose, link.expires_at, link.tries >= MOST_TRIES)


def enter(clinic: Clinic, token: str, born: str | None, key: str) -> Entered:
    """Let a browser in that knows the birth date (ISO), by a key of its own; raises NotFoundError as `find`."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        link, who = _read(connection, clinic, token, now, hold=True)
        known = who.born.isoformat() if who.born else ""
        entered = birth_date.check(connection, rows.counter(link.hash), link.tries, known, born)
        if entered is Entered.OPEN:
            rows.add_key(connection, token_hash(key), link, now + OPEN_FOR)
            details = {"purpose": link.purpose.value, "object": link.object_id}
            entry = audit.AuditEntry(now, "patient", "link_opened", "intake", link.intake_id, details)
            audit.record(connection, clinic.keys, entry)
    return entered


def opened(clinic: Clinic, key: str) -> Opened | None:
    """What a browser's key opens now; None: nothing, or no more."""
    with clinic.database.read() as connection:
        link = rows.by_key(connection, token_hash(key), clinic.clock())
    return None if link is None else Opened(link.purpose, link.intake_id, link.object_id, link.used_at is not None)


def close(clinic: Clinic, key: str) -> None:
    """Let a browser open nothing any more."""
    with clinic.database.begin() as connection:
        rows.remove_key(connection, token_hash(key))


def _read(
    connection: Connection, clinic: Clinic, token: str, now: datetime, *, hold: bool = False
) -> tuple[Link, Person]:
    """The live link and its patient; that of somebody whose birth date cannot be read any more opens nothing."""
    link = rows.by_hash(connection, hashed(clinic.keys, token), hold=hold)
    if link is None or not link.is_live(now):
        raise NotFoundError(GONE)
    who = person(clinic.keys, intakes.by_id(connection, link.intake_id).line.subject)
    if who.born is None:
        raise NotFoundError(GONE)
    return link, who
