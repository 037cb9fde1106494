"""Forms on paper that somebody types in: which drafts they are, as the audit tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from intake.storage import subjects
from intake.storage.audit import AUDIT
from intake.storage.drafts import DRAFTS
from intake.storage.subjects import SUBJECTS, Subject

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Select

TYPED = "typed_from_paper"
KIND = "draft"


@dataclass(frozen=True, slots=True)
class UnsentPaper:
    """A form that is not sent yet: whose it is as far as typed, its visit, when it was begun, the pages saved."""

    draft_id: str
    subject: Subject
    visit_id: str | None
    begun_at: datetime
    passed: tuple[str, ...]


def unfinished(connection: Connection, now: datetime, most: int) -> list[UnsentPaper]:
    """The forms that are typed in and not sent, the newest first."""
    columns = (DRAFTS.c[name] for name in ("id", "visit_id", "started_at", "passed", "subject_id"))
    typed = exists().where(AUDIT.c.kind == KIND, AUDIT.c.object_id == DRAFTS.c.id, AUDIT.c.action == TYPED)
    query: Select[Any] = (
        select(*columns, SUBJECTS.c.identity, SUBJECTS.c.master, SUBJECTS.c.data_key)
        .join_from(DRAFTS, SUBJECTS)
        .where(DRAFTS.c.intake_id.is_(None), DRAFTS.c.expires_at > now, typed)
        .order_by(DRAFTS.c.started_at.desc(), DRAFTS.c.id)
        .limit(most)
    )
    return [
        UnsentPaper(row.id, subjects.of_row(row), row.visit_id, row.started_at, tuple(row.passed))
        for row in connection.execute(query)
    ]
