"""Adverse events after needling: what, how grave, which finding should have warned, by whom. Never rewritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table, insert, select

from intake.storage.crypto import Purpose, SealedPlace
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Vault

ADVERSE_EVENTS = Table(
    "adverse_events",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False, index=True),
    Column("visit_id", ForeignKey("visits.id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("concept", String(80)),
    Column("regions", JSON, nullable=False),
    Column("words", LargeBinary),
    Column("by", Integer, ForeignKey("staff.id"), nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """One event. `concept`: the finding that should have warned, None where none could; `words` are sealed.

    `intake_id`: the answers that the needling rested on, and whose key seals the words.
    """

    id: str
    intake_id: str
    visit_id: str
    kind: str
    grade: int
    concept: str | None
    regions: tuple[str, ...]
    words: bytes | None
    by: int
    at: datetime

    def read_words(self, vault: Vault) -> str:
        """What happened, in the words of whoever recorded it."""
        return cast("str", vault.open(Purpose.CLINICAL, _words_place(self.id), self.words) or "")


def seal_words(vault: Vault, event_id: str, words: str) -> bytes | None:
    """The sealed form of what happened."""
    return vault.seal(Purpose.CLINICAL, _words_place(event_id), words) if words else None


def add(connection: Connection, new: AdverseEvent) -> None:
    """Record an event."""
    row: Mapping[str, object] = {name: getattr(new, name) for name in ADVERSE_EVENTS.c.keys()}  # noqa: SIM118
    connection.execute(insert(ADVERSE_EVENTS).values({**row, "regions": list(new.regions)}))


def of_visit(connection: Connection, visit_id: str) -> list[AdverseEvent]:
    """The events after one visit, the newest first."""
    query = select(ADVERSE_EVENTS).where(ADVERSE_EVENTS.c.visit_id == visit_id)
    rows = connection.execute(query.order_by(ADVERSE_EVENTS.c.at.desc(), ADVERSE_EVENTS.c.id))
    return [AdverseEvent(**{**row._mapping, "regions": tuple(row.regions)}) for row in rows]  # noqa: SLF001 - the public way to a row's columns by name


def _words_place(event_id: str) -> SealedPlace:
    return SealedPlace("adverse_events", event_id, "words")
