"""Rule books that decided something, by content hash: a decision can be read beside the rules that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, String, Table, Text, select

from intake.errors import NotFoundError
from intake.storage.schema import METADATA, Moment, insert_once

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

RULEBOOKS = Table(
    "rulebooks",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("version", String(32), nullable=False),
    Column("content", Text, nullable=False),
    Column("first_used_at", Moment, nullable=False),
)


def known(connection: Connection, sha256: str) -> bool:
    """Is this rule book stored?"""
    return connection.execute(select(1).where(RULEBOOKS.c.sha256 == sha256)).first() is not None


def keep(connection: Connection, sha256: str, version: str, content: str, now: datetime) -> None:
    """Store a rule book's canonical content, once."""
    insert_once(connection, RULEBOOKS, {"sha256": sha256, "version": version, "content": content, "first_used_at": now})


@dataclass(frozen=True, slots=True)
class StoredRulebook:
    """A rule book that decided something."""

    sha256: str
    version: str
    content: str
    first_used_at: datetime


def history(connection: Connection) -> list[StoredRulebook]:
    """Every rule book that decided something, in the order of its first use."""
    query = select(RULEBOOKS).order_by(RULEBOOKS.c.first_used_at, RULEBOOKS.c.sha256)
    return [
        StoredRulebook(row.sha256, row.version, row.content, row.first_used_at) for row in connection.execute(query)
    ]


def content(connection: Connection, sha256: str) -> str:
    """The canonical content of a rule book; raises NotFoundError."""
    text = connection.scalar(select(RULEBOOKS.c.content).where(RULEBOOKS.c.sha256 == sha256))
    if text is None:
        raise NotFoundError(f"No rule book with the hash {sha256} is stored.")
    return str(text)
