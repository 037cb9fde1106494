"""What staff do with a link to what comes after the form: send it by mail, show it once to hand it on, take it back.

A raw link lives only in what is shown once, and sealed in the outbox until the mail is accepted. Where no birth date is
known there is none: nothing else would keep others out.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, intakes
from intake.storage import links as rows
from intake.storage.crypto import blind_index
from intake.storage.links import Link, Purpose
from intake.workflow.review.letters import link_letter
from intake.workflow.review.people import person
from intake.workflow.shared import letters
from intake.workflow.shared.birth_date import MOST_TRIES
from intake.workflow.shared.letters import Letter

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.workflow.review.people import Person, Practitioner
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Opens", "Purpose", "Standing"]
TOKEN_BYTES, ID_BYTES = 20, 16  # a token has 160 bits
NO_BIRTH_DATE = "No date of birth is known for this patient, so that no link can be opened. Call instead."
NO_MAIL = "There is no mail address for this patient, or this clinic sends no mail."


@dataclass(frozen=True, slots=True)
class Opens:
    """What a link opens: which thing of which intake, and for how long from now."""

    purpose: Purpose
    intake_id: str
    object_id: str
    life: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """How the last link to a thing stands. `locked`: too many wrong birth dates; `mailed`: it went by mail."""

    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    live: bool
    locked: bool
    mailed: bool


def mail(connection: Connection, clinic: Clinic, opens: Opens, by: Practitioner) -> None:
    """Mail a link in the transaction of what it opens; raises NotFoundError where no mail or no link can be."""
    who = _patient(connection, clinic, opens.intake_id)
    if not letters.can_mail(clinic, who.email):
        raise NotFoundError(NO_MAIL)
    letter_id = secrets.token_hex(ID_BYTES)
    made, address = _make(connection, clinic, opens, by, letter_id)
    until = (made.expires_at.astimezone(clinic.zone) - timedelta(microseconds=1)).date()
    subject, text = link_letter(clinic.duty, opens.purpose, who.name, address, until)
    letters.post(connection, clinic, Letter(letter_id, opens.purpose, who.email, subject, text))


def hand_on(connection: Connection, clinic: Clinic, opens: Opens, by: Practitioner) -> str:
    """A link to be shown once and handed on in another way; raises NotFoundError where there can be none."""
    _patient(connection, clinic, opens.intake_id)
    return _make(connection, clinic, opens, by, None)[1]


def take_back(connection: Connection, clinic: Clinic, opens: Opens, by: Practitioner) -> None:
    """Let no link open this thing any more."""
    rows.revoke(connection, opens.purpose, opens.object_id, clinic.clock())
    _tell(connection, clinic, opens, by, "link_revoked")


def standing(connection: Connection, purpose: Purpose, object_id: str, now: datetime) -> Standing | None:
    """How the last link to a thing stands; None where there was none."""
    link = rows.newest(connection, purpose, object_id)
    if link is None:
        return None
    mailed, locked = link.letter_id is not None, link.tries >= MOST_TRIES
    return Standing(link.made_at, link.expires_at, link.used_at, link.is_live(now), locked, mailed)


def hashed(keys: Keys, token: str) -> str:
    """What is stored of a link's token."""
    return blind_index(keys, "link", token)


def _patient(connection: Connection, clinic: Clinic, intake_id: str) -> Person:
    who = person(clinic.keys, intakes.by_id(connection, intake_id).line.subject)
    if who.born is None:
        raise NotFoundError(NO_BIRTH_DATE)
    return who


def _make(
    connection: Connection, clinic: Clinic, opens: Opens, by: Practitioner, letter_id: str | None
) -> tuple[Link, str]:
    now, token = clinic.clock(), secrets.token_urlsafe(TOKEN_BYTES)
    link = Link(
        hash=hashed(clinic.keys, token),
        purpose=opens.purpose,
        intake_id=opens.intake_id,
        object_id=opens.object_id,
        made_at=now,
        expires_at=now + opens.life,
        letter_id=letter_id,
    )
    rows.add(connection, link)
    _tell(connection, clinic, opens, by, "link_mailed" if letter_id else "link_shown")
    return link, f"{clinic.duty.base}/l/{token}"


def _tell(connection: Connection, clinic: Clinic, opens: Opens, by: Practitioner, action: str) -> None:
    details = {"purpose": opens.purpose.value, "object": opens.object_id}
    entry = audit.AuditEntry(clinic.clock(), by.actor, action, "intake", opens.intake_id, details)
    audit.record(connection, clinic.keys, entry)
