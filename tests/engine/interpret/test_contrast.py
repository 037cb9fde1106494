"""What would have to be different: the change is small, can really be answered, and makes the rule quiet."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given

from intake.engine.book.vocabulary import Answer
from intake.engine.interpret.contrast import changed, contrast
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers, to_raw
from tests.engine import strategies
from tests.engine.small import answers, condition, vocabulary

NUMB, FEVER = {"danger": "numb"}, {"danger": "fever"}


def intake(**raw: object) -> Intake:
    return Intake(vocabulary(), answers(**raw))


def otherwise(when: object, **raw: object) -> dict[str, Answer]:
    return {change.fact: change.instead for change in contrast(condition(when), intake(**raw))}


@pytest.mark.parametrize(
    ("when", "raw", "expected", "why"),
    [
        (FEVER, {"danger": ["fever"]}, {"danger": ("none",)}, "the only tick gone"),
        (FEVER, {"danger": ["fever", "weak"]}, {"danger": ("weak",)}, "the other ticks stay"),
        (FEVER, {"danger": ["fever", "not_sure"]}, {"danger": ("none",)}, "a no is no longer unsure"),
        ({"age": {"min": 65}}, {"age": 70}, {"age": 64}, "the nearest number"),
        ({"age": {"below": 12}}, {"age": 3}, {"age": 12}, "the nearest number above"),
        ({"all": [FEVER, {"fear": {"min": 5}}]}, {"danger": ["fever"], "fear": 9}, {"fear": 4}, "one of two"),
        (
            {"any": [FEVER, {"fear": {"min": 5}}]},
            {"danger": ["fever"], "fear": 9},
            {"danger": ("none",), "fear": 4},
            "both of two",
        ),
        ({"any": [FEVER, NUMB]}, {"danger": ["fever", "numb", "weak"]}, {"danger": ("weak",)}, "two ticks of one fact"),
        ({"not": FEVER}, {"danger": ["weak"]}, {"danger": ("fever", "weak")}, "what was denied"),
        ({"danger": {"count": 2}}, {"danger": ["fever", "numb", "weak"]}, {"danger": ("fever",)}, "under the count"),
        ({"inr": "high"}, {"thinners": ["warfarin"], "inr": "high"}, {"inr": "good"}, "itself before what asked it"),
        (FEVER, {"danger": ["none"]}, {}, "quiet already"),
    ],
)
def test_the_smallest_change(when: object, raw: dict[str, Any], expected: dict[str, Answer], why: str) -> None:
    assert otherwise(when, **raw) == expected, why


@given(strategies.conditions(), strategies.answers())
def test_the_change_can_be_answered_and_makes_the_condition_false(when: dict[str, Any], raw: dict[str, Any]) -> None:
    tree, patient = condition(when), intake(**raw)
    changes = contrast(tree, patient)
    after = changed(patient, changes)
    assert parse_answers(vocabulary(), to_raw(after.answers)) == after.answers
    if changes:
        assert after.truth(tree) is False
    for change in changes:
        rest = [each for each in changes if each is not change]
        assert changed(patient, rest).truth(tree) is not False, "one of the changes is not needed"


@given(strategies.conditions(), strategies.answers())
def test_no_single_answer_does_what_several_are_asked_for(when: dict[str, Any], raw: dict[str, Any]) -> None:
    tree, patient = condition(when), intake(**raw)
    changes = contrast(tree, patient)
    if len(changes) == 1 or patient.truth(tree) is False:
        return
    for name in vocabulary().facts:
        for value in simple_answers(name):
            alone = Intake(vocabulary(), {**patient.answers, name: value})
            assert alone.truth(tree) is not False, f"{name} alone would do"


def simple_answers(name: str) -> list[Answer]:
    fact = vocabulary().facts[name]
    match fact.kind.value:
        case "number" | "score":
            return [0, 4, 5, 9, 10]
        case "choice":
            return list(fact.codes)
        case "choices" | "regions":
            pairs = product(fact.codes[:6], fact.codes[:6])
            nothing: list[Answer] = [("none",)] if fact.none else []
            return nothing + [tuple(code for code in fact.codes if code in pair) for pair in pairs]
        case _:
            return []
