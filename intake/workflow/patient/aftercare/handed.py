"""What the words after the needles are fitted to: where needles went and when, and whether we ask how it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import check_ins, treatments, visits

if TYPE_CHECKING:
    from datetime import datetime

    from intake.workflow.shared.clinic import Clinic

NOTHING = "No treatment is recorded for this visit."


@dataclass(frozen=True, slots=True)
class HandedVisit:
    """The treatment as its patient may read of it. `ask_at`: when we ask how it went, None where we do not any more."""

    needled_at: datetime
    regions: tuple[str, ...]
    practitioner: str
    ask_at: datetime | None
    answered: bool


def read(clinic: Clinic, visit_id: str) -> HandedVisit:
    """What was done at a visit, in the version that counts; raises NotFoundError where nothing is recorded."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        last, asked = treatments.last(connection, visit_id), check_ins.of_visit(connection, visit_id)
        if last is None:
            raise NotFoundError(NOTHING)
        practitioner = visits.by_id(connection, visit_id).plan.practitioner
    planned = asked is not None and asked.asked_at is None and asked.given_up_at is None and now < asked.until
    ask_at = max(asked.due_at, now) if asked is not None and planned else None
    answered = asked is not None and asked.answered_by is not None
    when = last.needled_at.astimezone(clinic.zone)
    return HandedVisit(when, last.regions, practitioner, ask_at and ask_at.astimezone(clinic.zone), answered)
