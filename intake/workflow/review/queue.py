"""The queue: unsent intakes with a danger sign, then what could not be evaluated, then urgency, needling, visit time.

A page at a time, found by name hashes or the exact reference; which intakes were shown, and to whom, is in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from intake.engine.book.levels import Levels, Tier
from intake.storage import audit, intakes
from intake.storage import queue as stored
from intake.storage.intakes import Line, Position, State
from intake.storage.name_index import sought
from intake.storage.queue import RANKS, Filters
from intake.workflow import looks
from intake.workflow.clinic import Clinic
from intake.workflow.review import unsent
from intake.workflow.review.folding import tier
from intake.workflow.review.people import Person, Practitioner, person
from intake.workflow.review.unsent import Waiting

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

__all__ = [
    "PAGE",
    "Day",
    "Page",
    "Position",
    "Row",
    "State",
    "Wanted",
    "as_text",
    "following",
    "from_text",
    "page",
]
PAGE = 25
NOBODY = frozenset({""})  # a hash that no name has


class Day(NamedTuple):
    """The moments between which a day lies on the clinic's clock; the end is the next day's."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a practitioner looks for. `state` None: everything not decided; `day` is the day of the visit.

    A `text` is a reference, or a name, a date of birth or both; it is looked for among the decided ones too, and makes
    the rest moot.
    """

    tier: Tier | None = None
    state: State | None = None
    day: Day | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One sent intake. `tier` None: it could not be evaluated."""

    id: str
    reference: str
    person: Person
    sent_at: datetime
    visit_at: datetime | None
    tier: Tier | None
    top: str
    asks: bool
    findings: int
    open: int
    state: State


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue. `after` opens the next one; None: this is the last.

    `waiting`: the worst and the newest of the `unsent` intakes with danger signs.
    """

    waiting: tuple[Waiting, ...]
    unsent: int
    rows: tuple[Row, ...]
    total: int
    after: Position | None


def page(clinic: Clinic, wanted: Wanted, practitioner: Practitioner, after: Position | None = None) -> Page:
    """One page, as this practitioner sees it now."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        filters = _filters(connection, clinic.keys, wanted)
        lines = stored.page(connection, filters, PAGE + 1, after)
        total = stored.count(connection, filters)
        waiting = () if after else unsent.first(connection, clinic.keys)
        unsent_total = unsent.count(connection)
    shown = [line.id for line in lines[:PAGE]]
    listed = {"intakes": shown, "drafts": [each.draft_id for each in waiting]}
    looks.record(clinic, audit.AuditEntry(now, practitioner.actor, "listed", "queue", "queue", listed))
    rows = tuple(_row(clinic.keys, line) for line in lines[:PAGE])
    return Page(waiting, unsent_total, rows, total, lines[PAGE - 1].position if len(lines) > PAGE else None)


def following(clinic: Clinic, intake_id: str) -> str | None:
    """The open intake after this one in the queue, else the first one; None: nothing is open."""
    still_open = Filters(open=True)
    with clinic.database.read() as connection:
        here = intakes.by_id(connection, intake_id).line.position
        found = [*stored.page(connection, still_open, 1, here), *stored.page(connection, still_open, 2)]
    return next((line.id for line in found if line.id != intake_id), None)


def as_text(position: Position) -> str:
    """A position for an address."""
    return f"{position.rank}_{position.due_at.isoformat()}_{position.id}"


def from_text(text: str) -> Position | None:
    """The position in an address; anything else begins at the first page."""
    rank, _, rest = text.partition("_")
    due, _, intake_id = rest.partition("_")
    try:
        moment = datetime.fromisoformat(due)
        known = moment.tzinfo is not None and int(rank) in RANKS
        return Position(int(rank), moment.astimezone(UTC), intake_id) if known else None
    except (ValueError, OverflowError):
        return None


def _filters(connection: Connection, keys: Keys, wanted: Wanted) -> Filters:
    text = wanted.text.strip()
    if text:
        by_reference = Filters(reference=text.upper())
        found = stored.count(connection, by_reference, 1)
        return by_reference if found else Filters(names=sought(keys, text) or NOBODY)
    return Filters(
        open=True if wanted.state is None else None,
        state=wanted.state,
        tier=wanted.tier,
        visit_from=wanted.day and wanted.day.start,
        visit_until=wanted.day and wanted.day.end,
    )


def _row(keys: Keys, line: Line) -> Row:
    return Row(
        id=line.id,
        reference=line.reference,
        person=person(keys, line.subject),
        sent_at=line.sent_at,
        visit_at=line.visit_at,
        tier=None if line.not_evaluated else tier(Levels(line.needling, line.urgency)),
        top=line.top_finding or "",
        asks=not line.firing and bool(line.asking),
        findings=line.firing,
        open=line.asking,
        state=line.state,
    )
