"""Why a rule fires, in the fewest answers; what an asking rule is open about."""

from __future__ import annotations

from typing import Any

import pytest

from intake.engine.decide.outcome import answers
from intake.engine.interpret.explain import Literal
from tests.engine.small import answers as parsed
from tests.engine.small import explained, rule


def because(when: object, **raw: object) -> tuple[tuple[str, str, bool], ...]:
    deciding = explained(rule(when), **raw).deciding
    return tuple((literal.fact, literal.code, literal.holds) for literal in deciding)


NUMB, FEVER = {"danger": "numb"}, {"danger": "fever"}


@pytest.mark.parametrize(
    ("when", "raw", "expected", "why"),
    [
        (FEVER, {"danger": ["fever", "weak"]}, (("danger", "fever", True),), "not the other ticks"),
        ({"any": [NUMB, FEVER]}, {"danger": ["numb", "fever"]}, (("danger", "fever", True),), "vocabulary order"),
        (
            {"danger": {"count": 2}},
            {"danger": ["weak", "numb", "fever"]},
            (("danger", "fever", True), ("danger", "numb", True)),
            "two of three",
        ),
        (
            {"any": [{"all": [FEVER, {"fear": {"min": 5}}]}, NUMB]},
            {"danger": ["numb", "fever"], "fear": 9},
            (("danger", "numb", True),),
            "one answer beats two",
        ),
        (
            {"all": [{"any": [FEVER, NUMB]}, NUMB]},
            {"danger": ["fever", "numb"]},
            (("danger", "numb", True),),
            "one answer for both parts",
        ),
        ({"not": FEVER}, {"danger": ["weak", "numb"]}, (("danger", "fever", False),), "a denied code"),
        (
            {"not": {"danger": {"count": 1}}},
            {"danger": ["none"]},
            (("danger", "none", True),),
            "none denies all at once",
        ),
        ({"not": {"reason": "pain"}}, {"reason": "other"}, (("reason", "other", True),), "a choice is its own reason"),
        ({"age": {"min": 65}}, {"age": 70}, (("age", "", True),), "a number"),
        ({"not": {"pain_regions": "arm"}}, {"pain_regions": []}, (("pain_regions", "", True),), "no region at all"),
        (
            {"inr": "high"},
            {"thinners": ["apixaban", "warfarin"], "inr": "high"},
            (("thinners", "warfarin", True), ("inr", "high", True)),
            "with the answer that made it apply",
        ),
        ({"not": {"inr": "high"}}, {"thinners": ["none"]}, (("thinners", "none", True),), "what made it not apply"),
        (
            {"not": {"danger": "fever"}},
            {"danger": ["not_sure"], "danger_unsure": ["weak"]},
            (("danger", "fever", False), ("danger_unsure", "fever", False)),
            "with the narrowing",
        ),
    ],
)
def test_the_smallest_set_that_decides(
    when: object, raw: dict[str, Any], expected: tuple[tuple[str, str, bool], ...], why: str
) -> None:
    assert because(when, **raw) == expected, why


@pytest.mark.parametrize(
    ("when", "raw", "shown"),
    [
        (FEVER, {"danger": ["fever", "weak"]}, {"danger": ["fever"]}),
        ({"not": FEVER}, {"danger": ["weak", "numb"]}, {"danger": ["numb", "weak"]}),
        ({"not": FEVER}, {"danger": ["none"]}, {"danger": ["none"]}),
        ({"not": {"pain_regions": "arm"}}, {"pain_regions": []}, {"pain_regions": []}),
        ({"age": {"min": 65}}, {"age": 70}, {"age": 70}),
        ({"not": {"reason": "pain"}}, {"reason": "other"}, {"reason": "other"}),
    ],
)
def test_answers_are_shown_as_the_patient_gave_them(
    when: object, raw: dict[str, Any], shown: dict[str, object]
) -> None:
    assert answers(explained(rule(when), **raw), parsed(**raw)) == shown


@pytest.mark.parametrize(
    ("when", "raw", "expected", "why"),
    [
        ({"all": [FEVER, {"fear": {"min": 5}}]}, {}, ("fear", "danger"), "both, in vocabulary order"),
        ({"all": [FEVER, {"fear": {"min": 5}}]}, {"fear": 9}, ("danger",), "what is true is not open"),
        ({"any": [FEVER, {"fear": {"min": 5}}]}, {"fear": 1}, ("danger",), "what is false is not open"),
        (
            {"any": [{"all": [FEVER, {"pregnant": "yes"}]}, {"fear": {"min": 5}}]},
            {"pregnant": "no"},
            ("fear",),
            "a branch that is decided",
        ),
        ({"inr": "high"}, {}, ("thinners",), "whether it applies"),
        ({"inr": "high"}, {"thinners": ["warfarin"]}, ("inr",), "the question itself"),
        ({"inr_checked": "no"}, {}, ("thinners",), "the first question of the chain"),
        ({"danger": "fever"}, {"danger": ["not_sure"]}, ("danger",), "the narrowed fact, not the narrowing one"),
        (
            {"at_least": {"count": 2, "of": [FEVER, NUMB, {"fear": {"min": 5}}]}},
            {"danger": ["fever"]},
            ("fear",),
            "of those still open",
        ),
    ],
)
def test_open_facts(when: object, raw: dict[str, Any], expected: tuple[str, ...], why: str) -> None:
    assert explained(rule(when), **raw).open_facts == expected, why


def test_many_equal_reasons_stay_quick_and_give_the_first() -> None:
    """Eighteen ticked regions, nine needed: 48,620 sets would do."""
    regions = [
        "head",
        "neck_right",
        "neck_left",
        "tailbone",
        "shoulder_right",
        "shoulder_left",
        "hand_right",
        "hand_left",
    ]
    several = {"pain_regions": {"count": 4}}
    deciding = explained(rule({"all": [several, several]}), pain_regions=regions).deciding
    assert deciding == tuple(Literal("pain_regions", code, holds=True) for code in regions[:4])
