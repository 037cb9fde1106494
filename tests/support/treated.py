"""Treatments in tests: an intake whose patient has arrived, and what is recorded of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.storage import intakes, visit_forms, visits
from intake.storage.visits import VisitState
from intake.workflow.patient import drafts
from intake.workflow.review.treatment import record
from intake.workflow.review.treatment.record import Reaction, TreatmentDone
from intake.workflow.shared.duty import Duty

if TYPE_CHECKING:
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic
    from tests.support.small_clinic import SmallClinic

DONE = TreatmentDone(
    version=0,
    regions=("shoulder_top_right", "low_back_left"),
    needles_in=6,
    needles_out=6,
    stimulation=False,
    reactions=(Reaction.NONE,),
)


def mailing(clinic: SmallClinic) -> Clinic:
    """The clinic as one that sends mail."""
    return replace(clinic, duty=Duty(sender="desk@clinic.example", base="https://form.example", clinic="Harbour Lane"))


def arrive(clinic: SmallClinic, intake_id: str, state: VisitState = VisitState.ARRIVED) -> str:
    """The visit of an intake, made if it has none, whose patient is here; its id."""
    with clinic.database.read() as connection:
        draft_id = intakes.by_id(connection, intake_id).line.draft_id
        visit_id = visit_forms.visit_of(connection, draft_id)
    if visit_id is None:
        visit_id = clinic.visit(drafts.load_by_id(clinic, draft_id), clinic.now - timedelta(minutes=10))
    with clinic.database.begin() as connection:
        version = visits.by_id(connection, visit_id).version
        visits.change(connection, visit_id, version, {"state": state, "state_at": clinic.now})
    return visit_id


def treat(clinic: SmallClinic, intake_id: str, practitioner: Practitioner, done: TreatmentDone = DONE) -> str:
    """Record a treatment of somebody who has arrived; the visit's id."""
    visit_id = arrive(clinic, intake_id)
    assert record.record(clinic, intake_id, done, practitioner) == ()
    return visit_id
