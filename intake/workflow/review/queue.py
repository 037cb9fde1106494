"""The queue: unsent intakes with a danger sign, then what could not be evaluated, then urgency, needling, visit time.

A page at a time, found by name hashes or the exact reference; which intakes were shown, and to whom, is in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Tier, Urgency
from intake.errors import NotFoundError
from intake.storage import alerts, audit, intakes, subjects
from intake.storage import queue as stored
from intake.storage.alerts import Alert
from intake.storage.intakes import Line, Position, State
from intake.storage.name_index import sought
from intake.storage.queue import RANKS, Filters
from intake.workflow import looks
from intake.workflow.clinic import Clinic
from intake.workflow.review.folding import tier
from intake.workflow.review.people import Person, Practitioner, person

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
    "Waiting",
    "Wanted",
    "as_text",
    "following",
    "from_text",
    "page",
]
PAGE = 25
MOST_TOLD = 100  # danger signs of unsent intakes on one page
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
class Waiting:
    """An intake that nobody sent, with danger signs that nobody has taken over."""

    draft_id: str
    person: Person
    alerts: tuple[Alert, ...]

    @property
    def urgency(self) -> Urgency:
        """The worst of its alerts."""
        return max(alert.urgency for alert in self.alerts)

    @property
    def asks(self) -> bool:
        """Whether nothing is established: the patient was not sure."""
        return all(alert.status is Status.ASKS for alert in self.alerts)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue. `after` opens the next one; None: this is the last.

    `crowded`: more unsent intakes with danger signs wait than are shown.
    """

    waiting: tuple[Waiting, ...]
    crowded: bool
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
        told = [] if after else alerts.waiting(connection, MOST_TOLD, unsent=True)
        unsent = _by_draft(told)
        waiting = tuple(
            Waiting(found[0].draft_id, person(clinic.keys, subjects.find(connection, found[0].subject_id)), found)
            for found in unsent
        )
    shown = [line.id for line in lines[:PAGE]]
    listed = {"intakes": shown, "drafts": [each.draft_id for each in waiting]}
    looks.record(clinic, audit.AuditEntry(now, practitioner.actor, "listed", "queue", "queue", listed))
    rows = tuple(_row(clinic.keys, line) for line in lines[:PAGE])
    return Page(waiting, len(told) == MOST_TOLD, rows, total, lines[PAGE - 1].position if len(lines) > PAGE else None)


def following(clinic: Clinic, intake_id: str) -> str | None:
    """The open intake after this one in the queue, else the first one; None: nothing is open."""
    still_open = Filters(open=True)
    with clinic.database.read() as connection:
        here = intakes.by_id(connection, intake_id).line.position
        found = [*stored.page(connection, still_open, 1, here), *stored.page(connection, still_open, 2)]
    return next((line.id for line in found if line.id != intake_id), None)


def waiting(clinic: Clinic, draft_id: str, practitioner: Practitioner) -> Waiting:
    """One unsent intake with open alerts; raises NotFoundError where nothing waits there."""
    with clinic.database.read() as connection:
        found = alerts.waiting(connection, unsent=True, draft=draft_id)
        if not found:
            raise NotFoundError("No danger sign of an unfinished intake waits here.")
        whom = person(clinic.keys, subjects.find(connection, found[0].subject_id))
    look = audit.AuditEntry(clinic.clock(), practitioner.actor, "read", "draft", draft_id, {"alerts": len(found)})
    looks.record(clinic, look)
    return Waiting(draft_id, whom, tuple(found))


def take_over(clinic: Clinic, draft_id: str, practitioner: Practitioner) -> None:
    """A named person has taken on the alerts of an unfinished intake; raises NotFoundError where none was open."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        taken = alerts.acknowledge(connection, draft_id, now)
        if not taken:
            raise NotFoundError(
                "Nobody waits here any more: a colleague was faster, or the patient has sent the intake."
            )
        told = audit.AuditEntry(now, practitioner.actor, "took_over", "draft", draft_id, {"alerts": taken})
        audit.record(connection, clinic.keys, told)


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


def _by_draft(found: list[Alert]) -> list[tuple[Alert, ...]]:
    """The alerts of each draft together, the drafts in the order of their first."""
    first = {alert.draft_id: number for number, alert in reversed(list(enumerate(found)))}
    together = sorted(found, key=lambda alert: first[alert.draft_id])
    return [tuple(group) for _, group in groupby(together, key=lambda alert: alert.draft_id)]


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
