"""Stored JSON -> the numbers of the columnar form, fast: most patients spell most answers alike, each is read once.

A text is cut after the name of every fact. Between two cuts stands the answer to the fact named before, and the name
of the next fact: read once for each fact, from then on it is one look into a dict.
"""

from __future__ import annotations

import json
from typing import TypeAlias

from intake.engine.replay.layout import Layout, value_of, values_of

BEGIN, CUT, BETWEEN, END = '{"', '": ', ', "', "}"
QUOTE, ESCAPE = '"', "\\"
NOTHING = QUOTE  # the name of no fact: after the end
MOST_KNOWN = 100_000


class JsonRows:
    """Encodes intakes from JSON as `json.dumps` spells it; other spellings are read as well, more slowly."""

    def __init__(self, layout: Layout) -> None:
        """Begin with nothing read."""
        self._layout = layout
        self._blank = [*layout.blank, 0]  # what the layout lacks goes behind the columns
        self.known: dict[str, _Following] = {}
        self._read = 0

    def values(self, text: str) -> list[float]:
        """One JSON object of facts as numbers, one a column."""
        first, *pieces = text.split(CUT)
        if not pieces or ESCAPE in text:
            return values_of(self._layout, json.loads(text))
        if self._read > MOST_KNOWN:
            self.known, self._read = {}, 0
        values = self._blank.copy()
        try:
            following = self._following(first.removeprefix(BEGIN))
            for piece in pieces:
                place, value, following = following[piece]
                values[place] = value
        except ValueError:  # spelled in another way
            return values_of(self._layout, json.loads(text))
        values.pop()
        return values

    def _following(self, fact: str) -> _Following:
        return self.known.get(fact) or self.known.setdefault(fact, _Following(self, fact))

    def read(self, fact: str, piece: str) -> _Read:
        """What stands after the name of a fact; raises ValueError where that is not an answer and the next name."""
        self._read += 1
        answer, _, name = (piece[: -len(END)], "", NOTHING) if piece.endswith(END) else piece.rpartition(BETWEEN)
        if QUOTE in fact:
            raise ValueError("no name of a fact")
        place, value = self._layout.places.get(fact), json.loads(answer)
        if place is None:
            return len(self._layout.columns), 0, self._following(name)
        return place, value_of(self._layout.columns[place], value), self._following(name)


class _Following(dict[str, "_Read"]):
    """What has followed the name of one fact -> the place of the answer, its number, what follows the next name."""

    def __init__(self, rows: JsonRows, fact: str) -> None:
        self._rows = rows
        self._fact = fact

    def __missing__(self, piece: str) -> _Read:
        read = self[piece] = self._rows.read(self._fact, piece)
        return read


_Read: TypeAlias = tuple[int, float, _Following]
