"""Inviting a patient to fill in the form of a visit: by mail, by a slip on paper, by a link to hand on; taken back.

Each way has a token of its own, stored as a keyed hash. A raw one lives only in what is shown once to the desk, and
sealed in the outbox until the mail is accepted. One reminder goes to whoever was invited by mail and has not sent.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import invitations as rows
from intake.storage import visit_forms
from intake.storage import visits as booked
from intake.storage.crypto import blind_index
from intake.storage.invitations import Invitation, Way
from intake.workflow.desk import records, visits
from intake.workflow.keeping.messages.letters import Booked, invitation
from intake.workflow.shared import letters
from intake.workflow.shared.birth_date import MOST_TRIES
from intake.workflow.shared.letters import Letter

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.storage.visits import Visit
    from intake.workflow.desk.identity import Identity
    from intake.workflow.desk.visits import Practitioner
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Invited", "Way"]
TOKEN_BYTES, ID_BYTES = 20, 16  # a token has 160 bits
CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another
CODE_LENGTH = 10
AT_LEAST_BETWEEN = timedelta(hours=12)  # between an invitation and its reminder
AT_ONCE = 20
OVER = "This visit is over: nobody can be invited to it any more. Move it first, if it is still to come."
NO_MAIL = "There is no mail address for this patient, or this clinic sends no mail."


@dataclass(frozen=True, slots=True)
class Invited:
    """How the invitation to a visit stands. `locked`: too many wrong birth dates."""

    made_at: datetime
    expires_at: datetime
    ways: frozenset[Way]
    locked: bool
    spent: bool


@dataclass(frozen=True, slots=True, repr=False)
class Slip:
    """What is printed for a patient; shown once, and nowhere kept."""

    link: str
    code: str


def state(clinic: Clinic, visit_id: str) -> Invited | None:
    """The live invitation to a visit."""
    with clinic.database.read() as connection:
        found = rows.of_visit(connection, visit_id)
        if found is None or not found.is_live(clinic.clock()):
            return None
        ways = rows.ways(connection, found.id)
    locked = found.tries >= MOST_TRIES
    return Invited(found.made_at, found.expires_at, ways, locked, spent=found.spent_at is not None)


def can_mail(clinic: Clinic, who: Identity) -> bool:
    """Whether a mail could go to this patient."""
    return letters.can_mail(clinic, who.email)


def mail(clinic: Clinic, visit_id: str, by: Practitioner) -> None:
    """Invite by mail, and remind once; raises NotFoundError where no mail can be sent, or the visit is over."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        visit, found = _invited(connection, clinic, visit_id, by, Way.MAIL)
        who = records.identity_of(clinic.keys, visit.subject)
        if not can_mail(clinic, who):
            raise NotFoundError(NO_MAIL)
        _post(connection, clinic, visit, _link(connection, clinic, found, Way.MAIL))
        remind_at = visit.plan.starts_at - visits.REMINDED_BEFORE
        if found.spent_at is None and remind_at >= now + AT_LEAST_BETWEEN:
            rows.remind_at(connection, found.id, remind_at)


def link(clinic: Clinic, visit_id: str, by: Practitioner) -> str:
    """A link for the desk to hand on in a way of its own; raises NotFoundError where the visit is over."""
    with clinic.database.begin() as connection:
        _visit, found = _invited(connection, clinic, visit_id, by, Way.COPIED)
        return _link(connection, clinic, found, Way.COPIED)


def slip(clinic: Clinic, visit_id: str, by: Practitioner) -> Slip:
    """A link and a code for paper; raises NotFoundError where the visit is over."""
    code = "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))
    with clinic.database.begin() as connection:
        _visit, found = _invited(connection, clinic, visit_id, by, Way.SLIP)
        rows.add_token(connection, hashed(clinic.keys, code), found.id, Way.CODE, clinic.clock())
        return Slip(_link(connection, clinic, found, Way.SLIP), code)


