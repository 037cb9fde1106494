"""Tallies: how often something happened since when, by a keyed hash; all processes of the clinic share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, String, Table, case, delete, select, update

from intake.storage.schema import METADATA, Moment, insert_once

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

TALLIES = Table(
    "tallies",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("last", Moment, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How often, since when, and when last."""

    times: int
    since: datetime
    last: datetime


def read(connection: Connection, key: str) -> Tally | None:
    """A tally, None where nothing was counted."""
    row = connection.execute(select(TALLIES).where(TALLIES.c.key == key)).first()
    return None if row is None else Tally(row.times, row.since, row.last)


def add(connection: Connection, key: str, now: datetime, window: timedelta) -> Tally:
    """Count one more; a tally that began before the window begins anew."""
    if insert_once(connection, TALLIES, {"key": key, "times": 1, "since": now, "last": now}):
        return Tally(1, now, now)
    over = TALLIES.c.since <= now - window
    times = case((over, 1), else_=TALLIES.c.times + 1)
    since = case((over, now), else_=TALLIES.c.since)
    more = update(TALLIES).where(TALLIES.c.key == key).values(times=times, since=since, last=now)
    row = connection.execute(more.returning(TALLIES)).one()
    return Tally(row.times, row.since, row.last)


def take_back(connection: Connection, key: str) -> None:
    """Count one less."""
    less = update(TALLIES).where(TALLIES.c.key == key, TALLIES.c.times > 0)
    connection.execute(less.values(times=TALLIES.c.times - 1))


def remove(connection: Connection, key: str) -> None:
    """Forget one tally."""
    connection.execute(delete(TALLIES).where(TALLIES.c.key == key))


def remove_before(connection: Connection, moment: datetime) -> None:
    """Forget what was last counted before a moment."""
    connection.execute(delete(TALLIES).where(TALLIES.c.last < moment))
