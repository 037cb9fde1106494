"""A disk on which nothing more can be written, and a database that another process holds locked."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from intake.storage.database import Database


@contextmanager
def full() -> Iterator[None]:
    """The kernel refuses this process every byte of every file, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else is in the middle of a write to this SQLite file."""
    path = Path(str(database.url.database))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
