"""One visit: planned by hand, moved, arrived, over. Each change is one transaction with its audit entry, ids only.

Whoever works from a page that is out of date changes nothing: every change names the version that was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import audit, subjects
from intake.storage import visits as rows
from intake.storage.crypto import new_vault
from intake.storage.visits import Plan, Visit, VisitKind, VisitState
from intake.workflow.desk import people
from intake.workflow.desk.identity import Identity
from intake.workflow.review.people import Practitioner

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.clinic import Clinic

__all__ = ["NewVisit", "Plan", "Practitioner", "Visit", "VisitKind", "VisitState"]


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit about to be planned; ids come from the caller. `source_key` names the row that it was read from."""

    id: str
    subject_id: str
    who: Identity
    plan: Plan
    source_key: str = ""


def load(clinic: Clinic, visit_id: str) -> tuple[Visit, Identity]:
    """One visit and who comes; raises NotFoundError."""
    with clinic.database.read() as connection:
        visit = rows.by_id(connection, visit_id)
    return visit, people.identity_of(clinic.keys, visit.subject)


def add(clinic: Clinic, new: NewVisit, by: Practitioner) -> bool:
    """Plan a visit; True where somebody should look whether the person is one who is known."""
    with clinic.database.begin() as connection:
        return add_in(connection, clinic, new, by, clinic.clock())


def add_in(connection: Connection, clinic: Clinic, new: NewVisit, by: Practitioner, now: datetime) -> bool:
    """Plan a visit in the transaction of what else it belongs to; the answer as of `add`."""
    alike = people.near(connection, clinic, {"": new.who})[""]
    store(connection, clinic, new, by, now)
    equal = next((each for each, _who, likeness in alike if likeness.equal), None)
    if equal is not None:
        people.join_equal(connection, clinic, new.subject_id, equal, now)
    return bool(alike) and equal is None


def store(connection: Connection, clinic: Clinic, new: NewVisit, by: Practitioner, now: datetime) -> None:
    """Write a planned visit with its record of who comes; nobody is looked for."""
    _, wrapped = new_vault(clinic.keys, new.subject_id)
    subject = subjects.add(connection, new.subject_id, wrapped)
    people.enter(connection, clinic, subject, new.who)
    rows.add(connection, new.id, new.subject_id, new.plan, now, new.source_key)
    tell(connection, clinic, new.id, "visit_planned", by, now)


def move(clinic: Clinic, visit_id: str, version: int, plan: Plan, by: Practitioner) -> None:
    """Plan a visit anew; raises StaleError where it changed since it was read."""
    with clinic.database.begin() as connection:
        move_in(connection, clinic, visit_id, version, plan, by)


def move_in(
    connection: Connection, clinic: Clinic, visit_id: str, version: int, plan: Plan, by: Practitioner
) -> None:
    """Plan a visit anew in the transaction of what else it belongs to."""
    rows.move(connection, visit_id, version, plan)
    tell(connection, clinic, visit_id, "visit_moved", by, clinic.clock())


def correct(connection: Connection, clinic: Clinic, visit: Visit, who: Identity, by: Practitioner) -> None:
    """Write who comes anew: a number or a name was mended where the visit was read from."""
    people.enter(connection, clinic, subjects.find(connection, visit.subject.id), who)
    tell(connection, clinic, visit.id, "visitor_corrected", by, clinic.clock())


def set_state(clinic: Clinic, visit_id: str, version: int, state: VisitState, by: Practitioner) -> None:
    """Somebody arrived, went in, is done or did not come; or did not after all. Raises StaleError as `move`."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        rows.change(connection, visit_id, version, {"state": state, "state_at": now})
        tell(connection, clinic, visit_id, f"visit_{state}", by, now)


def invited(clinic: Clinic, visit_id: str, version: int, by: Practitioner) -> None:
    """The patient was told where the form is; raises StaleError as `move`."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        rows.change(connection, visit_id, version, {"invited_at": now})
        tell(connection, clinic, visit_id, "visit_invited", by, now)


def speak_first(clinic: Clinic, visit_id: str, version: int, by: Practitioner, *, wanted: bool) -> None:
    """A practitioner asks the desk to send this patient to them first, or asks no more; raises StaleError as `move`."""
    with clinic.database.begin() as connection:
        rows.change(connection, visit_id, version, {"speak_first": by.id if wanted else None})
        tell(connection, clinic, visit_id, "speak_first" if wanted else "speak_no_more", by, clinic.clock())


def tell(connection: Connection, clinic: Clinic, visit_id: str, action: str, by: Practitioner, now: datetime) -> None:
    """The audit entry of a change."""
    audit.record(connection, clinic.keys, audit.AuditEntry(now, by.actor, action, "visit", visit_id, {}))
