"""Reader 2: a rule book -> Polars expressions over many intakes at once; null is UNKNOWN, Kleene by nature.

`encode` gives the columns of intakes, `to_columns` the expressions of one or more rule books over one vocabulary,
`outcomes` what they make of the columns. Polars is used here and in `column_changes` only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add, or_
from typing import TypeAlias, assert_never

import polars as pl

from intake.engine.body import LIMBS, MAIN, MARKED, SIDES
from intake.engine.columns import NUMBERS, SETS, Column, Layout, block_of, column_of, encode_row, layout_of
from intake.engine.rulebook import Everywhere, Label, Level, Levels, Named, Needling, Regions, Rule, Rulebook, Urgency
from intake.engine.tree import (
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
from intake.engine.vocabulary import Answers, Kind, Vocabulary

Blocks: TypeAlias = Sequence[tuple[int, bytes]]
DTYPES = {"B": pl.UInt8, "H": pl.UInt16, "I": pl.UInt32, "Q": pl.UInt64, "d": pl.Float64}
NAN = float("nan")
NO = pl.lit(False)
AVOID = "avoid"


# ---- intakes as columns


def encode(vocabulary: Vocabulary, intakes: Iterable[Answers]) -> pl.DataFrame:
    """The intakes as columns, one a fact."""
    layout = layout_of(vocabulary)
    rows = [encode_row(layout, intake) for intake in intakes]
    return frame_of(layout, [(len(rows), block_of(layout, rows))])


def frame_of(layout: Layout, blocks: Blocks, facts: Sequence[str] = ()) -> pl.DataFrame:
    """The columns of stored blocks, of all facts or of the named ones."""
    rows = sum(count for count, _ in blocks)
    columns = layout.columns if not facts else [layout.columns[layout.places[name]] for name in facts]
    return pl.DataFrame([_series(layout, column, blocks, rows) for column in columns])


def _series(layout: Layout, column: Column, blocks: Blocks, rows: int) -> pl.Series:
    dtype = DTYPES[column.format]
    if not rows:
        return pl.Series(column.fact, [], dtype=dtype)
    whole = pl.Series(column.fact, [column_of(layout, column.fact, blocks)], dtype=pl.Binary)
    return whole.bin.reinterpret(dtype=pl.Array(dtype, rows), endianness="little").explode()


# ---- conditions as expressions


@dataclass(slots=True)
class _Plan:
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


def _fact(plan: _Plan, name: str) -> list[pl.Expr]:
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


def _may_hold(plan: _Plan, column: Column) -> pl.Expr:
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


def _leaf(plan: _Plan, leaf: Leaf) -> pl.Expr:
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


def _place(plan: _Plan, where: Named) -> pl.Expr:
    column = plan.column(where.fact)
    spelled = {code: region_bits(plan.vocabulary, regions) for code, regions in where.places.items()}
    if column.kind is Kind.CHOICE:
        anywhere = reduce(or_, spelled.values(), 0)
        known = _looked_up(column, {code: bits for code, bits in spelled.items() if code in column.words})
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


def _looked_up(column: Column, bits: dict[str, int]) -> pl.Expr:
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


# ---- rule books as expressions


@dataclass(frozen=True, slots=True)
class Book:
    """The expressions of one rule book, over the columns of the stages.

    `truths`: rule or note -> column (null: UNKNOWN). `counted`: rule -> needling and urgency that it counts at.
    `levels` make the columns that `label` and `regions` read.
    """

    rulebook: Rulebook
    truths: dict[str, str]
    counted: dict[str, tuple[pl.Expr, pl.Expr]]
    levels: tuple[pl.Expr, ...]
    label: pl.Expr
    regions: dict[str, pl.Expr]


@dataclass(frozen=True, slots=True)
class Columns:
    """How some rule books read stored columns: `reads` names the facts, `stages` come one after the other."""

    layout: Layout
    reads: tuple[str, ...]
    stages: tuple[tuple[pl.Expr, ...], ...]
    books: tuple[Book, ...]


def to_columns(*rulebooks: Rulebook) -> Columns:
    """The expressions of rule books over one vocabulary; what they share is computed once."""
    vocabulary = rulebooks[0].vocabulary
    plan = _Plan(vocabulary, layout_of(vocabulary))
    for name in (MARKED, MAIN):
        if name in vocabulary.facts:
            plan.need_fact(name)
    books = tuple(_book(plan, rulebook, f"{number}") for number, rulebook in enumerate(rulebooks))
    stages = [tuple(stage) for stage in plan.stages() if stage]
    return Columns(plan.layout, plan.reads(), (*stages, tuple(one for book in books for one in book.levels)), books)


def evaluate(columns: Columns, frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column of the stages."""
    for stage in columns.stages:
        frame = frame.with_columns(stage)
    return frame


def outcomes(columns: Columns, frame: pl.DataFrame, book: int = 0) -> pl.DataFrame:
    """All that one rule book says of each intake; a truth and two levels a rule, the label, the regions."""
    own = columns.books[book]
    return evaluate(columns, frame).select(
        *(pl.col(column).alias(name) for name, column in own.truths.items()),
        *(one.alias(f"{name} needling") for name, (one, _) in own.counted.items()),
        *(one.alias(f"{name} urgency") for name, (_, one) in own.counted.items()),
        own.label.alias("label"),
        *(worst(f"{book}", axis).alias(axis) for axis in AXES),
        pl.col(f"{book} stimulation").alias("electrical_stimulation"),
        *(one.alias(region) for region, one in own.regions.items()),
    )


AXES: dict[str, type[Level]] = {"needling": Needling, "urgency": Urgency}


