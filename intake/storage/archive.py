"""The columnar form of every sent intake: first a row of its own, then, a thousand together, a block column by column.

Replay reads only this. A row or block belongs to one layout (the vocabulary's); `missing` are intakes without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    select,
)

from intake.engine.replay.layout import block_of, encode_row, without
from intake.storage.intakes import INTAKES
from intake.storage.schema import METADATA

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.engine.replay.layout import Layout

ROWS = Table(
    "archive_rows",
    METADATA,
    Column("intake_id", ForeignKey("intakes.id", ondelete="CASCADE"), primary_key=True),
    Column("layout", String(16), nullable=False),
    Column("row", LargeBinary, nullable=False),
    Index("ix_archive_rows_layout", "layout"),
)
BLOCKS = Table(
    "archive_blocks",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("layout", String(16), nullable=False),
    Column("rows", Integer, nullable=False),
    Column("intake_ids", Text, nullable=False),
    Column("block", LargeBinary, nullable=False),
)
BLOCK_ROWS = 1024
BLOCKS_AT_ONCE = 256
COMMA = ","


@dataclass(frozen=True, slots=True)
class ArchivePart:
    """Some intakes of the archive: their ids, and blocks with the number of their rows."""

    intake_ids: tuple[str, ...]
    blocks: tuple[tuple[int, bytes], ...]


def add(connection: Connection, layout: Layout, intake_id: str, facts: Mapping[str, object]) -> None:
    """Keep the columnar form of one intake, in the transaction that stores it; a full thousand becomes a block."""
    row = {"intake_id": intake_id, "layout": layout.id, "row": encode_row(layout, facts)}
    connection.execute(insert(ROWS).values(row))
    if _loose(connection, layout) >= BLOCK_ROWS:
        _seal(connection, layout)


def _loose(connection: Connection, layout: Layout) -> int:
    return connection.scalar(select(func.count()).where(ROWS.c.layout == layout.id)) or 0


def _seal(connection: Connection, layout: Layout) -> None:
    """Turn the loose rows into a block; rows that another transaction is about to turn are left to it."""
    loose = select(ROWS.c.intake_id, ROWS.c.row).where(ROWS.c.layout == layout.id).with_for_update(skip_locked=True)
    rows = connection.execute(loose).all()
    ids = [row.intake_id for row in rows]
    connection.execute(delete(ROWS).where(ROWS.c.intake_id.in_(ids)))
    add_block(connection, layout, ids, block_of(layout, [row.row for row in rows]))


def add_block(connection: Connection, layout: Layout, intake_ids: Sequence[str], block: bytes) -> None:
    """Keep encoded intakes as one block."""
    values = {"layout": layout.id, "rows": len(intake_ids), "intake_ids": COMMA.join(intake_ids), "block": block}
    connection.execute(insert(BLOCKS).values(values))


def parts(connection: Connection, layout: Layout) -> Iterator[ArchivePart]:
    """The whole archive in the order of its blocks, many blocks at once; the loose rows come last."""
    query = select(BLOCKS.c.intake_ids, BLOCKS.c.rows, BLOCKS.c.block).where(BLOCKS.c.layout == layout.id)
    streamed = connection.execute(query.order_by(BLOCKS.c.id), execution_options={"yield_per": BLOCKS_AT_ONCE})
    for some in streamed.partitions():
        ids = COMMA.join(ids for ids, _, _ in some).split(COMMA)
        yield ArchivePart(tuple(ids), tuple((count, block) for _, count, block in some))
    loose = connection.execute(select(ROWS.c.intake_id, ROWS.c.row).where(ROWS.c.layout == layout.id)).all()
    if loose:
        rows = [row for _, row in loose]
        yield ArchivePart(tuple(name for name, _ in loose), ((len(rows), block_of(layout, rows)),))


def known(connection: Connection, layout: Layout) -> frozenset[str]:
    """The intakes that the archive holds in this layout."""
    sealed = connection.scalars(select(BLOCKS.c.intake_ids).where(BLOCKS.c.layout == layout.id))
    loose = connection.scalars(select(ROWS.c.intake_id).where(ROWS.c.layout == layout.id))
    return frozenset((*(name for ids in sealed for name in ids.split(COMMA)), *loose))


def size(connection: Connection, layout: Layout) -> int:
    """How many intakes the archive holds in this layout."""
    sealed = connection.scalar(select(func.coalesce(func.sum(BLOCKS.c.rows), 0)).where(BLOCKS.c.layout == layout.id))
    return int(sealed or 0) + _loose(connection, layout)


def sent(connection: Connection) -> int:
    """How many intakes were sent."""
    return connection.scalar(select(func.count(INTAKES.c.id))) or 0


def facts_of(connection: Connection, intake_ids: AbstractSet[str]) -> Iterator[list[tuple[str, str]]]:
    """The facts of some intakes, as they were judged, in JSON; at least a block's worth at a time.

    Reads all intakes in the order in which they lie: looking up many by their ids is several times slower.
    """
    if not intake_ids:
        return
    query = select(INTAKES.c.id, cast(INTAKES.c.facts, Text))
    rows: list[tuple[str, str]] = []
    for some in connection.execute(query, execution_options={"yield_per": BLOCK_ROWS}).partitions():
        rows += [(name, facts) for name, facts in some if name in intake_ids]
        if len(rows) >= BLOCK_ROWS:
            yield rows
            rows = []
    if rows:
        yield rows


def visits(connection: Connection, since: datetime) -> dict[str, datetime]:
    """The intakes whose visit is still to come."""
    query = select(INTAKES.c.id, INTAKES.c.visit_at).where(INTAKES.c.visit_at >= since)
    return {row.id: row.visit_at for row in connection.execute(query)}


def missing(connection: Connection, layout: Layout) -> frozenset[str]:
    """The sent intakes that the archive does not hold in this layout."""
    every = frozenset(connection.scalars(select(INTAKES.c.id)))  # read first: what is sent meanwhile is held already
    return every - known(connection, layout)


def clear(connection: Connection, keep: Layout | None = None) -> None:
    """Forget every row and block but those of the layout to keep."""
    for table in (ROWS, BLOCKS):
        connection.execute(delete(table) if keep is None else delete(table).where(table.c.layout != keep.id))


def forget(connection: Connection, layout: Layout, intake_ids: Sequence[str]) -> None:
    """Erase intakes; a block of another layout that holds one goes as a whole."""
    for name in intake_ids:
        connection.execute(delete(ROWS).where(ROWS.c.intake_id == name))
        held = select(BLOCKS).where(BLOCKS.c.intake_ids.contains(name, autoescape=True))
        for row in connection.execute(held).all():
            connection.execute(delete(BLOCKS).where(BLOCKS.c.id == row.id))
            ids = row.intake_ids.split(COMMA)
            if row.layout == layout.id and len(ids) > 1 and name in ids:
                place = ids.index(name)
                rest = {"rows": row.rows - 1, "intake_ids": COMMA.join(ids[:place] + ids[place + 1 :])}
                block = without(layout, row.rows, row.block, place)
                connection.execute(insert(BLOCKS).values(id=row.id, layout=layout.id, block=block, **rest))


def forget_erased(connection: Connection, layout: Layout) -> None:
    """Erase what was added after its intake was erased."""
    if size(connection, layout) > sent(connection):
        every = frozenset(connection.scalars(select(INTAKES.c.id)))
        forget(connection, layout, list(known(connection, layout) - every))
