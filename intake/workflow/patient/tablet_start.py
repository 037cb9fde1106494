"""How somebody sits down at a tablet: to an empty form, to the one that is locked there, to one begun elsewhere.

An empty form begins by birth date and letters of the name, without any answer: started answers need a slip's code or
four words, and the birth date. What is begun elsewhere goes on as it is, and stays whole when the tablet is cleared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.storage import audit, devices, intakes, subjects, visit_forms, visits
from intake.storage import drafts as rows
from intake.storage.devices import SittingState
from intake.storage.name_index import name_parts
from intake.storage.visits import VisitState
from intake.workflow.desk import records
from intake.workflow.desk.day import bounds
from intake.workflow.keeping import limits
from intake.workflow.keeping.limits import Limit
from intake.workflow.patient import drafts, handover, invitations
from intake.workflow.patient.invitations import Entry
from intake.workflow.shared.birth_date import Entered

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.devices import Device, Sitting
    from intake.workflow.desk.identity import Identity
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Entered", "NewForm", "TypedCode"]
FEWEST_LETTERS = 2
GUESSES = Limit("tablet", 10, limits.HOUR)
REOPENED_FOR = timedelta(minutes=10)
EXPECTED = (VisitState.PLANNED, VisitState.ARRIVED)


@dataclass(frozen=True, slots=True)
class NewForm:
    """A form about to be begun: ids come from the caller; `visit_id` where it is for one of today's visits."""

    draft_id: str
    token: str
    life: timedelta
    visit_id: str | None


@dataclass(frozen=True, slots=True, repr=False)
class TypedCode:
    """A slip's code or four words, the birth date (ISO) if there is one, and the name of a draft, if none is begun."""

    code: str
    born: str | None
    draft_id: str


def find(clinic: Clinic, device: Device, born: str, letters: str) -> str | None:
    """The one visit of today of somebody born then (ISO) whose name has a part that begins so; None: none, or several.

    Raises LimitError where too many were looked for in vain.
    """
    sought = name_parts(letters)
    with clinic.database.begin() as connection:
        matching = [
            visit.id
            for visit in visits.between(connection, *bounds(clinic, clinic.today))
            if visit.state in EXPECTED and _fits(records.identity_of(clinic.keys, visit.subject), born, sought)
        ]
        if len(matching) != 1:
            limits.spend(connection, clinic.keys, GUESSES, device.id, clinic.clock())
    return matching[0] if len(matching) == 1 else None


def begin(clinic: Clinic, device: Device, new: NewForm) -> None:
    """An empty form; whatever the tablet had before is left as it is, and opened there no more.

    Where the visit has a form already, begun or sent, this is a second one: both stay.
    """
    draft = drafts.start(clinic, draft_id=new.draft_id, token=new.token, life=new.life)
    now = clinic.clock()
    with clinic.database.begin() as connection:
        devices.end_sittings(connection, device.id)
        if new.visit_id is not None:
            visit_forms.bind(connection, draft.id, new.visit_id, visits.by_id(connection, new.visit_id).plan.starts_at)
        sitting = {"draft_id": draft.id, "device_id": device.id, "begun_at": now, "shown_at": now, "page": ""}
        devices.sit(connection, {**sitting, "state": SittingState.LIVE, "meant_visit": new.visit_id, "ready": True})
        _tell(connection, clinic, "tablet_begun", draft.id, device)


def enter(clinic: Clinic, device: Device, typed: TypedCode) -> Entered:
    """Go on at the tablet with the form of a slip's code or of four words; which of code and date is wrong is not told.

    Raises LimitError where this tablet, or all together, tried too often.
    """

    def sit(connection: Connection, draft_id: str) -> None:
        devices.end_sittings(connection, device.id)
        sent = intakes.receipt_of(connection, draft_id) is not None
        devices.carry(connection, draft_id, device.id, clinic.clock(), day_only=sent)
        _tell(connection, clinic, "tablet_went_on", draft_id, device)

    words = handover.words_of(typed.code)
    if handover.are_words(typed.code):
        return handover.take(clinic, Entry(words, typed.born, "", typed.draft_id, sit), device.id)
    entry = Entry(invitations.code_of(typed.code), typed.born, "", typed.draft_id, sit)
    return invitations.enter_by_code(clinic, entry, device.id)


def sit_for_the_day(clinic: Clinic, device: Device, draft_id: str) -> None:
    """Let a tablet ask the questions of the day of a form that was sent; nothing else of it is shown there."""
    with clinic.database.begin() as connection:
        devices.end_sittings(connection, device.id)
        devices.carry(connection, draft_id, device.id, clinic.clock(), day_only=True)
        _tell(connection, clinic, "tablet_day_begun", draft_id, device)


def may_reopen(clinic: Clinic, device: Device, sitting: Sitting | None, born: str) -> bool:
    """Whether a locked form is that of somebody born then (ISO): by what it says, or by its visit.

    Raises LimitError where too many dates were tried here that are nobody's of today: `find` counts them.
    """
    if sitting is None or sitting.state is not SittingState.LOCKED:
        return False
    with clinic.database.read() as connection:
        limits.refuse(connection, clinic.keys, GUESSES, device.id, clinic.clock())
        return bool(born) and born == _born(connection, clinic, sitting)


def _born(connection: Connection, clinic: Clinic, sitting: Sitting) -> str:
    """The birth date that a form says, else that of its visit."""
    row, visit_id = rows.by_id(connection, sitting.draft_id), devices.visit_of(connection, sitting.draft_id)
    said = records.identity_of(clinic.keys, subjects.of_row(row)).born if row is not None else ""
    if said or not visit_id:
        return said
    return records.identity_of(clinic.keys, visits.by_id(connection, visit_id).subject).born


def opened_by_staff(clinic: Clinic, sitting: Sitting | None) -> bool:
    """Whether a member of staff has just let the locked form be opened again."""
    if sitting is None or sitting.state is not SittingState.LOCKED or not sitting.ready:
        return False
    return clinic.clock() - sitting.shown_at < REOPENED_FOR


def _fits(who: Identity, born: str, sought: frozenset[str]) -> bool:
    parts = name_parts(who.name)
    long_enough = sought and all(len(part) >= FEWEST_LETTERS or part in parts for part in sought)
    return bool(long_enough and who.born == born and all(any(p.startswith(s) for p in parts) for s in sought))


def _tell(connection: Connection, clinic: Clinic, action: str, draft_id: str, device: Device) -> None:
    entry = audit.AuditEntry(clinic.clock(), "patient", action, "draft", draft_id, {"device": device.id})
    audit.record(connection, clinic.keys, entry)
