"""The small Polars expressions that readers of columns share: column names, codes as bits, three-valued `or`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

import polars as pl

from intake.engine.book.vocabulary import Vocabulary
from intake.engine.replay.frames import DTYPES
from intake.engine.replay.layout import FactColumn

NO = pl.lit(False)


def fires(name: str) -> str:
    """The column that says where a condition is TRUE."""
    return f"{name} fires"


def found(name: str) -> str:
    """The column that says where a condition is TRUE or UNKNOWN."""
    return f"{name} found"


def ticked(fact: str) -> str:
    """The column with the codes that a fact holds."""
    return f"{fact} ticked"


def unsure(fact: str) -> str:
    """The column with the codes that a fact may hold besides."""
    return f"{fact} unsure"


def held(fact: str) -> str:
    """The column with the code or number of a fact: null while unknown, 0 or NaN where it does not apply."""
    return f"{fact} held"


def two_valued(name: str) -> tuple[pl.Expr, pl.Expr]:
    """Where a condition is TRUE, and where it is TRUE or UNKNOWN: columns without null."""
    return pl.col(name).fill_null(value=False).alias(fires(name)), pl.col(name).fill_null(value=True).alias(found(name))


def ticked_codes(fact: str) -> pl.Expr:
    """The codes that a fact holds, as bits."""
    return pl.col(ticked(fact))


def unsure_codes(fact: str) -> pl.Expr:
    """The codes that a fact may hold besides, as bits."""
    return pl.col(unsure(fact))


def literal(column: FactColumn, value: int) -> pl.Expr:
    """A number of set bits as a literal of the column's own width."""
    return pl.lit(value, dtype=DTYPES[column.format])


def bits_of(column: FactColumn, codes: Iterable[str]) -> int:
    """The bits of these codes in a column, as one number."""
    return reduce(or_, (column.words[code] for code in codes), 0)


def looked_up(column: FactColumn, bits: dict[str, int]) -> pl.Expr:
    """The bits of the code that a choice holds; none while it is unknown."""
    held_code = pl.col(held(column.fact)).fill_null(0)
    if not bits:
        return wide(0)
    numbers = [column.words[code] for code in bits]
    return held_code.replace_strict(numbers, list(bits.values()), default=0, return_dtype=pl.UInt64)


def region_bits(vocabulary: Vocabulary, regions: Iterable[str]) -> int:
    """The regions as bits, in the order of the vocabulary."""
    return reduce(or_, (1 << vocabulary.regions.index(region) for region in regions), 0)


def wide(bits: int) -> pl.Expr:
    """Regions as a literal."""
    return pl.lit(bits, dtype=pl.UInt64)


def where_asked(asked: pl.Expr | None, value: pl.Expr, hidden: pl.Expr, unclear: pl.Expr | None) -> pl.Expr:
    """The value where a question applies; `hidden` where it does not, `unclear` where that is UNKNOWN."""
    if asked is None:
        return value
    return pl.when(asked).then(value).when(~asked).then(hidden).otherwise(unclear)


def either(true: pl.Expr, false: pl.Expr) -> pl.Expr:
    """TRUE, FALSE, or null where neither is."""
    return true | pl.when(false).then(NO)


def at_least(count: int, nodes: list[pl.Expr]) -> pl.Expr:
    """Whether at least `count` of the conditions hold: null while the unknown ones decide it."""
    true = pl.sum_horizontal(node.fill_null(value=False).cast(pl.UInt8) for node in nodes)
    most = pl.sum_horizontal(node.fill_null(value=True).cast(pl.UInt8) for node in nodes)
    return either(true >= count, most < count)
