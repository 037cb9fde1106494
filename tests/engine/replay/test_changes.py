"""What columns say of a change is what deciding each intake under both rule books says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.engine.book.decision import Decision, Status
from intake.engine.book.levels import STOPS, Label, Levels, Needling, Urgency
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import Answer
from intake.engine.decide.decide import decide
from intake.engine.read.answers import parse_answers
from intake.engine.replay.changes import Change, ChangeCounts, Differ, Move, RuleState, Stop
from intake.engine.replay.layout import block_of, encode_row, layout_of
from tests.engine import strategies
from tests.engine.small import book, rule, vocabulary

CALM = Levels(Needling.OK, Urgency.NONE)
Intakes = list[dict[str, Answer]]
Places = dict[str, set[str]]


def compared(old: Rulebook, new: Rulebook, intakes: Intakes) -> tuple[list[Change], ChangeCounts]:
    """The changes, from two blocks."""
    layout, tally = layout_of(vocabulary()), ChangeCounts()
    rows = [encode_row(layout, intake) for intake in intakes]
    parts = (rows[:3], rows[3:])
    return Differ(old, new).compare([(len(part), block_of(layout, part)) for part in parts], tally), tally


def states(decision: Decision) -> dict[str, tuple[Status | None, Levels]]:
    return {finding.rule.id: (finding.status, finding.levels) for finding in decision.findings}


def stops(decision: Decision) -> set[tuple[str, str, str]]:
    """Every stop of a concept, and where."""
    found: set[tuple[str, str, str]] = set()
    for finding in decision.findings:
        for axis, level in STOPS:
            if getattr(finding.levels, axis) >= level:
                places = finding.where if axis == "needling" else ("body",)
                found |= {(finding.rule.concept, level.code, place) for place in places}
    return found


def expected(old: Rulebook, new: Rulebook, intakes: Intakes) -> Iterator[tuple[int, object]]:
    """Each intake that changes: labels, how each rule moved, lost stops."""
    for place, intake in enumerate(intakes):
        before, after = decide(old, intake), decide(new, intake)
        was, now = states(before), states(after)
        here, there = ({f.rule.id: set(f.where) for f in each.findings} for each in (before, after))
        both = here.keys() & there.keys()
        moves = {
            (name, was.get(name, (None, CALM)), now.get(name, (None, CALM)), *sides)
            for name in {*was, *now}
            for sides in [(name in both and one - two != set() for one, two in sided(here, there, name))]
            if was.get(name) != now.get(name) or here.get(name) != there.get(name)
        }
        if moves or before.label != after.label:
            lost = {(concept, level) for concept, level, _ in stops(before) - stops(after)}
            yield place, ((before.label, after.label), moves, lost)


def sided(here: Places, there: Places, name: str) -> tuple[tuple[set[str], set[str]], tuple[set[str], set[str]]]:
    """The places of a rule before and after, and the other way round."""
    before, after = here.get(name, set()), there.get(name, set())
    return (before, after), (after, before)


def found(changes: list[Change]) -> dict[int, object]:
    """The same of what the columns say."""
    said: dict[int, object] = {}
    for change in changes:
        moves = {
            (move.rule, *((one.status, one.levels) for one in (move.before, move.after)), move.leaves, move.enters)
            for move in change.moves
        }
        lost = {(stop.concept, stop.level.code) for stop in change.lost}
        said |= dict.fromkeys(change.places, (change.labels, moves, lost))
    return said


@settings(max_examples=50, deadline=None)
@given(
    strategies.rulebooks(),
    st.lists(strategies.rules(), min_size=4, max_size=4),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    st.lists(strategies.answers(), min_size=8, max_size=20),
)
def test_random_changes(
    specs: list[dict[str, Any]], others: list[dict[str, Any]], kept: list[int], raws: list[dict[str, Any]]
) -> None:
    triples = zip(specs, others, kept, strict=False)
    changed = [spec if keep == 0 else {**other, "id": spec["id"]} for spec, other, keep in triples if keep < 2]
    old, new = book(*specs), book(*changed, rule({"reason": "pain"}, "unchanged"))
    intakes = [parse_answers(vocabulary(), raw) for raw in raws]
    changes, tally = compared(old, new, intakes)
    assert found(changes) == dict(expected(old, new, intakes))
    assert tally.intakes == len(intakes)
    assert tally.moves.total() == sum(len(change.moves) * len(change.places) for change in changes)
    moved = sum(len(change.places) for change in changes if change.labels[0] != change.labels[1])
    assert tally.labels.total() == moved


def test_a_rule_that_only_moves_elsewhere_on_the_body_changes_the_label() -> None:
    old, new = (
        book(rule({"reason": "pain"}, needling="avoid_area", where=where)) for where in (["calf_left"], ["neck"])
    )
    intakes: Intakes = [{"reason": "pain", "pain_regions": ("calf_left",)}, {"reason": "other"}]
    changes, tally = compared(old, new, intakes)
    there = RuleState(Status.FIRES, Levels(Needling.AVOID_AREA, Urgency.NONE))
    moved, lost = Move("one", there, there, leaves=True, enters=True), Stop("danger", "needling", Needling.AVOID_AREA)
    assert changes == [Change((0,), (Label.DO_NOT_NEEDLE, Label.PRECAUTION), (moved,), (lost,))]
    assert tally.moves == {moved: 1}
    assert tally.lost == {lost: 1}
    assert tally.labels == {(Label.DO_NOT_NEEDLE, Label.PRECAUTION): 1}


@pytest.mark.parametrize(
    "keys",
    [
        {"needling": "do_not_needle"},
        {"urgency": "same_day"},
        {"if_unknown": {"needling": "precaution", "urgency": "none"}},
        {"raises": [{"when": {"fear": {"min": 8}}, "needling": "do_not_needle"}]},
        {"where": ["hand"]},
    ],
    ids=lambda keys: next(iter(keys)),
)
def test_one_part_of_a_rule_that_changes_alone_is_seen(keys: dict[str, Any]) -> None:
    base = {"needling": "review_before", "if_unknown": {"needling": "ok", "urgency": "none"}}
    old, new = (book(rule({"danger": "fever"}, "one", **base | more)) for more in ({}, keys))
    intakes: Intakes = [{"danger": ("fever",), "fear": 9}, {}, {"danger": ("none",)}]
    changes, _ = compared(old, new, intakes)
    seen = dict(expected(old, new, intakes))
    assert found(changes) == seen
    assert seen


def test_intakes_that_change_alike_stand_together() -> None:
    old, new = (book(rule({"reason": "pain"}, needling=level)) for level in ("do_not_needle", "precaution"))
    intakes: Intakes = [{"reason": reason} for reason in ("pain", "other", "pain", "pain", "other")]
    (change,), _ = compared(old, new, intakes)
    lost = (Stop("danger", "needling", Needling.DO_NOT_NEEDLE), Stop("danger", "needling", Needling.AVOID_AREA))
    assert (change.places, change.lost) == ((0, 2, 3), lost)


def test_a_place_that_is_spared_counts_though_neither_level_nor_label_changes() -> None:
    old, new = (
        book(rule({"reason": "pain"}, needling="avoid_area", where=where)) for where in (["hand"], ["hand_left"])
    )
    intakes: Intakes = [{"reason": "pain", "pain_regions": ("neck_left",)}, {"reason": "other"}]
    (change,), tally = compared(old, new, intakes)
    assert change.labels == (Label.PRECAUTION, Label.PRECAUTION)
    assert [(move.leaves, move.enters) for move in change.moves] == [(True, False)]
    assert tally.lost == {Stop("danger", "needling", Needling.AVOID_AREA): 1}
    (back,), tally = compared(new, old, intakes)
    assert [(move.leaves, move.enters) for move in back.moves] == [(False, True)]
    assert not tally.lost
