"""The audit: who did what to which record; append-only, chained with a keyed hash, ids and codes only."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Column, Index, Integer, String, Table, func, insert, select

from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from intake.storage.crypto import Keys

AUDIT = Table(
    "audit",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("action", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("object_id", String(64), nullable=False),
    Column("details", JSON, nullable=False),
    Column("mac", String(64), nullable=False),
    Index(None, "kind", "object_id", "seq"),
)
CHAIN_LOCK = 7_201_127  # any number, the same in every process: PostgreSQL appends to the chain one at a time
START = ""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that happened. `actor` is `patient`, `system` or `staff:<id>`; `details` holds ids, codes, counts."""

    at: datetime
    actor: str
    action: str
    kind: str
    object_id: str
    details: Mapping[str, object]


def record(connection: Connection, keys: Keys, entry: AuditEntry) -> None:
    """Append to the chain; belongs into the transaction of what it tells about."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
    seq, previous = head(connection)
    row = {
        "seq": seq + 1,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "kind": entry.kind,
        "object_id": entry.object_id,
        "details": dict(entry.details),
        "mac": _mac(keys, previous, seq + 1, entry),
    }
    connection.execute(insert(AUDIT).values(row))


def head(connection: Connection) -> tuple[int, str]:
    """Number and seal of the last entry; kept outside, it shows a tail that was cut off."""
    row = connection.execute(select(AUDIT.c.seq, AUDIT.c.mac).order_by(AUDIT.c.seq.desc()).limit(1)).first()
    return (0, START) if row is None else (row.seq, row.mac)


def newest(connection: Connection) -> datetime | None:
    """The time of the latest entry; None: there is none."""
    latest: datetime | None = connection.scalar(select(func.max(AUDIT.c.at)))
    return latest


def of_object(connection: Connection, kind: str, object_id: str) -> list[AuditEntry]:
    """What happened to one record, oldest first."""
    query = select(AUDIT).where(AUDIT.c.kind == kind, AUDIT.c.object_id == object_id).order_by(AUDIT.c.seq)
    return [_entry(row) for row in connection.execute(query)]


def last_of_kind(connection: Connection, kind: str) -> dict[str, AuditEntry]:
    """The last thing that happened to each record of a kind, by its id."""
    query = select(AUDIT).where(AUDIT.c.kind == kind).order_by(AUDIT.c.seq)
    return {row.object_id: _entry(row) for row in connection.execute(query)}


def first_broken(connection: Connection, keys: Keys) -> int | None:
    """The number of the first entry that was changed, moved, inserted or is missing; None if the chain holds."""
    previous, expected = START, 1
    with connection.execution_options(yield_per=1000).execute(select(AUDIT).order_by(AUDIT.c.seq)) as rows:
        for row in rows:
            if row.seq != expected or not hmac.compare_digest(row.mac, _mac(keys, previous, row.seq, _entry(row))):
                return expected
            previous, expected = row.mac, expected + 1
    return None


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.at, row.actor, row.action, row.kind, row.object_id, row.details)


def _mac(keys: Keys, previous: str, seq: int, entry: AuditEntry) -> str:
    values = [seq, entry.at.isoformat(), entry.actor, entry.action, entry.kind, entry.object_id, dict(entry.details)]
    text = previous + json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hmac.new(keys.audit, text.encode(), hashlib.sha256).hexdigest()
