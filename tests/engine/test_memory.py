"""What a conclusion can depend on, and that remembering one is bounded."""

from __future__ import annotations

import pytest

from intake.engine.memory import MOST_KEPT, Memory, facts_behind
from intake.engine.vocabulary import Answers
from tests.engine.small import book, decided, rule, vocabulary


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["age"], {"age"}),
        (["inr_checked"], {"inr_checked", "inr", "thinners"}),
        (["danger"], {"danger", "danger_unsure"}),
        (["hand_signs", "age"], {"hand_signs", "pain_regions", "reason", "age"}),
    ],
)
def test_a_reading_depends_on_what_makes_it_apply_and_what_narrows_it(names: list[str], expected: set[str]) -> None:
    assert set(facts_behind(names, vocabulary())) == expected


def test_a_rule_depends_on_its_raises_and_its_place_too() -> None:
    raised = {"when": {"fear": {"min": 8}}, "needling": "do_not_needle"}
    rules = book(rule({"age": {"min": 65}}, raises=[raised], needling="precaution", where={"fact": "skin_regions"}))
    decided(rules)
    assert set(rules.remembered[0].facts) == {"age", "fear", "skin_regions", "skin"}


def test_equal_answers_are_concluded_once_and_the_store_is_bounded() -> None:
    drawn: list[int] = []
    memory: Memory[int] = Memory(("age",))

    def ask(age: int) -> int:
        def conclude() -> int:
            drawn.append(age)
            return age

        answers: Answers = {"age": age, "fear": age % 3}
        return memory.recall(answers, conclude)

    assert [ask(7), ask(7)] == [7, 7]
    assert drawn == [7]
    assert [ask(age) for age in range(2 * MOST_KEPT + 1)] == list(range(2 * MOST_KEPT + 1))
    assert ask(7) == 7
    assert drawn.count(7) == 2


def test_an_unanswered_fact_is_not_the_same_as_any_answer() -> None:
    rules = book(rule({"fear": {"below": 5}}))
    statuses = [
        [finding.status.value for finding in decided(rules, **raw).findings] for raw in ({}, {"fear": 0}, {"fear": 9})
    ]
    assert statuses == [["asks"], ["fires"], []]
