"""Sent intakes: answers as given, facts as resolved, decision as made. One a draft; the queue goes by `rank`.

`rank` puts both axes into one number, the worst first, so that one index pages the queue and a tier is a range of it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)

from intake.engine.book.rulebook import Label, Needling, Urgency
from intake.errors import NotFoundError, StaleError
from intake.storage import subjects
from intake.storage.crypto import Place, Purpose
from intake.storage.name_index import NAME_INDEX
from intake.storage.schema import METADATA, Moment
from intake.storage.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row

    from intake.storage.crypto import Keys, Vault

INTAKES = Table(
    "intakes",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("reference", String(32), nullable=False, unique=True),
    Column("draft_id", ForeignKey("drafts.id"), nullable=False, unique=True),
    Column("subject_id", ForeignKey("subjects.id"), nullable=False, index=True),
    Column("sent_at", Moment, nullable=False, index=True),
    Column("visit_at", Moment, index=True),
    Column("due_at", Moment, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("passed", JSON, nullable=False),
    Column("texts", LargeBinary),
    Column("decision", JSON(none_as_null=True)),
    Column("rulebook_sha256", ForeignKey("rulebooks.sha256"), nullable=False),
    Column("rulebook_version", String(32), nullable=False),
    Column("label", Integer),
    Column("urgency", Integer, nullable=False),
    Column("needling", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("top_finding", String(200)),
    Column("firing", Integer, nullable=False),
    Column("asking", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("not_evaluated", Boolean, nullable=False),
    Index("ix_intakes_queue", "open", "rank", "due_at", "id"),
    Index("ix_intakes_archive", "rank", "due_at", "id"),
)
NOT_EVALUATED_RANK = -1
MOST_COUNTED = 1000
STALE = "Somebody else decided this intake since you opened it; nothing was saved."


class State(StrEnum):
    """Where an intake stands with the practitioners."""

    NEW = "new"
    SEEN = "seen"
    DECIDED = "decided"


class Tier(StrEnum):
    """The four groups that people see; each is a range of `rank`."""

    URGENT = "urgent"
    DO_NOT_NEEDLE_YET = "do_not_needle_yet"
    CAUTION = "caution"
    NOTE = "note"


def rank(urgency: Urgency, needling: Needling) -> int:
    """One ascending number for (urgency, then needling), the worst first."""
    return (max(Urgency) - urgency) * len(Needling) + (max(Needling) - needling)


RANKS = range(NOT_EVALUATED_RANK, rank(min(Urgency), min(Needling)) + 1)
TIER_RANKS: dict[Tier, tuple[int, int]] = {
    Tier.URGENT: (NOT_EVALUATED_RANK, rank(Urgency.WITHIN_DAYS, Needling.OK)),
    Tier.DO_NOT_NEEDLE_YET: (rank(Urgency.NONE, Needling.DO_NOT_NEEDLE), rank(Urgency.NONE, Needling.AVOID_AREA)),
    Tier.CAUTION: (rank(Urgency.NONE, Needling.REVIEW_BEFORE), rank(Urgency.NONE, Needling.PRECAUTION)),
    Tier.NOTE: (rank(Urgency.NONE, Needling.OK), rank(Urgency.NONE, Needling.OK)),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a practitioner looks for; empty: everything. Of `names` (hashes of the name index) all must match."""

    open: bool | None = None
    state: State | None = None
    tier: Tier | None = None
    urgency: Urgency | None = None
    visit_from: datetime | None = None
    visit_until: datetime | None = None
    names: frozenset[str] = frozenset()
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """The last row of a page: the next page starts after it."""

    rank: int
    due_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue."""

    id: str
    reference: str
    draft_id: str
    subject: Subject
    sent_at: datetime
    visit_at: datetime | None
    label: Label | None
    urgency: Urgency
    needling: Needling
    top_finding: str | None
    firing: int
    asking: int
    state: State
    version: int
    not_evaluated: bool
    position: Position


@dataclass(frozen=True, slots=True)
class Stored:
    """One whole intake: its line in the queue, and what was said and decided."""

    line: Line
    answers: dict[str, object]
    facts: dict[str, object]
    passed: tuple[str, ...]
    texts: bytes | None
    decision: dict[str, object] | None
    rulebook_sha256: str
    rulebook_version: str

    def read_texts(self, keys: Keys) -> dict[str, str]:
        """The patient's own words."""
        vault = self.line.subject.vault(keys)
        return cast("dict[str, str]", vault.open(Purpose.CLINICAL, _texts_place(self.line.id), self.texts) or {})


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the patient keeps: the intake arrived, and what to call it."""

    intake_id: str
    reference: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class New:
    """An intake about to be stored; its fields are the columns. State, version, rank and due time follow from them."""

    id: str
    reference: str
    draft_id: str
    subject_id: str
    sent_at: datetime
    visit_at: datetime | None
    answers: Mapping[str, object]
    facts: Mapping[str, object]
    passed: tuple[str, ...]
    texts: bytes | None
    decision: Mapping[str, object] | None
    rulebook_sha256: str
    rulebook_version: str
    label: Label | None
    urgency: Urgency
    needling: Needling
    top_finding: str | None
    firing: int
    asking: int
    not_evaluated: bool


LINE_COLUMNS = (
    *(
        INTAKES.c[name]
        for name in ("id", "reference", "draft_id", "subject_id", "sent_at", "visit_at", "due_at", "label")
    ),
    *(
        INTAKES.c[name]
        for name in ("urgency", "needling", "rank", "top_finding", "firing", "asking", "state", "version")
    ),
    INTAKES.c.not_evaluated,
    SUBJECTS.c.identity,
    SUBJECTS.c.master,
    SUBJECTS.c.data_key,
)


def add(connection: Connection, new: New) -> None:
    """Store a sent intake."""
    row = {field.name: getattr(new, field.name) for field in fields(new)}
    order = NOT_EVALUATED_RANK if new.not_evaluated else rank(new.urgency, new.needling)
    standing = {"rank": order, "due_at": new.visit_at or new.sent_at, "state": State.NEW, "open": True, "version": 1}
    connection.execute(insert(INTAKES).values(row | standing))


def seal_texts(vault: Vault, intake_id: str, texts: Mapping[str, str]) -> bytes | None:
    """The sealed form of the patient's own words."""
    return vault.seal(Purpose.CLINICAL, _texts_place(intake_id), dict(texts)) if texts else None


