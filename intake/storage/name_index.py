"""The name index: keyed hashes of name parts and date of birth find a patient in a database that holds no name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, delete, func, insert, select

from intake.storage.crypto import blind_index
from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

NAME_INDEX = Table(
    "name_index",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), primary_key=True, index=True),
)

MOST_SUBJECTS = 500
MOST_SHARING = 200  # a hash that more people left is too common to find somebody by
AT_ONCE = 400

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


def without_dates(text: str) -> tuple[str, tuple[str, ...]]:
    """A text without its dates (`1951-10-26`, `26.10.1951`, `26/10/1951`), and those dates (ISO)."""
    dates = []
    for match in (*YEAR_FIRST.finditer(text), *DAY_FIRST.finditer(text)):
        year, month, day = (int(match[part]) for part in ("year", "month", "day"))
        dates.append(f"{year:04}-{month:02}-{day:02}")
    return (DAY_FIRST.sub(" ", YEAR_FIRST.sub(" ", text)) if dates else text), tuple(dates)


def birth_hash(keys: Keys, born: str) -> str:
    """What a date of birth (ISO) leaves in the index."""
    return blind_index(keys, "born", born)


def contact_hash(keys: Keys, kind: str, value: str) -> str:
    """What a whole phone number or address leaves in the index."""
    return blind_index(keys, kind, value)


def sharing(connection: Connection, hashes: Collection[str], most: int = MOST_SHARING) -> dict[str, set[str]]:
    """Who left which of these hashes; of a hash that more than `most` left, nobody: it tells no one apart."""
    found: dict[str, set[str]] = {}
    wanted = sorted(hashes)
    for start in range(0, len(wanted), AT_ONCE):
        here = NAME_INDEX.c.hash.in_(wanted[start : start + AT_ONCE])
        rare = select(NAME_INDEX.c.hash).where(here).group_by(NAME_INDEX.c.hash).having(func.count() <= most)
        query = select(NAME_INDEX.c.hash, NAME_INDEX.c.subject_id).where(NAME_INDEX.c.hash.in_(rare))
        for row in connection.execute(query):
            found.setdefault(row.subject_id, set()).add(row.hash)
    return found


def subjects_of(connection: Connection, hashes: Collection[str], most: int = MOST_SUBJECTS) -> frozenset[str]:
    """The patients that left every one of these hashes; nobody where there is none to look for."""
    if not hashes:
        return frozenset()
    column = NAME_INDEX.c
    query = select(column.subject_id).where(column.hash.in_(sorted(hashes))).group_by(column.subject_id)
    return frozenset(connection.scalars(query.having(func.count() == len(hashes)).limit(most)))


def add_rows(connection: Connection, rows: list[dict[str, str]]) -> None:
    """Make patients findable who were not: `hash` and `subject_id` of each row."""
    if rows:
        connection.execute(insert(NAME_INDEX), rows)


def replace(connection: Connection, subject_id: str, hashes: Iterable[str]) -> None:
    """Make a patient findable by exactly these hashes."""
    connection.execute(delete(NAME_INDEX).where(NAME_INDEX.c.subject_id == subject_id))
    rows = [{"hash": value, "subject_id": subject_id} for value in sorted(hashes)]
    if rows:
        connection.execute(insert(NAME_INDEX), rows)
