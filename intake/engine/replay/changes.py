"""What a new rule book changes for stored intakes: rules that fire, ask or count otherwise or elsewhere, labels, stops.

Reads columns only. Rules that judge alike in both books are not compared, and labels are read only where a rule that
does not judge alike comes out otherwise. A stop is lost also where it is lost for some places alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeAlias

import polars as pl

from intake.engine.book.decision import Status
from intake.engine.book.levels import STOPS, Label, Levels, Needling, Urgency
from intake.engine.book.rulebook import Rule, Rulebook
from intake.engine.replay.columns import BookExpressions, Columns, evaluate, to_columns
from intake.engine.replay.expressions import NO, fires, found, wide
from intake.engine.replay.frames import Blocks, frame_of
from intake.engine.replay.rules import AXES

Labels: TypeAlias = tuple[Label, Label]
QUIET, ASKS, FIRES = range(3)
STATUSES = {ASKS: Status.ASKS, FIRES: Status.FIRES}
STEPS = len(Urgency)
STATES = len(Needling) * STEPS
NOWHERE = pl.lit(0, dtype=pl.UInt8)
PLACE, TOUCHED = "place", "touched"


@dataclass(frozen=True, slots=True)
class RuleState:
    """What one rule makes of one intake; no status: quiet."""

    status: Status | None
    levels: Levels


class Stop(NamedTuple):
    """A stop of a concept: at which level of which axis."""

    concept: str
    axis: str
    level: Needling | Urgency


@dataclass(frozen=True, slots=True)
class Move:
    """A rule that says something else of an intake than before.

    `leaves`, `enters`: it is found in both, no longer at some places, or at places where it was not.
    """

    rule: str
    before: RuleState
    after: RuleState
    leaves: bool = False
    enters: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What changes alike for some intakes, by their places in the blocks; `lost` are stops that are gone somewhere."""

    places: tuple[int, ...]
    labels: Labels
    moves: tuple[Move, ...]
    lost: tuple[Stop, ...]


@dataclass(slots=True)
class ChangeCounts:
    """Of all intakes: how many went from which label to which, how often each rule moved how, who lost which stop."""

    intakes: int = 0
    labels: Counter[Labels] = field(default_factory=Counter)
    moves: Counter[Move] = field(default_factory=Counter)
    lost: Counter[Stop] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """Count what changed for some intakes."""
        number = len(change.places)
        if change.labels[0] != change.labels[1]:
            self.labels[change.labels] += number
        self.moves.update(dict.fromkeys(change.moves, number))
        self.lost.update(dict.fromkeys(change.lost, number))


