"""Check-ins: asking a patient once, one to three days after the needles, how it went; one for each visit.

What is not answered stays so: no row here says that anybody is well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ForeignKey, Index, Table, select, update

from intake.storage.drafts import DRAFTS
from intake.storage.schema import METADATA, Moment, insert_once

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

CHECK_INS = Table(
    "check_ins",
    METADATA,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False),
    Column("needled_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("given_up_at", Moment),
    Column("draft_id", ForeignKey("drafts.id"), unique=True),
    Index("ix_check_ins_due_at", "asked_at", "due_at"),
)


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A check-in as stored. `asked_at` None: nobody has asked; `given_up_at`: no letter could go out.

    `intake_id` is what was known before the needles, `draft_id` the answers that were begun, `answered_by` the intake
    that they became.
    """

    visit_id: str
    intake_id: str
    needled_at: datetime
    due_at: datetime
    until: datetime
    asked_at: datetime | None
    given_up_at: datetime | None
    draft_id: str | None
    answered_by: str | None


def plan(connection: Connection, new: CheckIn) -> bool:
    """Plan to ask; False, and nothing is written, where it is planned already."""
    row = {name: getattr(new, name) for name in CHECK_INS.c.keys()}  # noqa: SIM118 - a collection of columns
    return insert_once(connection, CHECK_INS, row)


def is_one(connection: Connection, draft_id: str) -> bool:
    """Whether a draft tells how it went after the needles."""
    return connection.scalar(select(CHECK_INS.c.visit_id).where(CHECK_INS.c.draft_id == draft_id)) is not None


def of_visit(connection: Connection, visit_id: str, *, hold: bool = False) -> CheckIn | None:
    """The check-in after a visit; `hold`: nobody else changes it before this transaction ends."""
    query = _READ.where(CHECK_INS.c.visit_id == visit_id)
    row = connection.execute(query.with_for_update(of=CHECK_INS) if hold else query).first()
    return None if row is None else _check_in(row)


def of_draft(connection: Connection, draft_id: str) -> CheckIn | None:
    """The check-in that a draft answers."""
    row = connection.execute(_READ.where(CHECK_INS.c.draft_id == draft_id)).first()
    return None if row is None else _check_in(row)


def among(connection: Connection, draft_ids: Collection[str]) -> frozenset[str]:
    """Those of these drafts that answer a check-in."""
    query = select(CHECK_INS.c.draft_id).where(CHECK_INS.c.draft_id.in_(list(draft_ids)))
    return frozenset(connection.scalars(query))


def since(connection: Connection, moment: datetime, limit: int) -> list[CheckIn]:
    """The check-ins after needles since a moment, the newest first."""
    recent = _READ.where(CHECK_INS.c.needled_at >= moment).order_by(CHECK_INS.c.needled_at.desc())
    return [_check_in(row) for row in connection.execute(recent.limit(limit))]


def to_ask(connection: Connection, now: datetime, limit: int) -> list[CheckIn]:
    """Whom it is time to ask, and nobody has."""
    waits = CHECK_INS.c.asked_at.is_(None), CHECK_INS.c.given_up_at.is_(None)
    due = _READ.where(*waits, CHECK_INS.c.due_at <= now, CHECK_INS.c.until > now)
    return [_check_in(row) for row in connection.execute(due.order_by(CHECK_INS.c.due_at).limit(limit))]


def take(connection: Connection, visit_id: str, at: datetime) -> bool:
    """Ask now; False where another process was faster, so that nobody is asked twice."""
    waits = update(CHECK_INS).where(CHECK_INS.c.visit_id == visit_id, CHECK_INS.c.asked_at.is_(None))
    return connection.execute(waits.values(asked_at=at)).rowcount == 1


def give_up(connection: Connection, visit_id: str, at: datetime) -> None:
    """Nobody can be asked by mail."""
    connection.execute(update(CHECK_INS).where(CHECK_INS.c.visit_id == visit_id).values(given_up_at=at))


def begin(connection: Connection, visit_id: str, draft_id: str | None) -> None:
    """The answers stand in this draft, or in none any more."""
    connection.execute(update(CHECK_INS).where(CHECK_INS.c.visit_id == visit_id).values(draft_id=draft_id))


def let_go(connection: Connection, draft_ids: list[str]) -> None:
    """Forget drafts, which are about to be forgotten, as answers."""
    connection.execute(update(CHECK_INS).where(CHECK_INS.c.draft_id.in_(draft_ids)).values(draft_id=None))


_READ: Select[Any] = select(CHECK_INS, DRAFTS.c.intake_id.label("answered_by")).outerjoin(
    DRAFTS, DRAFTS.c.id == CHECK_INS.c.draft_id
)


def _check_in(row: Row[Any]) -> CheckIn:
    return CheckIn(**row._mapping)  # noqa: SLF001 - the public way to a row's columns by name
