"""Visits: whom the clinic expects, when, with whom and where; `visit_forms` tells how far each one's form is.

The practitioner and the place are labels of the clinic; who comes is a `subject`, sealed under a key of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, func, insert, select, update

from intake.errors import NotFoundError, StaleError
from intake.storage import intakes, subjects
from intake.storage.drafts import DRAFTS
from intake.storage.schema import METADATA, Moment
from intake.storage.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

VISITS = Table(
    "visits",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False, index=True),
    Column("starts_at", Moment, nullable=False),
    Column("practitioner", String(80), nullable=False),
    Column("place", String(80), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("state", String(20), nullable=False),
    Column("state_at", Moment, nullable=False),
    Column("invited_at", Moment),
    Column("speak_first", Integer, ForeignKey("staff.id")),
    Column("source_key", String(64), index=True),
    Column("version", Integer, nullable=False),
    Index("ix_visits_starts_at", "starts_at", "id"),
)
STALE = "Somebody else changed this visit since you opened the page; nothing was saved."
AT_ONCE = 500


class VisitKind(StrEnum):
    """Whether the patient has been here before."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"


class VisitState(StrEnum):
    """How far the visit has come."""

    PLANNED = "planned"
    ARRIVED = "arrived"
    WITH_PRACTITIONER = "with_practitioner"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """When somebody comes, to whom, where, and for which kind of visit."""

    starts_at: datetime
    practitioner: str
    place: str
    kind: VisitKind


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit. `source_key` names the row of the system that it was read from; empty where it was typed."""

    id: str
    subject: Subject
    plan: VisitPlan
    state: VisitState
    state_at: datetime
    invited_at: datetime | None
    speak_first: int | None
    source_key: str
    version: int


def new_row(visit_id: str, subject_id: str, plan: VisitPlan, now: datetime, source_key: str) -> dict[str, object]:
    """The row of a visit about to be planned."""
    row = {"id": visit_id, "subject_id": subject_id, "state": VisitState.PLANNED, "state_at": now, "version": 1}
    return row | _columns(plan) | {"source_key": source_key or None}


def add_rows(connection: Connection, new: list[dict[str, object]]) -> None:
    """Plan visits."""
    if new:
        connection.execute(insert(VISITS), new)


def by_id(connection: Connection, visit_id: str) -> Visit:
    """One visit; raises NotFoundError."""
    row = connection.execute(_READ.where(VISITS.c.id == visit_id)).first()
    if row is None:
        raise NotFoundError("There is no such visit.")
    return _visit(row)


def between(connection: Connection, start: datetime, end: datetime, most: int | None = None) -> list[Visit]:
    """The visits that begin between two moments, by time; the end is not one of them."""
    within = _READ.where(VISITS.c.starts_at >= start, VISITS.c.starts_at < end)
    ordered = within.order_by(VISITS.c.starts_at, VISITS.c.id).limit(most)
    return [_visit(row) for row in connection.execute(ordered)]


def of_subjects(connection: Connection, subject_ids: Collection[str]) -> list[Visit]:
    """All visits of these patients, by time."""
    found: list[Visit] = []
    for some in chunks(sorted(subject_ids)):
        found += map(_visit, connection.execute(_READ.where(VISITS.c.subject_id.in_(some))))
    return sorted(found, key=lambda visit: (visit.plan.starts_at, visit.id))


def of_sources(connection: Connection, keys: Collection[str]) -> list[Visit]:
    """The visits that were read from these rows of another system, whatever their day."""
    found: list[Visit] = []
    for some in chunks(sorted(keys)):
        found += map(_visit, connection.execute(_READ.where(VISITS.c.source_key.in_(some))))
    return found


def labels(connection: Connection, name: str, most: int = 50) -> tuple[str, ...]:
    """The practitioners or the places (`name` of the column) that visits name, the most frequent ones."""
    column = VISITS.c[name]
    query = select(column).where(column != "").group_by(column).order_by(func.count().desc(), column).limit(most)
    return tuple(sorted(connection.scalars(query)))


def change(connection: Connection, visit_id: str, version: int, values: Mapping[str, object]) -> None:
    """Set columns in one compare-and-set; raises StaleError where the visit moved on since it was read."""
    read = update(VISITS).where(VISITS.c.id == visit_id, VISITS.c.version == version)
    if connection.execute(read.values({**values, "version": version + 1})).rowcount != 1:
        raise StaleError(STALE)


def move(connection: Connection, visit_id: str, version: int, plan: VisitPlan) -> None:
    """Plan the visit anew; the time of its intake follows. Raises StaleError as `change`."""
    change(connection, visit_id, version, _columns(plan))
    for draft_id in connection.scalars(select(DRAFTS.c.id).where(DRAFTS.c.visit_id == visit_id)).all():
        intakes.set_visit(connection, draft_id, plan.starts_at)


def mark_invited(connection: Connection, visit_id: str, at: datetime | None) -> None:
    """The patient was invited at a moment, or is not any more; whoever works at the visit stays current."""
    connection.execute(update(VISITS).where(VISITS.c.id == visit_id).values(invited_at=at))


def chunks(values: list[str]) -> Iterable[list[str]]:
    """The values in lists that one statement takes."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


_SUBJECT = (SUBJECTS.c.identity, SUBJECTS.c.master, SUBJECTS.c.data_key)
_READ: Select[Any] = select(VISITS, *_SUBJECT).join_from(VISITS, SUBJECTS, SUBJECTS.c.id == VISITS.c.subject_id)


def _columns(plan: VisitPlan) -> dict[str, object]:
    return {
        "starts_at": plan.starts_at,
        "practitioner": plan.practitioner,
        "place": plan.place,
        "kind": plan.kind,
    }


def _visit(row: Row[Any]) -> Visit:
    return Visit(
        id=row.id,
        subject=subjects.of_row(row),
        plan=VisitPlan(row.starts_at, row.practitioner, row.place, VisitKind(row.kind)),
        state=VisitState(row.state),
        state_at=row.state_at,
        invited_at=row.invited_at,
        speak_first=row.speak_first,
        source_key=row.source_key or "",
        version=row.version,
    )
