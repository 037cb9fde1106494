"""The proofs prove the shipped book, find planted faults, and catch engines that are broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import z3

from intake import RULEBOOK_PATH, VOCABULARY_PATH
from intake.engine.decide import truth
from intake.engine.exact import exactness
from intake.engine.load import load_rulebook, load_vocabulary
from intake.engine.mutants import adequacy
from intake.engine.prove import prove, refutations
from intake.engine.rulebook import Rule, Rulebook
from intake.engine.search import Search
from intake.engine.to_smt import Pair, Record, pair
from intake.engine.tree import AnyNode, Condition, Not
from intake.engine.truth import Truth
from intake.engine.vocabulary import Answer
from tests.engine.small import book, rule, vocabulary

REVIEW = {"needling": "review_before"}


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))


def found(rulebook: Rulebook) -> set[tuple[str, str]]:
    return {(one.id, one.subject) for one in prove(rulebook)}


def test_the_shipped_book_is_proved(shipped: Rulebook) -> None:
    assert list(prove(shipped)) == []


def test_every_mutant_of_the_shipped_book_is_told_apart_by_an_example(shipped: Rulebook) -> None:
    result = adequacy(Search(shipped))
    assert result.mutants > 1_000
    assert result.survivors == ()


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
    assert not blind & seen


def waits_for_all(rule_: Rule, given: Mapping[str, Answer]) -> Truth:
    """An `any` that waits until every branch is known."""
    if isinstance(rule_.when, AnyNode):
        branches = [truth(vocabulary(), node, given) for node in rule_.when.nodes]
        return None if None in branches else any(branches)
    return truth(vocabulary(), rule_.when, given)


def honest(rule_: Rule, given: Mapping[str, Answer]) -> Truth:
    return truth(vocabulary(), rule_.when, given)


def test_an_any_that_waits_is_caught_by_exactness_alone() -> None:
    rulebook = book(rule({"any": [{"danger": "fever"}, {"reason": "headache"}]}, **REVIEW))
    assert exactness(rulebook, rulebook.rules[0], honest).inexact is None
    caught = exactness(rulebook, rulebook.rules[0], waits_for_all).inexact
    assert caught is not None
    assert honest(rulebook.rules[0], caught) is True


def test_a_rule_that_reads_one_answer_twice_may_ask_in_vain() -> None:
    rulebook = book(rule({"any": [{"danger": "fever"}, {"not": {"danger": "fever"}}]}, **REVIEW))
    result = exactness(rulebook, rulebook.rules[0], honest)
    assert result.inexact is not None
    assert honest(rulebook.rules[0], result.inexact) is None


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
