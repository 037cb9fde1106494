"""What the views work with: the clinic's words, the rule book, the store; handed over by the composition root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from flask import current_app

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from intake.engine.rulebook import Rulebook
    from intake.engine.vocabulary import Vocabulary
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


@dataclass(frozen=True, slots=True)
class Services:
    """One application's parts. `secure`: reached over https only, so that cookies never travel without it."""

    clinic: Clinic
    vocabulary: Vocabulary
    rulebook: Rulebook
    store: Store
    clock: Callable[[], datetime]
    secure: bool


def services() -> Services:
    """The parts of the application that serves this request."""
    return cast("Services", current_app.extensions[EXTENSION])
