"""Alerts: danger signs that the clinic learns of at once, even if the patient never sends.

Each rule once a draft, and once more where later answers make it more urgent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, column, delete, select, table, update

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Needling, Urgency
from intake.storage.crypto import Place, Purpose
from intake.storage.schema import METADATA, Moment, insert_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from intake.storage.crypto import Vault

ALERTS = Table(
    "alerts",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("rule", String(80), primary_key=True),
    Column("page", String(64), nullable=False),
    Column("status", String(8), nullable=False),
    Column("title", String(200), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("acknowledged_at", Moment, index=True),
    Column("care", LargeBinary),
)
DRAFT = table("drafts", column("id"), column("subject_id"), column("intake_id"))
BY_URGENCY = (ALERTS.c.urgency.desc(), ALERTS.c.at, ALERTS.c.draft_id, ALERTS.c.rule)


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `intake_id` is None while the patient has not sent, `taken_at` while nobody takes care of it.

    `care`, sealed, says who takes care and what is done.
    """

    draft_id: str
    subject_id: str
    intake_id: str | None
    rule: str
    page: str
    status: Status
    title: str
    urgency: Urgency
    at: datetime
    taken_at: datetime | None
    care: bytes | None

    @property
    def levels(self) -> Levels:
        """Its urgency, beside no level of needling: that is for the intake to say."""
        return Levels(Needling.OK, self.urgency)

    def read_care(self, vault: Vault) -> dict[str, str]:
        """Who takes care, and what is done; empty where nobody does."""
        place = care_place(self.draft_id)
        return cast("dict[str, str]", vault.open(Purpose.CLINICAL, place, self.care) or {})


def add(connection: Connection, row: Mapping[str, object]) -> bool:
    """Record an alert, open again where it was less urgent before; False if this draft has it as urgent already."""
    if insert_once(connection, ALERTS, row):
        return True
    same = (ALERTS.c.draft_id == row["draft_id"], ALERTS.c.rule == row["rule"])
    raised = update(ALERTS).where(*same, ALERTS.c.urgency < row["urgency"])
    reopened = raised.values(**row, acknowledged_at=None, care=None)
    return connection.execute(reopened).rowcount == 1


def rules_of_page(connection: Connection, draft_id: str, page: str) -> frozenset[str]:
    """The rules that alerted when one page of a draft was saved."""
    query = select(ALERTS.c.rule).where(ALERTS.c.draft_id == draft_id, ALERTS.c.page == page)
    return frozenset(connection.scalars(query))


def unsent(connection: Connection, limit: int = 100, *, draft: str | None = None) -> list[Alert]:
    """Alerts of drafts that were not sent: those that nobody takes care of first, the most urgent, the oldest."""
    query = (
        _query(limit).where(DRAFT.c.intake_id.is_(None)).order_by(ALERTS.c.acknowledged_at.is_not(None), *BY_URGENCY)
    )
    return [
        _alert(row) for row in connection.execute(query if draft is None else query.where(ALERTS.c.draft_id == draft))
    ]


def waiting(connection: Connection, limit: int = 100) -> list[Alert]:
    """Alerts that nobody has acknowledged: the most urgent first, then the oldest."""
    query = _query(limit).where(ALERTS.c.acknowledged_at.is_(None)).order_by(*BY_URGENCY)
    return [_alert(row) for row in connection.execute(query)]


def cards_shown(connection: Connection, draft_ids: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The alerts (draft and rule) of which the patient has read the card; none where that is not recorded."""
    shown_at = ALERTS.c.get("shown_at")
    if shown_at is None:
        return frozenset()
    query = select(ALERTS.c.draft_id, ALERTS.c.rule).where(
        ALERTS.c.draft_id.in_(list(draft_ids)), shown_at.is_not(None)
    )
    return frozenset((row.draft_id, row.rule) for row in connection.execute(query))


def _query(limit: int) -> Select[Any]:
    joined = select(ALERTS, DRAFT.c.subject_id, DRAFT.c.intake_id).join(DRAFT, DRAFT.c.id == ALERTS.c.draft_id)
    return joined.limit(limit)


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        draft_id=row.draft_id,
        subject_id=row.subject_id,
        intake_id=row.intake_id,
        rule=row.rule,
        page=row.page,
        status=Status(row.status),
        title=row.title,
        urgency=Urgency(row.urgency),
        at=row.at,
        taken_at=row.acknowledged_at,
        care=row.care,
    )


def seal_care(vault: Vault, draft_id: str, care: Mapping[str, str]) -> bytes:
    """The sealed form of who takes care, and of what is done."""
    return vault.seal(Purpose.CLINICAL, care_place(draft_id), dict(care))


def care_place(draft_id: str) -> Place:
    """Where the words about a draft's alerts are kept."""
    return Place("alerts", draft_id, "care")


def acknowledge(connection: Connection, draft_id: str, at: datetime, care: bytes | None = None) -> int:
    """Somebody, whom the audit names, has taken over every open alert of a draft; the number of them."""
    still_open = update(ALERTS).where(ALERTS.c.draft_id == draft_id, ALERTS.c.acknowledged_at.is_(None))
    return connection.execute(still_open.values(acknowledged_at=at, care=care)).rowcount


def give_back(connection: Connection, draft_id: str) -> int:
    """Nobody takes care of a draft's alerts any more; the number of those that wait again."""
    taken = update(ALERTS).where(ALERTS.c.draft_id == draft_id, ALERTS.c.acknowledged_at.is_not(None))
    return connection.execute(taken.values(acknowledged_at=None, care=None)).rowcount


def remove(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget the alerts of drafts that are being forgotten."""
    connection.execute(delete(ALERTS).where(ALERTS.c.draft_id.in_(list(draft_ids))))
