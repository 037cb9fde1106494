"""Firings: which rules fired or asked on which sent intake, so that a rule can be counted without reading decisions.

Written in the transaction that stores the intake; gone with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, Index, String, Table, func, insert, select

from intake.engine.book.decision import Status
from intake.storage.intakes import INTAKES
from intake.storage.reviews import REVIEWS
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

FIRINGS = Table(
    "firings",
    METADATA,
    Column("intake_id", ForeignKey("intakes.id", ondelete="CASCADE"), primary_key=True),
    Column("rule", String(80), primary_key=True),
    Column("status", String(5), nullable=False),
    Column("sent_at", Moment, nullable=False),
    Index("ix_firings_sent_at", "sent_at", "rule", "status"),
)


@dataclass(frozen=True, slots=True)
class FiringCount:
    """How often a rule fired, and how often it asked."""

    fired: int = 0
    asked: int = 0


def add(connection: Connection, intake_id: str, sent_at: datetime, statuses: Mapping[str, Status]) -> None:
    """Note the rules of one intake that were not quiet."""
    rows = [
        {"intake_id": intake_id, "rule": rule, "status": status.value, "sent_at": sent_at}
        for rule, status in statuses.items()
    ]
    if rows:
        connection.execute(insert(FIRINGS), rows)


def counts(connection: Connection, since: datetime, until: datetime) -> dict[str, FiringCount]:
    """Per rule, over the intakes sent in since <= time < until; a rule that was always quiet is not in it."""
    query = (
        select(FIRINGS.c.rule, FIRINGS.c.status, func.count())
        .where(FIRINGS.c.sent_at >= since, FIRINGS.c.sent_at < until)
        .group_by(FIRINGS.c.rule, FIRINGS.c.status)
    )
    numbers: dict[tuple[str, str], int] = {(rule, status): number for rule, status, number in connection.execute(query)}
    rules = {rule for rule, _status in numbers}
    return {
        rule: FiringCount(numbers.get((rule, Status.FIRES), 0), numbers.get((rule, Status.ASKS), 0)) for rule in rules
    }


def evaluated(connection: Connection, since: datetime, until: datetime) -> int:
    """How many intakes that could be evaluated were sent in since <= time < until."""
    query = select(func.count()).where(
        INTAKES.c.sent_at >= since, INTAKES.c.sent_at < until, INTAKES.c.not_evaluated.is_(False)
    )
    return connection.scalar(query) or 0


def decided(connection: Connection, since: datetime) -> dict[str, int]:
    """Per rule, how many decisions since then were about an intake on which it fired or asked."""
    about = select(FIRINGS.c.rule, func.count()).join(REVIEWS, REVIEWS.c.intake_id == FIRINGS.c.intake_id)
    rows = connection.execute(about.where(REVIEWS.c.at >= since).group_by(FIRINGS.c.rule))
    return {rule: number for rule, number in rows}  # noqa: C416 - rows are no pairs to the type checker
