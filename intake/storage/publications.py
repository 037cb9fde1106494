"""Rule books on their way to being in force: each draft with its state, its report, and what it would lose for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    text,
    update,
)

from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Row

LIVE = "live"
PUBLICATIONS = Table(
    "publications",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("version", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("drafted_by", ForeignKey("staff.id")),
    Column("base_sha256", String(64)),
    Column("report", JSON(none_as_null=True)),
    Column("read_by", ForeignKey("staff.id")),
    Column("approved_by", ForeignKey("staff.id")),
    Index(
        "uq_publications_live",
        "state",
        unique=True,
        sqlite_where=text("state = 'live'"),
        postgresql_where=text("state = 'live'"),
    ),
)
LOSSES = Table(
    "publication_losses",
    METADATA,
    Column("publication_id", Integer, primary_key=True),
    Column("concept", String(80), primary_key=True),
    Column("level", String(16), primary_key=True),
    Column("shown", JSON, nullable=False),
    Column("intakes", Integer, nullable=False),
    Column("reason", Text),
    Column("reason_by", ForeignKey("staff.id")),
    ForeignKeyConstraint(["publication_id"], ["publications.id"]),
)
LIVE_ID = select(PUBLICATIONS.c.id).where(PUBLICATIONS.c.state == LIVE)  # asked at every step: made once


@dataclass(frozen=True, slots=True)
class Publication:
    """One rule book on its way. `base_sha256`: the book in force that it was compared with; people by account number.

    Nobody drafted (`drafted_by` None) what came with a release.
    """

    id: int
    sha256: str
    version: str
    content: str
    state: str
    drafted_by: int | None
    base_sha256: str | None
    report: tuple[str, ...]
    read_by: int | None
    approved_by: int | None


@dataclass(frozen=True, slots=True)
class Loss:
    """A stop that somebody would lose: an invented patient who shows it, how many stored intakes do, and why it may."""

    concept: str
    level: str
    shown: Mapping[str, object]
    intakes: int
    reason: str | None = None
    reason_by: int | None = None


def add(connection: Connection, row: Mapping[str, object]) -> int:
    """Store a draft; its number."""
    return int(connection.execute(insert(PUBLICATIONS).values(dict(row)).returning(PUBLICATIONS.c.id)).scalar_one())


def by_id(connection: Connection, number: int) -> Publication | None:
    """One of them."""
    row = connection.execute(select(PUBLICATIONS).where(PUBLICATIONS.c.id == number)).first()
    return None if row is None else _publication(row)


def everything(connection: Connection) -> list[Publication]:
    """All of them, oldest first."""
    return [_publication(row) for row in connection.execute(select(PUBLICATIONS).order_by(PUBLICATIONS.c.id))]


def holds(connection: Connection, sha256: str, states: Collection[str]) -> bool:
    """Whether this rule book is in one of these states."""
    wanted = PUBLICATIONS.c.sha256 == sha256, PUBLICATIONS.c.state.in_(states)
    return connection.execute(select(1).where(*wanted)).first() is not None


def hashes(connection: Connection, version: str, states: Collection[str]) -> frozenset[str]:
    """The hashes of the rule books of a version that are in one of these states."""
    wanted = PUBLICATIONS.c.version == version, PUBLICATIONS.c.state.in_(states)
    return frozenset(connection.scalars(select(PUBLICATIONS.c.sha256).where(*wanted)))


def live_id(connection: Connection) -> int | None:
    """The number of the published rule book; None while the shipped one is in force."""
    return connection.scalar(LIVE_ID)


def move(connection: Connection, number: int, states: Collection[str], values: Mapping[str, object]) -> bool:
    """Change one that is in one of these states; False where it is not."""
    there = update(PUBLICATIONS).where(PUBLICATIONS.c.id == number, PUBLICATIONS.c.state.in_(states))
    return connection.execute(there.values(dict(values))).rowcount == 1


def retire(connection: Connection, live: int | None, state: str) -> bool:
    """The one that was live (None: none was) is so no longer; False where that is not what is in force any more.

    Where two do this at once, the second sees False, or its own rule book is refused as the second one in force.
    """
    if live is None:
        return live_id(connection) is None
    return move(connection, live, (LIVE,), {"state": state})


def losses(connection: Connection, number: int) -> list[Loss]:
    """What one would lose, by concept."""
    mine = select(LOSSES).where(LOSSES.c.publication_id == number).order_by(LOSSES.c.concept, LOSSES.c.level)
    return [
        Loss(row.concept, row.level, row.shown, row.intakes, row.reason, row.reason_by)
        for row in connection.execute(mine)
    ]


def set_losses(connection: Connection, number: int, lost: Iterable[Loss]) -> None:
    """Put these losses in place of the ones before."""
    connection.execute(delete(LOSSES).where(LOSSES.c.publication_id == number))
    for loss in lost:
        row = {
            "publication_id": number,
            "concept": loss.concept,
            "level": loss.level,
            "shown": dict(loss.shown),
            "intakes": loss.intakes,
            "reason": loss.reason,
            "reason_by": loss.reason_by,
        }
        connection.execute(insert(LOSSES).values(row))


def give_reason(connection: Connection, number: int, concept: str, reason: str, by: int) -> int:
    """Say why a concept may be lost; how many of its losses that covers."""
    mine = update(LOSSES).where(LOSSES.c.publication_id == number, LOSSES.c.concept == concept)
    return connection.execute(mine.values(reason=reason, reason_by=by)).rowcount


def _publication(row: Row[Any]) -> Publication:
    return Publication(
        id=row.id,
        sha256=row.sha256,
        version=row.version,
        content=row.content,
        state=row.state,
        drafted_by=row.drafted_by,
        base_sha256=row.base_sha256,
        report=tuple(row.report or ()),
        read_by=row.read_by,
        approved_by=row.approved_by,
    )
