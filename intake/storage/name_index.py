"""The name index: keyed hashes of name parts and date of birth find a patient in a database that holds no name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, delete, insert

from intake.storage.crypto import blind_index
from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

NAME_INDEX = Table(
    "name_index",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), primary_key=True, index=True),
)


LONGEST = 400  # letters of a name that are read; no name that was taken is longer
# Letters that are one sign in Unicode, and that a keyboard without them writes so.
SPELT = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
YEAR_FIRST = re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b")
DAY_FIRST = re.compile(r"\b(?P<day>\d{1,2})[-./ ](?P<month>\d{1,2})[-./ ](?P<year>\d{4})\b")


def name_parts(name: str) -> frozenset[str]:
    """A name's words without case, accents, punctuation: `José Núñez-Ruiz` and `nunez jose ruiz` have equal parts."""
    apart = unicodedata.normalize("NFKD", name[:LONGEST].casefold().translate(SPELT))
    plain = "".join(mark for mark in apart if not unicodedata.combining(mark))
    return frozenset(re.findall(r"\w+", plain))


def name_hashes(keys: Keys, name: str) -> frozenset[str]:
    """What a name leaves in the index."""
    return frozenset(blind_index(keys, "name", part) for part in name_parts(name))


def sought(keys: Keys, text: str) -> frozenset[str]:
    """What to look for: every whole word of a name, and a date of birth (`1951-10-26`, `26.10.1951`, `26/10/1951`)."""
    dates = list(_dates(text))
    names = DAY_FIRST.sub(" ", YEAR_FIRST.sub(" ", text)) if dates else text
    return name_hashes(keys, names) | {birth_hash(keys, each) for each in dates}


def _dates(text: str) -> Iterator[str]:
    for match in (*YEAR_FIRST.finditer(text), *DAY_FIRST.finditer(text)):
        year, month, day = (int(match[part]) for part in ("year", "month", "day"))
        yield f"{year:04}-{month:02}-{day:02}"


def birth_hash(keys: Keys, born: str) -> str:
    """What a date of birth (ISO) leaves in the index."""
    return blind_index(keys, "born", born)


def replace(connection: Connection, subject_id: str, hashes: Iterable[str]) -> None:
    """Make a patient findable by exactly these hashes."""
    connection.execute(delete(NAME_INDEX).where(NAME_INDEX.c.subject_id == subject_id))
    rows = [{"hash": value, "subject_id": subject_id} for value in sorted(hashes)]
    if rows:
        connection.execute(insert(NAME_INDEX), rows)
