"""Finding a patient by what a practitioner has: parts of a name, a phone number, a year or a date of birth, an address.

Whole words of a name and a date of birth are looked up in the name index, over everybody. Parts are compared with the
opened identities of the newest intakes only, so that the index reveals no more than it did (docs/adr/0013).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import name_index
from intake.storage import queue as stored
from intake.workflow.review.people import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.storage.subjects import Subject

NEWEST = 2000  # identities opened for one search: a quarter of a second
SHORTEST_PHONE = 5
WRITTEN_DATE = re.compile(r"\b(\d{1,2})\.? +([^\W\d_]{3,})\.? +(\d{4})\b")
PHONE = re.compile(r"\+?\d(?:[\d ()./-]*\d)?")
MONTHS = ("%d %b %Y", "%d %B %Y")


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search text names; of `parts`, `dates` and `numbers` each must fit."""

    parts: tuple[str, ...]
    dates: tuple[str, ...]
    numbers: tuple[str, ...]

    def fits(self, identity: Mapping[str, str]) -> bool:
        """Whether everything that was typed is part of this person's name, phone, address or date of birth."""
        name = " ".join(sorted(name_index.name_parts(identity.get("name", ""))))
        email = identity.get("email", "").casefold()
        born = identity.get("born", "")
        phone = digits(identity.get("phone", ""))
        return (
            all(part in name or part in email for part in self.parts)
            and all(born == each for each in self.dates)
            and all(_dials(number, phone) or born.startswith(f"{number}-") for number in self.numbers)
        )


def parse(text: str) -> Sought:
    """What a text looks for; `13 Sep 1983`, `13.9.1983` and `1983-09-13` are one date."""
    text, written = _without_written_dates(text)
    text, dates = name_index.without_dates(text)
    numbers = tuple(digits(found) for found in PHONE.findall(text))
    words = PHONE.sub(" ", text)
    plain = [part for word in words.split() for part in _parts(word)]
    return Sought(tuple(plain), (*written, *dates), tuple(number for number in numbers if number))


def subjects(connection: Connection, keys: Keys, text: str) -> frozenset[str]:
    """The patients whom a text may mean; nobody for a text that names nothing."""
    sought = parse(text)
    if not (sought.parts or sought.dates or sought.numbers):
        return frozenset()
    newest = stored.newest_subjects(connection, NEWEST)
    near = {each.id for each in newest if fits(keys, each, sought)}
    hashes = name_index.name_hashes(keys, " ".join(sought.parts)) | {
        name_index.birth_hash(keys, born) for born in sought.dates
    }
    whole = frozenset() if sought.numbers else name_index.subjects_of(connection, hashes)
    return whole | near


def fits(keys: Keys, subject: Subject, sought: Sought) -> bool:
    """Whether a patient is one whom the text may mean; nobody who was erased, or whose identity is damaged."""
    if subject.wrapped is None:
        return False
    nobody: dict[str, str] = {}
    return sought.fits(opened(keys, lambda: subject.read_identity(keys), nobody))


def digits(text: str) -> str:
    """The figures of a phone number, without the zero that a country's own callers dial first."""
    return re.sub(r"\D", "", text).lstrip("0")


def _dials(number: str, phone: str) -> bool:
    """Whether a number is part of a phone number, or is it with a country's code before it."""
    return number in phone or (len(phone) >= SHORTEST_PHONE and number.endswith(phone))


def _parts(word: str) -> tuple[str, ...]:
    return (word.casefold(),) if "@" in word else tuple(sorted(name_index.name_parts(word)))


def _without_written_dates(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without dates such as `13 Sep 1983`, and those dates (ISO)."""
    dates = []
    for match in WRITTEN_DATE.finditer(text):
        born = _written(" ".join(match.groups()))
        if born:
            dates.append(born)
            text = text.replace(match[0], " ")
    return text, tuple(dates)


def _written(text: str) -> str:
    for pattern in MONTHS:
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return ""