class Differ:
    """Two rule books over one vocabulary, ready to compare stored blocks."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        """Prepare the expressions of both; they must share one vocabulary."""
        if old.vocabulary != new.vocabulary:
            raise ValueError("rule books over two vocabularies cannot be compared column by column")
        self._names = tuple(_moved(old, new))
        self._stops = tuple(_stops(old, new, self._names))
        self._few = to_columns(_only(old, self._names), _only(new, self._names))
        self._whole = to_columns(old, new)
        self.layout = self._whole.layout
        self._places = tuple(_elsewhere(self._few, self._names))
        self._touched = pl.any_horizontal(NO, *_differences(self._few, self._names), *self._places).alias(TOUCHED)
        self._states = tuple(_states(self._few, self._names))
        self._results = (*_labels(self._whole), *_lost(self._whole, self._stops))

    def compare(self, blocks: Blocks, tally: ChangeCounts) -> list[Change]:
        """What changes; intakes for which the same changes are together. Adds to the tally."""
        tally.intakes += sum(count for count, _ in blocks)
        if not self._names:
            return []
        frame = frame_of(self.layout, blocks, self._whole.reads).with_row_index(PLACE)
        moved = evaluate(self._few, frame, (pl.col(PLACE), *self._states, *self._places, self._touched))
        touched = moved.filter(TOUCHED).drop(TOUCHED)
        results = evaluate(self._whole, frame[touched[PLACE]], self._results)
        alike = touched.hstack(results).group_by(pl.exclude(PLACE), maintain_order=True).agg(PLACE)
        changes = [self._change(row) for row in alike.iter_rows()]
        for change in changes:
            tally.add(change)
        return changes

    def _change(self, row: tuple[Any, ...]) -> Change:
        """A row: how the moved rules stand before and after, where they left and came, labels, lost stops, places."""
        *values, places = row
        number = len(self._names)
        columns = [values[start : start + number] for start in range(0, 4 * number, number)]
        moves = tuple(_moves(zip(self._names, *columns, strict=True)))
        old, new, *gone = values[4 * number :]
        lost = tuple(stop for stop, is_lost in zip(self._stops, gone, strict=True) if is_lost)
        return Change(tuple(places), (Label(old), Label(new)), moves, lost)


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


def _state(book: BookExpressions, name: str) -> pl.Expr:
    """Status and counted levels of a rule as one number; 0 where it is quiet or not in the book."""
    if name not in book.truths:
        return NOWHERE
    truth = book.truths[name]
    status = pl.col(fires(truth)).cast(pl.UInt8) + pl.col(found(truth)).cast(pl.UInt8)
    needling, urgency = book.counted.get(name, (NOWHERE, NOWHERE))
    return status * pl.lit(STATES, dtype=pl.UInt8) + needling * pl.lit(STEPS, dtype=pl.UInt8) + urgency


def _differences(columns: Columns, names: Sequence[str]) -> Iterator[pl.Expr]:
    """Where a rule comes out in another state."""
    old, new = columns.books
    return (_state(old, name) != _state(new, name) for name in names)


def _elsewhere(columns: Columns, names: Sequence[str]) -> Iterator[pl.Expr]:
    """Where each rule is found in both books and leaves a place, then where it enters one."""
    for gone, side in enumerate(("leaves", "enters")):
        here, there = columns.books[gone], columns.books[1 - gone]
        for place, name in enumerate(names):
            yield _beyond(here, there, name).alias(f"{side} {place}")


def _beyond(here: BookExpressions, there: BookExpressions, name: str) -> pl.Expr:
    """Where a rule found in both books covers a region here and not there."""
    before, after = (_rules(book).get(name) for book in (here, there))
    if before is None or after is None or before.where == after.where:
        return NO
    both = pl.col(found(here.truths[name])) & pl.col(found(there.truths[name]))
    return both & ((here.where[name] & ~there.where[name]) != 0)


def _rules(book: BookExpressions) -> dict[str, Rule]:
    return {rule.id: rule for rule in book.rulebook.rules}


def _labels(columns: Columns) -> Iterator[pl.Expr]:
    return (book.label.alias(f"label {side}") for side, book in enumerate(columns.books))


def _lost(columns: Columns, stops: Sequence[Stop]) -> Iterator[pl.Expr]:
    """Where a concept says stop in the old book, and at some place not in the new one."""
    old, new = columns.books
    return (((_at(old, stop) & ~_at(new, stop)) != 0).alias(f"lost {place}") for place, stop in enumerate(stops))


def _at(book: BookExpressions, stop: Stop) -> pl.Expr:
    """The regions at which some rule of the concept says stop, as bits; all of them where an urgency does."""
    stopped = wide(0)
    for rule in book.rulebook.rules:
        if rule.concept == stop.concept:
            counted = dict(zip(AXES, book.counted[rule.id], strict=True))[stop.axis]
            covered = book.where[rule.id] if stop.axis == "needling" else wide(1)
            stopped |= pl.when(counted >= stop.level.value).then(covered).otherwise(wide(0))
    return stopped


def _stops(old: Rulebook, new: Rulebook, names: Sequence[str]) -> Iterator[Stop]:
    """The stops of the concepts whose rules moved."""
    for concept in dict.fromkeys(rule.concept for rule in (*old.rules, *new.rules) if rule.id in names):
        yield from (Stop(concept, axis, level) for axis, level in STOPS)


def _moves(rows: Iterable[tuple[str, int, int, bool, bool]]) -> Iterator[Move]:
    """The rules that came out otherwise, of each its name, both states, and whether it left and entered places."""
    for rule, was, now, leaves, enters in rows:
        if was != now or leaves or enters:
            yield Move(rule, _decoded(was), _decoded(now), leaves, enters)


def _decoded(state: int) -> RuleState:
    status, levels = divmod(state, STATES)
    needling, urgency = divmod(levels, STEPS)
    return RuleState(STATUSES.get(status), Levels(Needling(needling), Urgency(urgency)))
