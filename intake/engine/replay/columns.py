"""Reader 2: a rule book -> Polars expressions over many intakes at once; null is UNKNOWN, Kleene by nature.

`to_columns` gives the expressions of one or more rule books over one vocabulary, `outcomes` what they make of the
columns that `frames` makes of stored rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from intake.engine.book.levels import Label, Needling, Urgency
from intake.engine.book.rulebook import AVOID, Everywhere, Rulebook
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.interpret.body import LIMBS, SIDES
from intake.engine.replay.conditions import ColumnPlan
from intake.engine.replay.expressions import NO, found, looked_up, region_bits, ticked, wide
from intake.engine.replay.layout import Layout, layout_of
from intake.engine.replay.rules import AXES, RuleExpressions, steps

OPTIMIZED = pl.QueryOptFlags(comm_subexpr_elim=False)  # what is shared has a column; looking for more takes longer


@dataclass(frozen=True, slots=True)
class BookExpressions:
    """The expressions of one rule book, over the columns of the stages.

    `truths`: rule or note -> column (null: UNKNOWN). `counted`: rule -> needling and urgency that it counts at.
    `where`: rule -> the regions that it covers where it fires or asks, as bits.
    `levels` make the columns that `label` and `regions` read.
    """

    rulebook: Rulebook
    truths: dict[str, str]
    counted: dict[str, tuple[pl.Expr, pl.Expr]]
    where: dict[str, pl.Expr]
    levels: tuple[pl.Expr, ...]
    label: pl.Expr
    regions: dict[str, pl.Expr]


@dataclass(frozen=True, slots=True)
class Columns:
    """How some rule books read stored columns: `reads` names the facts, `stages` come one after the other."""

    layout: Layout
    reads: tuple[str, ...]
    stages: tuple[tuple[pl.Expr, ...], ...]
    books: tuple[BookExpressions, ...]


def to_columns(*rulebooks: Rulebook) -> Columns:
    """The expressions of rule books over one vocabulary; what they share is computed once."""
    vocabulary = rulebooks[0].vocabulary
    plan = ColumnPlan(vocabulary, layout_of(vocabulary))
    for name in vocabulary.roles.places:
        plan.need_fact(name)
    books = tuple(_book(plan, rulebook, f"{number}") for number, rulebook in enumerate(rulebooks))
    stages = [tuple(stage) for stage in plan.stages() if stage]
    return Columns(plan.layout, plan.reads(), (*stages, tuple(one for book in books for one in book.levels)), books)


def evaluate(columns: Columns, frame: pl.DataFrame, wanted: Iterable[pl.Expr]) -> pl.DataFrame:
    """The wanted expressions over the columns of the stages; what they do not need is not computed."""
    lazy = frame.lazy()
    for stage in columns.stages:
        lazy = lazy.with_columns(stage)
    return lazy.select(*wanted).collect(optimizations=OPTIMIZED)


def outcomes(columns: Columns, frame: pl.DataFrame, book: int = 0) -> pl.DataFrame:
    """All that one rule book says of each intake: truth, levels and regions of each rule, the label, the safety map."""
    own = columns.books[book]
    where = {name: pl.when(pl.col(found(own.truths[name]))).then(one) for name, one in own.where.items()}
    wanted = (
        *(pl.col(column).alias(name) for name, column in own.truths.items()),
        *(one.alias(f"{name} needling") for name, (one, _) in own.counted.items()),
        *(one.alias(f"{name} urgency") for name, (_, one) in own.counted.items()),
        *(one.otherwise(wide(0)).alias(f"{name} where") for name, one in where.items()),
        own.label.alias("label"),
        *(worst(f"{book}", axis).alias(axis) for axis in AXES),
        pl.col(f"{book} stimulation").alias("electrical_stimulation"),
        *(one.alias(region) for region, one in own.regions.items()),
    )
    return evaluate(columns, frame, wanted)


def _book(plan: ColumnPlan, rulebook: Rulebook, name: str) -> BookExpressions:
    readers = [RuleExpressions(plan, rule) for rule in rulebook.rules]
    rules = {rule.id: plan.need(rule.when) for rule in rulebook.rules}
    return BookExpressions(
        rulebook=rulebook,
        truths=rules | {note.id: plan.need(note.when) for note in rulebook.notes},
        counted={one.rule.id: (one.level("needling"), one.level("urgency")) for one in readers},
        where={one.rule.id: one.regions() for one in readers},
        levels=(*_worst(readers, name), *_covered(plan, readers, name), _stimulation(readers, name)),
        label=_label(plan, name),
        regions={region: _region_level(place, name) for place, region in enumerate(plan.vocabulary.regions)},
    )


def _worst(readers: list[RuleExpressions], name: str) -> Iterator[pl.Expr]:
    """Where any rule counts at each level of each axis."""
    for axis, levels in AXES.items():
        for level in list(levels)[1:]:
            counted = [one for reader in readers if (one := reader.counts(axis, level)) is not None]
            yield (pl.any_horizontal(counted) if counted else NO).alias(reached(name, axis, level))


def reached(book: str, axis: str, level: int) -> str:
    """The column that says where a rule book reaches a level."""
    return f"{book} {axis} {level}"


def worst(book: str, axis: str) -> pl.Expr:
    """The worst level of an axis."""
    return steps(pl.col(reached(book, axis, level)) for level in list(AXES[axis])[1:])


def _covered(plan: ColumnPlan, readers: list[RuleExpressions], name: str) -> Iterator[pl.Expr]:
    """The regions at each needling level or worse, as bits: the safety map."""
    every = wide(region_bits(plan.vocabulary, plan.vocabulary.regions))
    for level in list(Needling)[1:]:
        whole = [reader for reader in readers if isinstance(reader.rule.where, Everywhere)]
        local = [reader.covers(level) for reader in readers if reader not in whole]
        body = [one for reader in whole if (one := reader.counts("needling", level)) is not None]
        everywhere = pl.when(pl.any_horizontal(body)).then(every).otherwise(wide(0)) if body else wide(0)
        yield reduce(or_, [one for one in local if one is not None], everywhere).alias(area(name, level))


def area(book: str, level: int) -> str:
    """The column with the regions at a needling level or worse."""
    return f"{book} area {level}"


def _stimulation(readers: list[RuleExpressions], name: str) -> pl.Expr:
    rules = [reader for reader in readers if reader.rule.electrical_stimulation == AVOID]
    avoided = [pl.col(found(reader.plan.need(reader.rule.when))) for reader in rules]
    return (pl.any_horizontal(avoided) if avoided else NO).alias(f"{name} stimulation")


def _region_level(place: int, name: str) -> pl.Expr:
    return steps((pl.col(area(name, level)) & wide(1 << place)) != 0 for level in list(Needling)[1:])


# ---- the label


def _label(plan: ColumnPlan, name: str) -> pl.Expr:
    def reaches(axis: str, level: int) -> pl.Expr:
        return pl.col(reached(name, axis, level))

    marked = _marked(plan)
    closed = marked & pl.col(area(name, Needling.AVOID_AREA))
    review = (pl.col(area(name, Needling.REVIEW_BEFORE)) & _near(plan.vocabulary, marked)) != 0
    stop = reaches("needling", Needling.DO_NOT_NEEDLE) | _is_closed(_main(plan), marked, closed)
    return (
        pl.when(reaches("urgency", Urgency.EMERGENCY_NOW)).then(_word(Label.EMERGENCY))
        .when(reaches("urgency", Urgency.WITHIN_DAYS)).then(_word(Label.URGENT_REFERRAL))
        .when(stop).then(_word(Label.DO_NOT_NEEDLE))
        .when(review).then(_word(Label.NEEDS_REVIEW_BEFORE_NEEDLING))
        .when(reaches("needling", Needling.PRECAUTION)).then(_word(Label.PRECAUTION))
        .otherwise(_word(Label.ROUTINE))
    )  # fmt: skip


def _word(label: Label) -> pl.Expr:
    return pl.lit(label.value, dtype=pl.UInt8)


def _marked(plan: ColumnPlan) -> pl.Expr:
    where_it_hurts = plan.vocabulary.roles.where_it_hurts
    return pl.col(ticked(where_it_hurts)).cast(pl.UInt64) if where_it_hurts else wide(0)


def _main(plan: ColumnPlan) -> pl.Expr:
    if not plan.vocabulary.roles.worst_place:
        return wide(0)
    column = plan.column(plan.vocabulary.roles.worst_place)
    named = [region for region in plan.vocabulary.regions if region in column.words]
    return looked_up(column, {region: region_bits(plan.vocabulary, [region]) for region in named})


def _is_closed(main: pl.Expr, marked: pl.Expr, closed: pl.Expr) -> pl.Expr:
    elsewhere = (main & marked) == 0
    return pl.when(elsewhere).then(closed != 0).otherwise(((main & closed) != 0) | (closed == marked))


def _near(vocabulary: Vocabulary, marked: pl.Expr) -> pl.Expr:
    near = marked
    for limb in LIMBS:
        for side in (*SIDES, ""):
            own = wide(region_bits(vocabulary, _of_side(vocabulary.groups.get(limb, ()), side)))
            near |= pl.when((marked & own) != 0).then(own).otherwise(wide(0))
    return pl.when(near == 0).then(wide(region_bits(vocabulary, vocabulary.regions))).otherwise(near)


def _of_side(regions: Iterable[str], side: str) -> list[str]:
    return [code for code in regions if (code.endswith(side) if side else not code.endswith(SIDES))]
