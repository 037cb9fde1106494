"""How many forms were begun and sent, and where the others stopped: counts by day, page and way, no person, no answer.

What is forgotten is counted first, so that the counts outlive the drafts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, String, Table, exists, insert, select, update

from intake.storage.corrections import CORRECTIONS
from intake.storage.devices import SITTINGS
from intake.storage.drafts import DRAFTS
from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Select

STOPS = Table(
    "stops",
    METADATA,
    Column("day", String(10), primary_key=True),
    Column("way", String(8), primary_key=True),
    Column("page", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
)
TABLET, OWN = "tablet", "own"


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a form is or was left: begun on which day (ISO, UTC), on what, and the last page that was answered."""

    day: str
    way: str
    page: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Forms begun since a day: how many were sent by each way, how many stopped where, and are open still."""

    sent: Counter[str]
    stopped: Counter[Stop]
    open: Counter[Stop]


def keep_stops(connection: Connection, draft_ids: Collection[str]) -> None:
    """Count drafts that are about to be forgotten."""
    for stop, times in Counter(_stops(connection, _forms().where(DRAFTS.c.id.in_(list(draft_ids))))).items():
        key = {"day": stop.day, "way": stop.way, "page": stop.page}
        more = update(STOPS).where(*(STOPS.c[name] == value for name, value in key.items()))
        if not connection.execute(more.values(times=STOPS.c.times + times)).rowcount:
            connection.execute(insert(STOPS).values({**key, "times": times}))


def counted(connection: Connection, since: datetime) -> Counted:
    """What became of the forms that were begun since a moment; corrections and new versions do not count."""
    begun = _forms().where(DRAFTS.c.started_at >= since)
    sent = Counter(stop.way for stop in _stops(connection, begun.where(DRAFTS.c.intake_id.is_not(None))))
    still = Counter(_stops(connection, begun.where(DRAFTS.c.intake_id.is_(None))))
    rows = connection.execute(select(STOPS).where(STOPS.c.day >= since.date().isoformat()))
    return Counted(sent, Counter({Stop(row.day, row.way, row.page): row.times for row in rows}), still)


def _forms() -> Select[tuple[object, ...]]:
    on_tablet = exists().where(SITTINGS.c.draft_id == DRAFTS.c.id, ~SITTINGS.c.carried)
    copied = exists().where(CORRECTIONS.c.draft_id == DRAFTS.c.id)
    return select(DRAFTS.c.started_at, DRAFTS.c.passed, on_tablet.label("on_tablet")).where(~copied)


def _stops(connection: Connection, query: Select[tuple[object, ...]]) -> Iterable[Stop]:
    for row in connection.execute(query):
        page = row.passed[-1] if row.passed else ""
        yield Stop(row.started_at.date().isoformat(), TABLET if row.on_tablet else OWN, page)
