"""Danger signs that a patient took back before sending: codes and times, written once, with the intake.

What a practitioner made of one stands in `closings`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Column, ForeignKey, Integer, String, Table, insert, select

from intake.engine.book.decision import Status
from intake.engine.book.levels import Urgency
from intake.storage.intakes import INTAKES
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

TAKEN_BACK = Table(
    "taken_back",
    METADATA,
    Column("intake_id", ForeignKey("intakes.id", ondelete="CASCADE"), primary_key=True),
    Column("rule", String(80), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("status", String(8), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("taken_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An urgent rule that stood once and does not any more: by which answers (fact -> codes), from when until when.

    `status` ASKS: the patient had not been sure.
    """

    rule: str
    title: str
    status: Status
    urgency: Urgency
    answers: dict[str, object]
    said_at: datetime
    taken_at: datetime

    @property
    def key(self) -> tuple[str, datetime]:
        """Which sign it is, also where several versions of an intake tell of it."""
        return self.rule, self.taken_at


@dataclass(frozen=True, slots=True)
class VersionSign:
    """A sign that was taken back, and the version of the intake that tells of it."""

    intake_id: str
    draft_id: str
    sign: TakenBack


def add(connection: Connection, intake_id: str, signs: Iterable[TakenBack]) -> None:
    """Store what was taken back before an intake was sent."""
    rows = [
        {
            "intake_id": intake_id,
            "rule": sign.rule,
            "title": sign.title,
            "status": sign.status,
            "urgency": sign.urgency,
            "answers": sign.answers,
            "said_at": sign.said_at,
            "taken_at": sign.taken_at,
        }
        for sign in signs
    ]
    if rows:
        connection.execute(insert(TAKEN_BACK), rows)


def of_lineages(connection: Connection, names: Collection[str]) -> dict[str, tuple[VersionSign, ...]]:
    """What was taken back on any version, by lineage; the oldest version first, of each the most urgent first."""
    version = (INTAKES.c.lineage, INTAKES.c.draft_id)
    query = select(TAKEN_BACK, *version).join(INTAKES, INTAKES.c.id == TAKEN_BACK.c.intake_id)
    gravest = (TAKEN_BACK.c.urgency.desc(), TAKEN_BACK.c.said_at, TAKEN_BACK.c.rule)
    ordered = query.where(INTAKES.c.lineage.in_(list(names))).order_by(INTAKES.c.place, *gravest)
    signs: dict[str, tuple[VersionSign, ...]] = {}
    for row in connection.execute(ordered):
        sign = TakenBack(
            rule=row.rule,
            title=row.title,
            status=Status(row.status),
            urgency=Urgency(row.urgency),
            answers=row.answers,
            said_at=row.said_at,
            taken_at=row.taken_at,
        )
        signs[row.lineage] = (*signs.get(row.lineage, ()), VersionSign(row.intake_id, row.draft_id, sign))
    return signs


def still_open(signs: Iterable[VersionSign], closed: Mapping[str, Collection[str]]) -> tuple[VersionSign, ...]:
    """The signs of one lineage that nobody has closed, the most urgent first; `closed`: items by intake.

    Closing one closes what was taken back of the same rule until then, on every version. One that versions repeat
    stands once, on the newest.
    """
    told = tuple(signs)
    until: dict[str, datetime] = {}
    for each in told:
        rule, taken_at = each.sign.rule, each.sign.taken_at
        if rule in closed.get(each.intake_id, ()):
            until[rule] = max(taken_at, until.get(rule, taken_at))
    waiting = {
        each.sign.key: each
        for each in told
        if each.sign.rule not in until or each.sign.taken_at > until[each.sign.rule]
    }
    return tuple(sorted(waiting.values(), key=lambda each: (-each.sign.urgency, each.sign.said_at, each.sign.rule)))
