"""A form on the clinic's tablet: begun for one of today's visits or for none, shown page by page, left, wiped.

A tablet has at most one form. Any way of leaving locks it; only the one who knows the birth date, or staff, opens it
again. A wipe forgets only what is nobody's: no visit, no alarm ever, no question whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from intake.storage import audit, devices, subjects, visit_forms, visits
from intake.storage import drafts as rows
from intake.storage.crypto import Purpose, SealedPlace, token_hash
from intake.storage.devices import Device, Sitting, SittingState
from intake.storage.name_index import name_parts
from intake.storage.visits import VisitState
from intake.workflow.desk import records
from intake.workflow.desk.day import bounds
from intake.workflow.keeping import limits, retention
from intake.workflow.keeping.limits import Limit
from intake.workflow.patient import drafts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from intake.storage.crypto import Vault
    from intake.workflow.desk.identity import Identity
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Device", "Sitting", "SittingState"]
FEWEST_LETTERS = 2
GUESSES = Limit("tablet", 10, timedelta(hours=1))
REOPENED_FOR = timedelta(minutes=10)
IDLE, LAST_CALL, LONGER = timedelta(seconds=90), timedelta(seconds=30), timedelta(minutes=10)
CALM_DELAY = timedelta(seconds=5)
EXPECTED = (VisitState.PLANNED, VisitState.ARRIVED)
HELPERS = ("nobody", "staff", "relative", "interpreter")
LOCKED = {"state": SittingState.LOCKED, "ready": False, "refused": None}
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class NewForm:
    """A form about to be begun: ids come from the caller; `visit_id` where it is for one of today's visits."""

    draft_id: str
    token: str
    life: timedelta
    visit_id: str | None


def device_of(clinic: Clinic, key: str) -> Device:
    """The tablet of a key; raises NotFoundError where it is not enrolled, or not any more."""
    with clinic.database.read() as connection:
        return devices.by_key(connection, token_hash(key))


def sitting_of(clinic: Clinic, device: Device) -> Sitting | None:
    """The form on a tablet, open or locked."""
    with clinic.database.read() as connection:
        return devices.sitting(connection, device.id)


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
    """An empty form; whatever the tablet had before is left as it is, and opened there no more."""
    draft = drafts.start(clinic, draft_id=new.draft_id, token=new.token, life=new.life)
    now = clinic.clock()
    with clinic.database.begin() as connection:
        devices.end_sittings(connection, device.id)
        if new.visit_id is not None:
            visit_forms.bind(connection, draft.id, new.visit_id, visits.by_id(connection, new.visit_id).plan.starts_at)
        sitting = {"draft_id": draft.id, "device_id": device.id, "begun_at": now, "shown_at": now, "page": ""}
        devices.sit(connection, {**sitting, "state": SittingState.LIVE, "meant_visit": new.visit_id, "ready": True})
        _tell(connection, clinic, "tablet_begun", draft.id, {"device": device.id})


def may_reopen(clinic: Clinic, sitting: Sitting | None, born: str) -> bool:
    """Whether a locked form is that of somebody born then (ISO): by what it says, or by its visit."""
    if sitting is None or sitting.state is not SittingState.LOCKED:
        return False
    with clinic.database.read() as connection:
        row = rows.by_id(connection, sitting.draft_id)
        visit_id = devices.visit_of(connection, sitting.draft_id)
        visit = visits.by_id(connection, visit_id) if visit_id else None
    said = records.identity_of(clinic.keys, subjects.of_row(row)).born if row is not None else ""
    booked = records.identity_of(clinic.keys, visit.subject).born if visit else ""
    return bool(born) and born == (said or booked)


def opened_by_staff(clinic: Clinic, sitting: Sitting | None) -> bool:
    """Whether a member of staff has just let the locked form be opened again."""
    if sitting is None or sitting.state is not SittingState.LOCKED or not sitting.ready:
        return False
    return clinic.clock() - sitting.shown_at < REOPENED_FOR


def show(clinic: Clinic, draft: Draft, page: str = "", refused: Pairs | None = None, *, longer: bool = False) -> None:
    """Let a page be shown once; empty: whichever comes next. `refused`: what was sent of it and had faults.

    `longer`: somebody needs more time for it than the tablet waits else.
    """
    sealed = None if refused is None else _seal(draft.vault(clinic.keys), draft.id, refused)
    values = {"state": SittingState.LIVE, "page": page, "ready": True, "refused": sealed}
    values["idle_at"] = clinic.clock() if longer else None
    with clinic.database.begin() as connection:
        devices.set_sitting(connection, draft.id, values)


def take(clinic: Clinic, sitting: Sitting) -> bool:
    """Spend the one showing of a page; False where it was spent, or the form is not open."""
    values = {"ready": False, "refused": None, "shown_at": clinic.clock() + wait(sitting) - IDLE, "idle_at": None}
    with clinic.database.begin() as connection:
        return devices.set_sitting(connection, sitting.draft_id, values, ready=True, state=SittingState.LIVE)


