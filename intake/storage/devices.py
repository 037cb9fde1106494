"""Tablets of the clinic: enrolled by a code, known by a key kept as its hash; and the forms filled in on them.

A sitting is one person's time at a tablet: which draft it fills, which page may be shown next, and whether still.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    exists,
    insert,
    or_,
    select,
    update,
)

from intake.errors import NotFoundError
from intake.storage.alerts import ALERTS
from intake.storage.draft_keys import DRAFT_KEYS
from intake.storage.drafts import DRAFTS
from intake.storage.handovers import HANDOVERS
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

DEVICES = Table(
    "devices",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("added_by", Integer, ForeignKey("staff.id"), nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("code_hash", String(64)),
    Column("code_until", Moment),
    Column("tries", Integer, nullable=False),
    Column("key_hash", String(64), unique=True),
    Column("enrolled_at", Moment),
    Column("revoked_at", Moment),
    Column("called_at", Moment),
    Column("called_for", String(8)),
)
SITTINGS = Table(
    "sittings",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("device_id", ForeignKey("devices.id"), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("state", String(8), nullable=False),
    Column("page", String(64), nullable=False),
    Column("ready", Boolean, nullable=False),
    Column("refused", LargeBinary),
    Column("helper", String(12), nullable=False),
    Column("shown_at", Moment, nullable=False),
    Column("idle_at", Moment),
    Column("meant_visit", ForeignKey("visits.id", ondelete="SET NULL")),
    Column("unclear_at", Moment, index=True),
    Column("carried", Boolean, nullable=False),
    Column("day_only", Boolean, nullable=False),
    Index("ix_sittings_device_id", "device_id", "state"),
)
NO_DEVICE = "This tablet is not enrolled here, or not any more."


class SittingState(StrEnum):
    """Whether somebody fills in the form now, may go on after naming the birth date, or is gone."""

    LIVE = "live"
    LOCKED = "locked"
    ENDED = "ended"


class Wish(StrEnum):
    """What somebody at a tablet asks of the staff: a person, to be asked the questions by one, the form on paper."""

    HELP = "help"
    ASKED = "asked"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Device:
    """A tablet. `called_at`: since when somebody there asks for a member of staff, and what for."""

    id: str
    name: str
    added_at: datetime
    code_until: datetime | None
    enrolled_at: datetime | None
    revoked_at: datetime | None
    called_at: datetime | None
    called_for: Wish | None


@dataclass(frozen=True, slots=True, repr=False)
class Sitting:
    """The form on a tablet. `ready`: `page` may be shown once; `refused`: the sealed page that had faults.

    `meant_visit` is the visit that it was begun for, `unclear_at` since when it is unclear whose form it is.
    """

    draft_id: str
    device_id: str
    begun_at: datetime
    state: SittingState
    page: str
    ready: bool
    refused: bytes | None
    helper: str
    shown_at: datetime
    idle_at: datetime | None
    meant_visit: str | None
    unclear_at: datetime | None
    carried: bool
    day_only: bool


def add(connection: Connection, row: Mapping[str, object]) -> None:
    """A tablet that waits for its code."""
    connection.execute(insert(DEVICES).values({"tries": 0, **row}))


def every(connection: Connection) -> list[Device]:
    """Every tablet that was not revoked, by name."""
    rows = connection.execute(select(DEVICES).where(DEVICES.c.revoked_at.is_(None)).order_by(DEVICES.c.name))
    return [_device(row) for row in rows]


def by_key(connection: Connection, key_hash: str) -> Device:
    """The tablet of a key; raises NotFoundError where there is none or it was revoked."""
    row = connection.execute(
        select(DEVICES).where(DEVICES.c.key_hash == key_hash, DEVICES.c.revoked_at.is_(None))
    ).first()
    if row is None:
        raise NotFoundError(NO_DEVICE)
    return _device(row)


def waiting_for(connection: Connection, code_hash: str, now: datetime, most_tries: int) -> str | None:
    """The tablet that waits for this code, if the code still counts."""
    query = select(DEVICES.c.id).where(DEVICES.c.code_hash == code_hash, DEVICES.c.code_until > now)
    found: str | None = connection.scalar(query.where(DEVICES.c.revoked_at.is_(None), DEVICES.c.tries < most_tries))
    return found


def count_wrong_code(connection: Connection) -> None:
    """A wrong code counts against every code that waits."""
    connection.execute(update(DEVICES).where(DEVICES.c.code_hash.is_not(None)).values(tries=DEVICES.c.tries + 1))


def set_device(connection: Connection, device_id: str, values: Mapping[str, object]) -> bool:
    """Set columns of a tablet that was not revoked; False where there is none."""
    here = update(DEVICES).where(DEVICES.c.id == device_id, DEVICES.c.revoked_at.is_(None))
    return connection.execute(here.values(dict(values))).rowcount == 1


def sit(connection: Connection, row: Mapping[str, object]) -> None:
    """Somebody begins a form on a tablet."""
    connection.execute(
        insert(SITTINGS).values({"helper": "", "ready": False, "carried": False, "day_only": False, **row})
    )


def carry(connection: Connection, draft_id: str, device_id: str, at: datetime, *, day_only: bool) -> None:
    """Bring a form that was begun elsewhere to a tablet; from one that had it before it is gone.

    `day_only`: for the questions of the day alone; nothing that was said in it is shown there.
    """
    here = {"device_id": device_id, "state": SittingState.LIVE, "page": "", "ready": True, "refused": None}
    here |= {"shown_at": at, "idle_at": None, "carried": True, "day_only": day_only}
    if not set_sitting(connection, draft_id, here):
        sit(connection, {"draft_id": draft_id, "begun_at": at, **here})


def sitting(connection: Connection, device_id: str) -> Sitting | None:
    """The form that a tablet has, open or locked."""
    query = select(SITTINGS).where(SITTINGS.c.device_id == device_id, SITTINGS.c.state != SittingState.ENDED)
    row = connection.execute(query.order_by(SITTINGS.c.begun_at.desc())).first()
    return None if row is None else _sitting(row)


def of_draft(connection: Connection, draft_id: str) -> Sitting | None:
    """The sitting in which a draft was begun."""
    row = connection.execute(select(SITTINGS).where(SITTINGS.c.draft_id == draft_id)).first()
    return None if row is None else _sitting(row)


def set_sitting(connection: Connection, draft_id: str, values: Mapping[str, object], **were: object) -> bool:
    """Set columns of a sitting, where columns still are as they `were`; False where they are not."""
    here = update(SITTINGS).where(SITTINGS.c.draft_id == draft_id)
    for name, value in were.items():
        here = here.where(SITTINGS.c[name] == value)
    return connection.execute(here.values(dict(values))).rowcount == 1


def end_sittings(connection: Connection, device_id: str) -> None:
    """Nobody sits at the tablet any more."""
    values = {"state": SittingState.ENDED, "ready": False, "refused": None}
    connection.execute(update(SITTINGS).where(SITTINGS.c.device_id == device_id).values(values))


def unclear(connection: Connection) -> list[Sitting]:
    """The forms of which it is unclear whose they are, the oldest first."""
    query = select(SITTINGS).where(SITTINGS.c.unclear_at.is_not(None)).order_by(SITTINGS.c.unclear_at)
    return [_sitting(row) for row in connection.execute(query)]


def is_nobodys(connection: Connection, draft_id: str) -> bool:
    """Whether a cleared tablet may forget a draft: no visit, not sent, no question whose it is, no alarm ever.

    Nor may it where another device has the form, or can still have it by four words.
    """
    query = select(DRAFTS.c.id).join(SITTINGS, SITTINGS.c.draft_id == DRAFTS.c.id)
    alarmed = exists().where(ALERTS.c.draft_id == DRAFTS.c.id)
    free = query.where(DRAFTS.c.id == draft_id, DRAFTS.c.visit_id.is_(None), DRAFTS.c.intake_id.is_(None))
    elsewhere = or_(
        SITTINGS.c.carried,
        exists().where(DRAFT_KEYS.c.draft_id == DRAFTS.c.id),
        exists().where(HANDOVERS.c.draft_id == DRAFTS.c.id),
    )
    return connection.scalar(free.where(SITTINGS.c.unclear_at.is_(None), ~alarmed, ~elsewhere)) is not None


def visit_of(connection: Connection, draft_id: str) -> str | None:
    """The visit that a draft belongs to."""
    found: str | None = connection.scalar(select(DRAFTS.c.visit_id).where(DRAFTS.c.id == draft_id))
    return found


def states(connection: Connection, device_ids: Sequence[str]) -> dict[str, Sitting]:
    """The form that each of these tablets has, open or locked."""
    query = select(SITTINGS).where(SITTINGS.c.device_id.in_(device_ids), SITTINGS.c.state != SittingState.ENDED)
    return {row.device_id: _sitting(row) for row in connection.execute(query.order_by(SITTINGS.c.begun_at))}


def _device(row: Row[Any]) -> Device:
    wish = None if row.called_for is None else Wish(row.called_for)
    return Device(row.id, row.name, row.added_at, row.code_until, row.enrolled_at, row.revoked_at, row.called_at, wish)


def _sitting(row: Row[Any]) -> Sitting:
    return Sitting(**{**row._mapping, "state": SittingState(row.state)})  # noqa: SLF001 - SQLAlchemy's public name
