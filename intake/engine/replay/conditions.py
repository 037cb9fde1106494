"""Conditions -> Polars expressions over stored columns; null is UNKNOWN, Kleene by nature.

A `Plan` collects what some rule books need, each fact, leaf and condition once, and gives the expressions in stages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import assert_never

import polars as pl

from intake.engine.book.rulebook import Named
from intake.engine.book.tree import (
    All,
    AllOf,
    AnyNode,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Count,
    Leaf,
    Not,
    OneOf,
    facts_read,
    leaves,
)
from intake.engine.book.vocabulary import Kind, Vocabulary
from intake.engine.replay.expressions import (
    at_least,
    bits_of,
    either,
    held,
    literal,
    looked_up,
    region_bits,
    ticked,
    ticked_codes,
    two_valued,
    unsure,
    unsure_codes,
    where_asked,
    wide,
)
from intake.engine.replay.frames import DTYPES
from intake.engine.replay.layout import NUMBERS, SETS, FactColumn, Layout

NAN = float("nan")


@dataclass(slots=True)
class ColumnPlan:
    """The facts, leaves and conditions that some rule books need, each once; a column of its own for each."""

    vocabulary: Vocabulary
    layout: Layout
    facts: dict[str, None] = field(default_factory=dict)
    leaves: dict[Leaf, str] = field(default_factory=dict)
    conditions: dict[Condition, str] = field(default_factory=dict)
    places: dict[str, tuple[str, pl.Expr]] = field(default_factory=dict)

    def need(self, condition: Condition) -> str:
        """The column that will hold the condition."""
        if condition not in self.conditions:
            self.conditions[condition] = f"when {len(self.conditions)}"
            self.need_leaves(condition)
        return self.conditions[condition]

    def need_leaves(self, condition: Condition) -> None:
        """Columns for the leaves of the condition and for what their facts depend on."""
        for leaf in leaves(condition):
            if leaf not in self.leaves:
                self.leaves[leaf] = f"leaf {len(self.leaves)}"
                self.need_fact(leaf.fact)

    def need_fact(self, name: str) -> None:
        """Columns for a fact and for what decides whether it applies."""
        if name in self.facts:
            return
        self.facts[name] = None
        asked_if = self.vocabulary.facts[name].asked_if
        if asked_if is not None:
            self.need_leaves(asked_if)

    def need_place(self, where: Named) -> str:
        """The column with the regions that a fact names, as bits; nothing where it names none."""
        key = f"{where.fact} {sorted(where.places.items())}"
        if key not in self.places:
            self.need_fact(where.fact)
            self.places[key] = (f"place {len(self.places)}", _place(self, where))
        return self.places[key][0]

    def stages(self) -> Iterator[list[pl.Expr]]:
        """Expressions in an order in which each finds the columns that it reads."""
        waiting, ready = list(self.facts), set[str]()
        while waiting:
            now = [name for name in waiting if ready.issuperset(self._asked_by(name))]
            waiting = [name for name in waiting if name not in now]
            ready.update(now)
            yield [expression for name in now for expression in _fact(self, name)]
            yield [_leaf(self, leaf).alias(name) for leaf, name in self.leaves.items() if leaf.fact in now]
        yield [self.expression(node).alias(name) for node, name in self.conditions.items()]
        places = [expression.alias(name) for name, expression in self.places.values()]
        yield [*(one for name in self.conditions.values() for one in two_valued(name)), *places]

    def _asked_by(self, name: str) -> tuple[str, ...]:
        asked_if = self.vocabulary.facts[name].asked_if
        return () if asked_if is None else facts_read(asked_if)

    def reads(self) -> tuple[str, ...]:
        """The stored columns that are needed."""
        narrowing = [self.vocabulary.facts[name].narrowed_by for name in self.facts]
        return (*self.facts, *(name for name in narrowing if name is not None and name not in self.facts))

    def column(self, name: str) -> FactColumn:
        """How a fact is stored."""
        return self.layout.columns[self.layout.places[name]]

    def expression(self, node: Condition) -> pl.Expr:
        """The condition over the columns of its leaves."""
        match node:
            case All(nodes):
                return pl.all_horizontal(map(self.expression, nodes))
            case AnyNode(nodes):
                return pl.any_horizontal(map(self.expression, nodes))
            case Not(inner):
                return ~self.expression(inner)
            case AtLeast(count, nodes):
                return at_least(count, [self.expression(inner) for inner in nodes])
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return pl.col(self.leaves[node])
            case _:
                assert_never(node)


def _fact(plan: ColumnPlan, name: str) -> list[pl.Expr]:
    """What an intake says of a fact, in the light of whether it applies."""
    column, asked_if = plan.column(name), plan.vocabulary.facts[name].asked_if
    asked = None if asked_if is None else plan.expression(asked_if)
    if column.kind in SETS:
        every, nothing = literal(column, column.every), literal(column, 0)
        codes = pl.col(name) & every
        return [
            where_asked(asked, codes, nothing, nothing).alias(ticked(name)),
            where_asked(asked, _may_hold(plan, column), nothing, every).alias(unsure(name)),
        ]
    known = pl.col(name).is_not_nan() if column.kind in NUMBERS else pl.col(name) != 0
    nothing = pl.lit(NAN) if column.kind in NUMBERS else literal(column, 0)
    return [where_asked(asked, pl.when(known).then(pl.col(name)), nothing, None).alias(held(name))]


def _may_hold(plan: ColumnPlan, column: FactColumn) -> pl.Expr:
    """The unticked codes that are open; a narrowing fact may name them."""
    answer, every = pl.col(column.fact), literal(column, column.every)
    unticked = (answer & every) ^ every
    shut = (answer & literal(column, column.unsure)) == 0
    narrowed_by = plan.vocabulary.facts[column.fact].narrowed_by
    if narrowed_by is None:
        return pl.when(shut).then(literal(column, 0)).otherwise(unticked)
    blank, named = column.unsure << 1, pl.col(narrowed_by).cast(DTYPES[column.format])
    all_open = ((answer & literal(column, blank)) != 0) | ((named & literal(column, column.unsure)) != 0)
    return pl.when(shut).then(literal(column, 0)).when(all_open).then(unticked).otherwise(named & unticked)


def _leaf(plan: ColumnPlan, leaf: Leaf) -> pl.Expr:
    column = plan.column(leaf.fact)
    match leaf:
        case OneOf(fact, codes) | AnyOf(fact, codes) if column.kind is Kind.CHOICE:
            return pl.any_horizontal([pl.col(held(fact)) == literal(column, column.words[code]) for code in codes])
        case OneOf(fact, codes) | AnyOf(fact, codes):
            mask = literal(column, bits_of(column, codes))
            return either((ticked_codes(fact) & mask) != 0, (unsure_codes(fact) & mask) == 0)
        case AllOf(fact, codes):
            mask = literal(column, bits_of(column, codes))
            return either(
                (ticked_codes(fact) & mask) == mask, ((ticked_codes(fact) | unsure_codes(fact)) & mask) != mask
            )
        case Count(fact, count):
            most = (ticked_codes(fact) | unsure_codes(fact)).bitwise_count_ones()
            return either(ticked_codes(fact).bitwise_count_ones() >= count, most < count)
        case Between(fact, low, below):
            number = pl.col(held(fact))
            bounds = [] if low is None else [number >= low]
            return pl.all_horizontal([number.is_not_nan(), *bounds, *([] if below is None else [number < below])])
        case _:
            assert_never(leaf)


def _place(plan: ColumnPlan, where: Named) -> pl.Expr:
    column = plan.column(where.fact)
    spelled = {code: region_bits(plan.vocabulary, regions) for code, regions in where.places.items()}
    if column.kind is Kind.CHOICE:
        anywhere = reduce(or_, spelled.values(), 0)
        known = looked_up(column, {code: bits for code, bits in spelled.items() if code in column.words})
        return pl.when(pl.col(held(where.fact)).is_null()).then(wide(anywhere)).otherwise(known)
    possible = ticked_codes(where.fact) | unsure_codes(where.fact)
    own = {code: bits for code, bits in spelled.items() if bits == column.words[code]}
    itself = (possible & literal(column, bits_of(column, own))).cast(pl.UInt64)
    others = [
        pl.when((possible & literal(column, column.words[code])) != 0).then(wide(bits)).otherwise(wide(0))
        for code, bits in spelled.items()
        if bits and code not in own
    ]
    return reduce(or_, others, itself)
