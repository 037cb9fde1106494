"""Links to what comes after the needles, as staff send them: what to know, and how it went where no letter could go."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import check_ins, intakes, treatments
from intake.workflow.review import links
from intake.workflow.review.links import Opens, Purpose
from intake.workflow.review.treatment import record
from intake.workflow.review.treatment.events import NOT_TREATED

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Purpose"]
AFTERCARE_LIFE, CHECK_IN_LIFE = timedelta(days=14), timedelta(days=7)


def mail_aftercare(clinic: Clinic, intake_id: str, by: Practitioner) -> None:
    """Mail a link to what to know after the needles; raises NotFoundError where no treatment, mail or link can be."""
    with clinic.database.begin() as connection:
        links.mail(connection, clinic, _opens(connection, intake_id, Purpose.AFTERCARE), by)


def show(clinic: Clinic, intake_id: str, purpose: Purpose, by: Practitioner) -> str:
    """A link to hand on in another way, shown once; that of a check-in counts as having asked.

    Raises NotFoundError where there is no treatment, or no birth date is known.
    """
    with clinic.database.begin() as connection:
        opens = _opens(connection, intake_id, purpose)
        if purpose is Purpose.CHECKIN:
            check_ins.take(connection, opens.object_id, clinic.clock())
        return links.hand_on(connection, clinic, opens, by)


def _opens(connection: Connection, intake_id: str, purpose: Purpose) -> Opens:
    visit = record.visit_of(connection, intakes.by_id(connection, intake_id))
    last = treatments.last(connection, visit.id) if visit is not None else None
    if last is None:
        raise NotFoundError(NOT_TREATED)
    life = CHECK_IN_LIFE if purpose is Purpose.CHECKIN else AFTERCARE_LIFE
    return Opens(purpose, last.intake_id, last.visit_id, life)
