"""A form on the clinic's tablet, once somebody sat down to it: shown page by page, left, wiped, whose it is.

A tablet has at most one form. Any way of leaving locks it; only the one who knows the birth date, or staff, opens it
again. A wipe forgets only what is nobody's: no visit, no alarm ever, no question whose it is, on no other device.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from intake.storage import audit, devices, visit_forms, visits
from intake.storage import drafts as rows
from intake.storage.crypto import Purpose, SealedPlace, token_hash
from intake.storage.devices import Device, Sitting, SittingState, Wish
from intake.storage.name_index import name_parts
from intake.workflow.desk import records
from intake.workflow.keeping import retention
from intake.workflow.patient import drafts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from intake.storage.crypto import Vault
    from intake.workflow.desk.identity import Identity
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Device", "Sitting", "SittingState", "Wish"]
IDLE, LAST_CALL, LONGER = timedelta(seconds=90), timedelta(seconds=30), timedelta(minutes=10)
CALM_DELAY = timedelta(seconds=5)
HELPERS = ("nobody", "staff", "relative", "interpreter")
LOCKED = {"state": SittingState.LOCKED, "ready": False, "refused": None}
Pairs = list[tuple[str, str]]


def device_of(clinic: Clinic, key: str) -> Device:
    """The tablet of a key; raises NotFoundError where it is not enrolled, or not any more."""
    with clinic.database.read() as connection:
        return devices.by_key(connection, token_hash(key))


def sitting_of(clinic: Clinic, device: Device) -> Sitting | None:
    """The form on a tablet, open or locked."""
    with clinic.database.read() as connection:
        return devices.sitting(connection, device.id)


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


def call_staff(clinic: Clinic, device: Device, wish: Wish) -> None:
    """Somebody at the tablet wants a person; the desk sees it at once, since when first, and the last wish."""
    with clinic.database.begin() as connection:
        since = device.called_at or clinic.clock()
        devices.set_device(connection, device.id, {"called_at": since, "called_for": wish})


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
        devices.set_device(connection, device.id, {"called_at": now, "called_for": Wish.HELP})
        _tell(connection, clinic, "person_unclear", draft.id, {"visit": visit_id})


def _is_other(said: Identity, booked: Identity) -> bool:
    """Whether the birth dates differ, or the names share no part; what is not known of both tells nothing."""
    if said.born and booked.born and said.born != booked.born:
        return True
    ours, theirs = name_parts(said.name), name_parts(booked.name)
    return bool(ours and theirs) and ours.isdisjoint(theirs)


def _seal(vault: Vault, draft_id: str, pairs: Sequence[tuple[str, str]]) -> bytes:
    return vault.seal(Purpose.IDENTITY, _place(draft_id), [list(pair) for pair in pairs])


def _place(draft_id: str) -> SealedPlace:
    return SealedPlace("sittings", draft_id, "refused")


def _tell(connection: Connection, clinic: Clinic, action: str, draft_id: str, details: dict[str, object]) -> None:
    entry = audit.AuditEntry(clinic.clock(), "patient", action, "draft", draft_id, details)
    audit.record(connection, clinic.keys, entry)
