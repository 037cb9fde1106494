"""The proofs prove the shipped book, find planted faults, and catch engines that are broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import RULEBOOK_PATH, VOCABULARY_PATH
from intake.engine.decide import truth
from intake.engine.exact import Trial, either, exactness
from intake.engine.load import load_rulebook, load_vocabulary
from intake.engine.mutants import adequacy
from intake.engine.prove import prove, refutations
from intake.engine.rulebook import Rulebook
from intake.engine.search import Search
from intake.engine.soundness import Proofs
from intake.engine.to_smt import Pair, Record, pair
from intake.engine.tree import Condition, Not
from intake.engine.truth import Truth
from intake.engine.vocabulary import Answer
from tests.engine import strategies
from tests.engine.small import book, condition, decided, rule, vocabulary

REVIEW = {"needling": "review_before"}


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))


def found(rulebook: Rulebook) -> set[tuple[str, str]]:
    return {(one.id, one.subject) for one in prove(rulebook)}


def test_every_property_of_the_shipped_book_is_proved(shipped: Rulebook) -> None:
    outcomes = list(Proofs(shipped, date(2026, 11, 25)).outcomes())
    assert [one.id for one in outcomes if one.refuted] == []
    assert {one.id for one in outcomes} == {f"L{n}" for n in range(1, 6)} | {f"P{n}" for n in range(1, 18)} | {"placed"}
    adequacy = next(one for one in outcomes if one.id == "P14")
    assert int(adequacy.told.split()[0]) > 1_000


@pytest.mark.parametrize(
    ("rules", "refuted", "why"),
    [
        (
            [rule({"all": [{"inr": "high"}, {"thinners": "none_of"}]}, **REVIEW)],
            None,
            "unknown code: the loader refuses",
        ),
        ([rule({"all": [{"reason": "pain"}, {"reason": "other"}]}, **REVIEW)], ("P1", "one"), "cannot fire"),
        ([rule({"any": [{"age": {"min": 50}}, {"age": {"below": 60}}]}, **REVIEW)], ("P2", "one"), "always fires"),
        ([rule({"danger": "fever"}, **REVIEW), rule({"danger": "fever"}, "two", **REVIEW)], ("P3", "one"), "duplicate"),
        (
            [rule({"danger": {"all_of": ["fever", "numb"]}}, **REVIEW), rule({"danger": "fever"}, "two", **REVIEW)],
            ("P4", "one"),
            "shadowed",
        ),
        ([rule({"not": {"age": {"min": 50}}}, **REVIEW)], ("P8", "one"), "a higher age is worse and lowers the level"),
        ([rule({"pregnant": "yes"}, where={"fact": "skin_regions"}, **REVIEW)], ("placed", "one"), "place never asked"),
        (
            [rule({"inr": "high"}, needling="do_not_needle")],
            ("P10", "inr"),
            "an absolute rule can be silenced by a question that gives no reason",
        ),
    ],
)
def test_a_planted_fault_is_found(rules: list[dict[str, object]], refuted: tuple[str, str] | None, why: str) -> None:
    if refuted is None:
        with pytest.raises(AssertionError, match="none_of"):
            book(*rules)
        return
    assert refuted in found(book(*rules)), why
    assert not any("the formulas say" in one.text for one in prove(book(*rules)))


def test_a_refutation_carries_patients_that_the_interpreter_confirms() -> None:
    rulebook = book(rule({"not": {"age": {"min": 50}}}, **REVIEW))
    shown = next(one for one in prove(rulebook) if one.id == "P8")
    before, after = (truth(vocabulary(), rulebook.rules[0].when, patient) for patient in shown.patients)
    assert (before, after) == (True, False)


# ---- engines broken on purpose


def missing_is_no(record: Record, node: Condition) -> Pair:
    """Reads a missing answer as "no": whatever is not true is false."""
    own = pair(record, node)
    return Pair(own.true, z3.Not(own.true))


def not_unknown_is_true(record: Record, node: Condition) -> Pair:
    """Turns `not` of an unknown into true."""
    if isinstance(node, Not):
        inner = pair(record, node.node)
        return Pair(z3.Not(inner.true), inner.true)
    return pair(record, node)


@pytest.mark.parametrize(
    ("broken", "caught", "blind"),
    [(missing_is_no, {"P5"}, set()), (not_unknown_is_true, {"P6"}, {"P5"})],
)
def test_a_broken_engine_is_caught(
    broken: Callable[[Record, Condition], Pair], caught: set[str], blind: set[str]
) -> None:
    rulebook = book(rule({"danger": "fever"}, **REVIEW), rule({"not": {"danger": "numb"}}, "two", **REVIEW))
    seen = {one.id for one in refutations(Search(rulebook, broken))}
    assert caught <= seen
    assert all("the formulas say" in one.text for one in refutations(Search(rulebook, broken)) if one.id in caught)
    assert not blind & seen


def waits_for_all(one: Truth, other: Truth) -> Truth:
    """An `any` that waits until every branch is known."""
    return None if one is None or other is None else one or other


def honest(rulebook: Rulebook, given: Mapping[str, Answer]) -> Truth:
    return truth(vocabulary(), rulebook.rules[0].when, given)


def test_an_any_that_waits_is_caught_by_exactness_alone() -> None:
    rulebook = book(rule({"any": [{"danger": "fever"}, {"reason": "headache"}]}, **REVIEW))
    when = rulebook.rules[0].when
    assert exactness(rulebook, when).inexact is None
    caught = exactness(rulebook, when, waits_for_all).inexact
    assert caught is not None
    assert honest(rulebook, caught) is True


def test_a_rule_that_reads_one_answer_twice_may_ask_in_vain() -> None:
    rulebook = book(rule({"any": [{"danger": "fever"}, {"not": {"danger": "fever"}}]}, **REVIEW))
    result = exactness(rulebook, rulebook.rules[0].when)
    assert result.inexact is not None
    assert honest(rulebook, result.inexact) is None


@settings(max_examples=100)
@given(strategies.conditions(), st.data())
def test_the_diagrams_of_exactness_say_what_the_interpreter_says(when: dict[str, Any], data: st.DataObject) -> None:
    node = condition(when)
    trial = Trial(vocabulary(), node, either)
    said = {name: data.draw(st.sampled_from(list(states))) for name, states in trial.states.items()}
    answers = {name: state for name, state in said.items() if state is not None}
    assert trial.says(answers) is truth(vocabulary(), node, answers)


def test_a_place_that_only_the_worse_answer_asks_for_lowers_no_region_before_it_is_told() -> None:
    unsure, ticked = {"skin": ["not_sure"]}, {"skin": ["red", "not_sure"]}
    rules = book(
        rule({"skin": "red"}, where={"fact": "skin_regions"}, if_unknown=REVIEW | {"urgency": "none"}, **REVIEW)
    )
    before, after, told = (decided(rules, **said) for said in (unsure, ticked, ticked | {"skin_regions": ["head"]}))
    assert (set(before.regions.values()), set(after.regions.values()), set(told.regions.values())) == ({2}, {2}, {0, 2})
    assert [one.id for one in prove(rules)] == []


def test_a_local_rule_that_takes_the_place_of_a_wider_one_is_found() -> None:
    """A worse answer moves the level from the whole body to one hand: the rest of the body falls."""
    young = rule({"all": [{"danger": "fever"}, {"age": {"below": 50}}]}, "young", **REVIEW)
    old = rule({"all": [{"danger": "fever"}, {"age": {"min": 50}}]}, "old", where="hand", **REVIEW)
    refuted = [one for one in prove(book(young, old)) if one.id == "P8"]
    assert [(one.subject, one.text) for one in refuted] == [
        ("young", "a worse answer lowers needling below precaution (review_before, then ok)"),
        ("young", "a worse answer lowers needling below review_before (review_before, then ok)"),
    ]


def test_a_survivor_comes_with_the_example_that_would_tell_it_apart() -> None:
    thin = {"fires": [{"danger": ["fever", "numb"]}], "quiet": [{"danger": ["none"]}], "asks": [{}]}
    rulebook = book(rule({"danger": {"any_of": ["fever", "numb"]}}, examples=thin, **REVIEW))
    result = adequacy(Search(rulebook))
    assert {one.change for one in result.survivors} >= {"`danger`: `fever` dropped"}
    for one in result.survivors:
        assert (
            truth(vocabulary(), rulebook.rules[0].when, one.example)
            is {"fires": True, "quiet": False, "asks": None}[one.status]
        )
