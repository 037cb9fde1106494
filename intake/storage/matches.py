"""Who is one person and who is not: what was found equal or decided by staff about two records, and can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, delete, insert, or_, select

from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

MATCHES = Table(
    "matches",
    METADATA,
    Column("subject_id", ForeignKey("subjects.id"), primary_key=True),
    Column("other_id", ForeignKey("subjects.id"), primary_key=True, index=True),
    Column("same", Boolean, nullable=False),
    Column("how", String(8), nullable=False),
    Column("by", Integer, ForeignKey("staff.id")),
    Column("at", Moment, nullable=False, index=True),
)


class How(StrEnum):
    """Who joined or parted two records."""

    EQUAL = "equal"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Match:
    """Two records of one person (`same`), or of two; `by` None: name, birth date and a contact were equal."""

    subject_id: str
    other_id: str
    same: bool
    how: How
    by: int | None
    at: datetime


def add(connection: Connection, match: Match) -> None:
    """Keep what was decided of two records, in place of what was decided of them before."""
    remove(connection, match.subject_id, match.other_id)
    connection.execute(insert(MATCHES).values(_row(match)))


def add_rows(connection: Connection, new: Sequence[Match]) -> None:
    """Keep what was decided of records of which nothing was decided before."""
    if new:
        connection.execute(insert(MATCHES), [_row(match) for match in new])


def remove(connection: Connection, one: str, other: str) -> int:
    """Forget what was decided of two records; the number of decisions."""
    both = [one, other]
    pair = delete(MATCHES).where(MATCHES.c.subject_id.in_(both), MATCHES.c.other_id.in_(both))
    return connection.execute(pair).rowcount


def of_subjects(connection: Connection, subject_ids: Collection[str]) -> list[Match]:
    """Everything that was decided of these records, and of those that they were joined to, as far as that leads."""
    known, found = set[str](), dict[tuple[str, str], Match]()
    ahead = set(subject_ids)
    while ahead:
        some = sorted(ahead)[:400]
        known.update(some)
        here = or_(MATCHES.c.subject_id.in_(some), MATCHES.c.other_id.in_(some))
        for match in map(_match, connection.execute(select(MATCHES).where(here))):
            found[match.subject_id, match.other_id] = match
            ahead.update({match.subject_id, match.other_id} if match.same else ())
        ahead -= known
    return list(found.values())


def newest(connection: Connection, most: int) -> list[Match]:
    """The newest joins."""
    query = select(MATCHES).where(MATCHES.c.same).order_by(MATCHES.c.at.desc(), MATCHES.c.subject_id).limit(most)
    return [_match(row) for row in connection.execute(query)]


def _row(match: Match) -> dict[str, object]:
    return {name: getattr(match, name) for name in MATCHES.c.keys()}  # noqa: SIM118 - the names of columns


def _match(row: Row[Any]) -> Match:
    return Match(row.subject_id, row.other_id, row.same, How(row.how), row.by, row.at)