@dataclass(frozen=True, slots=True)
class _Reader:
    """One rule of a book: where it is found, and where it counts at a level or worse."""

    plan: _Plan
    rule: Rule

    def counts(self, axis: str, level: int) -> pl.Expr | None:
        """Where the rule counts at `level` or worse; None: nowhere.

        A needling level above ok counts as review_before where the fact that says the place names none.
        """
        where = self.rule.where
        if axis == "urgency" or not isinstance(where, Named) or level == Needling.PRECAUTION:
            return _any(self._reaches(axis, level))
        named = pl.col(self.plan.need_place(where)) != 0
        here = [one & named for one in self._reaches(axis, level)]
        nowhere = self._reaches(axis, Needling.PRECAUTION) if level == Needling.REVIEW_BEFORE else []
        return _any([*here, *(one & ~named for one in nowhere)])

    def _reaches(self, axis: str, level: int) -> list[pl.Expr]:
        """The cases in which rule or raise count at `level` or worse, whatever the place."""
        when = self.plan.need(self.rule.when)
        cases = [_case(when, _high(self.rule.levels, axis, level), _high(self.rule.if_unknown, axis, level))]
        for one in self.rule.raises:
            raised = self.plan.need(one.when)
            sure = pl.col(found(when)) & pl.col(fires(raised))
            cases.append(sure if _high(one.levels, axis, level) else None)
            unclear = _case(when, _high(one.if_unknown, axis, level), _high(one.while_asking, axis, level))
            cases.append(None if unclear is None else unclear & pl.col(found(raised)) & ~pl.col(fires(raised)))
        return [case for case in cases if case is not None]

    def covers(self, level: int) -> pl.Expr | None:
        """The regions at which the rule counts at `level` or worse, as bits."""
        counted = self.counts("needling", level)
        return None if counted is None else pl.when(counted).then(self._regions()).otherwise(wide(0))

    def _regions(self) -> pl.Expr:
        vocabulary, where = self.plan.vocabulary, self.rule.where
        everything = wide(region_bits(vocabulary, vocabulary.regions))
        match where:
            case Everywhere():
                return everything
            case Regions(codes):
                return wide(region_bits(vocabulary, codes))
            case Named():
                place = pl.col(self.plan.need_place(where))
                return pl.when(place == 0).then(everything).otherwise(place)
            case _:
                assert_never(where)


def _any(cases: list[pl.Expr]) -> pl.Expr | None:
    return reduce(or_, cases) if cases else None


def _high(levels: Levels, axis: str, level: int) -> bool:
    return bool(getattr(levels, axis) >= level)


def _case(when: str, fired: bool, asked: bool) -> pl.Expr | None:  # noqa: FBT001 - both levels of one rule
    match fired, asked:
        case True, True:
            return pl.col(found(when))
        case True, False:
            return pl.col(fires(when))
        case False, True:
            return pl.col(found(when)) & ~pl.col(fires(when))
        case _:
            return None


def _book(plan: _Plan, rulebook: Rulebook, name: str) -> Book:
    readers = [_Reader(plan, rule) for rule in rulebook.rules]
    rules = {rule.id: plan.need(rule.when) for rule in rulebook.rules}
    return Book(
        rulebook=rulebook,
        truths=rules | {note.id: plan.need(note.when) for note in rulebook.notes},
        counted={one.rule.id: (_level(one, "needling"), _level(one, "urgency")) for one in readers},
        levels=(*_worst(readers, name), *_covered(plan, readers, name), _stimulation(readers, name)),
        label=_label(plan, name),
        regions={region: _region_level(place, name) for place, region in enumerate(plan.vocabulary.regions)},
    )


def _level(reader: _Reader, axis: str) -> pl.Expr:
    steps = [one for level in list(AXES[axis])[1:] if (one := reader.counts(axis, level)) is not None]
    return _steps(steps)


def _steps(steps: Iterable[pl.Expr]) -> pl.Expr:
    """A level: how many of its steps are reached."""
    return reduce(add, (one.cast(pl.UInt8) for one in steps), pl.lit(0, dtype=pl.UInt8))


def _worst(readers: list[_Reader], name: str) -> Iterator[pl.Expr]:
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
    return _steps(pl.col(reached(book, axis, level)) for level in list(AXES[axis])[1:])


def _covered(plan: _Plan, readers: list[_Reader], name: str) -> Iterator[pl.Expr]:
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


def _stimulation(readers: list[_Reader], name: str) -> pl.Expr:
    rules = [reader for reader in readers if reader.rule.electrical_stimulation == AVOID]
    avoided = [pl.col(found(reader.plan.need(reader.rule.when))) for reader in rules]
    return (pl.any_horizontal(avoided) if avoided else NO).alias(f"{name} stimulation")


def _region_level(place: int, name: str) -> pl.Expr:
    return _steps((pl.col(area(name, level)) & wide(1 << place)) != 0 for level in list(Needling)[1:])


# ---- the label


def _label(plan: _Plan, name: str) -> pl.Expr:
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


def _marked(plan: _Plan) -> pl.Expr:
    fact = plan.vocabulary.facts.get(MARKED)
    return wide(0) if fact is None or fact.kind is not Kind.REGIONS else _ticked(MARKED).cast(pl.UInt64)


def _main(plan: _Plan) -> pl.Expr:
    if MAIN not in plan.vocabulary.facts:
        return wide(0)
    column = plan.column(MAIN)
    named = [region for region in plan.vocabulary.regions if region in column.words]
    return _looked_up(column, {region: region_bits(plan.vocabulary, [region]) for region in named})


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
