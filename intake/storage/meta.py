"""Facts about the installation itself, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, String, Table, Text, select, update

from intake.errors import StorageError
from intake.storage.crypto import blind_index
from intake.storage.schema import METADATA
from intake.storage.statements import insert_once

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

META = Table(
    "meta",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
KEYS_MARK = "keys"


def read(connection: Connection, name: str) -> str | None:
    """One fact, None where it was never set."""
    return connection.scalar(select(META.c.value).where(META.c.name == name))


def write(connection: Connection, name: str, value: str) -> None:
    """Set one fact."""
    if not insert_once(connection, META, {"name": name, "value": value}):
        connection.execute(update(META).where(META.c.name == name).values(value=value))


def keys_are_bound(connection: Connection) -> bool:
    """Whether something may be sealed in this database already."""
    return read(connection, KEYS_MARK) is not None


def bind_keys(connection: Connection, keys: Keys) -> None:
    """Tie the database to its keys, at the first start."""
    insert_once(connection, META, {"name": KEYS_MARK, "value": _mark(keys)})


def check_keys(connection: Connection, keys: Keys) -> None:
    """Raise StorageError if the keys are another installation's."""
    if read(connection, KEYS_MARK) != _mark(keys):
        raise StorageError(
            "The keys directory does not belong to this database: put the keys back that were saved with it."
        )


def _mark(keys: Keys) -> str:
    return blind_index(keys, "installation", "keys")
