"""Treatments: what was done at a visit. Never rewritten: a correction is a new version beside the old one.

Which regions and how many needles are coded; the practitioner's own words are sealed under the patient's key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table, select

from intake.storage.crypto import Purpose, SealedPlace
from intake.storage.schema import METADATA, Moment, insert_once

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Vault

TREATMENTS = Table(
    "treatments",
    METADATA,
    Column("visit_id", ForeignKey("visits.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("intake_id", ForeignKey("intakes.id"), nullable=False, index=True),
    Column("needled_at", Moment, nullable=False),
    Column("regions", JSON, nullable=False),
    Column("needles_in", Integer, nullable=False),
    Column("needles_out", Integer, nullable=False),
    Column("stimulation", Boolean, nullable=False),
    Column("reactions", JSON, nullable=False),
    Column("next_visit", String(10)),
    Column("words", LargeBinary),
    Column("by", Integer, ForeignKey("staff.id"), nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Treatment:
    """What was done, as somebody recorded it. `reactions` are codes; `words` are sealed; `intake_id`: whose key it is.

    `next_visit`: the day that was agreed on, None where none was.
    """

    visit_id: str
    version: int
    intake_id: str
    needled_at: datetime
    regions: tuple[str, ...]
    needles_in: int
    needles_out: int
    stimulation: bool
    reactions: tuple[str, ...]
    next_visit: date | None
    words: bytes | None
    by: int
    at: datetime

    def read_words(self, vault: Vault) -> dict[str, str]:
        """The practitioner's own words, by the field that they stand in."""
        place = _words_place(self.visit_id, self.version)
        return cast("dict[str, str]", vault.open(Purpose.CLINICAL, place, self.words) or {})


def seal_words(vault: Vault, visit_id: str, version: int, words: Mapping[str, str]) -> bytes | None:
    """The sealed form of a practitioner's words about one version."""
    return vault.seal(Purpose.CLINICAL, _words_place(visit_id, version), dict(words)) if words else None


def add(connection: Connection, new: Treatment) -> bool:
    """Record a version; False, and nothing is written, where somebody recorded it before."""
    row = {name: getattr(new, name) for name in TREATMENTS.c.keys()}  # noqa: SIM118 - a collection of columns
    coded = {"regions": list(new.regions), "reactions": list(new.reactions)}
    day = new.next_visit.isoformat() if new.next_visit else None
    return insert_once(connection, TREATMENTS, {**row, **coded, "next_visit": day})


def of_visits(connection: Connection, visit_ids: Collection[str]) -> dict[str, list[Treatment]]:
    """Every version of what was done at these visits, the oldest first; a visit without any is left out."""
    recorded: dict[str, list[Treatment]] = {}
    query = select(TREATMENTS).where(TREATMENTS.c.visit_id.in_(list(visit_ids))).order_by(TREATMENTS.c.version)
    for row in connection.execute(query):
        day = date.fromisoformat(row.next_visit) if row.next_visit else None
        coded = {"regions": tuple(row.regions), "reactions": tuple(row.reactions), "next_visit": day}
        treatment = Treatment(**{**row._mapping, **coded})  # noqa: SLF001 - the public way to a row's columns by name
        recorded.setdefault(row.visit_id, []).append(treatment)
    return recorded


def last(connection: Connection, visit_id: str) -> Treatment | None:
    """What was done at a visit, in the version that counts; None where nothing is recorded."""
    versions = of_visits(connection, [visit_id]).get(visit_id)
    return versions[-1] if versions else None


def _words_place(visit_id: str, version: int) -> SealedPlace:
    return SealedPlace("treatments", f"{visit_id}:{version}", "words")