def wait(sitting: Sitting) -> timedelta:
    """How long a page that is about to be shown waits for a touch."""
    return LONGER if sitting.idle_at is not None else IDLE


def refused_page(clinic: Clinic, draft: Draft, sitting: Sitting) -> Pairs | None:
    """What was sent of the page that is to be shown again with its faults."""
    if sitting.refused is None:
        return None
    opened = draft.vault(clinic.keys).open(Purpose.IDENTITY, _place(draft.id), sitting.refused)
    return [(name, value) for name, value in cast("list[list[str]]", opened)]


def load(clinic: Clinic, sitting: Sitting) -> Draft:
    """The draft of a sitting; raises NotFoundError where its time is over."""
    return drafts.load_by_id(clinic, sitting.draft_id)


def lock(clinic: Clinic, sitting: Sitting) -> None:
    """Leave the form where it is: it opens again by birth date, or by staff."""
    with clinic.database.begin() as connection:
        devices.set_sitting(connection, sitting.draft_id, LOCKED, state=SittingState.LIVE)


def end(clinic: Clinic, device: Device) -> None:
    """It was sent: the next person may sit down."""
    with clinic.database.begin() as connection:
        devices.end_sittings(connection, device.id)


def wipe(clinic: Clinic, sitting: Sitting) -> bool:
    """Clear the tablet. True where the draft was forgotten because it is nobody's; else it stays whole, and locked."""
    with clinic.database.begin() as connection:
        if not devices.is_nobodys(connection, sitting.draft_id):
            devices.set_sitting(connection, sitting.draft_id, LOCKED)
            return False
        row = rows.by_id(connection, sitting.draft_id)
        retention.forget(connection, [] if row is None else [row])
        _tell(connection, clinic, "tablet_wiped", sitting.draft_id, {"device": sitting.device_id})
        return True


def note_idle(clinic: Clinic, sitting: Sitting) -> bool:
    """Without scripts: to ask whether somebody is there is due now; False where it comes too early or too late."""
    waited = clinic.clock() - sitting.shown_at
    if sitting.state is not SittingState.LIVE or not IDLE - CALM_DELAY <= waited <= IDLE + LAST_CALL:
        return False
    with clinic.database.begin() as connection:
        return devices.set_sitting(connection, sitting.draft_id, {"idle_at": clinic.clock()})


def is_over(clinic: Clinic, sitting: Sitting) -> bool:
    """Without scripts: whether that question stood for its 30 seconds and nobody answered."""
    return sitting.idle_at is not None and clinic.clock() - sitting.idle_at >= LAST_CALL - CALM_DELAY


def call_staff(clinic: Clinic, device: Device) -> None:
    """Somebody at the tablet wants a person; the desk sees it at once, since when first."""
    if device.called_at is None:
        with clinic.database.begin() as connection:
            devices.set_device(connection, device.id, {"called_at": clinic.clock()})


def note_helper(clinic: Clinic, draft_id: str, helper: str) -> None:
    """Who helped to fill in the form, where it was said."""
    if helper in HELPERS:
        with clinic.database.begin() as connection:
            devices.set_sitting(connection, draft_id, {"helper": helper})


def check_person(clinic: Clinic, device: Device, draft: Draft) -> None:
    """Where the form names another person than its visit, take it off the visit and call staff; nothing is lost."""
    said = records.identity_of(clinic.keys, draft.subject)
    with clinic.database.begin() as connection:
        visit_id = devices.visit_of(connection, draft.id)
        if visit_id is None or not _is_other(
            said, records.identity_of(clinic.keys, visits.by_id(connection, visit_id).subject)
        ):
            return
        now = clinic.clock()
        visit_forms.bind(connection, draft.id, None, None)
        devices.set_sitting(connection, draft.id, {"unclear_at": now, "meant_visit": visit_id})
        devices.set_device(connection, device.id, {"called_at": now})
        _tell(connection, clinic, "person_unclear", draft.id, {"visit": visit_id})


def _is_other(said: Identity, booked: Identity) -> bool:
    """Whether the birth dates differ, or the names share no part; what is not known of both tells nothing."""
    if said.born and booked.born and said.born != booked.born:
        return True
    ours, theirs = name_parts(said.name), name_parts(booked.name)
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _fits(who: Identity, born: str, sought: frozenset[str]) -> bool:
    parts = name_parts(who.name)
    long_enough = sought and all(len(part) >= FEWEST_LETTERS or part in parts for part in sought)
    return bool(long_enough and who.born == born and all(any(p.startswith(s) for p in parts) for s in sought))


def _seal(vault: Vault, draft_id: str, pairs: Sequence[tuple[str, str]]) -> bytes:
    return vault.seal(Purpose.IDENTITY, _place(draft_id), [list(pair) for pair in pairs])


def _place(draft_id: str) -> SealedPlace:
    return SealedPlace("sittings", draft_id, "refused")


def _tell(connection: Connection, clinic: Clinic, action: str, draft_id: str, details: dict[str, object]) -> None:
    entry = audit.AuditEntry(clinic.clock(), "patient", action, "draft", draft_id, details)
    audit.record(connection, clinic.keys, entry)
