"""The database promises: private, durable, one writer at a time, and never another release's tables."""

from __future__ import annotations

from intake.storage.database import Database


def test_migrated(database: Database) -> None:
    database.check()
