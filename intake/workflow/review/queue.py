"""The queue: unsent intakes with a danger sign, then what could not be evaluated, then urgency, needling, visit time.

A danger sign that was taken back sorts with its urgency until somebody closes it; so does what a decision asks for. All
versions of an intake are one line, the newest, which names what older ones hold open. A page at a time; which intakes
were shown, and to whom, is in the audit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from intake.engine.book.levels import Levels, Tier
from intake.errors import NotFoundError
from intake.storage import alerts, audit, closings, intakes, lineages, staff, taken_back
from intake.storage import queue as stored
from intake.storage.intakes import Position, QueueLine, State
from intake.storage.queue import RANKS, Filters
from intake.storage.ranks import levels_of
from intake.storage.taken_back import TakenBack, VersionSign
from intake.workflow.review import search, unsent
from intake.workflow.review.consent import standing as consent
from intake.workflow.review.consent.standing import ConsentState
from intake.workflow.review.held_line import Held, from_json
from intake.workflow.review.outcomes import Outcome
from intake.workflow.review.people import DAMAGED, Person, Practitioner, opened, person
from intake.workflow.review.unsent import UnsentIntake
from intake.workflow.shared import looks
from intake.workflow.shared.clinic import Clinic

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

PAGE = 25


class Day(NamedTuple):
    """The moments between which a day lies on the clinic's clock; the end is the next day's."""

    start: datetime
    end: datetime


class Listing(StrEnum):
    """The lists that a practitioner may open; each intake stands on one of OPEN and DECIDED, and on ALL.

    TO_DO: what was decided on any version waits to be done.
    """

    OPEN = "open"
    TO_DO = "to_do"
    UNSENT = "unsent"
    DECIDED = "decided"
    ALL = "all"


LISTS = {
    Listing.OPEN: Filters(open=True),
    Listing.TO_DO: Filters(to_do=True),
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
    `standing.top` keeps it, of so many `findings`. `quote`: own words not read. `held`: what older versions hold open;
    None: there is none. `people`: staff by number, for whoever is named in it.
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
    consent: ConsentState
    held: Held | None
    people: Mapping[int, str]

    @property
    def own_levels(self) -> Levels | None:
        """The levels of the newest version's findings alone."""
        return self.levels if self.held is None else levels_of(self.held.own)

    def is_late(self, now: datetime) -> bool:
        """Whether the visit has passed and nobody has decided."""
        return self.visit_at is not None and self.visit_at < now and self.state is not State.DECIDED


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page of a list. `after` opens the next one; None: this is the last.

    `waiting`: those of the `unsent` intakes with danger signs that belong here: the worst and the newest, then those
    that are taken care of. `counts`: how long every list is. `hidden`: so many wait that this filter leaves out.
    """

    waiting: tuple[UnsentIntake, ...]
    unsent: int
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
    with clinic.database.read() as connection:
        filters = _filters(connection, clinic.keys, wanted)
        lines = stored.page(connection, filters, PAGE + 1, after) if filters else []
        total = stored.count(connection, filters) if filters else 0
        waiting = () if after else _waiting(connection, clinic.keys, wanted)
        unsent_total = unsent.count(connection)
        rows = _rows(connection, clinic.keys, lines[:PAGE])
        counts = _counts(connection)
    listed = {"intakes": [row.id for row in rows], "drafts": [each.draft_id for each in waiting]}
    looks.record(clinic, audit.AuditEntry(now, practitioner.actor, "listed", "queue", "queue", listed))
    return QueuePage(
        waiting=waiting,
        unsent=unsent_total,
        hidden=0 if after or _has_unsent(wanted) else unsent_total - sum(each.taken_at is None for each in waiting),
        rows=rows,
        total=total,
        counts=counts,
        after=lines[PAGE - 1].position if len(lines) > PAGE else None,
    )


def neighbours(clinic: Clinic, intake_id: str, wanted: Wanted) -> Neighbours:
    """Where the line of an intake stands on the list that is wanted, and which comes after it."""
    with clinic.database.read() as connection:
        here = intakes.by_id(connection, lineages.newest(connection, intake_id)).line.position
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


def _waiting(connection: Connection, keys: Keys, wanted: Wanted) -> tuple[UnsentIntake, ...]:
    """The unsent intakes that belong to what is looked for."""
    if wanted.text.strip():
        return unsent.found(connection, keys, wanted.text)
    if not _has_unsent(wanted):
        return ()
    first = unsent.first(connection, keys)
    return first if wanted.listing is Listing.OPEN else first + unsent.taken(connection, keys)


def _has_unsent(wanted: Wanted) -> bool:
    """Whether unsent intakes belong to a list at all: they are urgent, have no visit and no outcome."""
    if wanted.text.strip() or wanted.tier not in (None, Tier.URGENT) or wanted.day or wanted.outcome:
        return False
    match wanted.listing:
        case Listing.OPEN | Listing.UNSENT | Listing.ALL:
            return True
        case Listing.TO_DO | Listing.DECIDED:
            return False
        case _:
            assert_never(wanted.listing)


def _counts(connection: Connection) -> dict[Listing, int]:
    """How many stand on each list; those that nobody is behind on none."""
    sent = {listing: stored.count(connection, filters) for listing, filters in LISTS.items()}
    total = unsent.count(connection) + unsent.count_taken(connection)
    sent[Listing.ALL] += total
    return {listing: sent.get(listing, total) for listing in Listing}


def _rows(connection: Connection, keys: Keys, lines: Sequence[QueueLine]) -> tuple[QueueRow, ...]:
    told = taken_back.of_lineages(connection, [line.lineage for line in lines])
    closed = closings.of_intakes(connection, [each.intake_id for some in told.values() for each in some])
    signs = {lineage: taken_back.still_open(some, closed) for lineage, some in told.items()}
    cards = alerts.cards_shown(connection, [each.draft_id for some in signs.values() for each in some])
    agreed = consent.of_intakes(connection, keys, [line.id for line in lines])
    people = staff.emails(connection)
    rows = (_row(keys, line, signs.get(line.lineage, ()), cards, people) for line in lines)
    return tuple(replace(row, consent=agreed[row.id].state) for row in rows)


def _row(
    keys: Keys,
    line: QueueLine,
    signs: Sequence[VersionSign],
    cards: Collection[tuple[str, str]],
    people: Mapping[int, str],
) -> QueueRow:
    words = opened(keys, lambda: line.read_texts(keys), {"": DAMAGED}) if line.unread_words else {}
    return QueueRow(
        id=line.id,
        reference=line.reference,
        person=person(keys, line.subject),
        sent_at=line.sent_at,
        visit_at=line.visit_at,
        levels=levels_of(line.position.rank),
        top=line.top,
        findings=line.firing + line.asking if line.top else 0,
        signs=tuple(each.sign for each in signs),
        cards=frozenset(each.sign.rule for each in signs if (each.draft_id, each.sign.rule) in cards),
        quote=" ".join(words.values()),
        state=line.state,
        open=line.open,
        outcome=Outcome(line.outcome) if line.outcome else None,
        doer=people.get(line.doer or 0, ""),
        decided_at=line.decided_at,
        consent=ConsentState.NONE,
        held=None if line.held is None else from_json(line.held),
        people=people,
    )
