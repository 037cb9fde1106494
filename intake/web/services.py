"""What the views work with: the clinic's words, questions, rule book, store; handed over by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from flask import current_app, g, has_app_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Vocabulary
    from intake.questions.questionnaire import Questionnaire
    from intake.storage.crypto import Keys
    from intake.storage.database import Database
    from intake.web.rendering import Clinic

EXTENSION = "intake"


class Store(Protocol):
    """The open database and the keys of its sealed columns."""

    @property
    def database(self) -> Database:
        """The database, at this program's revision."""

    @property
    def keys(self) -> Keys:
        """The clinic's keys."""


class Books(Protocol):
    """The rule books to judge with."""

    @property
    def shipped(self) -> Rulebook:
        """The one that came with the program."""

    def in_force(self, db: Database, now: datetime) -> Rulebook:
        """The one to judge with now."""


@dataclass(frozen=True, slots=True)
class Services:
    """One application's parts. `secure`: reached over https only, so that cookies never travel without it."""

    clinic: Clinic
    vocabulary: Vocabulary
    questionnaire: Questionnaire
    books: Books
    store: Store
    clock: Callable[[], datetime]
    secure: bool

    @property
    def rulebook(self) -> Rulebook:
        """The rule book in force; within one request always the same, also where another is published meanwhile."""
        if not has_app_context():
            return self._in_force()
        if "rulebook" not in g:
            g.rulebook = self._in_force()
        return cast("Rulebook", g.rulebook)

    def _in_force(self) -> Rulebook:
        return self.books.in_force(self.store.database, self.clock())


def services() -> Services:
    """The parts of the application that serves this request."""
    return cast("Services", current_app.extensions[EXTENSION])
