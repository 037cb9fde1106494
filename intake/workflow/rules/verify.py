"""Deciding all history again: every stored decision, by the rule book that made it, must come out the same.

One pass in the order of ids, a page at a time. What a later release adds to a decision does not count as a difference.
Where an intake has versions, its line in the queue must wait as long as anything of them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from intake.engine.book.decision import Decision
from intake.engine.book.rulebook import Rulebook
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import to_dict
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import from_raw
from intake.engine.read.load import kept_rulebook
from intake.errors import DataFileError, EvaluationError, NotFoundError
from intake.storage import intakes, rulebooks
from intake.workflow.review import lineage

if TYPE_CHECKING:
    from sqlalchemy import Row

    from intake.storage.database import Database
    from intake.workflow.shared.clinic import Clinic

AT_ONCE = 100
NO_BOOK, FAILED = "its rule book cannot be read", "it cannot be decided any more"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One intake that comes out otherwise, and which parts of its decision do; never an answer."""

    intake_id: str
    parts: tuple[str, ...]


@dataclass(slots=True)
class Verification:
    """How many were decided again, by how many rule books; those that never were decided are counted apart."""

    decided: int = 0
    not_evaluated: int = 0
    books: dict[str, Rulebook | None] = field(default_factory=dict)


def verify(clinic: Clinic, tally: Verification) -> Iterator[Mismatch]:
    """Every mismatch in the whole history; adds to the tally."""
    after = ""
    while True:
        with clinic.database.read() as connection:
            page = intakes.decisions(connection, after, AT_ONCE)
        if not page:
            return
        after = page[-1].id
        for row in page:
            parts = _differing(clinic.database, row, tally) + _line(clinic, row)
            if parts:
                yield Mismatch(row.id, parts)


def _differing(db: Database, row: Row[Any], tally: Verification) -> tuple[str, ...]:
    if row.decision is None:
        tally.not_evaluated += 1
        return ()
    tally.decided += 1
    book = _book(db, row.rulebook_sha256, tally)
    if book is None:
        return (NO_BOOK,)
    try:
        answers = from_raw(row.facts)
        now = decide(book, answers)
        outcome = to_dict(now, Intake(book.vocabulary, answers))
    except EvaluationError:
        return (FAILED,)
    parts = tuple(part for part, stored in row.decision.items() if not _agrees(stored, outcome.get(part)))
    return parts + _columns(row, now)


def _columns(row: Row[Any], now: Decision) -> tuple[str, ...]:
    """The columns that the queue goes by."""
    counted = {"label": now.label, "needling": now.levels.needling, "urgency": now.levels.urgency}
    return tuple(f"{name} in the queue" for name, level in counted.items() if getattr(row, name) != level)


def _line(clinic: Clinic, row: Row[Any]) -> tuple[str, ...]:
    """Whether the line of an intake with versions waits where anything of them does."""
    if not (row.newest and row.held):
        return ()
    with clinic.database.read() as connection:
        waits = lineage.read(connection, clinic.vocabulary, row.id).waits
    return () if (row.open, row.to_do) == waits else ("its line in the queue",)


def _book(db: Database, sha256: str, tally: Verification) -> Rulebook | None:
    """The book with that hash, read once; None where it is damaged, or this program cannot read it."""
    if sha256 not in tally.books:
        try:
            with db.read() as connection:
                book = kept_rulebook(rulebooks.content(connection, sha256))
            tally.books[sha256] = book if book.sha256 == sha256 else None
        except (DataFileError, NotFoundError, ValueError, KeyError):
            tally.books[sha256] = None
    return tally.books[sha256]


def _agrees(stored: object, now: object) -> bool:
    """Equal, but for keys that were added since."""
    match stored, now:
        case Mapping(), Mapping():
            return all(key in now and _agrees(value, now[key]) for key, value in stored.items())
        case list(), list() | tuple():
            return len(stored) == len(now) and all(map(_agrees, stored, now))
        case _:
            return stored == now
