"""Who reads, and whom: the practitioner, and the patient whose identity is opened for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intake.storage.crypto import Keys
from intake.storage.subjects import Subject

ERASED = "Erased"
NO_NAME = "No name given"


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
    """Open a patient's identity; an erased one has no name any more."""
    if subject.wrapped is None:
        return Person(ERASED, None)
    known = subject.read_identity(keys)
    return Person(
        known.get("name") or NO_NAME, _date(known.get("born", "")), known.get("phone", ""), known.get("email", "")
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
