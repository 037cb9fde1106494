"""Tablets as the desk sees them: enrolled by a code of six digits, revoked; who calls from one, whose form it is.

A code counts for ten minutes and five wrong tries, whoever makes them; the tablet's key is stored as its hash alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, corrections, devices, drafts, intakes, subjects, visit_forms, visits
from intake.storage.crypto import blind_index, token_hash
from intake.storage.devices import Device, Sitting, SittingState, Wish
from intake.workflow.desk import records
from intake.workflow.desk.day import bounds
from intake.workflow.desk.identity import Identity
from intake.workflow.keeping import limits
from intake.workflow.keeping.limits import Limit
from intake.workflow.review import lineage

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.visits import Visit
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Device", "Sitting", "SittingState", "Wish"]
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODES_AT_ONCE = Limit("enrol", CODE_TRIES, CODE_LIFE)
NO_CALL: dict[str, object] = {"called_at": None, "called_for": None}
NO_TABLET = "There is no such tablet, or it was revoked."
NOT_UNCLEAR = "Nobody asks any more whose form this is."


@dataclass(frozen=True, slots=True)
class TabletLine:
    """A tablet and the form on it."""

    device: Device
    sitting: Sitting | None


@dataclass(frozen=True, slots=True)
class Unclear:
    """A form of which it is unclear whose it is: what it says of the person, and who was meant."""

    sitting: Sitting
    who: Identity
    meant: Identity | None


@dataclass(frozen=True, slots=True)
class TabletCalls:
    """What the tablets ask of the desk now: who calls for a person, and how many forms are unclear."""

    calls: tuple[Device, ...]
    unclear: int


def add(clinic: Clinic, device_id: str, name: str, code: str, by: Practitioner) -> None:
    """A tablet about to be enrolled with a code of six digits."""
    now = clinic.clock()
    row = {"id": device_id, "name": name, "added_by": by.id, "added_at": now, **_code(clinic, code, now)}
    with clinic.database.begin() as connection:
        devices.add(connection, row)
        _tell(connection, clinic, by, "tablet_added", device_id)


def enrol(clinic: Clinic, code: str, key: str, network: str) -> bool:
    """Give the tablet that waits for this code its key; False where none does. The code is spent.

    Raises LimitError where too many wrong codes came from this network.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        found = devices.waiting_for(connection, blind_index(clinic.keys, "enrol", code), now, CODE_TRIES)
        if found is None:
            limits.spend(connection, clinic.keys, CODES_AT_ONCE, network, now)
            devices.count_wrong_code(connection)
            return False
        spent = {"code_hash": None, "code_until": None, "key_hash": token_hash(key), "enrolled_at": now}
        devices.set_device(connection, found, spent)
        entry = audit.AuditEntry(now, "system", "tablet_enrolled", "device", found, {})
        audit.record(connection, clinic.keys, entry)
    return True


def revoke(clinic: Clinic, device_id: str, by: Practitioner) -> None:
    """Let a tablet open nothing any more; what was answered on it stays. Raises NotFoundError."""
    with clinic.database.begin() as connection:
        devices.end_sittings(connection, device_id)
        _set(
            connection,
            device_id,
            {"revoked_at": clinic.clock(), "called_at": None, "called_for": None, "code_hash": None},
        )
        _tell(connection, clinic, by, "tablet_revoked", device_id)


def lines(clinic: Clinic) -> list[TabletLine]:
    """The tablets, by name, each with the form on it."""
    with clinic.database.read() as connection:
        every = devices.every(connection)
        sittings = devices.states(connection, [each.id for each in every])
    return [TabletLine(each, sittings.get(each.id)) for each in every]


def asked(clinic: Clinic) -> TabletCalls:
    """What the tablets ask of the desk now."""
    with clinic.database.read() as connection:
        calls = [each for each in devices.every(connection) if each.called_at is not None]
        return TabletCalls(tuple(calls), len(devices.unclear(connection)))


def answer_call(clinic: Clinic, device_id: str, by: Practitioner) -> None:
    """Somebody goes to the tablet; raises NotFoundError."""
    with clinic.database.begin() as connection:
        _set(connection, device_id, NO_CALL)
        _tell(connection, clinic, by, "tablet_call_answered", device_id)


def open_again(clinic: Clinic, device_id: str, by: Practitioner) -> None:
    """Let whoever sits at the tablet go on with its locked form, once; raises NotFoundError where none is locked."""
    with clinic.database.begin() as connection:
        sitting = devices.sitting(connection, device_id)
        if sitting is None or sitting.state is not SittingState.LOCKED:
            raise NotFoundError(NO_TABLET)
        devices.set_sitting(connection, sitting.draft_id, {"ready": True, "shown_at": clinic.clock()})
        _tell(connection, clinic, by, "tablet_opened_again", device_id)


def unclear(clinic: Clinic) -> list[Unclear]:
    """The forms of which it is unclear whose they are."""
    with clinic.database.read() as connection:
        return [_unclear(connection, clinic, sitting) for sitting in devices.unclear(connection)]


def attach(clinic: Clinic, draft_id: str, visit_id: str, by: Practitioner) -> None:
    """A member of staff says whose form it is: that of a visit, or (no visit) of nobody who was booked."""
    with clinic.database.begin() as connection:
        sitting = devices.of_draft(connection, draft_id)
        if sitting is None or sitting.unclear_at is None:
            raise NotFoundError(NOT_UNCLEAR)
        visit = visits.by_id(connection, visit_id) if visit_id else None
        if visit is not None:
            visit_forms.bind(connection, draft_id, visit.id, visit.plan.starts_at)
            corrections.follow_visit(connection, draft_id, clinic.clock())
            receipt = intakes.receipt_of(connection, draft_id)
            if receipt is not None:
                lineage.settle(connection, clinic.vocabulary, receipt.intake_id)
        devices.set_sitting(connection, draft_id, {"unclear_at": None})
        now = clinic.clock()
        details = {"visit": visit_id}
        entry = audit.AuditEntry(now, by.actor, "form_attached", "draft", draft_id, details)
        audit.record(connection, clinic.keys, entry)


def visits_today(clinic: Clinic) -> list[tuple[Visit, Identity]]:
    """Today's visits and who comes, by time."""
    with clinic.database.read() as connection:
        booked = visits.between(connection, *bounds(clinic, clinic.today))
    return [(visit, records.identity_of(clinic.keys, visit.subject)) for visit in booked]


def _unclear(connection: Connection, clinic: Clinic, sitting: Sitting) -> Unclear:
    row = drafts.by_id(connection, sitting.draft_id)
    who = Identity("") if row is None else records.identity_of(clinic.keys, subjects.of_row(row))
    if sitting.meant_visit is None:
        return Unclear(sitting, who, None)
    meant = visits.by_id(connection, sitting.meant_visit)
    return Unclear(sitting, who, records.identity_of(clinic.keys, meant.subject))


def _code(clinic: Clinic, code: str, now: datetime) -> dict[str, object]:
    return {"code_hash": blind_index(clinic.keys, "enrol", code), "code_until": now + CODE_LIFE}


def _set(connection: Connection, device_id: str, values: dict[str, object]) -> None:
    if not devices.set_device(connection, device_id, values):
        raise NotFoundError(NO_TABLET)


def _tell(connection: Connection, clinic: Clinic, by: Practitioner, action: str, device_id: str) -> None:
    entry = audit.AuditEntry(clinic.clock(), by.actor, action, "device", device_id, {})
    audit.record(connection, clinic.keys, entry)
