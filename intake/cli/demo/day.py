"""The demonstration's day at the front desk: twelve visits, in every state, with forms in every state."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from intake.storage import visit_forms
from intake.workflow.desk import visits
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import NewVisit, Practitioner, VisitKind, VisitPlan, VisitState

if TYPE_CHECKING:
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic

PRACTITIONERS = (("Dr R. Patel", "Room 1"), ("L. Moreau", "Room 2"))
PLANNED = VisitState.PLANNED
FOLLOW_UPS = 4  # every fourth has been here before


@dataclass(frozen=True, slots=True)
class Slot:
    """One visit of the day: when, with whom (by place in the list), and how far it has come."""

    at: time
    practitioner: int
    state: VisitState
    speak_first: bool = False


SENT = {
    5: Slot(time(8, 30), 1, VisitState.MISSED),
    1: Slot(time(8, 45), 0, VisitState.DONE),
    2: Slot(time(9, 0), 0, VisitState.WITH_PRACTITIONER),
    13: Slot(time(9, 30), 0, VisitState.ARRIVED, speak_first=True),
    9: Slot(time(10, 30), 0, PLANNED),
    14: Slot(time(13, 30), 0, PLANNED),
    20: Slot(time(14, 0), 0, PLANNED),
}
"""Whose form is sent, by the number of the invented patient."""
BEGUN = (Slot(time(9, 45), 1, VisitState.ARRIVED), Slot(time(11, 30), 0, PLANNED))
BEGUN_SHARES = (40, 70)
ONLY_BOOKED = (
    (Identity("Elias Haddad", "1949-03-02", "+44 1234 555301", "elias@mail.example"), Slot(time(11, 0), 1, PLANNED)),
    (Identity("Gabriela Silva", "2001-07-19", "+44 1234 555302"), Slot(time(13, 0), 1, PLANNED)),
    (Identity("Alder Ada"), Slot(time(15, 15), 1, PLANNED)),
)
"""Who has a visit and no form; the first one was told where it is, the last one may be somebody who is known."""


def moment(clinic: Clinic, day: date, at: time) -> datetime:
    """A time of day on the clinic's clock."""
    return datetime.combine(day, at, clinic.zone).astimezone(UTC)


def of_draft(clinic: Clinic, draft: Draft, begins: datetime, number: int) -> str:
    """A visit whose form this draft is, with a practitioner of the list; its id."""
    who = Identity.of(draft.identity(clinic.keys))
    kind = VisitKind.FIRST if number % FOLLOW_UPS else VisitKind.FOLLOW_UP
    visit_id = _book(clinic, who, VisitPlan(begins, *PRACTITIONERS[number % len(PRACTITIONERS)], kind))
    with clinic.database.begin() as connection:
        visit_forms.bind(connection, draft.id, visit_id, begins)
    return visit_id


def of_slot(clinic: Clinic, draft: Draft, slot: Slot, number: int) -> str:
    """A visit of today whose form this draft is; its id."""
    return of_draft(clinic, draft, moment(clinic, clinic.today, slot.at), number - number % 2 + slot.practitioner)


def only_booked(clinic: Clinic, by: Practitioner) -> None:
    """The visits of those who have not begun."""
    for place, (who, slot) in enumerate(ONLY_BOOKED):
        begins = moment(clinic, clinic.today, slot.at)
        visit_id = _book(clinic, who, VisitPlan(begins, *PRACTITIONERS[slot.practitioner], VisitKind.FIRST))
        if not place:
            visits.invited(clinic, visit_id, 1, by)


def step(clinic: Clinic, visit_id: str, slot: Slot, by: Practitioner) -> None:
    """Bring a visit as far as its slot says."""
    version = 1
    if slot.state is not VisitState.PLANNED:
        visits.set_state(clinic, visit_id, version, slot.state, by)
        version += 1
    if slot.speak_first:
        visits.speak_first(clinic, visit_id, version, by, wanted=True)


def _book(clinic: Clinic, who: Identity, plan: VisitPlan) -> str:
    new = NewVisit(secrets.token_hex(16), secrets.token_hex(16), who, plan)
    now = clinic.clock()
    with clinic.database.begin() as connection:
        visits.store(connection, [visits.seal(clinic, new, now)])
    return new.id
