"""The queue: unsent intakes with a danger sign, then what could not be evaluated, then urgency, needling, visit time.

A danger sign that was taken back sorts with its urgency until somebody closes it; so does what a decision asks for. A
page at a time; which intakes were shown, and to whom, is in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Needling, Tier
from intake.errors import NotFoundError
from intake.storage import alerts, audit, closings, intakes, staff, subjects, taken_back
from intake.storage import queue as stored
from intake.storage.alerts import Alert
from intake.storage.intakes import Line, Position, State, levels_of
from intake.storage.queue import RANKS, Filters
from intake.storage.taken_back import TakenBack
from intake.workflow.clinic import Clinic
from intake.workflow.review import search
from intake.workflow.review.outcomes import Outcome
from intake.workflow.review.people import Person, Practitioner, person

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

PAGE = 25
MOST_ALARMS = 100  # danger signs of unsent intakes on one page


class Day(NamedTuple):
    """The moments between which a day lies on the clinic's clock; the end is the next day's."""

    start: datetime
    end: datetime


class Listing(StrEnum):
    """The lists that a practitioner may open; each intake stands on one of OPEN and DECIDED, and on ALL."""

    OPEN = "open"
    TO_DO = "to_do"
    UNSENT = "unsent"
    DECIDED = "decided"
    ALL = "all"


LISTS = {
    Listing.OPEN: Filters(open=True),
    Listing.TO_DO: Filters(open=True, state=State.DECIDED),
    Listing.DECIDED: Filters(open=False),
    Listing.ALL: Filters(),
}
"""What each list is read by; unsent intakes are not stored as sent ones are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a practitioner looks for; `day` is the day of the visit.

    A `text` (name, phone, birth date, reference) is looked for on every list, and makes the rest moot.
    """

    listing: Listing = Listing.OPEN
    tier: Tier | None = None
    outcome: Outcome | None = None
    day: Day | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One sent intake. `levels` None: it could not be evaluated.

    `signs`: taken back and not closed; of those in `cards` the patient read what to do. `top`: the first finding as
    `standing.top` keeps it, of so many `findings`. `quote`: own words not read.
    """

    id: str
    reference: str
    person: Person
    sent_at: datetime
    visit_at: datetime | None
    levels: Levels | None
    top: Mapping[str, object] | None
    findings: int
    signs: tuple[TakenBack, ...]
    cards: frozenset[str]
    quote: str
    state: State
    open: bool
    outcome: Outcome | None
    doer: str
    decided_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Whether the visit has passed and nobody has decided."""
        return self.visit_at is not None and self.visit_at < now and self.state is not State.DECIDED


@dataclass(frozen=True, slots=True)
class Unsent:
    """An intake that nobody sent, with danger signs; `taken_at`: somebody has taken care of them since then."""

    draft_id: str
    person: Person
    alerts: tuple[Alert, ...]

    @property
    def levels(self) -> Levels:
        """The worst of its alerts."""
        return Levels(Needling.OK, max(alert.urgency for alert in self.alerts))

    @property
    def asks(self) -> bool:
        """Whether nothing is established: the patient was not sure."""
        return all(alert.status is Status.ASKS for alert in self.alerts)

    @property
    def taken_at(self) -> datetime | None:
        """When the last of its alerts was taken care of; None: one is open."""
        times = [alert.taken_at for alert in self.alerts]
        return max((at for at in times if at), default=None) if all(times) else None


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a list. `after` opens the next one; None: this is the last.

    `counts`: how long every list is. `crowded`: more unsent intakes wait than are shown. `hidden`: so many unsent ones
    wait that this filter leaves out.
    """

    unsent: tuple[Unsent, ...]
    crowded: bool
    hidden: int
    rows: tuple[QueueRow, ...]
    total: int
    counts: Mapping[Listing, int]
    after: Position | None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where an intake stands on a list: its number, the length of the list, and the intake after it."""

    place: int
    total: int
    following: str | None


def page(clinic: Clinic, wanted: Wanted, practitioner: Practitioner, after: Position | None = None) -> QueuePage:
    """One page, as this practitioner sees it now."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        filters = _filters(connection, clinic.keys, wanted)
        lines = stored.page(connection, filters, PAGE + 1, after) if filters else []
        total = stored.count(connection, filters) if filters else 0
        alarms = alerts.unsent(connection, MOST_ALARMS)
        every = _unsent(connection, clinic.keys, alarms)
        unsent = tuple(each for each in every if not after and _is_wanted(connection, clinic.keys, each, wanted))
        listed = [line.id for line in lines[:PAGE]]
        rows = _rows(connection, clinic.keys, lines[:PAGE])
        told = {"intakes": listed, "drafts": [each.draft_id for each in unsent]}
        audit.record(
            connection, clinic.keys, audit.AuditEntry(now, practitioner.actor, "listed", "queue", "queue", told)
        )
        counts = _counts(connection, len(every))
    return QueuePage(
        unsent=unsent,
        crowded=len(alarms) == MOST_ALARMS,
        hidden=sum(each.taken_at is None and each not in unsent for each in every) if not after else 0,
        rows=rows,
        total=total,
        counts=counts,
        after=lines[PAGE - 1].position if len(lines) > PAGE else None,
    )


