"""Alerts that no practitioner has taken, of sent and unsent intakes alike: how many people, since when, who."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.storage import subjects
from intake.storage.alerts import ALERTS
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.storage.subjects import SUBJECTS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.subjects import Subject

OPEN = ALERTS.c.acknowledged_at.is_(None)
WHOSE = func.coalesce(INTAKES.c.lineage, ALERTS.c.draft_id)
"""The lineage of an intake that was sent, else the draft: what counts as one."""


@dataclass(frozen=True, slots=True)
class Open:
    """How many people an alert is open for, and since when the oldest is; nobody: 0 and None."""

    people: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """One person's open alerts: the worst urgency, since when; `intake_id` None: not sent."""

    draft_id: str
    intake_id: str | None
    subject: Subject
    urgency: Urgency
    since: datetime
    signs: int

    @property
    def levels(self) -> Levels:
        """Its urgency, beside no level of needling: that is for the intake to say."""
        return Levels(Needling.OK, self.urgency)


def count(connection: Connection) -> Open:
    """How many wait for a practitioner, and since when; all versions of an intake are one."""
    people = func.count(WHOSE.distinct())
    query = select(people, func.min(ALERTS.c.at)).outerjoin(INTAKES, INTAKES.c.draft_id == ALERTS.c.draft_id)
    row = connection.execute(query.where(OPEN)).one()
    return Open(row[0], row[1])


def listed(connection: Connection, limit: int, first: int = 0) -> list[OpenAlert]:
    """Who waits: the most urgent first, then those that wait longest; a sent one by its newest version."""
    worst, since = func.max(ALERTS.c.urgency).label("worst"), func.min(ALERTS.c.at).label("since")
    columns = (WHOSE.label("whose"), worst, since, func.count().label("signs"))
    opened = select(*columns).outerjoin(INTAKES, INTAKES.c.draft_id == ALERTS.c.draft_id)
    waiting = opened.where(OPEN).group_by(WHOSE).subquery()
    newest = and_(INTAKES.c.lineage == waiting.c.whose, INTAKES.c.newest)
    who = (DRAFTS.c.id.label("draft_id"), DRAFTS.c.intake_id, SUBJECTS.c.id.label("subject_id"))
    sealed = (SUBJECTS.c.identity, SUBJECTS.c.master, SUBJECTS.c.data_key)
    query = (
        select(waiting, *who, *sealed)
        .outerjoin(INTAKES, newest)
        .join(DRAFTS, DRAFTS.c.id == func.coalesce(INTAKES.c.draft_id, waiting.c.whose))
        .join(SUBJECTS, SUBJECTS.c.id == DRAFTS.c.subject_id)
        .order_by(waiting.c.worst.desc(), waiting.c.since, waiting.c.whose)
    )
    return [
        OpenAlert(row.draft_id, row.intake_id, subjects.of_row(row), Urgency(row.worst), row.since, row.signs)
        for row in connection.execute(query.limit(limit).offset(first))
    ]
