"""Who was needled lately and how each check-in stands: without an answer first, since nobody knows how those are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.storage import audit, check_ins, intakes
from intake.workflow.review.people import person
from intake.workflow.review.treatment.shown import CheckInReply, reply
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from datetime import datetime

    from intake.workflow.review.people import Person, Practitioner
    from intake.workflow.shared.clinic import Clinic

BACK = timedelta(days=14)
MOST = 200
ORDER = (
    CheckInReply.NOT_ASKED,
    CheckInReply.NOT_ANSWERED,
    CheckInReply.BEGUN,
    CheckInReply.DUE,
    CheckInReply.PLANNED,
    CheckInReply.ANSWERED,
)


@dataclass(frozen=True, slots=True)
class CheckInRow:
    """One check-in: whose, after which needles, how it stands, where to read on."""

    intake_id: str
    person: Person
    needled_at: datetime
    reply: CheckInReply
    asked_at: datetime | None


def listed(clinic: Clinic, practitioner: Practitioner) -> tuple[CheckInRow, ...]:
    """The check-ins of the last two weeks; the look is recorded."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        found = check_ins.since(connection, now - BACK, MOST)
        whose = {each.visit_id: intakes.by_id(connection, each.intake_id).line.subject for each in found}
    told = {"intakes": [each.intake_id for each in found]}
    looks.record(clinic, audit.AuditEntry(now, practitioner.actor, "listed", "queue", "check_ins", told))
    rows = (
        CheckInRow(
            each.answered_by or each.intake_id,
            person(clinic.keys, whose[each.visit_id]),
            each.needled_at,
            reply(each, now),
            each.asked_at,
        )
        for each in found
    )
    return tuple(sorted(rows, key=lambda row: ORDER.index(row.reply)))
