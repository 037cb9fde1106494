"""Lineages: all versions of one intake, in the order in which they were sent. The queue has one line for each.

Versions share the name of their lineage, the id of one of them; whoever changes a lineage holds that row first. Each
has its `place` in the order of sending, so that a clock that is put back makes no older version the newest. What the
line says (order, open, to do, held) stands on the newest version; on older ones it stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from intake.errors import NotFoundError
from intake.storage.intakes import INTAKES, State, Stored, stored_of
from intake.storage.subjects import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection

IN_ORDER = (INTAKES.c.place, INTAKES.c.id)


@dataclass(frozen=True, slots=True)
class LineState:
    """Where a line stands in the queue, whether it waits there, which outcomes wait to be done, what is held open."""

    rank: int
    open: bool
    to_do: str
    held: Mapping[str, object] | None


def of(connection: Connection, intake_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Of each intake all versions of it, itself among them, the oldest first; an unknown id stands alone."""
    own = INTAKES.alias()
    query = select(own.c.id.label("asked"), INTAKES.c.id).join(INTAKES, INTAKES.c.lineage == own.c.lineage)
    found: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(query.where(own.c.id.in_(list(intake_ids))).order_by(*IN_ORDER)):
        found[row.asked] = (*found.get(row.asked, ()), row.id)
    return {each: found.get(each, (each,)) for each in intake_ids}


def newest(connection: Connection, intake_id: str) -> str:
    """The version of an intake that was sent last; an unknown id is its own."""
    return of(connection, [intake_id])[intake_id][-1]


def hold(connection: Connection, intake_id: str) -> str | None:
    """The name of an intake's lineage, which nobody else changes before this transaction ends; None: no such intake."""
    query, held = select(INTAKES.c.lineage).where(INTAKES.c.id == intake_id), None
    while held != (name := connection.scalar(query)):  # it may be joined to another while we wait
        connection.execute(select(INTAKES.c.id).where(INTAKES.c.id == name).with_for_update())
        held = name
    return held


def read(connection: Connection, intake_id: str) -> tuple[Stored, ...]:
    """Every version of an intake, whole, the oldest first; raises NotFoundError."""
    query = select(INTAKES, SUBJECTS.c.identity, SUBJECTS.c.master, SUBJECTS.c.data_key).join_from(INTAKES, SUBJECTS)
    name = select(INTAKES.c.lineage).where(INTAKES.c.id == intake_id).correlate(None).scalar_subquery()
    rows = connection.execute(query.where(INTAKES.c.lineage == name).order_by(*IN_ORDER))
    versions = tuple(map(stored_of, rows))
    if not versions:
        raise NotFoundError("There is no such intake.")
    return versions


def append(connection: Connection, new_id: str, intake_id: str) -> None:
    """Make what was just sent the newest version of an intake; both are held from now on."""
    _unite(connection, new_id, intake_id)
    _put_in_order(connection, new_id, (INTAKES.c.id == new_id, *IN_ORDER))


def join(connection: Connection, intake_id: str, other_id: str) -> None:
    """Make the versions of an intake versions of another, by the time of sending; both are held from now on."""
    if _unite(connection, intake_id, other_id):
        _put_in_order(connection, intake_id, (INTAKES.c.sent_at, INTAKES.c.id))


def _unite(connection: Connection, intake_id: str, other_id: str) -> bool:
    """Give both one name; False where they had one."""
    names = {each: hold(connection, each) for each in sorted((intake_id, other_id))}
    one, other = names[intake_id], names[other_id]
    if one != other:
        connection.execute(update(INTAKES).where(INTAKES.c.lineage == one).values(lineage=other))
    return one != other


def _put_in_order(connection: Connection, intake_id: str, order: Iterable[ColumnElement[Any]]) -> None:
    own = INTAKES.alias()
    name = select(own.c.lineage).where(own.c.id == intake_id).scalar_subquery()
    versions = connection.scalars(select(INTAKES.c.id).where(INTAKES.c.lineage == name).order_by(*order)).all()
    for place, each in enumerate(versions, start=1):
        mine = update(INTAKES).where(INTAKES.c.id == each)
        connection.execute(mine.values(place=place, newest=each == versions[-1]))


def settle(connection: Connection, newest_id: str, line: LineState) -> None:
    """Put a line where it belongs."""
    values = {"rank": line.rank, "open": line.open, "to_do": line.to_do, "held": line.held}
    connection.execute(update(INTAKES).where(INTAKES.c.id == newest_id).values(values))


def supersede(connection: Connection, intake_ids: Collection[str]) -> None:
    """Older versions that nobody had decided need no decision any more: a newer one has it."""
    older = update(INTAKES).where(INTAKES.c.id.in_(list(intake_ids)), INTAKES.c.state != State.DECIDED)
    connection.execute(older.values(state=State.SUPERSEDED, unread_words=False))
