"""Alerts: danger signs that the clinic learns of at once, even if the patient never sends. Each owes a card.

Each rule once a draft; once more where later answers make it more urgent, or it is said after a "not sure", or again
after it was taken back. What was taken back owes a card of its own, and stays for the clinic until somebody closes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    column,
    delete,
    func,
    literal,
    or_,
    select,
    table,
    update,
)

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Needling, Urgency
from intake.storage.crypto import Purpose, SealedPlace
from intake.storage.schema import METADATA, Moment, insert_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select, Update

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
    Column("shown_at", Moment),
    Column("withdrawn_at", Moment),
    Column("withdrawal_shown_at", Moment),
    Column("seen_at", Moment),
)
AFRESH = ("acknowledged_at", "seen_at", "care", "shown_at", "withdrawn_at", "withdrawal_shown_at")
DRAFT = table("drafts", column("id"), column("subject_id"), column("intake_id"), column("source"))
OPEN = (ALERTS.c.acknowledged_at.is_(None), DRAFT.c.intake_id.is_(None))
WAITING = (
    select(ALERTS.c.draft_id).join(DRAFT, DRAFT.c.id == ALERTS.c.draft_id).where(*OPEN).group_by(ALERTS.c.draft_id)
)
TAKEN = (
    select(ALERTS.c.draft_id)
    .join(DRAFT, DRAFT.c.id == ALERTS.c.draft_id)
    .where(DRAFT.c.intake_id.is_(None), ALERTS.c.care.is_not(None), ALERTS.c.draft_id.not_in(WAITING))
    .group_by(ALERTS.c.draft_id)
)
WORST_FIRST = (func.max(ALERTS.c.urgency).desc(), func.min(ALERTS.c.at), ALERTS.c.draft_id)
NEWEST_FIRST = (func.max(ALERTS.c.at).desc(), ALERTS.c.draft_id)
BY_URGENCY = (ALERTS.c.urgency.desc(), ALERTS.c.at, ALERTS.c.draft_id, ALERTS.c.rule)


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert; `intake_id` is None while the patient has not sent, `taken_at` while nobody takes care of it.

    `source` marks the network it came from. `care`, sealed, says who takes care and what is done; None beside a
    `taken_at`: nobody was behind it.
    """

    draft_id: str
    subject_id: str
    intake_id: str | None
    source: str | None
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


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert as its draft remembers it.

    `owed`: the patient has not yet gone on from its card; for one that was taken back, from the card that says so.
    `seen_at`: when a practitioner took it as a real one.
    """

    page: str
    status: Status
    urgency: Urgency
    owed: bool = True
    withdrawn: bool = False
    seen_at: datetime | None = None

    def is_outdone_by(self, status: Status, urgency: Urgency) -> bool:
        """Whether an alert of this status and urgency is news: worse, said for sure by now, or said again."""
        return self.withdrawn or urgency > self.urgency or (self.status is Status.ASKS and status is Status.FIRES)


def raised(row: Row[Any]) -> Raised:
    """The alert of a row that carries the columns of one."""
    withdrawn = row.withdrawn_at is not None
    owed = row.withdrawal_shown_at is None if withdrawn else row.shown_at is None
    return Raised(row.page, Status(row.status), Urgency(row.urgency), owed, withdrawn, row.seen_at)


def add(connection: Connection, row: Mapping[str, object]) -> bool:
    """Record an alert, open again where the earlier one was less; False if this draft has it already."""
    if insert_once(connection, ALERTS, row):
        return True
    said = and_(ALERTS.c.status == Status.ASKS, literal(row["status"] == Status.FIRES))
    less = or_(ALERTS.c.urgency < row["urgency"], said, ALERTS.c.withdrawn_at.is_not(None))
    again = update(ALERTS).where(ALERTS.c.draft_id == row["draft_id"], ALERTS.c.rule == row["rule"], less)
    return connection.execute(again.values(**row, **dict.fromkeys(AFRESH))).rowcount == 1


def withdraw(connection: Connection, draft_id: str, rules: Iterable[str], at: datetime) -> None:
    """Note that the patient took back what raised these; for the clinic they stay as open as they are."""
    connection.execute(_of(draft_id, rules).values(withdrawn_at=at))


def mark_shown(connection: Connection, draft_id: str, rules: Iterable[str], at: datetime) -> None:
    """The patient went on from the card with these; the first time counts."""
    raised = _of(draft_id, rules).where(ALERTS.c.withdrawn_at.is_(None), ALERTS.c.shown_at.is_(None))
    connection.execute(raised.values(shown_at=at))
    back = _of(draft_id, rules).where(ALERTS.c.withdrawn_at.is_not(None), ALERTS.c.withdrawal_shown_at.is_(None))
    connection.execute(back.values(withdrawal_shown_at=at))


def _of(draft_id: str, rules: Iterable[str]) -> Update:
    return update(ALERTS).where(ALERTS.c.draft_id == draft_id, ALERTS.c.rule.in_(list(rules)))


def count_unsent(connection: Connection) -> int:
    """How many drafts that nobody sent have a danger sign that nobody has taken over."""
    return connection.scalar(select(func.count()).select_from(WAITING.subquery())) or 0


def worst_unsent(connection: Connection, limit: int, offset: int = 0) -> list[str]:
    """Such drafts, the most urgent first, then those that wait longest."""
    return list(connection.scalars(WAITING.order_by(*WORST_FIRST).limit(limit).offset(offset)))


def newest_unsent(connection: Connection, limit: int) -> list[str]:
    """Such drafts, the one with the newest danger sign first."""
    return list(connection.scalars(WAITING.order_by(*NEWEST_FIRST).limit(limit)))


def count_taken(connection: Connection) -> int:
    """How many drafts that nobody sent have danger signs that somebody takes care of, and none that is open."""
    return connection.scalar(select(func.count()).select_from(TAKEN.subquery())) or 0


def newest_taken(connection: Connection, limit: int) -> list[str]:
    """Such drafts, the one that was taken last first."""
    return list(
        connection.scalars(TAKEN.order_by(func.max(ALERTS.c.acknowledged_at).desc(), *NEWEST_FIRST).limit(limit))
    )


def unsent_of(connection: Connection, source: str) -> list[str]:
    """Such drafts that came from one network."""
    return list(connection.scalars(WAITING.where(DRAFT.c.source == source)))


def count_by_source(connection: Connection, sources: Iterable[str]) -> dict[str, int]:
    """How many such drafts came from each of these networks."""
    drafts = func.count(ALERTS.c.draft_id.distinct())
    query = select(DRAFT.c.source, drafts).join(ALERTS, DRAFT.c.id == ALERTS.c.draft_id).where(*OPEN)
    found = connection.execute(query.where(DRAFT.c.source.in_(set(sources))).group_by(DRAFT.c.source))
    return {row[0]: row[1] for row in found}


def waiting(connection: Connection, drafts: Iterable[str] | None = None) -> list[Alert]:
    """Open alerts of these drafts, or of all, sent ones too: the most urgent first, then the oldest."""
    query = _query().where(ALERTS.c.acknowledged_at.is_(None)).order_by(*BY_URGENCY)
    if drafts is not None:
        query = query.where(ALERTS.c.draft_id.in_(list(drafts)))
    return [_alert(row) for row in connection.execute(query)]


def unsent(connection: Connection, drafts: Iterable[str]) -> list[Alert]:
    """Every alert of those of these drafts that nobody sent: open ones first, the most urgent, the oldest."""
    query = _query().where(DRAFT.c.intake_id.is_(None), ALERTS.c.draft_id.in_(list(drafts)))
    return [
        _alert(row) for row in connection.execute(query.order_by(ALERTS.c.acknowledged_at.is_not(None), *BY_URGENCY))
    ]


def cards_shown(connection: Connection, draft_ids: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The alerts (draft and rule) of which the patient has read the card."""
    query = select(ALERTS.c.draft_id, ALERTS.c.rule).where(
        ALERTS.c.draft_id.in_(list(draft_ids)), ALERTS.c.shown_at.is_not(None)
    )
    return frozenset((row.draft_id, row.rule) for row in connection.execute(query))


