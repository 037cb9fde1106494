"""The birth date that opens a link or a code: five tries, each counted before it is looked at."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.tries import Counter

MOST_TRIES = 5


class Entered(StrEnum):
    """What came of a birth date."""

    OPEN = "open"
    WRONG = "wrong"
    LOCKED = "locked"


def check(connection: Connection, counter: Counter, tried: int, known: str, born: str | None) -> Entered:
    """Whether a birth date (ISO) is the known one; `tried`: how many wrong ones the counter had when it was read."""
    if not counter.count(connection, MOST_TRIES):
        return Entered.LOCKED
    if born == known:
        counter.forget(connection)
        return Entered.OPEN
    return Entered.LOCKED if tried + 1 >= MOST_TRIES else Entered.WRONG
