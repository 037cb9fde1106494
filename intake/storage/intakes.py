"""Sent intakes: answers as given, facts as resolved, decision as made. One a draft.

An intake is `open` until it is decided and nothing that the decision asked for, or that was taken back, waits any more.
With other versions of it (`lineages`) it is one line of the queue, which stands on the newest: `rank`, `open`, `to_do`
(the outcomes that wait to be done) and `held` (what older versions hold open) speak for all of them there.
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
    insert,
    select,
    update,
)

from intake.engine.book.levels import Label, Needling, Urgency
from intake.errors import NotFoundError
from intake.storage import subjects
from intake.storage.crypto import Purpose, SealedPlace
from intake.storage.schema import METADATA, Moment
from intake.storage.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

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
    Column("texts", LargeBinary),
    Column("decision", JSON(none_as_null=True)),
    Column("rulebook_sha256", ForeignKey("rulebooks.sha256"), nullable=False),
    Column("rulebook_version", String(32), nullable=False),
    Column("label", Integer),
    Column("urgency", Integer, nullable=False),
    Column("needling", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("top", JSON(none_as_null=True)),
    Column("firing", Integer, nullable=False),
    Column("asking", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("lineage", String(32), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("newest", Boolean, nullable=False),
    Column("to_do", String(80), nullable=False),
    Column("held", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Column("not_evaluated", Boolean, nullable=False),
    Column("unread_words", Boolean, nullable=False),
    Column("outcome", String(40)),
    Column("doer", Integer, ForeignKey("staff.id")),
    Column("decided_at", Moment),
    Index("ix_intakes_queue", "newest", "open", "rank", "due_at", "id"),
    Index("ix_intakes_to_do", "newest", "to_do"),
    Index("ix_intakes_archive", "newest", "rank", "due_at", "id"),
)


class State(StrEnum):
    """Where an intake stands with the practitioners. SUPERSEDED: not decided itself, but a newer version of it is."""

    NEW = "new"
    SEEN = "seen"
    DECIDED = "decided"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Position:
    """The last row of a page: the next page starts after it."""

    rank: int
    due_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class QueueLine:
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
    top: dict[str, object] | None
    firing: int
    asking: int
    state: State
    open: bool
    version: int
    not_evaluated: bool
    unread_words: bool
    texts: bytes | None
    outcome: str | None
    doer: int | None
    decided_at: datetime | None
    lineage: str
    held: dict[str, object] | None
    position: Position

    def read_texts(self, keys: Keys) -> dict[str, str]:
        """The patient's own words, by fact; none of an erased person."""
        if self.subject.wrapped is None:
            return {}
        vault = self.subject.vault(keys)
        return cast("dict[str, str]", vault.open(Purpose.CLINICAL, _texts_place(self.id), self.texts) or {})


@dataclass(frozen=True, slots=True)
class Stored:
    """One whole intake: its line in the queue, and what was said and decided."""

    line: QueueLine
    answers: dict[str, object]
    facts: dict[str, object]
    decision: dict[str, object] | None
    rulebook_sha256: str
    rulebook_version: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the patient keeps: the intake arrived, and what to call it."""

    intake_id: str
    reference: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class NewIntake:
    """An intake about to be stored; its fields are the columns. State, version and due time follow from them."""

    id: str
    reference: str
    draft_id: str
    subject_id: str
    sent_at: datetime
    visit_at: datetime | None
    answers: Mapping[str, object]
    facts: Mapping[str, object]
    texts: bytes | None
    decision: Mapping[str, object] | None
    rulebook_sha256: str
    rulebook_version: str
    label: Label | None
    urgency: Urgency
    needling: Needling
    rank: int
    top: Mapping[str, object] | None
    firing: int
    asking: int
    not_evaluated: bool
    unread_words: bool


def add(connection: Connection, new: NewIntake) -> None:
    """Store a sent intake."""
    row = {field.name: getattr(new, field.name) for field in fields(new)}
    standing = {"due_at": new.visit_at or new.sent_at, "state": State.NEW, "open": True, "version": 1}
    standing |= {"lineage": new.id, "place": 1, "newest": True, "to_do": ""}
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
    return stored_of(row)


def decisions(connection: Connection, after: str, limit: int) -> list[Row[Any]]:
    """What was decided on what, in the order of ids: id, facts, decision, rule book, label, needling, urgency.

    And what its line says: `newest`, `open`, `to_do`, `held`.
    """
    names = ("id", "facts", "decision", "rulebook_sha256", "label", "needling", "urgency")
    columns = (INTAKES.c[name] for name in (*names, "newest", "open", "to_do", "held"))
    query = select(*columns).where(INTAKES.c.id > after).order_by(INTAKES.c.id).limit(limit)
    return list(connection.execute(query))


def receipt_of(connection: Connection, draft_id: str) -> Receipt | None:
    """The receipt of the intake that a draft became."""
    query = select(INTAKES.c.id, INTAKES.c.reference, INTAKES.c.sent_at).where(INTAKES.c.draft_id == draft_id)
    row = connection.execute(query).first()
    return None if row is None else Receipt(row.id, row.reference, row.sent_at)


def mark_seen(connection: Connection, intake_id: str) -> bool:
    """A new intake was opened; False if it was open or decided already. What a reader has before him stays current."""
    fresh = update(INTAKES).where(INTAKES.c.id == intake_id, INTAKES.c.state == State.NEW)
    return connection.execute(fresh.values(state=State.SEEN)).rowcount == 1


def set_visit(connection: Connection, draft_id: str, starts_at: datetime | None) -> None:
    """The intake of a draft, if there is one, is due when its visit begins; without one when it was sent."""
    due = INTAKES.c.sent_at if starts_at is None else starts_at
    mine = update(INTAKES).where(INTAKES.c.draft_id == draft_id)
    connection.execute(mine.values(visit_at=starts_at, due_at=due))


def stored_of(row: Row[Any]) -> Stored:
    """The intake in a row that carries all its columns and, of `SUBJECTS`, what a subject is."""
    return Stored(line_of(row), row.answers, row.facts, row.decision, row.rulebook_sha256, row.rulebook_version)


def line_of(row: Row[Any]) -> QueueLine:
    """The line in a row that carries the intake's columns of `Line` and, of `SUBJECTS`, what a subject is."""
    return QueueLine(
        id=row.id,
        reference=row.reference,
        draft_id=row.draft_id,
        subject=subjects.of_row(row),
        sent_at=row.sent_at,
        visit_at=row.visit_at,
        label=None if row.label is None else Label(row.label),
        urgency=Urgency(row.urgency),
        needling=Needling(row.needling),
        top=row.top,
        firing=row.firing,
        asking=row.asking,
        state=State(row.state),
        open=row.open,
        version=row.version,
        not_evaluated=row.not_evaluated,
        unread_words=row.unread_words,
        texts=row.texts,
        outcome=row.outcome,
        doer=row.doer,
        decided_at=row.decided_at,
        lineage=row.lineage,
        held=row.held,
        position=Position(row.rank, row.due_at, row.id),
    )


def _texts_place(intake_id: str) -> SealedPlace:
    return SealedPlace("intakes", intake_id, "texts")
