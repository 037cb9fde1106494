"""P8 of the label: whatever the book, levels and regions that do not fall keep the label from falling. Needs z3.

The levels of both patients are free, within what levels can be: what reaches one reaches the one below it, and no
region is above its axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

import z3

from intake.engine.book.levels import Label, Levels, Needling, Urgency
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.interpret import body
from intake.engine.interpret.truth import Intake
from intake.engine.prove.encoder import Formula, facts_of, holds_in, shape
from intake.engine.prove.formulas import AXES, LOCAL
from intake.engine.prove.search import Patient, Refutation, Search, fewest

_Judged: TypeAlias = tuple[Levels, dict[str, Needling]]


def monotone_label(search: Search) -> Iterator[Refutation]:
    """Every label below which no worse levels should lead, and do: with the patient, and both levels."""
    words = search.book.vocabulary
    places = words.roles.places
    if words.roles.where_it_hurts not in places or words.roles.worst_place not in places:
        return
    before, after = (_Free(words, name) for name in "xy")
    solver = z3.Solver()
    solver.add(*before.meaning(), *after.meaning())
    solver.add(*(z3.Implies(before.high[key], after.high[key]) for key in before.high))
    solver.add(*(shape(words.facts[name], search.x.of(name)) for name in places))
    given = [search.of_x.label_of(each.reached, *map(each.area, LOCAL)) for each in (before, after)]
    for label in list(Label)[1:]:
        high = [z3.Or([each[other] for other in Label if other >= label]) for each in given]
        if solver.check(high[0], z3.Not(high[1])) != z3.unsat:
            model = solver.model()
            patient = facts_of(search.x, model, places)
            yield _lowered(words, label, patient, before.of(model), after.of(model))


class _Free:
    """The levels of one patient: whether each axis reaches a level, and each region a needling level."""

    def __init__(self, words: Vocabulary, name: str) -> None:
        self.words = words
        keys = [(axis, level) for axis, levels in AXES for level in list(levels)[1:]]
        keys += [(region, level) for region in words.regions for level in reversed(LOCAL)]
        self.high: dict[tuple[str, int], Formula] = {key: z3.Bool(f"{name}.{key[0]}.{key[1]}") for key in keys}

    def meaning(self) -> Iterator[Formula]:
        """What holds of all levels."""
        for (one, low), (other, level) in pairwise(self.high):
            if one == other:
                yield z3.Implies(self.high[other, level], self.high[one, low])
        for region in self.words.regions:
            yield from (z3.Implies(self.high[region, level], self.high["needling", level]) for level in LOCAL)

    def reached(self, axis: str, level: int) -> Formula:
        """Whether the axis has reached the level."""
        return self.high[axis, level]

    def area(self, level: int) -> dict[str, Formula]:
        """Whether each region has reached the level."""
        return {region: self.high[region, level] for region in self.words.regions}

    def of(self, model: Formula) -> tuple[Levels, dict[str, Needling]]:
        """The levels that a solver's model describes."""

        def highest(name: str) -> int:
            reached = (level for key, level in self.high if key == name and holds_in(model, self.high[key, level]))
            return max(reached, default=0)

        regions = {region: Needling(highest(region)) for region in self.words.regions}
        return Levels(Needling(highest("needling")), Urgency(highest("urgency"))), regions


def _lowered(words: Vocabulary, label: Label, patient: Patient, *judged: _Judged) -> Refutation:
    """The answers and levels that matter, told with the labels that a decision gives for them."""

    def given(judged: Iterable[_Judged], answers: Patient) -> list[Label]:
        return [body.label(levels, regions, Intake(words, answers)) for levels, regions in judged]

    def falls(judged: Iterable[_Judged], answers: Patient) -> bool:
        before, after = given(judged, answers)
        return before >= label > after

    for region in words.regions:
        calmer = tuple((levels, {**regions, region: Needling.OK}) for levels, regions in judged)
        judged = calmer if falls(calmer, patient) else judged
    smallest = fewest((patient,), lambda one: falls(judged, *one))
    labels = ", then ".join(
        f"{_in_words(*each)}: {one.code}" for each, one in zip(judged, given(judged, *smallest), strict=True)
    )
    text = f"levels that do not fall lower it ({labels})"
    return Refutation("P8", label.code, text, smallest, falls(judged, *smallest))


def _in_words(levels: Levels, regions: dict[str, Needling]) -> str:
    local = (f"{region} at {needling.code}" for region, needling in regions.items() if needling)
    return " and ".join((f"{levels.needling.code}, {levels.urgency.code}", *local))