def revoke(clinic: Clinic, visit_id: str, by: Practitioner) -> None:
    """Take the invitation back: none of its links, codes and devices opens the form any more. Answers stay."""
    with clinic.database.begin() as connection:
        rows.revoke(connection, visit_id, clinic.clock())
        booked.mark_invited(connection, visit_id, None)
        visits.tell(connection, clinic, by, "invitation_revoked", visit_id)


def let_try_again(clinic: Clinic, visit_id: str, by: Practitioner) -> None:
    """The desk has spoken with the patient, who may type the birth date anew."""
    with clinic.database.begin() as connection:
        found = rows.of_visit(connection, visit_id)
        if found is not None:
            rows.counter(found.id).forget(connection)
            visits.tell(connection, clinic, by, "invitation_unlocked", visit_id)


def remind(clinic: Clinic) -> int:
    """Remind whoever it is time for and has not sent; of several processes one does, and nobody is reminded twice."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        due = rows.to_remind(connection, now, AT_ONCE)
    for each in due:
        with clinic.database.begin() as connection:
            _remind(connection, clinic, each, now)
    return len(due)


def booked_of(clinic: Clinic, visit: Visit, who: Identity) -> Booked:
    """What a letter or a page of the patient's may say of a visit, on the clinic's clock."""
    starts_at = visit.plan.starts_at.astimezone(clinic.zone)
    return Booked(letters.short_name(who.name), starts_at, visit.plan.practitioner, visit.plan.place)


def hashed(keys: Keys, token: str) -> str:
    """What is stored of a token or a code."""
    return blind_index(keys, "invitation", token)


def _invited(
    connection: Connection, clinic: Clinic, visit_id: str, by: Practitioner, way: Way
) -> tuple[Visit, Invitation]:
    """The visit and its live invitation, made if there is none; whoever was locked out may try again."""
    now, visit = clinic.clock(), booked.by_id(connection, visit_id)
    expires = visits.over_at(clinic, visit.plan.starts_at)
    if expires <= now:
        raise NotFoundError(OVER)
    found = rows.of_visit(connection, visit_id)
    if found is None or not found.is_live(now):
        form = visit_forms.forms(connection, [visit_id]).get(visit_id)
        sent_at = None if form is None else form.sent_at
        found = Invitation(secrets.token_hex(ID_BYTES), visit_id, now, expires, None, sent_at, 0, None)
        rows.add(connection, found)
    rows.counter(found.id).forget(connection)
    booked.mark_invited(connection, visit_id, now)
    visits.tell(connection, clinic, by, f"invited_by_{way}", visit_id)
    return visit, found


def _link(connection: Connection, clinic: Clinic, found: Invitation, way: Way) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    rows.add_token(connection, hashed(clinic.keys, token), found.id, way, clinic.clock())
    return f"{clinic.duty.base}/i/{token}"


def _post(connection: Connection, clinic: Clinic, visit: Visit, address: str, *, again: bool = False) -> None:
    who = records.identity_of(clinic.keys, visit.subject)
    name, kind = secrets.token_hex(ID_BYTES), Way.REMINDER if again else "invitation"
    subject, text = invitation(clinic.duty, booked_of(clinic, visit, who), address, again=again)
    letters.post(connection, clinic, Letter(name, kind, who.email, subject, text))


def _remind(connection: Connection, clinic: Clinic, due: Invitation, now: datetime) -> None:
    if not rows.take_reminder(connection, due.id) or not due.is_live(now):
        return
    visit = booked.by_id(connection, due.visit_id)
    form = visit_forms.forms(connection, [visit.id]).get(visit.id)
    who = records.identity_of(clinic.keys, visit.subject)
    if (form is None or form.sent_at is None) and can_mail(clinic, who) and now < visit.plan.starts_at:
        _post(connection, clinic, visit, _link(connection, clinic, due, Way.REMINDER), again=True)
