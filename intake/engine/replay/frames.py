"""Stored intakes as Polars columns, one a fact, as `columns` spells them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import polars as pl

from intake.engine.book.vocabulary import Answers, Vocabulary
from intake.engine.replay.layout import FactColumn, Layout, column_of, layout_of, packed, values_of

Blocks: TypeAlias = Sequence[tuple[int, bytes]]
DTYPES = {"B": pl.UInt8, "H": pl.UInt16, "I": pl.UInt32, "Q": pl.UInt64, "d": pl.Float64}


def encode(vocabulary: Vocabulary, intakes: Iterable[Answers]) -> pl.DataFrame:
    """The intakes as columns, one a fact."""
    layout = layout_of(vocabulary)
    rows = [values_of(layout, intake) for intake in intakes]
    return frame_of(layout, [(len(rows), packed(layout, rows))])


def frame_of(layout: Layout, blocks: Blocks, facts: Sequence[str] = ()) -> pl.DataFrame:
    """The columns of stored blocks, of all facts or of the named ones."""
    rows = sum(count for count, _ in blocks)
    columns = layout.columns if not facts else [layout.columns[layout.places[name]] for name in facts]
    return pl.DataFrame([_series(layout, column, blocks, rows) for column in columns])


def _series(layout: Layout, column: FactColumn, blocks: Blocks, rows: int) -> pl.Series:
    dtype = DTYPES[column.format]
    if not rows:
        return pl.Series(column.fact, [], dtype=dtype)
    whole = pl.Series(column.fact, [column_of(layout, column.fact, blocks)], dtype=pl.Binary)
    return whole.bin.reinterpret(dtype=pl.Array(dtype, rows), endianness="little").explode()
