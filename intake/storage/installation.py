"""The keys that belong to a database: drawn with the first start, and never drawn again beside what they sealed."""

from __future__ import annotations

from pathlib import Path

from intake.errors import StorageError
from intake.storage import keyring, meta
from intake.storage.crypto import Keys
from intake.storage.database import Database


def open_keys(database: Database, directory: Path) -> Keys:
    """The clinic's keys; raises StorageError where they are lost, or another installation's."""
    with database.read() as connection:
        bound = meta.keys_are_bound(connection)
    if bound and not keyring.exists(directory):
        raise StorageError(f"The keys of this database are not in {directory}: put back the keys that were saved.")
    keys = keyring.read_or_create(directory)
    if not bound:
        with database.begin() as connection:
            meta.bind_keys(connection, keys)
    with database.read() as connection:
        meta.check_keys(connection, keys)
    return keys
