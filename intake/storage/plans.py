"""Plans: the regions that a practitioner means to needle, and whether with current; a change is a new version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, Table, insert, select

from intake.errors import StaleError
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Row

PLANS = Table(
    "plans",
    METADATA,
    Column("intake_id", ForeignKey("intakes.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("regions", JSON, nullable=False),
    Column("stimulation", Boolean, nullable=False),
    Column("by", ForeignKey("staff.id"), nullable=False),
    Column("at", Moment, nullable=False),
)
STALE = "Somebody else changed this plan since you opened the page; nothing was saved."


@dataclass(frozen=True, slots=True)
class Plan:
    """One version of a plan; `regions` are codes in the order of the map."""

    intake_id: str
    version: int
    regions: tuple[str, ...]
    stimulation: bool
    by: int
    at: datetime


def add(connection: Connection, plan: Plan) -> None:
    """Store the next version of a plan; raises StaleError where there is one of that number, or one is left out."""
    before = connection.scalars(select(PLANS.c.version).where(PLANS.c.intake_id == plan.intake_id)).all()
    if plan.version != max(before, default=0) + 1:
        raise StaleError(STALE)
    row = {"intake_id": plan.intake_id, "version": plan.version, "regions": list(plan.regions)}
    rest = {"stimulation": plan.stimulation, "by": plan.by, "at": plan.at}
    connection.execute(insert(PLANS).values(row | rest))


def of_intakes(connection: Connection, intake_ids: Collection[str]) -> list[Plan]:
    """Every version of the plans of these intakes, the newest last."""
    query = select(PLANS).where(PLANS.c.intake_id.in_(list(intake_ids))).order_by(PLANS.c.at, PLANS.c.version)
    return [_plan(row) for row in connection.execute(query)]


def by_version(connection: Connection, intake_id: str, version: int) -> Plan | None:
    """One version of a plan."""
    row = connection.execute(select(PLANS).where(PLANS.c.intake_id == intake_id, PLANS.c.version == version)).first()
    return None if row is None else _plan(row)


def _plan(row: Row[Any]) -> Plan:
    return Plan(row.intake_id, row.version, tuple(row.regions), row.stimulation, row.by, row.at)
