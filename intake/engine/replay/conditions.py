"""Conditions -> Polars expressions over stored columns; null is UNKNOWN, Kleene by nature.

A `Plan` collects what some rule books need, each fact, leaf and condition once, and gives the expressions in stages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from intake.engine.replay.frames import DTYPES
from intake.engine.replay.layout import NUMBERS, SETS, Column, Layout

NAN = float("nan")
NO = pl.lit(False)


@dataclass(slots=True)
class Plan:
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
        yield [*(one for name in self.conditions.values() for one in _two_valued(name)), *places]

    def _asked_by(self, name: str) -> tuple[str, ...]:
        asked_if = self.vocabulary.facts[name].asked_if
        return () if asked_if is None else facts_read(asked_if)

    def reads(self) -> tuple[str, ...]:
        """The stored columns that are needed."""
        narrowing = [self.vocabulary.facts[name].narrowed_by for name in self.facts]
        return (*self.facts, *(name for name in narrowing if name is not None and name not in self.facts))

    def column(self, name: str) -> Column:
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
                return _at_least(count, [self.expression(inner) for inner in nodes])
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return pl.col(self.leaves[node])
            case _:
                assert_never(node)


def _two_valued(name: str) -> tuple[pl.Expr, pl.Expr]:
    return pl.col(name).fill_null(value=False).alias(fires(name)), pl.col(name).fill_null(value=True).alias(found(name))


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


def _fact(plan: Plan, name: str) -> list[pl.Expr]:
    """What an intake says of a fact, in the light of whether it applies."""
    column, asked_if = plan.column(name), plan.vocabulary.facts[name].asked_if
    asked = None if asked_if is None else plan.expression(asked_if)
    if column.kind in SETS:
        every, nothing = _bits(column, column.every), _bits(column, 0)
        codes = pl.col(name) & every
        return [
            _where_asked(asked, codes, nothing, nothing).alias(ticked(name)),
            _where_asked(asked, _may_hold(plan, column), nothing, every).alias(unsure(name)),
        ]
    known = pl.col(name).is_not_nan() if column.kind in NUMBERS else pl.col(name) != 0
    nothing = pl.lit(NAN) if column.kind in NUMBERS else _bits(column, 0)
    return [_where_asked(asked, pl.when(known).then(pl.col(name)), nothing, None).alias(held(name))]


def _where_asked(asked: pl.Expr | None, value: pl.Expr, hidden: pl.Expr, unclear: pl.Expr | None) -> pl.Expr:
    if asked is None:
        return value
    return pl.when(asked).then(value).when(~asked).then(hidden).otherwise(unclear)


def _may_hold(plan: Plan, column: Column) -> pl.Expr:
    """The unticked codes that are open; a narrowing fact may name them."""
    answer, every = pl.col(column.fact), _bits(column, column.every)
    unticked = (answer & every) ^ every
    shut = (answer & _bits(column, column.unsure)) == 0
    narrowed_by = plan.vocabulary.facts[column.fact].narrowed_by
    if narrowed_by is None:
        return pl.when(shut).then(_bits(column, 0)).otherwise(unticked)
    blank, named = column.unsure << 1, pl.col(narrowed_by).cast(DTYPES[column.format])
    wide = ((answer & _bits(column, blank)) != 0) | ((named & _bits(column, column.unsure)) != 0)
    return pl.when(shut).then(_bits(column, 0)).when(wide).then(unticked).otherwise(named & unticked)


def _bits(column: Column, value: int) -> pl.Expr:
    return pl.lit(value, dtype=DTYPES[column.format])


def _leaf(plan: Plan, leaf: Leaf) -> pl.Expr:
    column = plan.column(leaf.fact)
    match leaf:
        case OneOf(fact, codes) | AnyOf(fact, codes) if column.kind is Kind.CHOICE:
            return pl.any_horizontal([pl.col(held(fact)) == _bits(column, column.words[code]) for code in codes])
        case OneOf(fact, codes) | AnyOf(fact, codes):
            mask = _bits(column, _sum(column, codes))
            return _either((_ticked(fact) & mask) != 0, (_unsure(fact) & mask) == 0)
        case AllOf(fact, codes):
            mask = _bits(column, _sum(column, codes))
            return _either((_ticked(fact) & mask) == mask, ((_ticked(fact) | _unsure(fact)) & mask) != mask)
        case Count(fact, count):
            most = (_ticked(fact) | _unsure(fact)).bitwise_count_ones()
            return _either(_ticked(fact).bitwise_count_ones() >= count, most < count)
        case Between(fact, low, below):
            number = pl.col(held(fact))
            bounds = [] if low is None else [number >= low]
            return pl.all_horizontal([number.is_not_nan(), *bounds, *([] if below is None else [number < below])])
        case _:
            assert_never(leaf)


def _ticked(fact: str) -> pl.Expr:
    return pl.col(ticked(fact))


def _unsure(fact: str) -> pl.Expr:
    return pl.col(unsure(fact))


def _sum(column: Column, codes: Iterable[str]) -> int:
    return reduce(or_, (column.words[code] for code in codes), 0)


def _either(true: pl.Expr, false: pl.Expr) -> pl.Expr:
    """TRUE, FALSE, or null where neither is."""
    return true | pl.when(false).then(NO)


def _at_least(count: int, nodes: list[pl.Expr]) -> pl.Expr:
    true = pl.sum_horizontal(node.fill_null(value=False).cast(pl.UInt8) for node in nodes)
    most = pl.sum_horizontal(node.fill_null(value=True).cast(pl.UInt8) for node in nodes)
    return _either(true >= count, most < count)


def _place(plan: Plan, where: Named) -> pl.Expr:
    column = plan.column(where.fact)
    spelled = {code: region_bits(plan.vocabulary, regions) for code, regions in where.places.items()}
    if column.kind is Kind.CHOICE:
        anywhere = reduce(or_, spelled.values(), 0)
        known = looked_up(column, {code: bits for code, bits in spelled.items() if code in column.words})
        return pl.when(pl.col(held(where.fact)).is_null()).then(wide(anywhere)).otherwise(known)
    possible = _ticked(where.fact) | _unsure(where.fact)
    own = {code: bits for code, bits in spelled.items() if bits == column.words[code]}
    itself = (possible & _bits(column, _sum(column, own))).cast(pl.UInt64)
    others = [
        pl.when((possible & _bits(column, column.words[code])) != 0).then(wide(bits)).otherwise(wide(0))
        for code, bits in spelled.items()
        if bits and code not in own
    ]
    return reduce(or_, others, itself)


def looked_up(column: Column, bits: dict[str, int]) -> pl.Expr:
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
