"""Consent as the desk sees it: given or not, and that a patient who calls takes it back; never what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import visit_forms
from intake.workflow.review.consent import standing, taking_back
from intake.workflow.review.consent.standing import NOTHING, ConsentState

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.review.consent.standing import ConsentStanding
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

__all__ = ["ConsentState"]
NONE_GIVEN = "There is no consent that could be taken back."


@dataclass(frozen=True, slots=True)
class VisitConsent:
    """How consent stands for the form of a visit. `signed`: the patient agreed, and may take it back."""

    state: ConsentState
    signed: bool


def of_visit(clinic: Clinic, visit_id: str) -> VisitConsent:
    """How consent stands for the form of a visit."""
    with clinic.database.read() as connection:
        found = _of_visit(connection, clinic, visit_id)
    return VisitConsent(found.state, found.consent is not None and taking_back.can_be(found.consent))


def withdraw(clinic: Clinic, visit_id: str, by: Practitioner) -> None:
    """The patient of a visit takes the consent back; raises NotFoundError where none was signed."""
    with clinic.database.read() as connection:
        consent = _of_visit(connection, clinic, visit_id).consent
    if consent is None:
        raise NotFoundError(NONE_GIVEN)
    taking_back.withdraw(clinic, consent.id, by.actor)


def _of_visit(connection: Connection, clinic: Clinic, visit_id: str) -> ConsentStanding:
    form = visit_forms.forms(connection, [visit_id]).get(visit_id)
    if form is None or form.intake_id is None:
        return NOTHING
    return standing.of_intake(connection, clinic.keys, form.intake_id)