def neighbours(clinic: Clinic, intake_id: str, wanted: Wanted) -> Neighbours:
    """Where an intake stands on the list that is wanted, and which comes after it."""
    with clinic.database.read() as connection:
        here = intakes.by_id(connection, intake_id).line.position
        filters = _filters(connection, clinic.keys, wanted) or Filters()
        after = stored.page(connection, filters, 1, here)
        place = stored.place(connection, filters, here) + 1
        total = stored.count(connection, filters)
    return Neighbours(place, total, after[0].id if after else None)


def saved(clinic: Clinic, intake_id: str) -> QueueRow | None:
    """The intake that was decided a moment ago, to confirm it by name; None where there is none of that id."""
    with clinic.database.read() as connection:
        try:
            line = intakes.by_id(connection, intake_id).line
        except NotFoundError:
            return None
        return _rows(connection, clinic.keys, [line])[0]


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


def _filters(connection: Connection, keys: Keys, wanted: Wanted) -> Filters | None:
    """What to read of the sent intakes; None: none of them is wanted."""
    text = wanted.text.strip()
    if text:
        by_reference = Filters(reference=text.upper())
        if stored.count(connection, by_reference, 1):
            return by_reference
        return Filters(subjects=search.subjects(connection, keys, text))
    if wanted.listing is Listing.UNSENT:
        return None
    return replace(
        LISTS[wanted.listing],
        tier=wanted.tier,
        outcome=wanted.outcome and wanted.outcome.value,
        visit_from=wanted.day and wanted.day.start,
        visit_until=wanted.day and wanted.day.end,
    )


def _is_wanted(connection: Connection, keys: Keys, each: Unsent, wanted: Wanted) -> bool:
    """Whether an unsent intake belongs to what is looked for: it is urgent, has no visit and no outcome."""
    if wanted.text.strip():
        subject = subjects.find(connection, each.alerts[0].subject_id)
        return search.parse(wanted.text).fits(subject.read_identity(keys)) if subject.wrapped else False
    if wanted.tier not in (None, Tier.URGENT) or wanted.day or wanted.outcome:
        return False
    match wanted.listing:
        case Listing.OPEN:
            return each.taken_at is None
        case Listing.UNSENT | Listing.ALL:
            return True
        case Listing.TO_DO | Listing.DECIDED:
            return False
        case _:
            assert_never(wanted.listing)


def _counts(connection: Connection, unsent: int) -> dict[Listing, int]:
    sent = {listing: stored.count(connection, filters) for listing, filters in LISTS.items()}
    sent[Listing.ALL] += unsent
    return {listing: sent.get(listing, unsent) for listing in Listing}


def _unsent(connection: Connection, keys: Keys, alarms: Iterable[Alert]) -> tuple[Unsent, ...]:
    """The alerts of each draft together, the drafts in the order of their first."""
    by_draft: dict[str, tuple[Alert, ...]] = {}
    for alert in alarms:
        by_draft[alert.draft_id] = (*by_draft.get(alert.draft_id, ()), alert)
    return tuple(
        Unsent(draft, person(keys, subjects.find(connection, found[0].subject_id)), found)
        for draft, found in by_draft.items()
    )


def _rows(connection: Connection, keys: Keys, lines: Sequence[Line]) -> tuple[QueueRow, ...]:
    ids = [line.id for line in lines]
    signs, closed = taken_back.of_intakes(connection, ids), closings.of_intakes(connection, ids)
    emails, cards = staff.emails(connection), alerts.cards_shown(connection, [line.draft_id for line in lines])
    return tuple(
        _row(
            keys,
            line,
            tuple(sign for sign in signs.get(line.id, ()) if sign.rule not in closed.get(line.id, {})),
            frozenset(rule for draft, rule in cards if draft == line.draft_id),
            emails.get(line.doer or 0, ""),
        )
        for line in lines
    )


def _row(keys: Keys, line: Line, signs: tuple[TakenBack, ...], cards: frozenset[str], doer: str) -> QueueRow:
    words = line.read_texts(keys) if line.unread_words else {}
    return QueueRow(
        id=line.id,
        reference=line.reference,
        person=person(keys, line.subject),
        sent_at=line.sent_at,
        visit_at=line.visit_at,
        levels=None if line.not_evaluated else levels_of(line.position.rank),
        top=line.top,
        findings=line.firing + line.asking if line.top else 0,
        signs=signs,
        cards=cards,
        quote=" ".join(words.values()),
        state=line.state,
        open=line.open,
        outcome=Outcome(line.outcome) if line.outcome else None,
        doer=doer,
        decided_at=line.decided_at,
    )
