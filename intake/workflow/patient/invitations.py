"""The patient's side of an invitation: a token leads to a visit, the birth date opens its form on any device.

A look spends nothing, so that a mail scanner takes nothing from anybody. A birth date is counted before it is looked
at; after five wrong ones only the desk helps. The form is begun at the first entry, and found again at the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, draft_keys, drafts, subjects, visit_forms
from intake.storage import invitations as rows
from intake.storage import visits as booked
from intake.storage.crypto import token_hash
from intake.workflow.desk import records
from intake.workflow.desk.invitations import CODE_LENGTH, CODE_LETTERS, booked_of, hashed
from intake.workflow.keeping import limits
from intake.workflow.keeping.limits import Limit
from intake.workflow.keeping.messages.letters import Booked
from intake.workflow.patient import last_time, unheld
from intake.workflow.patient.unheld import Somebody
from intake.workflow.shared import birth_date
from intake.workflow.shared.birth_date import MOST_TRIES, Entered

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.invitations import Invitation
    from intake.storage.visits import Visit
    from intake.workflow.desk.identity import Identity
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Booked", "Entry", "Found"]
GONE = "This invitation is not here any more: it was taken back, its time is over, or the link is not complete."
CODES_HERE = Limit("slip_code_here", 30, limits.HOUR)
CODES_ALL = Limit("slip_code", 600, limits.HOUR)
LetIn = Callable[["Connection", str], None]


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """Where a token leads. `asks`: a birth date is known, and wanted; `locked`: too many wrong ones; `sent`: it was."""

    booked: Booked
    expires_at: datetime
    asks: bool
    locked: bool
    sent: bool


@dataclass(frozen=True, slots=True, repr=False)
class Entry:
    """A try to come in: with what, the birth date that was typed (ISO), and what the browser is given if it is right.

    `key` is the new key of the device, `draft_id` the name of a draft where none is begun yet. A tablet of the clinic
    has no key of the patient's: `let_in` is told the draft that it may open, in the same transaction.
    """

    token: str
    born: str | None
    key: str
    draft_id: str
    let_in: LetIn | None = None

    def open(self, connection: Connection, draft_id: str, invitation_id: str | None, at: datetime) -> None:
        """Give the device the way to a draft."""
        if self.let_in is not None:
            self.let_in(connection, draft_id)
        else:
            draft_keys.add(connection, token_hash(self.key), draft_id, invitation_id, at)


def find(clinic: Clinic, token: str) -> Found:
    """Where a token leads; nothing is written. Raises NotFoundError where it leads nowhere, for whatever reason."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        found, visit, known, form = _read(connection, clinic, token, now)
    who = records.identity_of(clinic.keys, visit.subject)
    sent = form is not None and form.sent_at is not None
    return Found(booked_of(clinic, visit, who), found.expires_at, known != "", found.tries >= MOST_TRIES, sent)


def enter(clinic: Clinic, entry: Entry) -> Entered:
    """Let a browser in that knows the birth date; raises NotFoundError as `find`."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        found, visit, known, form = _read(connection, clinic, entry.token, now, hold=True)
        checked = _check(connection, found, known, entry.born)
        if checked is not Entered.OPEN:
            return checked
        draft_id = form.draft_id if form is not None else _begin(connection, clinic, visit, entry.draft_id, found)
        rows.keep_draft(connection, found, draft_id)
        entry.open(connection, draft_id, found.id, now)
        told = audit.AuditEntry(now, "patient", "invitation_opened", "visit", visit.id, {"draft": draft_id})
        audit.record(connection, clinic.keys, told)
    return Entered.OPEN


def check_again(clinic: Clinic, draft_id: str, born: str | None) -> Entered:
    """Whether a birth date opens this draft's copy; raises NotFoundError where its invitation is not live."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        found = rows.of_draft(connection, draft_id)
        if found is None or not found.is_live(now):
            raise NotFoundError(GONE)
        visit = booked.by_id(connection, found.visit_id)
        return _check(connection, found, _born(connection, clinic, visit, draft_id), born)


def of_draft(clinic: Clinic, draft_id: str) -> Found | None:
    """The visit of a draft whose patient was invited, for whoever has the draft open already."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        found = rows.of_draft(connection, draft_id)
        if found is None or not found.is_live(now):
            return None
        visit = booked.by_id(connection, found.visit_id)
    who = records.identity_of(clinic.keys, visit.subject)
    sent = found.spent_at is not None
    return Found(booked_of(clinic, visit, who), found.expires_at, asks=True, locked=False, sent=sent)


def code_of(typed: str) -> str:
    """A slip's code as it is looked for, however it was typed."""
    return "".join(sign for sign in typed.upper() if sign in CODE_LETTERS)


def enter_by_code(clinic: Clinic, entry: Entry, network: str) -> Entered:
    """Let a browser in that knows a slip's code and the birth date; which of both is wrong is not told.

    Raises LimitError where one network, or all together, tried too often.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        limits.spend(connection, clinic.keys, CODES_HERE, network, now)
        limits.spend(connection, clinic.keys, CODES_ALL, limits.EVERYBODY, now)
    if len(entry.token) != CODE_LENGTH:
        return Entered.WRONG
    try:
        return enter(clinic, entry)
    except NotFoundError:
        return Entered.WRONG


def _read(
    connection: Connection, clinic: Clinic, token: str, now: datetime, *, hold: bool = False
) -> tuple[Invitation, Visit, str, visit_forms.Form | None]:
    found = rows.by_token(connection, hashed(clinic.keys, token), hold=hold)
    if found is None or not found.is_live(now):
        raise NotFoundError(GONE)
    visit = booked.by_id(connection, found.visit_id)
    form = visit_forms.forms(connection, [visit.id]).get(visit.id)
    return found, visit, _born(connection, clinic, visit, form.draft_id if form else None), form


def _born(connection: Connection, clinic: Clinic, visit: Visit, draft_id: str | None) -> str:
    """The birth date that opens a form: the one that stands in it, else the one that the desk knows; empty: neither."""
    row = drafts.by_id(connection, draft_id) if draft_id else None
    in_form: Identity | None = records.identity_of(clinic.keys, subjects.of_row(row)) if row else None
    return (in_form.born if in_form else "") or records.identity_of(clinic.keys, visit.subject).born


def _check(connection: Connection, found: Invitation, known: str, born: str | None) -> Entered:
    if not known:
        return Entered.OPEN
    return birth_date.check(connection, rows.counter(found.id), found.tries, known, born)


def _begin(connection: Connection, clinic: Clinic, visit: Visit, draft_id: str, found: Invitation) -> str:
    """Begin the form of a visit, with what the clinic knows of who comes, for the patient to confirm.

    The form of last time is offered in it where a birth date is known: then it has just been given.
    """
    who, earlier = records.identity_of(clinic.keys, visit.subject), last_time.find(connection, clinic, visit)
    row = {"id": draft_id, "started_at": clinic.clock(), "expires_at": found.expires_at, "earlier_id": earlier}
    unheld.add(connection, clinic.keys, row, Somebody(who.stored()))
    visit_forms.bind(connection, draft_id, visit.id, visit.plan.starts_at)
    return draft_id
