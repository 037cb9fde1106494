"""Consent in tests: an intake whose patient has arrived, its plan, a sheet signed twice."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.app import consent_table
from intake.storage import visit_forms, visits
from intake.storage.visits import VisitState
from intake.workflow.desk.visits import Practitioner
from intake.workflow.review.consent import planning, signing
from intake.workflow.review.consent.planning import Planned
from intake.workflow.review.consent.signatures import Copy, Countersignature, Signature
from intake.workflow.review.consent.signing import SheetRequest, SigningWay
from tests.support.desk import book

if TYPE_CHECKING:
    from tests.support.practice import Practice
    from tests.support.visitor import Posted

THINNER: Posted = {
    "gate_medicines": ("thinners",),
    "blood_thinners": ("apixaban",),
    "pain_regions": ("shoulder_top_right",),
}
PLAN = ("shoulder_top_right", "low_back_left")
DRAWN = "M10 100L20 90L40 80L60 120L80 60L120 150L160 90L200 100L260 80"
NAME = "Alex Morgan"
BORN = "1985-12-10"


@dataclass(frozen=True, slots=True)
class Given:
    """What a consent in a test is made of."""

    intake_id: str
    visit_id: str
    by: Practitioner


def at_the_visit(practice: Practice, said: Posted | None = None, name: str = NAME, born: str = BORN) -> Given:
    """An intake whose patient has arrived, and the practitioner."""
    receipt = practice.sent(THINNER if said is None else said, name, born=born)
    visit_id = book(practice, name, born=born, email="alex@example.com")
    clinic = practice.clinic
    with clinic.database.begin() as connection:
        from intake.storage import intakes  # noqa: PLC0415 - beside the others of this step

        draft_id = intakes.by_id(connection, receipt.intake_id).line.draft_id
        visit = visits.by_id(connection, visit_id)
        visit_forms.bind(connection, draft_id, visit_id, visit.plan.starts_at)
        visits.change(connection, visit_id, visit.version, {"state": VisitState.ARRIVED})
    return Given(receipt.intake_id, visit_id, Practitioner(practice.clinic.practitioner()))


def planned(practice: Practice, given: Given, *regions: str, stimulation: bool = False, version: int = 0) -> None:
    """Mark the regions."""
    planning.save(practice.clinic, given.intake_id, Planned(version, regions or PLAN, stimulation), given.by)


def prepared(
    practice: Practice, given: Given, way: SigningWay = SigningWay.PAPER, device_id: str = "", version: int = 1
) -> str:
    """A sheet to be signed; its id."""
    name = secrets.token_hex(16)
    request = SheetRequest(name, way, device_id, version, talked=True)
    assert signing.prepare(practice.clinic, consent_table(), given.intake_id, request, given.by) == ()
    practice.clinic.tick()
    return name


def signature(
    said: str = "agree", name: str = NAME, drawing: str = "", copy: str = Copy.PRINT, **who: str
) -> Signature:
    """What a patient sends."""
    return Signature(
        said, name, drawing, who.get("helper", ""), who.get("interpreter", ""), who.get("for_whom", ""), copy
    )


def signed(practice: Practice, given: Given, by_patient: Signature | None = None, copy: Copy = Copy.PRINT) -> str:
    """A consent that is given; the id of its sheet."""
    name = prepared(practice, given)
    with practice.app.test_request_context():
        assert signing.sign(practice.clinic, name, by_patient or signature()) == ()
        practice.clinic.tick()
        second = Countersignature("Rita Patel", copy, "" if copy is not Copy.NONE else "does not want one")
        assert signing.countersign(practice.clinic, name, second, given.by, "r.patel@harbour.example") == ()
    practice.clinic.tick()
    return name
