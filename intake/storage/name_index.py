"""The name index: keyed hashes of name parts and date of birth find a patient in a database that holds no name."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from sqlalchemy import Column, ForeignKey, String, Table, delete, insert

from intake.storage.crypto import blind_index
from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from intake.storage.crypto import Keys

NAME_INDEX = Table(
    "name_index",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("subject_id", ForeignKey("subjects.id"), primary_key=True, index=True),
)


def name_parts(name: str) -> frozenset[str]:
    """A name's words without case, accents, punctuation: `José Núñez-Ruiz` and `nunez jose ruiz` have equal parts."""
    plain = "".join(mark for mark in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(mark))
    return frozenset(re.findall(r"\w+", plain))


def name_hashes(keys: Keys, name: str) -> frozenset[str]:
    """What a name leaves in the index."""
    return frozenset(blind_index(keys, "name", part) for part in name_parts(name))


def birth_hash(keys: Keys, born: str) -> str:
    """What a date of birth (ISO) leaves in the index."""
    return blind_index(keys, "born", born)


def replace(connection: Connection, subject_id: str, hashes: Iterable[str]) -> None:
    """Make a patient findable by exactly these hashes."""
    connection.execute(delete(NAME_INDEX).where(NAME_INDEX.c.subject_id == subject_id))
    rows = [{"hash": value, "subject_id": subject_id} for value in sorted(hashes)]
    if rows:
        connection.execute(insert(NAME_INDEX), rows)
