"""The trail: every change a patient made, in order, never rewritten. Identity and free text are sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table, delete, insert, select

from intake.storage.crypto import SealedPlace
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Purpose, Vault

TRAIL = Table(
    "trail",
    METADATA,
    Column("draft_id", ForeignKey("drafts.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("key", String(80), nullable=False),
    Column("old", JSON(none_as_null=True)),
    Column("new", JSON(none_as_null=True)),
    Column("sealed", LargeBinary),
)
APPEND = insert(TRAIL)


@dataclass(frozen=True, slots=True, repr=False)
class TrailChange:
    """One change. None: not answered. Where it is personal, both are None and `sealed` holds old and new."""

    seq: int
    at: datetime
    key: str
    old: object
    new: object
    sealed: bytes | None = None


def sealed_change(vault: Vault, draft_id: str, change: TrailChange, purpose: Purpose) -> TrailChange:
    """The same change with its two values sealed for its place in the trail."""
    sealed = vault.seal(purpose, _place(draft_id, change), [change.old, change.new])
    return replace(change, old=None, new=None, sealed=sealed)


def opened_change(vault: Vault, draft_id: str, change: TrailChange, purpose: Purpose) -> TrailChange:
    """The change that `sealed_change` sealed; a change in clear is given back as it is."""
    if change.sealed is None:
        return change
    old, new = cast("list[object]", vault.open(purpose, _place(draft_id, change), change.sealed))
    return replace(change, old=old, new=new, sealed=None)


def add(connection: Connection, draft_id: str, changes: Sequence[TrailChange]) -> None:
    """Append the changes of one step."""
    if changes:
        connection.execute(APPEND, [_row(draft_id, change) for change in changes])


def of_draft(connection: Connection, draft_id: str) -> list[TrailChange]:
    """Every change of a draft, oldest first."""
    query = select(TRAIL).where(TRAIL.c.draft_id == draft_id).order_by(TRAIL.c.seq)
    return [TrailChange(r.seq, r.at, r.key, r.old, r.new, r.sealed) for r in connection.execute(query)]


def remove(connection: Connection, draft_ids: Iterable[str]) -> None:
    """Forget the trail of drafts that are being forgotten."""
    connection.execute(delete(TRAIL).where(TRAIL.c.draft_id.in_(list(draft_ids))))


def _place(draft_id: str, change: TrailChange) -> SealedPlace:
    return SealedPlace("trail", f"{draft_id}:{change.seq}", change.key)


def _row(draft_id: str, change: TrailChange) -> dict[str, object]:
    return {
        "draft_id": draft_id,
        "seq": change.seq,
        "at": change.at,
        "key": change.key,
        "old": change.old,
        "new": change.new,
        "sealed": change.sealed,
    }
