"""Replay: what a new rule book would change for every stored intake, read from the columnar archive alone.

`refresh` adds what the archive lacks (intakes sent before it, or under another vocabulary).
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple, TypeAlias

from intake.engine.book.levels import ABSOLUTE
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.replay.changes import Change, ChangeCounts, Differ, Labels, Move
from intake.engine.replay.json_rows import JsonRows
from intake.engine.replay.layout import Layout, layout_of, packed
from intake.errors import StorageError
from intake.storage import archive
from intake.storage.archive import ArchivePart
from intake.storage.database import Database

_Rows: TypeAlias = list[tuple[str, str]]
WORTH_PROCESSES = 20_000
MOST_WAITING = 8
BLOCKS_A_WRITE = 8


class ChangedIntake(NamedTuple):
    """One intake that changes; `visit_at` only where the visit is still to come, `lost` concepts whose stop is gone."""

    intake_id: str
    visit_at: datetime | None
    labels: Labels
    moves: tuple[Move, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What changes for whom: patients with a visit to come first, by its time. `lost` are those who lose a stop."""

    tally: ChangeCounts
    patients: tuple[ChangedIntake, ...] = ()

    @property
    def lost(self) -> tuple[ChangedIntake, ...]:
        """The patients for whom an absolute finding is gone."""
        return tuple(patient for patient in self.patients if patient.lost)


def replay(db: Database, old: Rulebook, new: Rulebook, *, now: datetime) -> Report:
    """Compare two rule books over the whole archive; raises StorageError where the archive is not complete."""
    differ, tally = Differ(old, new), ChangeCounts()
    layout = differ.layout
    with db.read() as connection:
        held, sent = archive.size(connection, layout), archive.sent(connection)
        if held != sent:
            raise StorageError(f"The archive holds {held} of {sent} intakes in this form; refresh it first.")
        visits = archive.visits(connection, now)
        compared = _compared(differ, tally, archive.parts(connection, layout))
        patients = [one for part, changes in compared for one in _patients(part, changes, visits)]
    return Report(tally, tuple(sorted(patients, key=_order)))


def _compared(
    differ: Differ, tally: ChangeCounts, parts: Iterator[ArchivePart]
) -> Iterator[tuple[ArchivePart, list[Change]]]:
    """Each part with its changes; the next part is read while one is compared."""
    with ThreadPoolExecutor(1) as pool:
        waiting: tuple[ArchivePart, Future[list[Change]]] | None = None
        for part in parts:
            coming = (part, pool.submit(differ.compare, part.blocks, tally))
            if waiting is not None:
                yield waiting[0], waiting[1].result()
            waiting = coming
        if waiting is not None:
            yield waiting[0], waiting[1].result()


def _patients(part: ArchivePart, changes: list[Change], visits: dict[str, datetime]) -> Iterator[ChangedIntake]:
    for change in changes:
        lost = tuple(dict.fromkeys(stop.concept for stop in change.lost if (stop.axis, stop.level) in ABSOLUTE))
        for place in change.places:
            name = part.intake_ids[place]
            yield ChangedIntake(name, visits.get(name), change.labels, change.moves, lost)


def _order(patient: ChangedIntake) -> tuple[bool, float, int, str]:
    """Visits to come in their order, then those who lose a stop, then the worst new label."""
    if patient.visit_at is not None:
        return False, patient.visit_at.timestamp(), 0, patient.intake_id
    return True, not patient.lost, -patient.labels[1], patient.intake_id


def refresh(db: Database, vocabulary: Vocabulary, *, afresh: bool = False) -> int:
    """Add to the archive what it lacks in this vocabulary's form, and how many that were; `afresh`: all of it again.

    Short writing transactions, so that patients can send meanwhile. Run one at a time.
    """
    layout = layout_of(vocabulary)
    if afresh:
        with db.begin() as connection:
            archive.clear(connection)
    with db.read() as connection:
        lacking = archive.missing(connection, layout)
        blocks = _blocks(vocabulary, archive.facts_of(connection, lacking), len(lacking))
        while some := list(islice(blocks, BLOCKS_A_WRITE)):
            _write(db, layout, some)
    with db.begin() as connection:
        archive.clear(connection, keep=layout)
        archive.forget_erased(connection, layout)
    return len(lacking)


def _write(db: Database, layout: Layout, blocks: list[tuple[list[str], bytes]]) -> None:
    with db.begin() as connection:
        for intake_ids, block in blocks:
            archive.add_block(connection, layout, intake_ids, block)


def _blocks(vocabulary: Vocabulary, rows: Iterator[_Rows], number: int) -> Iterator[tuple[list[str], bytes]]:
    """The intakes as blocks; many of them are encoded on every core."""
    if number < WORTH_PROCESSES:
        layout = layout_of(vocabulary)
        reader = JsonRows(layout)
        yield from (_encoded(layout, reader, some) for some in rows)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), context, _Worker.begin, (vocabulary,)) as pool:
        waiting: deque[Future[tuple[list[str], bytes]]] = deque()
        for some in rows:
            waiting.append(pool.submit(_Worker.encode, some))
            if len(waiting) > MOST_WAITING:
                yield waiting.popleft().result()
        yield from (one.result() for one in waiting)


class _Worker:
    """A process that encodes; the layout is made once."""

    layout: Layout
    reader: JsonRows

    @classmethod
    def begin(cls, vocabulary: Vocabulary) -> None:
        cls.layout = layout_of(vocabulary)
        cls.reader = JsonRows(cls.layout)

    @classmethod
    def encode(cls, rows: _Rows) -> tuple[list[str], bytes]:
        return _encoded(cls.layout, cls.reader, rows)


def _encoded(layout: Layout, reader: JsonRows, rows: _Rows) -> tuple[list[str], bytes]:
    return [name for name, _ in rows], packed(layout, [reader.values(facts) for _, facts in rows])
