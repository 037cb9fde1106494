"""The plan of an intake: the regions to be needled and whether with current, version by version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.storage import audit, intakes, lineages, plans
from intake.storage.plans import Plan

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

__all__ = ["Plan", "Planned"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a practitioner means to do. `version`: that of the plan they had before them, 0 where there was none."""

    version: int
    regions: tuple[str, ...]
    stimulation: bool


def save(clinic: Clinic, intake_id: str, planned: Planned, by: Practitioner) -> None:
    """Store the next version of a plan; one that changes nothing is none. Raises StaleError, NotFoundError."""
    with clinic.database.begin() as connection:
        intakes.by_id(connection, intake_id)
        before = latest(connection, intake_id)
        if before and before.intake_id == intake_id and _same(before, planned):
            return
        plan = Plan(intake_id, planned.version + 1, planned.regions, planned.stimulation, by.id, clinic.clock())
        plans.add(connection, plan)
        details = {"version": plan.version, "regions": list(plan.regions), "stimulation": plan.stimulation}
        entry = audit.AuditEntry(plan.at, by.actor, "planned", "intake", intake_id, details)
        audit.record(connection, clinic.keys, entry)


def latest(connection: Connection, intake_id: str) -> Plan | None:
    """The plan that counts for an intake: the newest of all its versions, so that a correction keeps it."""
    known = plans.of_intakes(connection, lineages.of(connection, [intake_id])[intake_id])
    return known[-1] if known else None


def _same(plan: Plan, planned: Planned) -> bool:
    return (plan.version, plan.regions, plan.stimulation) == (planned.version, planned.regions, planned.stimulation)
