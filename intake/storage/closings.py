"""Closings: what a practitioner did about something that keeps an intake on the list, in sealed words; once an item.

An item is a danger sign that was taken back (its rule), or what a decision asked for (`decision_item`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, select

from intake.storage.crypto import Purpose, SealedPlace
from intake.storage.schema import METADATA, Moment, insert_once

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Vault

CLOSINGS = Table(
    "closings",
    METADATA,
    Column("intake_id", ForeignKey("intakes.id", ondelete="CASCADE"), primary_key=True),
    Column("item", String(90), primary_key=True),
    Column("note", LargeBinary, nullable=False),
    Column("by", Integer, ForeignKey("staff.id"), nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Closing:
    """One item that somebody closed; `note` is sealed."""

    intake_id: str
    item: str
    note: bytes
    by: int
    at: datetime

    def read_note(self, vault: Vault) -> str:
        """What was said or done, in the practitioner's own words."""
        return cast("str", vault.open(Purpose.CLINICAL, _note_place(self.intake_id, self.item), self.note))


def decision_item(version: int) -> str:
    """The item that a decision on this version of an intake opened."""
    return f"decision:{version}"


def seal_note(vault: Vault, intake_id: str, item: str, note: str) -> bytes:
    """The sealed form of what was said or done."""
    return vault.seal(Purpose.CLINICAL, _note_place(intake_id, item), note)


def add(connection: Connection, closing: Closing) -> bool:
    """Close an item; False, and nothing is written, where somebody was faster."""
    row = {
        "intake_id": closing.intake_id,
        "item": closing.item,
        "note": closing.note,
        "by": closing.by,
        "at": closing.at,
    }
    return insert_once(connection, CLOSINGS, row)


def of_intakes(connection: Connection, intake_ids: Sequence[str]) -> dict[str, dict[str, Closing]]:
    """What is closed, by intake and item; an intake of which nothing is closed is left out."""
    closed: dict[str, dict[str, Closing]] = {}
    for row in connection.execute(select(CLOSINGS).where(CLOSINGS.c.intake_id.in_(intake_ids))):
        closing = Closing(row.intake_id, row.item, row.note, row.by, row.at)
        closed.setdefault(row.intake_id, {})[row.item] = closing
    return closed


def _note_place(intake_id: str, item: str) -> SealedPlace:
    return SealedPlace("closings", f"{intake_id}:{item}", "note")
