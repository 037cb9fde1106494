"""What a new rule book changes for stored intakes: rules that fire, ask or count otherwise, labels, lost stops.

Reads columns only. Rules that judge alike in both books are not compared, and labels are read only where a rule that
does not judge alike comes out otherwise; a stop is do_not_needle or emergency_now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import polars as pl

from intake.engine.column_conditions import NO, fires, found
from intake.engine.column_frames import Blocks, frame_of
from intake.engine.rulebook import Label, Levels, Needling, Rulebook, Status, Urgency
from intake.engine.to_columns import Book, Columns, evaluate, to_columns

Labels: TypeAlias = tuple[Label, Label]
QUIET, ASKS, FIRES = range(3)
STATUSES = {ASKS: Status.ASKS, FIRES: Status.FIRES}
STEPS = len(Urgency)
STATES = len(Needling) * STEPS
NOWHERE = pl.lit(0, dtype=pl.UInt8)
PLACE, TOUCHED = "place", "touched"


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
    """What changes alike for some intakes, by their places in the blocks; `lost` are concepts whose stop is gone."""

    places: tuple[int, ...]
    labels: Labels
    moves: tuple[Move, ...]
    lost: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Of all intakes: how many changed from which label to which, and how often each rule moved how."""

    intakes: int = 0
    labels: Counter[Labels] = field(default_factory=Counter)
    moves: Counter[Move] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """Count what changed for some intakes."""
        number = len(change.places)
        if change.labels[0] != change.labels[1]:
            self.labels[change.labels] += number
        self.moves.update(dict.fromkeys(change.moves, number))


class Differ:
    """Two rule books over one vocabulary, ready to compare stored blocks."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        """Prepare the expressions of both; they must share one vocabulary."""
        if old.vocabulary != new.vocabulary:
            raise ValueError("rule books over two vocabularies cannot be compared column by column")
        self._names = tuple(_moved(old, new))
        self._concepts = _concepts(old, new, self._names)
        self._few = to_columns(_only(old, self._names), _only(new, self._names))
        self._whole = to_columns(old, new)
        self.layout = self._whole.layout
        self._touched = pl.any_horizontal(NO, *_differences(self._few, self._names)).alias(TOUCHED)
        self._states = tuple(_states(self._few, self._names))
        self._results = (*_labels(self._whole), *_lost(self._whole, self._concepts))

    def compare(self, blocks: Blocks, tally: Tally) -> list[Change]:
        """What changes; intakes for which the same changes are together. Adds to the tally."""
        tally.intakes += sum(count for count, _ in blocks)
        if not self._names:
            return []
        frame = frame_of(self.layout, blocks, self._whole.reads).with_row_index(PLACE)
        moved = evaluate(self._few, frame, (pl.col(PLACE), *self._states, self._touched))
        touched = moved.filter(TOUCHED).drop(TOUCHED)
        results = evaluate(self._whole, frame[touched[PLACE]], self._results)
        alike = touched.hstack(results).group_by(pl.exclude(PLACE), maintain_order=True).agg(PLACE)
        changes = [change for row in alike.iter_rows() if (change := self._change(row)) is not None]
        for change in changes:
            tally.add(change)
        return changes

    def _change(self, row: tuple[Any, ...]) -> Change | None:
        """A row: the states of the moved rules before and after, the labels, the lost concepts, the places."""
        *found, places = row
        number = len(self._names)
        pairs = zip(self._names, found, found[number:], strict=False)
        moves = tuple(_move(name, was, now) for name, was, now in pairs if was != now)
        old, new, *gone = found[2 * number :]
        lost = tuple(concept for concept, is_lost in zip(self._concepts, gone, strict=True) if is_lost)
        return Change(tuple(places), (Label(old), Label(new)), moves, lost) if moves or old != new else None


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


def _only(book: Rulebook, names: Sequence[str]) -> Rulebook:
    """The book with these rules and notes alone."""
    rules = tuple(rule for rule in book.rules if rule.id in names)
    return replace(book, rules=rules, notes=tuple(note for note in book.notes if note.id in names))


def _states(columns: Columns, names: Sequence[str]) -> Iterator[pl.Expr]:
    """The state of each rule, first in the old book, then in the new one."""
    for side, book in enumerate(columns.books):
        yield from (_state(book, name).alias(f"state {side} {place}") for place, name in enumerate(names))


def _state(book: Book, name: str) -> pl.Expr:
    """Status and counted levels of a rule as one number; 0 where it is quiet or not in the book."""
    if name not in book.truths:
        return NOWHERE
    truth = book.truths[name]
    status = pl.col(fires(truth)).cast(pl.UInt8) + pl.col(found(truth)).cast(pl.UInt8)
    needling, urgency = book.counted.get(name, (NOWHERE, NOWHERE))
    return status * pl.lit(STATES, dtype=pl.UInt8) + needling * pl.lit(STEPS, dtype=pl.UInt8) + urgency


def _differences(columns: Columns, names: Sequence[str]) -> Iterator[pl.Expr]:
    """Where a rule comes out otherwise: in another state, or found at other regions."""
    old, new = columns.books
    for name in names:
        yield _state(old, name) != _state(new, name)
        if name in old.where and name in new.where:
            yield pl.col(found(old.truths[name])) & (old.where[name] != new.where[name])


def _labels(columns: Columns) -> Iterator[pl.Expr]:
    return (book.label.alias(f"label {side}") for side, book in enumerate(columns.books))


def _lost(columns: Columns, concepts: Sequence[str]) -> Iterator[pl.Expr]:
    """Where a concept says stop in the old book and not in the new one."""
    old, new = columns.books
    return ((_stop(old, each) & ~_stop(new, each)).alias(f"lost {place}") for place, each in enumerate(concepts))


def _stop(book: Book, concept: str) -> pl.Expr:
    """Where some rule of a concept says do_not_needle or emergency_now."""
    pairs = [book.counted[rule.id] for rule in book.rulebook.rules if rule.concept == concept]
    stops = [(n >= Needling.DO_NOT_NEEDLE.value) | (u >= Urgency.EMERGENCY_NOW.value) for n, u in pairs]
    return pl.any_horizontal(stops) if stops else pl.lit(False)


def _concepts(old: Rulebook, new: Rulebook, names: Sequence[str]) -> tuple[str, ...]:
    """The concepts of the rules that moved."""
    return tuple(dict.fromkeys(rule.concept for rule in (*old.rules, *new.rules) if rule.id in names))


def _move(rule: str, was: int, now: int) -> Move:
    return Move(rule, _decoded(was), _decoded(now))


def _decoded(state: int) -> State:
    status, levels = divmod(state, STATES)
    needling, urgency = divmod(levels, STEPS)
    return State(STATUSES.get(status), Levels(Needling(needling), Urgency(urgency)))
