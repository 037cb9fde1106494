"""Facts about the installation itself, by name; and the keys that belong to its database.

Keys are drawn with the first start, and never again beside what they sealed.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, String, Table, Text, select, update

from intake.errors import StorageError
from intake.storage import keyring
from intake.storage.crypto import Keys, blind_index
from intake.storage.database import Database
from intake.storage.schema import METADATA, insert_once

INSTALLATION = Table(
    "installation",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)
KEYS_MARK = "keys"
PROBED = "probed"  # written to see whether anything can be


def read(connection: Connection, name: str) -> str | None:
    """One fact, None where it was never set."""
    return connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.name == name))


def write(connection: Connection, name: str, value: str) -> None:
    """Set one fact."""
    if not insert_once(connection, INSTALLATION, {"name": name, "value": value}):
        connection.execute(update(INSTALLATION).where(INSTALLATION.c.name == name).values(value=value))


def renew(connection: Connection, name: str, before: str | None, value: str) -> bool:
    """Set one fact that is still as it was read; of several processes that do so at once one succeeds."""
    if before is None:
        return insert_once(connection, INSTALLATION, {"name": name, "value": value})
    unchanged = update(INSTALLATION).where(INSTALLATION.c.name == name, INSTALLATION.c.value == before)
    return connection.execute(unchanged.values(value=value)).rowcount == 1


def spend(connection: Connection, name: str) -> bool:
    """Empty a fact; False where it was empty already, or never set: of two that spend it at once one succeeds."""
    unspent = update(INSTALLATION).where(INSTALLATION.c.name == name, INSTALLATION.c.value != "")
    return connection.execute(unspent.values(value="")).rowcount == 1


def open_keys(database: Database, directory: Path) -> Keys:
    """The clinic's keys; raises StorageError where they are lost, or another installation's."""
    with database.read() as connection:
        bound = read(connection, KEYS_MARK) is not None
    if bound and not keyring.exists(directory):
        raise StorageError(f"The keys of this database are not in {directory}: put back the keys that were saved.")
    keys = keyring.read_or_create(directory)
    if not bound:
        with database.begin() as connection:
            insert_once(connection, INSTALLATION, {"name": KEYS_MARK, "value": _mark(keys)})
    with database.read() as connection:
        refuse_other_keys(connection, keys)
    return keys


def refuse_other_keys(connection: Connection, keys: Keys) -> None:
    """Raise StorageError unless these are the keys that the database was begun with; one never opened has none yet."""
    mark = read(connection, KEYS_MARK)
    if mark is not None and mark != _mark(keys):
        raise StorageError(
            "The keys directory does not belong to this database: put the keys back that were saved with it."
        )


def _mark(keys: Keys) -> str:
    return blind_index(keys, "installation", "keys")
