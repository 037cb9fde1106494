"""The forms of visits: which questionnaire is whose visit's, how far it is, and what was sent without a visit.

A form's state is read from the draft at each look, never stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from intake.storage import intakes, subjects
from intake.storage.alerts import ALERTS
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.storage.subjects import SUBJECTS, Subject
from intake.storage.visits import HERE, VISITS, chunks

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select


@dataclass(frozen=True, slots=True)
class Form:
    """The questionnaire of a visit: what was answered so far; when it was sent, and as which intake.

    `more`: how many others of the same visit are begun and not sent.
    """

    draft_id: str
    answers: dict[str, object]
    passed: tuple[str, ...]
    sent_at: datetime | None
    intake_id: str | None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Unbound:
    """An intake that was sent without a visit, or whose visit is named; and whose it is.

    `newest`: no newer version of it was sent.
    """

    draft_id: str
    intake_id: str
    subject: Subject
    sent_at: datetime
    visit_id: str | None
    newest: bool


def forms(connection: Connection, visit_ids: Collection[str]) -> dict[str, Form]:
    """The questionnaire of each visit that has one; of several the one that was sent last, else the newest."""
    columns = (DRAFTS.c[name] for name in ("id", "visit_id", "answers", "passed", "started_at"))
    query = select(*columns, INTAKES.c.sent_at, INTAKES.c.id.label("sent_as")).outerjoin(
        INTAKES, INTAKES.c.draft_id == DRAFTS.c.id
    )
    found: dict[str, Form] = {}
    for some in chunks(sorted(visit_ids)):
        rows = connection.execute(query.where(DRAFTS.c.visit_id.in_(some)).order_by(DRAFTS.c.started_at))
        for row in rows:
            form = Form(row.id, row.answers, tuple(row.passed), row.sent_at, row.sent_as)
            before = found.get(row.visit_id)
            found[row.visit_id] = form if before is None else _of_two(before, form)
    return found


def _of_two(before: Form, form: Form) -> Form:
    """The one that counts of two forms of a visit; the other is counted where it is begun and not sent."""
    wins = before.sent_at is None or (form.sent_at is not None and form.sent_at >= before.sent_at)
    shown, other = (form, before) if wins else (before, form)
    waits = other.sent_at is None and other.passed != ()
    return replace(shown, more=before.more + form.more + int(waits))


def unsent_beside(connection: Connection, draft_id: str) -> list[tuple[str, datetime, bool]]:
    """The other questionnaires of the same visit that were begun and not sent: id, since when, whether one alarmed."""
    visit = select(DRAFTS.c.visit_id).where(DRAFTS.c.id == draft_id).scalar_subquery()
    alarmed = exists().where(ALERTS.c.draft_id == DRAFTS.c.id)
    query = select(DRAFTS.c.id, DRAFTS.c.started_at, alarmed, DRAFTS.c.passed)
    others = query.where(DRAFTS.c.visit_id == visit, DRAFTS.c.id != draft_id, DRAFTS.c.intake_id.is_(None))
    rows = connection.execute(others.order_by(DRAFTS.c.started_at))
    return [(row[0], row[1], bool(row[2])) for row in rows if row.passed]


def bind(connection: Connection, draft_id: str, visit_id: str | None, starts_at: datetime | None) -> None:
    """Make a questionnaire that of a visit, or of none; the time of its intake follows."""
    connection.execute(update(DRAFTS).where(DRAFTS.c.id == draft_id).values(visit_id=visit_id))
    intakes.set_visit(connection, draft_id, starts_at)


def visit_of(connection: Connection, draft_id: str) -> str | None:
    """The visit that a questionnaire is for; None where it has none."""
    visit_id: str | None = connection.scalar(select(DRAFTS.c.visit_id).where(DRAFTS.c.id == draft_id))
    return visit_id


def has_arrived(connection: Connection, draft_id: str) -> bool:
    """Whether the patient of a questionnaire's visit is there, or was."""
    query = select(VISITS.c.state).join(DRAFTS, DRAFTS.c.visit_id == VISITS.c.id).where(DRAFTS.c.id == draft_id)
    return connection.scalar(query) in HERE


def start_of_draft(connection: Connection, draft_id: str) -> datetime | None:
    """When the visit of a questionnaire begins; None where it has none."""
    query = select(VISITS.c.starts_at).join(DRAFTS, DRAFTS.c.visit_id == VISITS.c.id)
    begins: datetime | None = connection.scalar(query.where(DRAFTS.c.id == draft_id))
    return begins


def sent_since(connection: Connection, moment: datetime, most: int) -> list[Unbound]:
    """The intakes without a visit that were sent since a moment, the newest first; of versions the newest."""
    newest = _SENT.where(INTAKES.c.newest, INTAKES.c.sent_at >= moment, DRAFTS.c.visit_id.is_(None))
    return [_unbound(row) for row in connection.execute(newest.order_by(INTAKES.c.sent_at.desc()).limit(most))]


def sent_by(connection: Connection, subject_ids: Collection[str]) -> list[Unbound]:
    """The intakes of these patients, the newest first."""
    found: list[Unbound] = []
    for some in chunks(sorted(subject_ids)):
        found += map(_unbound, connection.execute(_SENT.where(INTAKES.c.subject_id.in_(some))))
    return sorted(found, key=lambda each: each.sent_at, reverse=True)


_SENT: Select[Any] = (
    select(
        INTAKES.c.id,
        INTAKES.c.draft_id,
        INTAKES.c.subject_id,
        INTAKES.c.sent_at,
        INTAKES.c.newest,
        DRAFTS.c.visit_id,
        SUBJECTS.c.identity,
        SUBJECTS.c.master,
        SUBJECTS.c.data_key,
    )
    .join(DRAFTS, DRAFTS.c.id == INTAKES.c.draft_id)
    .join(SUBJECTS, SUBJECTS.c.id == INTAKES.c.subject_id)
)


def _unbound(row: Row[Any]) -> Unbound:
    return Unbound(row.draft_id, row.id, subjects.of_row(row), row.sent_at, row.visit_id, row.newest)