def by_id(connection: Connection, intake_id: str) -> Stored:
    """One intake; raises NotFoundError."""
    query = select(INTAKES, SUBJECTS.c.identity, SUBJECTS.c.master, SUBJECTS.c.data_key).join_from(INTAKES, SUBJECTS)
    row = connection.execute(query.where(INTAKES.c.id == intake_id)).first()
    if row is None:
        raise NotFoundError("There is no such intake.")
    return Stored(
        line=_line(row),
        answers=row.answers,
        facts=row.facts,
        passed=tuple(row.passed),
        texts=row.texts,
        decision=row.decision,
        rulebook_sha256=row.rulebook_sha256,
        rulebook_version=row.rulebook_version,
    )


def decisions(connection: Connection, after: str, limit: int) -> list[Row[Any]]:
    """What was decided on what, in the order of ids: id, facts, decision, rule book, label, needling, urgency."""
    columns = (
        INTAKES.c[name] for name in ("id", "facts", "decision", "rulebook_sha256", "label", "needling", "urgency")
    )
    query = select(*columns).where(INTAKES.c.id > after).order_by(INTAKES.c.id).limit(limit)
    return list(connection.execute(query))


def receipt_of(connection: Connection, draft_id: str) -> Receipt | None:
    """The receipt of the intake that a draft became."""
    query = select(INTAKES.c.id, INTAKES.c.reference, INTAKES.c.sent_at).where(INTAKES.c.draft_id == draft_id)
    row = connection.execute(query).first()
    return None if row is None else Receipt(row.id, row.reference, row.sent_at)


def page(connection: Connection, filters: Filters, limit: int, after: Position | None = None) -> list[Line]:
    """One page of the queue: the worst first, then the soonest."""
    query = select(*LINE_COLUMNS).join_from(INTAKES, SUBJECTS).where(*_conditions(filters))
    if after is not None:
        here = tuple_(INTAKES.c.rank, INTAKES.c.due_at, INTAKES.c.id)
        query = query.where(here > tuple_(after.rank, after.due_at, after.id))
    query = query.order_by(INTAKES.c.rank, INTAKES.c.due_at, INTAKES.c.id).limit(limit)
    return [_line(row) for row in connection.execute(query)]


def count(connection: Connection, filters: Filters, most: int = MOST_COUNTED) -> int:
    """How many intakes match, counted no further than `most`: a large archive costs no more than a small one."""
    some = select(INTAKES.c.id).where(*_conditions(filters)).limit(most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def mark_seen(connection: Connection, intake_id: str) -> bool:
    """A new intake was opened; False if it was open or decided already. What a reader has before him stays current."""
    fresh = update(INTAKES).where(INTAKES.c.id == intake_id, INTAKES.c.state == State.NEW)
    return connection.execute(fresh.values(state=State.SEEN)).rowcount == 1


def mark_decided(connection: Connection, intake_id: str, version: int) -> None:
    """Close an intake and move its version on, in one compare-and-set; raises StaleError where another was faster."""
    read = update(INTAKES).where(INTAKES.c.id == intake_id, INTAKES.c.version == version)
    if connection.execute(read.values(state=State.DECIDED, open=False, version=version + 1)).rowcount != 1:
        raise StaleError(STALE)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    c = INTAKES.c
    wanted: list[ColumnElement[bool] | None] = [
        None if filters.open is None else c.open.is_(filters.open),
        None if filters.state is None else c.state == filters.state,
        None if filters.tier is None else c.rank.between(*TIER_RANKS[filters.tier]),
        None if filters.urgency is None else c.urgency == filters.urgency,
        None if filters.visit_from is None else c.visit_at >= filters.visit_from,
        None if filters.visit_until is None else c.visit_at < filters.visit_until,
        None if filters.reference is None else c.reference == filters.reference,
        *(_named(value) for value in sorted(filters.names)),
    ]
    return [condition for condition in wanted if condition is not None]


def _named(value: str) -> ColumnElement[bool]:
    return exists().where(NAME_INDEX.c.subject_id == INTAKES.c.subject_id, NAME_INDEX.c.hash == value)


def _line(row: Row[Any]) -> Line:
    return Line(
        id=row.id,
        reference=row.reference,
        draft_id=row.draft_id,
        subject=subjects.of_row(row),
        sent_at=row.sent_at,
        visit_at=row.visit_at,
        label=None if row.label is None else Label(row.label),
        urgency=Urgency(row.urgency),
        needling=Needling(row.needling),
        top_finding=row.top_finding,
        firing=row.firing,
        asking=row.asking,
        state=State(row.state),
        version=row.version,
        not_evaluated=row.not_evaluated,
        position=Position(row.rank, row.due_at, row.id),
    )


def _texts_place(intake_id: str) -> Place:
    return Place("intakes", intake_id, "texts")
