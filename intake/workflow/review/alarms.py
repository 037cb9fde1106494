"""Alarms that no practitioner has taken: who waits, and taking the one of an intake that was sent.

One of an unfinished intake is taken with words (`patient.unfinished`); a decision takes it too. From then on the
patient reads that somebody has seen it, and nobody is told again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import alerts, audit, lineages, open_alerts
from intake.workflow.review import lineage
from intake.workflow.review.people import Person, person
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from datetime import datetime

    from intake.engine.book.levels import Levels
    from intake.storage.open_alerts import OpenAlert
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

PAGE = 50
NOBODY_WAITS = "No alarm is open here: a colleague has taken it."


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """One person's open alarm, with so many danger signs. `intake_id` None: the intake is not sent."""

    draft_id: str
    intake_id: str | None
    person: Person
    levels: Levels
    since: datetime
    signs: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of those who wait, from its row `first` (0 on) of `total`."""

    alarms: tuple[OpenAlarm, ...]
    first: int
    total: int


def listed(clinic: Clinic, practitioner: Practitioner, first: int = 0) -> Listed:
    """Who waits: the most urgent first, then those that wait longest."""
    with clinic.database.read() as connection:
        found = open_alerts.listed(connection, PAGE, first)
        total = open_alerts.count(connection).people
    told = {
        "intakes": [each.intake_id for each in found if each.intake_id],
        "drafts": [each.draft_id for each in found if not each.intake_id],
    }
    looks.record(clinic, audit.AuditEntry(clinic.clock(), practitioner.actor, "listed", "queue", "alarms", told))
    return Listed(tuple(_alarm(clinic, each) for each in found), first, total)


def take(clinic: Clinic, intake_id: str, practitioner: Practitioner) -> None:
    """This practitioner takes the alarm of an intake that was sent, all versions of it.

    Raises NotFoundError where none is open.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        lineages.hold(connection, intake_id)
        versions = lineages.read(connection, intake_id)
        taken = sum(alerts.take(connection, each.line.draft_id, now) for each in versions)
        if not taken:
            raise NotFoundError(NOBODY_WAITS)
        lineage.settle(connection, clinic.vocabulary, intake_id)
        entry = audit.AuditEntry(now, practitioner.actor, "took_alarm", "intake", intake_id, {"alerts": taken})
        audit.record(connection, clinic.keys, entry)


def _alarm(clinic: Clinic, found: OpenAlert) -> OpenAlarm:
    who = person(clinic.keys, found.subject)
    return OpenAlarm(found.draft_id, found.intake_id, who, found.levels, found.since, found.signs)
