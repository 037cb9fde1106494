"""The queue of sent intakes: pages of it, the worst first, and how many there are, by what a practitioner looks for.

One line a lineage, the newest version of an intake. What a search names on an older version finds that line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select, tuple_

from intake.engine.book.levels import Needling, Tier, Urgency
from intake.storage import subjects
from intake.storage.intakes import INTAKES, Position, QueueLine, line_of
from intake.storage.ranks import NOT_EVALUATED_RANK, rank
from intake.storage.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

MOST_COUNTED = 1000
RANKS = range(NOT_EVALUATED_RANK, rank(min(Urgency), min(Needling)) + 1)
TIER_RANKS: dict[Tier, tuple[int, int]] = {
    Tier.URGENT: (NOT_EVALUATED_RANK, rank(Urgency.WITHIN_DAYS, Needling.OK)),
    Tier.DO_NOT_NEEDLE_YET: (rank(Urgency.NONE, Needling.DO_NOT_NEEDLE), rank(Urgency.NONE, Needling.AVOID_AREA)),
    Tier.CAUTION: (rank(Urgency.NONE, Needling.REVIEW_BEFORE), rank(Urgency.NONE, Needling.PRECAUTION)),
    Tier.NOTE: (rank(Urgency.NONE, Needling.OK), rank(Urgency.NONE, Needling.OK)),
}
LINE_COLUMNS = (
    *(
        INTAKES.c[name]
        for name in ("id", "reference", "draft_id", "subject_id", "sent_at", "visit_at", "due_at", "label")
    ),
    *(
        INTAKES.c[name]
        for name in ("urgency", "needling", "rank", "top", "firing", "asking", "state", "open", "version")
    ),
    *(INTAKES.c[name] for name in ("not_evaluated", "unread_words", "texts", "outcome", "doer", "decided_at")),
    *(INTAKES.c[name] for name in ("lineage", "held")),
    SUBJECTS.c.identity,
    SUBJECTS.c.master,
    SUBJECTS.c.data_key,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a practitioner looks for; None: everything. `subjects`: the patients that a search named.

    `to_do`: something that was decided, on any version, waits to be done.
    """

    open: bool | None = None
    to_do: bool | None = None
    outcome: str | None = None
    tier: Tier | None = None
    visit_from: datetime | None = None
    visit_until: datetime | None = None
    subjects: frozenset[str] | None = None
    reference: str | None = None


def page(connection: Connection, filters: Filters, limit: int, after: Position | None = None) -> list[QueueLine]:
    """One page of the queue: the worst first, then the soonest."""
    query = select(*LINE_COLUMNS).join_from(INTAKES, SUBJECTS).where(*_conditions(filters))
    if after is not None:
        here = tuple_(INTAKES.c.rank, INTAKES.c.due_at, INTAKES.c.id)
        query = query.where(here > tuple_(after.rank, after.due_at, after.id))
    query = query.order_by(INTAKES.c.rank, INTAKES.c.due_at, INTAKES.c.id).limit(limit)
    return [line_of(row) for row in connection.execute(query)]


def count(connection: Connection, filters: Filters, most: int = MOST_COUNTED) -> int:
    """How many intakes match, counted no further than `most`: a large archive costs no more than a small one."""
    some = select(INTAKES.c.id).where(*_conditions(filters)).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def place(connection: Connection, filters: Filters, here: Position, most: int = MOST_COUNTED) -> int:
    """How many intakes of this list stand before a position, counted no further than `most`."""
    key = tuple_(INTAKES.c.rank, INTAKES.c.due_at, INTAKES.c.id)
    before = key < tuple_(here.rank, here.due_at, here.id)
    some = select(INTAKES.c.id).where(*_conditions(filters), before).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def newest_subjects(connection: Connection, limit: int) -> list[Subject]:
    """The patients of the intakes that were sent last."""
    columns = (INTAKES.c.subject_id, SUBJECTS.c.identity, SUBJECTS.c.master, SUBJECTS.c.data_key)
    query = select(*columns).join_from(INTAKES, SUBJECTS).order_by(INTAKES.c.sent_at.desc()).limit(limit)
    rows: list[Row[Any]] = list(connection.execute(query))
    return [subjects.of_row(row) for row in rows]


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    c = INTAKES.c
    wanted: list[ColumnElement[bool] | None] = [
        c.newest.is_(True),
        None if filters.open is None else c.open.is_(filters.open),
        None if filters.to_do is None else c.to_do > "" if filters.to_do else c.to_do == "",
        None if filters.outcome is None else or_(c.outcome == filters.outcome, c.to_do.contains(filters.outcome)),
        None if filters.tier is None else c.rank.between(*TIER_RANKS[filters.tier]),
        None if filters.visit_from is None else c.visit_at >= filters.visit_from,
        None if filters.visit_until is None else c.visit_at < filters.visit_until,
        None if filters.reference is None else _with_version(c.reference == filters.reference),
        None if filters.subjects is None else _with_version(c.subject_id.in_(sorted(filters.subjects))),
    ]
    return [condition for condition in wanted if condition is not None]


def _with_version(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The lines of which any version meets a condition."""
    return INTAKES.c.lineage.in_(select(INTAKES.c.lineage).where(condition).correlate(None))
