"""Reviews: what a practitioner decided about one version of an intake, and why. One a version; the note is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlalchemy import JSON, Column, ForeignKey, Integer, LargeBinary, String, Table, insert, select, update

from intake.errors import StaleError
from intake.storage.crypto import Purpose, SealedPlace
from intake.storage.intakes import INTAKES, State
from intake.storage.schema import METADATA, Moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.storage.crypto import Vault

REVIEWS = Table(
    "reviews",
    METADATA,
    Column("intake_id", ForeignKey("intakes.id"), primary_key=True),
    Column("intake_version", Integer, primary_key=True),
    Column("outcome", String(40), nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("handled", JSON, nullable=False),
    Column("note", LargeBinary),
    Column("doer", Integer, ForeignKey("staff.id")),
    Column("by", ForeignKey("staff.id"), nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
STALE = "Somebody else decided this intake since you opened it; nothing was saved."


@dataclass(frozen=True, slots=True)
class Review:
    """One decision about the version of the intake that its author had read. `reasons` are codes; `note` is sealed.

    `doer` does what the decision asks for. `handled` says of each rule that it was seen, or why its finding was set
    aside.
    """

    intake_id: str
    intake_version: int
    outcome: str
    reasons: tuple[str, ...]
    handled: dict[str, str]
    note: bytes | None
    doer: int | None
    by: int
    at: datetime

    def read_note(self, vault: Vault) -> str:
        """The practitioner's own words."""
        return cast(
            "str", vault.open(Purpose.CLINICAL, _note_place(self.intake_id, self.intake_version), self.note) or ""
        )


def seal_note(vault: Vault, intake_id: str, intake_version: int, note: str) -> bytes | None:
    """The sealed form of a note on one version of an intake."""
    return vault.seal(Purpose.CLINICAL, _note_place(intake_id, intake_version), note) if note else None


def add(connection: Connection, review: Review) -> None:
    """Decide an intake; what of its line waits still, `lineages.settle` says.

    Raises StaleError, and the caller's transaction writes nothing, where its version moved on.
    """
    _mark_decided(connection, review)
    connection.execute(
        insert(REVIEWS).values(
            intake_id=review.intake_id,
            intake_version=review.intake_version,
            outcome=review.outcome,
            reasons=list(review.reasons),
            handled=review.handled,
            note=review.note,
            doer=review.doer,
            by=review.by,
            at=review.at,
        )
    )


def _mark_decided(connection: Connection, review: Review) -> None:
    """Move the intake's version on in one compare-and-set: who decided faster has won."""
    read = update(INTAKES).where(INTAKES.c.id == review.intake_id, INTAKES.c.version == review.intake_version)
    values = {
        "state": State.DECIDED,
        "version": review.intake_version + 1,
        "outcome": review.outcome,
        "doer": review.doer,
        "decided_at": review.at,
        "unread_words": False,
    }
    if connection.execute(read.values(values)).rowcount != 1:
        raise StaleError(STALE)


def of_intake(connection: Connection, intake_id: str) -> list[Review]:
    """Every decision about an intake, oldest first."""
    return of_intakes(connection, [intake_id])


def of_intakes(connection: Connection, intake_ids: Sequence[str]) -> list[Review]:
    """Every decision about these intakes; of each the oldest first."""
    query = select(REVIEWS).where(REVIEWS.c.intake_id.in_(intake_ids)).order_by(REVIEWS.c.intake_version)
    return [
        Review(
            intake_id=row.intake_id,
            intake_version=row.intake_version,
            outcome=row.outcome,
            reasons=tuple(row.reasons),
            handled=row.handled,
            note=row.note,
            doer=row.doer,
            by=row.by,
            at=row.at,
        )
        for row in connection.execute(query)
    ]


def handled_since(connection: Connection, since: datetime) -> Iterator[dict[str, str]]:
    """What each decision since then said of its rules: seen, or why it was overridden."""
    yield from connection.scalars(select(REVIEWS.c.handled).where(REVIEWS.c.at >= since))


def _note_place(intake_id: str, intake_version: int) -> SealedPlace:
    return SealedPlace("reviews", f"{intake_id}:{intake_version}", "note")
