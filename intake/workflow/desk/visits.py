"""One visit: planned by hand, moved, arrived, over. Each change is one transaction with its audit entry, ids only.

Whoever works from a page that is out of date changes nothing: every change names the version that was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from intake.storage import audit, invitations, name_index, subjects
from intake.storage import visits as rows
from intake.storage.crypto import new_vault
from intake.storage.visits import Visit, VisitKind, VisitPlan, VisitState
from intake.workflow.desk import identity, people, records
from intake.workflow.desk.identity import Identity
from intake.workflow.review.people import Practitioner
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.shared.clinic import Clinic

__all__ = ["NewVisit", "Practitioner", "Visit", "VisitKind", "VisitPlan", "VisitState"]


REMINDED_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit about to be planned; ids come from the caller. `source_key` names the row that it was read from."""

    id: str
    subject_id: str
    who: Identity
    plan: VisitPlan
    source_key: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit to be planned anew, and the version of it that was read."""

    visit_id: str
    version: int
    plan: VisitPlan


@dataclass(frozen=True, slots=True)
class Sealed:
    """The rows of a new visit: its subject, what finds the subject again, and the visit."""

    subject: dict[str, object]
    index: list[dict[str, str]]
    visit: dict[str, object]


def load(clinic: Clinic, visit_id: str, by: Practitioner) -> tuple[Visit, Identity]:
    """One visit and who comes; the look is recorded. Raises NotFoundError."""
    with clinic.database.read() as connection:
        visit = rows.by_id(connection, visit_id)
    looks.record(clinic, audit.AuditEntry(clinic.clock(), by.actor, "read", "visit", visit_id, {}))
    return visit, records.identity_of(clinic.keys, visit.subject)


def add(clinic: Clinic, new: NewVisit, by: Practitioner) -> bool:
    """Plan a visit; True where somebody should look whether the person is one who is known."""
    with clinic.database.begin() as connection:
        return add_in(connection, clinic, new, by, clinic.clock())


def add_in(connection: Connection, clinic: Clinic, new: NewVisit, by: Practitioner, now: datetime) -> bool:
    """Plan a visit in the transaction of what else it belongs to; the answer as of `add`."""
    alike = records.near(connection, clinic, {"": new.who})[""]
    store(connection, [seal(clinic, new, now)])
    tell(connection, clinic, by, "visit_planned", new.id)
    equal = next((each for each, _who, likeness in alike if likeness.equal), None)
    if equal is not None:
        people.join_equal(connection, clinic, new.subject_id, equal, now)
    return bool(alike) and equal is None


def seal(clinic: Clinic, new: NewVisit, now: datetime) -> Sealed:
    """What is written of a new visit, with a key of its own for whoever comes; nothing is written yet."""
    vault, wrapped = new_vault(clinic.keys, new.subject_id)
    subject = subjects.new_row(wrapped, new.subject_id, subjects.seal_identity(vault, new.who.stored()))
    found = identity.hashes(clinic.keys, new.who, clinic.country)
    index = [{"hash": each, "subject_id": new.subject_id} for each in sorted(found)]
    return Sealed(subject, index, rows.new_row(new.id, new.subject_id, new.plan, now, new.source_key))


def store(connection: Connection, sealed: Sequence[Sealed]) -> None:
    """Write new visits; nobody is looked for, and the audit is the caller's."""
    subjects.add_rows(connection, [each.subject for each in sealed])
    name_index.add_rows(connection, [row for each in sealed for row in each.index])
    rows.add_rows(connection, [each.visit for each in sealed])


def move(clinic: Clinic, moved: Moved, by: Practitioner) -> None:
    """Plan a visit anew; raises StaleError where it changed since it was read."""
    with clinic.database.begin() as connection:
        move_in(connection, clinic, moved, by)


def move_in(connection: Connection, clinic: Clinic, moved: Moved, by: Practitioner) -> None:
    """Plan a visit anew in the transaction of what else it belongs to."""
    rows.move(connection, moved.visit_id, moved.version, moved.plan)
    expires = over_at(clinic, moved.plan.starts_at)
    invitations.move(connection, moved.visit_id, expires, moved.plan.starts_at - REMINDED_BEFORE)
    tell(connection, clinic, by, "visit_moved", moved.visit_id)


def over_at(clinic: Clinic, starts_at: datetime) -> datetime:
    """When a visit is over for certain: the end of its day on the clinic's clock."""
    next_day = clinic.day_of(starts_at) + timedelta(days=1)
    return datetime.combine(next_day, time.min, clinic.zone).astimezone(UTC)


def last_moment(over: datetime) -> datetime:
    """The last minute before something is over: its day is the last one."""
    return over - timedelta(minutes=1)


def correct(connection: Connection, clinic: Clinic, visit: Visit, who: Identity, by: Practitioner) -> None:
    """Write who comes anew: a number or a name was mended where the visit was read from."""
    records.enter(connection, clinic, subjects.find(connection, visit.subject.id), who)
    tell(connection, clinic, by, "visitor_corrected", visit.id)


def set_state(clinic: Clinic, visit_id: str, version: int, state: VisitState, by: Practitioner) -> None:
    """Somebody arrived, went in, is done or did not come; or did not after all. Raises StaleError as `move`."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        rows.change(connection, visit_id, version, {"state": state, "state_at": now})
        tell(connection, clinic, by, f"visit_{state}", visit_id)


def invited(clinic: Clinic, visit_id: str, version: int, by: Practitioner) -> None:
    """The patient was told where the form is; raises StaleError as `move`."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        rows.change(connection, visit_id, version, {"invited_at": now})
        tell(connection, clinic, by, "visit_invited", visit_id)


def speak_first(clinic: Clinic, visit_id: str, version: int, by: Practitioner, *, wanted: bool) -> None:
    """A practitioner asks the desk to send this patient to them first, or asks no more; raises StaleError as `move`."""
    with clinic.database.begin() as connection:
        rows.change(connection, visit_id, version, {"speak_first": by.id if wanted else None})
        tell(connection, clinic, by, "speak_first" if wanted else "speak_no_more", visit_id)


def tell(connection: Connection, clinic: Clinic, by: Practitioner, action: str, visit_id: str) -> None:
    """The audit entry of a change."""
    audit.record(connection, clinic.keys, audit.AuditEntry(clinic.clock(), by.actor, action, "visit", visit_id, {}))
