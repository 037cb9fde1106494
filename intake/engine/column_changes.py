"""What a new rule book changes for stored intakes: rules that fire, ask or count otherwise, labels, lost stops.

Reads columns only. Rules that judge alike in both books are not compared; a stop is do_not_needle or emergency_now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import polars as pl

from intake.engine.column_conditions import fires, found
from intake.engine.column_frames import Blocks, frame_of
from intake.engine.rulebook import Label, Levels, Needling, Rulebook, Status, Urgency
from intake.engine.to_columns import Book, Columns, evaluate, to_columns

Labels: TypeAlias = tuple[Label, Label]
QUIET, ASKS, FIRES = range(3)
STATUSES = {ASKS: Status.ASKS, FIRES: Status.FIRES}
STEPS = len(Urgency)
STATES = len(Needling) * STEPS
NOWHERE = pl.lit(0, dtype=pl.UInt8)


@dataclass(frozen=True, slots=True)
class State:
    """What one rule makes of one intake; no status: quiet."""

    status: Status | None
    levels: Levels


@dataclass(frozen=True, slots=True)
class Move:
    """A rule that says something else of an intake than before."""

    rule: str
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class Change:
    """One intake, by its place in the blocks, that changes; `lost` are concepts whose stop is gone."""

    place: int
    labels: Labels
    moves: tuple[Move, ...]
    lost: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Over all intakes: how many have which label before and after, and how often each rule moved how."""

    intakes: int = 0
    labels: Counter[Labels] = field(default_factory=Counter)
    moves: Counter[Move] = field(default_factory=Counter)


class Differ:
    """Two rule books over one vocabulary, ready to compare stored blocks."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        """Prepare the expressions of both; they must share one vocabulary."""
        if old.vocabulary != new.vocabulary:
            raise ValueError("rule books over two vocabularies cannot be compared column by column")
        self.columns: Columns = to_columns(old, new)
        before, after = self.columns.books
        self._names = tuple(_moved(old, new))
        pairs = [(_state(before, name), _state(after, name)) for name in self._names]
        stops = {name: (_stop(before, name), _stop(after, name)) for name in _concepts(old, new, self._names)}
        self._concepts = tuple(stops)
        self._compared = [
            before.label.alias("label 0"),
            after.label.alias("label 1"),
            *(one.alias(f"state {side} {place}") for place, pair in enumerate(pairs) for side, one in enumerate(pair)),
            *((was & ~still).alias(f"lost {place}") for place, (was, still) in enumerate(stops.values())),
        ]

    def compare(self, blocks: Blocks, tally: Tally) -> list[Change]:
        """The intakes of the blocks for which something changes; adds to the tally."""
        frame = evaluate(self.columns, frame_of(self.columns.layout, blocks, self.columns.reads))
        frame = frame.select(self._compared).with_row_index("place")
        tally.intakes += frame.height
        tally.labels.update(_labels(frame))
        moves, lost = self._moves(frame, tally), self._lost(frame)
        touched = (pl.col("label 0") != pl.col("label 1")) | pl.col("place").is_in(list(moves))
        rows = frame.filter(touched).select("place", "label 0", "label 1").iter_rows()
        return [
            Change(place, (Label(old), Label(new)), tuple(moves.get(place, ())), tuple(lost.get(place, ())))
            for place, old, new in rows
        ]

    def _moves(self, frame: pl.DataFrame, tally: Tally) -> dict[int, list[Move]]:
        moves: dict[int, list[Move]] = {}
        for number, name in enumerate(self._names):
            old, new = f"state 0 {number}", f"state 1 {number}"
            known: dict[tuple[int, int], Move] = {}
            for place, was, now in frame.filter(pl.col(old) != pl.col(new)).select("place", old, new).iter_rows():
                move = known.get((was, now)) or known.setdefault((was, now), Move(name, _decoded(was), _decoded(now)))
                moves.setdefault(place, []).append(move)
                tally.moves[move] += 1
        return moves

    def _lost(self, frame: pl.DataFrame) -> dict[int, list[str]]:
        lost: dict[int, list[str]] = {}
        for number, concept in enumerate(self._concepts):
            for place in frame.filter(pl.col(f"lost {number}"))["place"]:
                lost.setdefault(place, []).append(concept)
        return lost


def _labels(frame: pl.DataFrame) -> dict[Labels, int]:
    counted = frame.group_by("label 0", "label 1").len().iter_rows()
    return {(Label(old), Label(new)): number for old, new, number in counted}


def _moved(old: Rulebook, new: Rulebook) -> Iterator[str]:
    """The rules and notes that are not in both books with the same judgement."""
    before, after = _judgements(old), _judgements(new)
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield name


def _judgements(book: Rulebook) -> dict[str, tuple[object, ...]]:
    """All of each rule or note that can change an outcome; the rest is wording."""
    notes = {note.id: (note.when,) for note in book.notes}
    return notes | {
        rule.id: (rule.when, rule.levels, rule.if_unknown, rule.raises, rule.where, rule.electrical_stimulation)
        for rule in book.rules
    }


def _state(book: Book, name: str) -> pl.Expr:
    """Status and counted levels of a rule as one number; 0 where it is quiet or not in the book."""
    if name not in book.truths:
        return NOWHERE
    truth = book.truths[name]
    status = pl.col(fires(truth)).cast(pl.UInt8) + pl.col(found(truth)).cast(pl.UInt8)
    needling, urgency = book.counted.get(name, (NOWHERE, NOWHERE))
    return status * pl.lit(STATES, dtype=pl.UInt8) + needling * pl.lit(STEPS, dtype=pl.UInt8) + urgency


def _decoded(state: int) -> State:
    status, levels = divmod(state, STATES)
    needling, urgency = divmod(levels, STEPS)
    return State(STATUSES.get(status), Levels(Needling(needling), Urgency(urgency)))


def _concepts(old: Rulebook, new: Rulebook, names: tuple[str, ...]) -> tuple[str, ...]:
    """The concepts of the rules that moved."""
    return tuple(dict.fromkeys(rule.concept for rule in (*old.rules, *new.rules) if rule.id in names))


def _stop(book: Book, concept: str) -> pl.Expr:
    """Where some rule of a concept says do_not_needle or emergency_now."""
    pairs = [book.counted[rule.id] for rule in book.rulebook.rules if rule.concept == concept]
    stops = [(n >= Needling.DO_NOT_NEEDLE.value) | (u >= Urgency.EMERGENCY_NOW.value) for n, u in pairs]
    return pl.any_horizontal(stops) if stops else pl.lit(False)
