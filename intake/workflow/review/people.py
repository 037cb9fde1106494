"""Who reads, and whom: the practitioner, and the patient whose identity is opened for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import structlog

from intake.errors import DamagedError
from intake.storage.crypto import Keys, Vault
from intake.storage.subjects import Subject

LOG = structlog.get_logger()
T = TypeVar("T")
ERASED = "Erased"
DAMAGED = "Damaged: cannot be read"
NO_NAME = "No name given"
NO_NOTE = "This patient's key is damaged, so that no note can be kept. Write it elsewhere, and leave this empty."


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A signed-in member of staff; every look and every decision carries one into the audit."""

    id: int

    @property
    def actor(self) -> str:
        """The name in the audit."""
        return f"staff:{self.id}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who the patient is, opened for a practitioner."""

    name: str
    born: date | None
    phone: str = ""
    email: str = ""

    def age_on(self, day: date) -> int | None:
        """Full years on a day."""
        if self.born is None:
            return None
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


def person(keys: Keys, subject: Subject) -> Person:
    """Open a patient's identity; an erased one has no name any more, a damaged one says that it is damaged."""
    if subject.wrapped is None:
        return Person(ERASED, None)
    known = opened(keys, lambda: subject.read_identity(keys), {"name": DAMAGED})
    return Person(
        known.get("name") or NO_NAME, _date(known.get("born", "")), known.get("phone", ""), known.get("email", "")
    )


def opened(keys: Keys, read: Callable[[], T], damaged: T) -> T:
    """What `read` opens, or `damaged` where it does not open: the log tells it once, and the others stand."""
    try:
        return read()
    except DamagedError as error:
        if error.place not in keys.damaged:
            keys.damaged.add(error.place)
            LOG.error("sealed_value_damaged", place=error.place)  # noqa: TRY400 - a trace would say no more
        return damaged


def vault_for(keys: Keys, subject: Subject, words: str) -> Vault | None:
    """What seals words about a patient; None where the key is damaged and there are none; with words DamagedError."""
    try:
        return subject.vault(keys)
    except DamagedError:
        if words:
            raise
        return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
