"""The cells of a CSV text: which sign separates them, and where the row of column names is."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from intake.errors import ForeignFileError
from intake.interop.day_lists.columns import known
from intake.interop.day_lists.reading import MOST_COLUMNS, MOST_ROWS

SEPARATORS = (";", ",", "\t", "|")
LOOKED_AT = 60
ALIKE = 0.8  # the share of rows that have as many cells as most
MOST_TITLES = 12  # rows above the column names: the clinic, the day, a blank line
FEWEST_COLUMNS = 2
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Column names (empty where there are none), and the rows with their numbers in the file."""

    headers: Row
    rows: tuple[tuple[int, Row], ...]


def separators(text: str) -> tuple[str, ...]:
    """The signs that may separate the cells: those that give rows of one length, the one with named columns first.

    Raises ForeignFileError where a quotation mark is never closed.
    """
    scores = {sign: _score(text, sign) for sign in SEPARATORS}
    named = [sign for sign, (names, _width) in scores.items() if names >= FEWEST_COLUMNS]
    if named:
        return tuple(sorted(named, key=lambda sign: -scores[sign][0]))
    return tuple(sign for sign, (_names, width) in scores.items() if width >= FEWEST_COLUMNS)


def split(text: str, separator: str) -> Sheet:
    """The cells; raises ForeignFileError where there are too many, or where a quotation mark is never closed."""
    rows = _cells(text, separator, MOST_ROWS + MOST_TITLES + 1)
    if max(map(len, rows), default=0) > MOST_COLUMNS:
        raise ForeignFileError(f"This list has more than {MOST_COLUMNS} columns. Export fewer, then send it again.")
    named = [sum(known(cell) is not None for cell in row) for row in rows[:MOST_TITLES]]
    best = max(named, default=0)
    start = named.index(best) + 1 if best >= FEWEST_COLUMNS else 0
    headers = tuple(cell.strip() for cell in rows[start - 1]) if start else ()
    numbered = [(number, row) for number, row in enumerate(rows, 1) if number > start and any(map(str.strip, row))]
    if len(numbered) > MOST_ROWS:
        raise ForeignFileError(
            f"This list has more than {MOST_ROWS:,} rows. Export fewer days at a time, then send each."
        )
    return Sheet(headers, tuple(numbered))


def _score(text: str, sign: str) -> tuple[int, int]:
    """How many columns the best row names, and how many cells rows have; (0, 0) where rows differ in length."""
    rows = [row for row in _cells(text, sign, LOOKED_AT) if any(row)]
    named = max((sum(known(cell) is not None for cell in row) for row in rows[:MOST_TITLES]), default=0)
    (width, count), *_rest = Counter(map(len, rows)).most_common(1) or [(0, 0)]
    alike = count >= ALIKE * max(1, len(rows) - MOST_TITLES)
    return (named, width) if width >= FEWEST_COLUMNS and alike else (0, 0)


def _cells(text: str, separator: str, most: int) -> list[Row]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [tuple(row) for row in islice(reader, most)]
    except csv.Error as error:
        raise ForeignFileError(
            "A cell of this file has no end: a quotation mark is opened and never closed. Export it anew."
        ) from error
