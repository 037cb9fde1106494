"""The columnar form of an intake: a row of fixed width when it is stored, blocks of rows, column by column, to be read.

A choice is a number (0: unknown). Choices and regions are bits: one a code, one where unticked codes are unknown, one
where nothing was said. Numbers are floats (NaN: unknown). A word that the vocabulary lacks counts as unknown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from itertools import accumulate
from operator import or_
from struct import Struct, calcsize

from intake.engine.book.vocabulary import DECLINED, NOT_SURE, Fact, Kind, Vocabulary

ID_LENGTH = 16
NUMBERS = frozenset((Kind.NUMBER, Kind.SCORE))
SETS = frozenset((Kind.CHOICES, Kind.REGIONS))
WIDTHS = ((8, "B"), (16, "H"), (32, "I"), (64, "Q"))
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class FactColumn:
    """One fact: `format` as in `struct`, `words` what each word adds to the value, `blank` the value of no answer.

    Of a set, `every` holds the bits of all codes and `unsure` the bit that leaves unticked codes open.
    """

    fact: str
    kind: Kind
    format: str
    words: dict[str, int]
    blank: float
    every: int = 0
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a vocabulary in order; rows of another `id` are not read by it.

    `starts` holds the offset of each column in a row, and last its width; `blank` is an intake without answers.
    """

    id: str
    columns: tuple[FactColumn, ...]
    places: dict[str, int]
    starts: tuple[int, ...]
    blank: tuple[float, ...]
    packer: Struct

    @property
    def width(self) -> int:
        """Bytes a row."""
        return self.starts[-1]


def layout_of(vocabulary: Vocabulary) -> Layout:
    """The layout of every fact but texts."""
    columns = tuple(_column(vocabulary, fact) for fact in vocabulary.facts.values() if fact.kind is not Kind.TEXT)
    content = json.dumps([(each.fact, each.kind, each.format, each.words) for each in columns])
    return Layout(
        id=sha256(content.encode()).hexdigest()[:ID_LENGTH],
        columns=columns,
        places={column.fact: place for place, column in enumerate(columns)},
        starts=tuple(accumulate((calcsize(f"<{column.format}") for column in columns), initial=0)),
        blank=tuple(column.blank for column in columns),
        packer=Struct("<" + "".join(column.format for column in columns)),
    )


def _column(vocabulary: Vocabulary, fact: Fact) -> FactColumn:
    """A narrowing fact has the bits of the fact that it narrows."""
    if fact.kind in NUMBERS:
        return FactColumn(fact.name, fact.kind, "d", {}, NAN)
    if fact.kind not in SETS:
        numbers = {code: place for place, code in enumerate(fact.codes, start=1)}
        return FactColumn(fact.name, fact.kind, _format(len(numbers).bit_length()), numbers, 0)
    wide = fact if fact.narrows is None else vocabulary.facts[fact.narrows]
    codes = [code for code in wide.codes if code != wide.none]
    bits = {code: 1 << place for place, code in enumerate(codes)}
    unsure, blank = 1 << len(codes), 3 << len(codes)
    none = {} if fact.none is None else {fact.none: 0}
    states = {NOT_SURE: unsure, DECLINED: blank}
    return FactColumn(fact.name, fact.kind, _format(len(codes) + 2), bits | none | states, blank, unsure - 1, unsure)


def _format(bits: int) -> str:
    return next(letter for width, letter in WIDTHS if bits <= width)


# ---- rows


def encode_row(layout: Layout, facts: Mapping[str, object]) -> bytes:
    """One intake as a row; the answers may come straight from JSON."""
    return layout.packer.pack(*values_of(layout, facts))


def values_of(layout: Layout, facts: Mapping[str, object]) -> list[float]:
    """One intake as numbers, one a column."""
    values = list(layout.blank)
    for name, answer in facts.items():
        place = layout.places.get(name)
        if place is not None:
            values[place] = value_of(layout.columns[place], answer)
    return values


def value_of(column: FactColumn, answer: object) -> float:
    """One answer as the number that its column holds."""
    match answer:
        case str():
            return column.words.get(answer, column.blank)
        case list() | tuple() if column.kind in SETS and (answer or column.kind is Kind.REGIONS):
            return reduce(or_, [column.words.get(word, column.unsure) for word in answer], 0)
        case int() | float() if column.kind in NUMBERS:
            return answer
        case _:
            return column.blank


# ---- blocks: many rows, column after column


def block_of(layout: Layout, rows: Sequence[bytes]) -> bytes:
    """The rows as a block."""
    return packed(layout, list(map(layout.packer.unpack, rows)))


def packed(layout: Layout, intakes: Sequence[Sequence[float]]) -> bytes:
    """Intakes as a block, each given as one number a column."""
    if not intakes:
        return b""
    return b"".join(
        Struct(f"<{len(intakes)}{column.format}").pack(*values)
        for column, values in zip(layout.columns, zip(*intakes, strict=True), strict=True)
    )


def column_of(layout: Layout, fact: str, blocks: Iterable[tuple[int, bytes]]) -> bytes:
    """The bytes of one fact in all blocks, each given with its number of rows."""
    place = layout.places[fact]
    start, end = layout.starts[place : place + 2]
    return b"".join(block[start * rows : end * rows] for rows, block in blocks)


def without(layout: Layout, rows: int, block: bytes, place: int) -> bytes:
    """The block with one row left out."""
    rest = bytearray()
    for start, end in zip(layout.starts, layout.starts[1:], strict=False):
        width = end - start
        cut = start * rows + place * width
        rest += block[start * rows : cut] + block[cut + width : end * rows]
    return bytes(rest)
