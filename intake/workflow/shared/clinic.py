"""The clinic as the workflow works with it, and the rule book in force.

In force is the clinic's published rule book, else the shipped one, with the clinic's overlay over either.

A running process notices a switch at its next request. A published book that cannot be read stops the start; in a
running process the book before it stays in force, and the log says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from threading import Lock

import structlog

from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.read.load import kept_rulebook
from intake.errors import DataFileError, StorageError
from intake.storage import audit, publications, rulebooks
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.shared.duty import NOBODY, Duty

LOG = structlog.get_logger()
MOST_UNRECORDED = 10_000


@dataclass(frozen=True, slots=True)
class _Held:
    """The book that this process judges with, and the number of its publication (None: shipped)."""

    number: int | None
    book: Rulebook


class Books:
    """The shipped rule book, and what a clinic puts in its place or over it. `local`: shipped, with the overlay."""

    def __init__(self, shipped: Rulebook, overlaid: Callable[[Rulebook], Rulebook]) -> None:
        self.shipped = shipped
        self.overlaid = overlaid
        self.local = overlaid(shipped)
        self._held: _Held | None = None
        self._loading = Lock()

    def read(self, content: str) -> Rulebook:
        """A stored rule book over this program's vocabulary, without the overlay; raises DataFileError."""
        return kept_rulebook(content, self.shipped.vocabulary)

    def bare(self, db: Database) -> Rulebook:
        """The rule book in force without the overlay; raises DataFileError where it cannot be read."""
        number = _live(db)
        return self.shipped if number is None else self._published(db, number)

    def in_force(self, db: Database, now: datetime) -> Rulebook:
        """The rule book to judge with now; raises DataFileError where there is none to fall back on."""
        number = _live(db)
        held = self._held
        if held is not None and held.number == number:
            return held.book
        with self._loading:
            return self._switched(db, number, now)

    def _switched(self, db: Database, number: int | None, now: datetime) -> Rulebook:
        held = self._held
        if held is not None and held.number == number:
            return held.book
        try:
            book = self._load(db, number)
        except DataFileError as error:
            if held is None:
                raise
            LOG.error("rulebook_not_loaded", error=str(error.problems[0]), version=held.book.version)  # noqa: TRY400 - the problem says where
            book = held.book
        with db.read() as connection:
            kept = rulebooks.known(connection, book.sha256)
        if not kept:  # a start on a full disk may still serve those who read
            with db.begin() as connection:
                rulebooks.keep(connection, book.sha256, book.version, book.content, now)
        self._held = _Held(number, book)
        return book

    def _load(self, db: Database, number: int | None) -> Rulebook:
        return self.local if number is None else self.overlaid(self._published(db, number))

    def _published(self, db: Database, number: int) -> Rulebook:
        with db.read() as connection:
            published = publications.by_id(connection, number)
        if published is None:
            raise StorageError("The published rule book is not in the database any more; restore a backup.")
        return self.read(published.content)


@dataclass(frozen=True, slots=True)
class Clinic:
    """One installation: its database, the keys of the sealed columns, its rule books, and what tells the time (UTC).

    `zone` is that of the clinic's day, whatever the machine's; `country` (two letters) reads phone numbers that name
    none; `duty` is who is told of alarms; `unrecorded` holds looks that could not be written down yet (`looks`).
    """

    database: Database
    keys: Keys
    books: Books
    clock: Callable[[], datetime]
    zone: tzinfo = UTC
    country: str = "GB"
    duty: Duty = NOBODY
    unrecorded: deque[audit.AuditEntry] = field(default_factory=lambda: deque(maxlen=MOST_UNRECORDED))

    @property
    def vocabulary(self) -> Vocabulary:
        """This program's vocabulary: every rule book is read over it."""
        return self.books.shipped.vocabulary

    @property
    def damaged(self) -> int:
        """How many sealed values were found damaged since the process began."""
        return len(self.keys.damaged)

    @property
    def today(self) -> date:
        """The day in the clinic."""
        return self.day_of(self.clock())

    def day_of(self, moment: datetime) -> date:
        """The day in the clinic at a moment."""
        return moment.astimezone(self.zone).date()

    def rulebook(self) -> Rulebook:
        """The rule book in force now; raises DataFileError where there is none to fall back on."""
        return self.books.in_force(self.database, self.clock())


def _live(db: Database) -> int | None:
    with db.read() as connection:
        return publications.live_id(connection)
