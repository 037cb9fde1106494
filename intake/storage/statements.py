"""Statements that SQLite and PostgreSQL spell differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table


def insert_once(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row unless one with its key is there; True if this call wrote it."""
    build = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    written = build(table).values(dict(row)).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(written).first() is not None
