"""One rule -> Polars expressions: where it counts at which level, and the regions that it covers, as bits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import assert_never

import polars as pl

from intake.engine.book.levels import Level, Levels, Needling, Urgency
from intake.engine.book.rulebook import Everywhere, Named, Regions, Rule
from intake.engine.replay.conditions import ColumnPlan
from intake.engine.replay.expressions import fires, found, region_bits, wide

AXES: dict[str, type[Level]] = {"needling": Needling, "urgency": Urgency}


@dataclass(frozen=True, slots=True)
class RuleExpressions:
    """One rule of a book: where it counts at a level or worse, and which regions it covers."""

    plan: ColumnPlan
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

    def level(self, axis: str) -> pl.Expr:
        """The level that the rule counts at."""
        return steps(one for level in list(AXES[axis])[1:] if (one := self.counts(axis, level)) is not None)

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
        return None if counted is None else pl.when(counted).then(self.regions()).otherwise(wide(0))

    def regions(self) -> pl.Expr:
        """The regions that the rule covers where it is found."""
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


def steps(reached: Iterable[pl.Expr]) -> pl.Expr:
    """A level: how many of its steps are reached."""
    return reduce(add, (one.cast(pl.UInt8) for one in reached), pl.lit(0, dtype=pl.UInt8))
