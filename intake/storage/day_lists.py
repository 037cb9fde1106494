"""Day lists that were sent for import and are being checked: sealed under a key of their own, gone when it is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table, delete, insert, select, update

from intake.errors import NotFoundError
from intake.storage.crypto import Purpose, SealedPlace, WrappedKey, new_vault, open_vault
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

DAY_LISTS = Table(
    "day_lists",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("by", Integer, ForeignKey("staff.id"), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("master", String(32), nullable=False),
    Column("data_key", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("choices", JSON, nullable=False),
)
GONE = "This day list is not here any more: it was saved, left, or is older than a day. Send the file again."


@dataclass(frozen=True, slots=True, repr=False)
class DayList:
    """A file as it came, and what somebody chose about reading it and about its rows."""

    id: str
    at: datetime
    content: bytes
    choices: dict[str, object]


def add(connection: Connection, keys: Keys, new: DayList, by: int) -> None:
    """Keep a file for the time of checking it."""
    vault, wrapped = new_vault(keys, new.id)
    sealed = vault.seal(Purpose.IDENTITY, _place(new.id), new.content.decode("latin-1"))
    row = {"id": new.id, "by": by, "at": new.at, "content": sealed, "choices": new.choices}
    connection.execute(insert(DAY_LISTS).values({**row, "master": wrapped.master, "data_key": wrapped.sealed}))


def by_id(connection: Connection, keys: Keys, list_id: str) -> DayList:
    """One day list; raises NotFoundError where it is gone."""
    row = connection.execute(select(DAY_LISTS).where(DAY_LISTS.c.id == list_id)).first()
    if row is None:
        raise NotFoundError(GONE)
    vault = open_vault(keys, list_id, WrappedKey(row.master, row.data_key))
    content = cast("str", vault.open(Purpose.IDENTITY, _place(list_id), row.content))
    return DayList(list_id, row.at, content.encode("latin-1"), row.choices)


def choose(connection: Connection, list_id: str, choices: Mapping[str, object]) -> None:
    """Keep what was chosen; raises NotFoundError where the list is gone."""
    mine = update(DAY_LISTS).where(DAY_LISTS.c.id == list_id)
    if connection.execute(mine.values(choices=dict(choices))).rowcount != 1:
        raise NotFoundError(GONE)


def remove(connection: Connection, list_id: str) -> bool:
    """Forget a day list with its key; False where it was gone: of two that save it at once one succeeds."""
    return connection.execute(delete(DAY_LISTS).where(DAY_LISTS.c.id == list_id)).rowcount == 1


def remove_before(connection: Connection, moment: datetime) -> int:
    """Forget day lists that nobody finished; the number of them."""
    return connection.execute(delete(DAY_LISTS).where(DAY_LISTS.c.at < moment)).rowcount


def _place(list_id: str) -> SealedPlace:
    return SealedPlace("day_lists", list_id, "content")
