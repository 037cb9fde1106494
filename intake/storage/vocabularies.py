"""Vocabularies that pages were shown under, by content hash: what a question offered when it was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, String, Table, Text, select

from intake.errors import StorageError
from intake.storage.schema import METADATA, insert_once

if TYPE_CHECKING:
    from sqlalchemy import Connection

VOCABULARIES = Table(
    "vocabularies",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("content", Text, nullable=False),
)


def keep(connection: Connection, sha256: str, content: str) -> None:
    """Store a vocabulary's canonical content, once."""
    known = select(1).where(VOCABULARIES.c.sha256 == sha256)
    if connection.execute(known).first() is None:
        insert_once(connection, VOCABULARIES, {"sha256": sha256, "content": content})


def content(connection: Connection, sha256: str) -> str:
    """The canonical content; raises StorageError."""
    text = connection.scalar(select(VOCABULARIES.c.content).where(VOCABULARIES.c.sha256 == sha256))
    if text is None:
        raise StorageError(f"The vocabulary with the hash {sha256} is not stored any more; restore a backup.")
    return str(text)
