"""What would have to be different: the change is small, can really be answered, and makes the rule quiet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice, product
from typing import Any

import pytest
from hypothesis import given

from intake.engine.book.vocabulary import Answer, Kind
from intake.engine.interpret.contrast import ChangedAnswer, changed, contrast
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers, to_raw
from tests.engine import strategies
from tests.engine.small import answers, condition, vocabulary

NUMB, FEVER, WEAK = {"danger": "numb"}, {"danger": "fever"}, {"danger": "weak"}
OLD, SWOLLEN = {"age": {"min": 65}}, {"lymph": "swollen"}
ALL_TICKED = {"danger": ["fever", "numb", "weak"]}


def intake(**raw: object) -> Intake:
    return Intake(vocabulary(), answers(**raw))


def after(patient: Intake, changes: Iterable[ChangedAnswer]) -> Intake:
    return changed(patient, {change.fact: change.instead for change in changes})


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
        (
            {"not": FEVER},
            {"danger": ["weak", "not_sure"]},
            {"danger": ("fever", "weak", "not_sure")},
            "unsure of the rest",
        ),
        (
            {"at_least": {"count": 2, "of": [FEVER, NUMB, WEAK]}},
            ALL_TICKED,
            {"danger": ("weak",)},
            "all but one of them",
        ),
        (
            {"danger": {"count": 2}},
            {"danger": ["numb", "weak"]},
            {"danger": ("numb",)},
            "under the count, of what was said",
        ),
        (
            {"all": [FEVER, SWOLLEN]},
            {"danger": ["fever"], "lymph": ["swollen"]},
            {"lymph": ("none",)},
            "what is asked last",
        ),
        (
            {"all": [FEVER, {"thinners": {"any_of": ["warfarin", "apixaban"]}}]},
            {"danger": ["fever"], "thinners": ["warfarin", "apixaban"]},
            {"danger": ("none",)},
            "one tick before two",
        ),
        (
            {"hand_signs": {"any_of": ["clumsy", "cold"]}},
            {"pain_regions": [], "reason": "headache", "hand_signs": ["clumsy", "cold"]},
            {"hand_signs": ("none",)},
            "two ticks of itself before one answer to what asked it",
        ),
        (
            {"not": {"hand_signs": "cold"}},
            {"hand_signs": ["clumsy"]},
            {"reason": "headache", "hand_signs": ("cold",)},
            "an answer to what does not apply is none",
        ),
        ({"inr": "high"}, {}, {"thinners": ("none",)}, "what asks it, before that and itself"),
        ({"not": {"inr": "high"}}, {}, {"thinners": ("warfarin",), "inr": "high"}, "what asks it, and itself"),
        ({"not": {"inr": "high"}}, {"inr": "high"}, {"thinners": ("warfarin",)}, "what asks it, and it was said"),
        (
            {"any": [FEVER, OLD, {"reason": "pain"}, {"pregnant": "yes"}, {"lung": "once"}]},
            {"danger": ["fever"], "age": 70, "reason": "pain", "pregnant": "yes", "lung": "once"},
            {"danger": ("none",), "age": 64, "reason": "headache", "pregnant": "no", "lung": "never"},
            "each of many",
        ),
        (FEVER, {"danger": ["none"]}, {}, "quiet already"),
    ],
)
def test_the_smallest_change(when: object, raw: dict[str, Any], expected: dict[str, Answer], why: str) -> None:
    assert otherwise(when, **raw) == expected, why


@pytest.mark.parametrize(
    ("when", "raw", "barred"),
    [
        ({"reason": "headache"}, {"reason": "headache"}, {"headache"}),
        ({"any": [{"reason": "pain"}, {"reason": "other"}]}, {"reason": "pain"}, {"pain", "other"}),
        ({"any": [FEVER, NUMB]}, {"danger": ["fever"]}, {"fever", "numb"}),
        ({"danger": {"count": 2}}, {"danger": ["fever", "numb"]}, {"numb", "weak"}),
        ({"age": {"min": 12, "below": 18}}, {"age": 12}, {12, 17}),
        (OLD, {"age": 70}, {65}),
        ({"any": [OLD, {"age": {"below": 12}}]}, {"age": 70}, {11, 65}),
    ],
)
def test_what_would_not_do_in_its_place(when: object, raw: dict[str, Any], barred: set[Answer]) -> None:
    (change,) = contrast(condition(when), intake(**raw))
    assert change.barred == barred


@given(strategies.conditions(), strategies.answers())
def test_the_change_can_be_answered_and_makes_the_condition_false(when: dict[str, Any], raw: dict[str, Any]) -> None:
    tree, patient = condition(when), intake(**raw)
    changes = contrast(tree, patient)
    assert [change.fact for change in changes] == sorted(
        {change.fact for change in changes}, key=[*vocabulary().facts].index
    )
    answered = after(patient, changes)
    assert parse_answers(vocabulary(), to_raw(answered.answers)) == answered.answers
    if changes:
        assert answered.truth(tree) is False
    for change in changes:
        rest = [each for each in changes if each is not change]
        assert after(patient, rest).truth(tree) is not False, "one of the changes is not needed"


def test_two_answers_that_would_do_alone_are_not_both_told() -> None:
    together = {"all": [{"reason": "other"}, {"main_region": "calf_left"}]}
    when = {"any": [{"reason": "pain"}, {"main_region": "neck_left"}, together]}
    reason, region = contrast(
        condition(when), intake(reason="pain", pain_regions=["neck_left"], main_region="neck_left")
    )
    assert reason.barred == {"pain"}
    assert region.barred == {"neck_left", "calf_left"}


@given(strategies.conditions(), strategies.answers())
def test_whatever_is_not_barred_does_in_its_place_with_the_others(when: dict[str, Any], raw: dict[str, Any]) -> None:
    tree, patient = condition(when), intake(**raw)
    changes = contrast(tree, patient)
    each = [[(change.fact, answer) for answer in in_its_place(change)] for change in changes]
    for answered in islice(product(*each), 200) if changes else ():
        assert changed(patient, dict(answered)).truth(tree) is False, answered


def in_its_place(change: ChangedAnswer) -> list[Answer]:
    """What does as well, of a fact that takes one code."""
    fact = vocabulary().facts[change.fact]
    others = fact.codes if fact.kind is Kind.CHOICE else ()
    return [change.instead, *(code for code in others if code not in change.barred)]


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