def _query() -> Select[Any]:
    return select(ALERTS, DRAFT.c.subject_id, DRAFT.c.intake_id, DRAFT.c.source).join(
        DRAFT, DRAFT.c.id == ALERTS.c.draft_id
    )


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        draft_id=row.draft_id,
        subject_id=row.subject_id,
        intake_id=row.intake_id,
        source=row.source,
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


def care_place(draft_id: str) -> SealedPlace:
    """Where the words about a draft's alerts are kept."""
    return SealedPlace("alerts", draft_id, "care")


def take(connection: Connection, draft_id: str, at: datetime, care: bytes | None = None) -> int:
    """A practitioner, whom the audit names, has taken every open alert of a draft; the number of them.

    `care` says who takes care and what is done.
    """
    return connection.execute(_still_open(draft_id).values(acknowledged_at=at, seen_at=at, care=care)).rowcount


def set_aside(connection: Connection, draft_id: str, at: datetime) -> int:
    """Somebody says that nobody is behind the open alerts of a draft, so no patient reads that they were seen."""
    return connection.execute(_still_open(draft_id).values(acknowledged_at=at)).rowcount


def _still_open(draft_id: str) -> Update:
    return update(ALERTS).where(ALERTS.c.draft_id == draft_id, ALERTS.c.acknowledged_at.is_(None))


def give_back(connection: Connection, draft_id: str) -> int:
    """Nobody takes care of a draft's alerts any more; the number of those that wait again."""
    taken = update(ALERTS).where(ALERTS.c.draft_id == draft_id, ALERTS.c.acknowledged_at.is_not(None))
    return connection.execute(taken.values(acknowledged_at=None, seen_at=None, care=None)).rowcount


def bring_back(connection: Connection, draft_id: str) -> int:
    """Open what was set aside as nobody's: somebody is behind it after all; the number of them."""
    aside = update(ALERTS).where(
        ALERTS.c.draft_id == draft_id, ALERTS.c.acknowledged_at.is_not(None), ALERTS.c.seen_at.is_(None)
    )
    return connection.execute(aside.values(acknowledged_at=None)).rowcount


def remove(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget the alerts of drafts that are being forgotten."""
    connection.execute(delete(ALERTS).where(ALERTS.c.draft_id.in_(list(draft_ids))))
