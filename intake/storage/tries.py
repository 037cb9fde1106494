"""Tries: how often a wrong birth date came with a link or a code; rows of several tables count in a column `tries`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

if TYPE_CHECKING:
    from sqlalchemy import Column, Connection


@dataclass(frozen=True, slots=True)
class Counter:
    """The row that counts, by its key's column and value."""

    key: Column[Any]
    value: str

    def count(self, connection: Connection, most: int) -> bool:
        """Count a birth date before it is looked at; False, and nothing is counted, where there were too many."""
        table = self.key.table
        left = update(table).where(self.key == self.value, table.c.tries < most)
        return connection.execute(left.values(tries=table.c.tries + 1)).rowcount == 1

    def forget(self, connection: Connection) -> None:
        """A birth date was right, or the clinic lets somebody try again."""
        connection.execute(update(self.key.table).where(self.key == self.value).values(tries=0))
