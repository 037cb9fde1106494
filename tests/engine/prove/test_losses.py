"""Who would lose a stop is shown and confirmed; where nobody is shown, nobody tried loses one."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from bench.patients import patients
from intake.engine.book.decision import Decision
from intake.engine.book.levels import STOPS, Needling, Urgency
from intake.engine.decide.decide import decide
from intake.engine.prove.losses import Lost, loosened, lost_stops
from tests.engine import strategies
from tests.engine.small import book, rule, vocabulary

TRIED = list(patients(vocabulary(), 40, missing=0.2))
STOP = {"needling": "do_not_needle"}
REGIONS = vocabulary().regions


def lost(old: dict[str, Any], new: dict[str, Any] | None) -> dict[tuple[str, str], Lost]:
    losses = list(lost_stops(book(old), book(*([new] if new else ()))))
    assert all(one.confirmed for one in losses)
    return {(one.subject, one.level): one for one in losses}


def stops(decision: Decision, concept: str, axis: str, level: Needling | Urgency) -> set[str]:
    findings = [f for f in decision.findings if f.rule.concept == concept and getattr(f.levels, axis) >= level]
    return {"body"} if findings and axis == "urgency" else {region for finding in findings for region in finding.where}


@settings(max_examples=20, deadline=None)
@given(strategies.rulebooks(), strategies.rulebooks())
def test_a_stop_that_nobody_is_shown_to_lose_is_lost_by_nobody(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    old, new = book(*before), book(*after)
    losses = list(lost_stops(old, new))
    assert all(one.confirmed for one in losses)
    levels = {(one.subject, one.level) for one in losses}
    for answers in TRIED:
        was, now = decide(old, answers), decide(new, answers)
        for concept in {each.concept for each in old.rules}:
            for axis, level in STOPS:
                lower = stops(was, concept, axis, level) - stops(now, concept, axis, level)
                assert not lower or (concept, level.code) in levels


@settings(max_examples=20, deadline=None)
@given(strategies.rulebooks(), strategies.rulebooks())
def test_where_no_rule_is_loosened_no_level_of_anybody_is_lower(
    before: list[dict[str, Any]], added: list[dict[str, Any]]
) -> None:
    old = book(*before)
    more = [{**each, "id": f"more-{each['id']}"} for each in added]
    for new in (book(*before, *more), book(*before[:-1], *more)):
        losses = list(loosened(old, new))
        assert all(one.confirmed for one in losses)
        if losses:
            continue
        for answers in TRIED:
            was, now = decide(old, answers), decide(new, answers)
            assert now.label >= was.label
            assert now.levels.needling >= was.levels.needling
            assert now.levels.urgency >= was.levels.urgency
            assert all(now.regions[region] >= was.regions[region] for region in REGIONS)
            assert now.electrical_stimulation == "avoid" or was.electrical_stimulation != "avoid"


def test_a_removed_rule_loses_its_stops_and_an_added_one_none() -> None:
    stop = rule({"reason": "pain"}, **STOP)
    assert lost(stop, None).keys() == {("danger", "do_not_needle"), ("danger", "avoid_area")}
    assert lost(stop, None)["danger", "do_not_needle"].patient == {"reason": "pain"}
    assert list(lost_stops(book(), book(stop))) == []


def test_another_rule_of_the_concept_may_take_a_stop_over() -> None:
    old = rule({"reason": "pain"}, **STOP)
    assert lost(old, rule({"reason": {"in": ["pain", "headache"]}}, "another", **STOP)) == {}
    assert lost(old, rule({"reason": "pain"}, "another", needling="avoid_area")).keys() == {("danger", "do_not_needle")}


def test_a_stop_that_moves_to_another_place_is_lost_where_it_was() -> None:
    old = rule({"reason": "pain"}, needling="avoid_area", where=list(REGIONS[:2]))
    assert lost(old, {**old, "where": list(REGIONS[:1])}).keys() == {("danger", "avoid_area")}
    assert lost(old, {**old, "where": "everywhere"}) == {}


def test_a_stop_that_moves_to_another_concept_is_lost_to_its_own() -> None:
    old = rule({"reason": "pain"}, **STOP)
    losses = list(lost_stops(book(old), book({**old, "concept": "minor"}, concepts=["minor"])))
    assert {(one.subject, one.level) for one in losses} == {("danger", "do_not_needle"), ("danger", "avoid_area")}


def test_an_emergency_that_becomes_less_urgent_is_lost() -> None:
    old = rule({"reason": "pain"}, needling="ok", urgency="emergency_now")
    assert lost(old, {**old, "urgency": "same_day"}).keys() == {("danger", "emergency_now")}


def test_a_rule_that_counts_less_while_it_asks_is_loosened() -> None:
    asks = {"needling": "do_not_needle", "urgency": "none"}
    old = rule({"reason": "pain"}, **STOP, if_unknown=asks)
    new = {**old, "if_unknown": {"needling": "review_before", "urgency": "none"}}
    assert {(one.subject, one.level) for one in loosened(book(old), book(new))} == {
        ("one", "avoid_area"), ("one", "do_not_needle"),
    }  # fmt: skip
    assert list(loosened(book(new), book(old))) == []


def test_the_lowest_level_that_is_lost_is_a_loosening() -> None:
    old = rule({"reason": "pain"}, needling="precaution")
    lowered = loosened(book(old), book({**old, "needling": "ok"}))
    assert [(one.subject, one.level) for one in lowered] == [("one", "precaution")]


def test_a_rule_is_loosened_by_what_it_is_itself_whatever_another_counts() -> None:
    old = rule({"reason": "pain"}, needling="precaution")
    losses = loosened(book(old), book({**old, "id": "another"}))
    assert [(one.subject, one.level) for one in losses] == [("one", "precaution")]


def test_electrical_stimulation_that_is_allowed_again_is_a_loosening() -> None:
    old = rule({"reason": "pain"}, electrical_stimulation="avoid")
    assert [one.level for one in loosened(book(old), book(rule({"reason": "pain"})))] == ["electrical stimulation"]
