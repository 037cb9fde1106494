"""Three truth values: every node and matcher with TRUE, FALSE and UNKNOWN; what applies; what narrows."""

from __future__ import annotations

import pytest

from intake.engine.decide.decide import applies, truth
from tests.engine.small import answers, condition, vocabulary

T: dict[str, object] = {"reason": "pain"}
F: dict[str, object] = {"reason": "other"}
U: dict[str, object] = {"reason": "not_sure"}


def judged(data: object, **raw: object) -> bool | None:
    return truth(vocabulary(), condition(data), answers(**raw))


# one leaf each that is TRUE, FALSE and UNKNOWN on the same intake
LEAVES: dict[str, object] = {"t": {"reason": "pain"}, "f": {"pregnant": "yes"}, "u": {"fear": {"min": 5}}}
SAID = {"reason": "pain", "pregnant": "no"}
TRUTH = {"t": True, "f": False, "u": None}


@pytest.mark.parametrize(
    ("leaves", "all_", "any_", "two"),
    [
        ("t", True, True, None),
        ("f", False, False, None),
        ("u", None, None, None),
        ("tt", True, True, True),
        ("tf", False, True, False),
        ("tu", None, True, None),
        ("ff", False, False, False),
        ("fu", False, None, False),
        ("uu", None, None, None),
        ("ttf", False, True, True),
        ("ttu", None, True, True),
        ("tfu", False, True, None),
        ("ffu", False, None, False),
        ("fuu", False, None, None),
        ("tuu", None, True, None),
    ],
)
def test_combiners_follow_kleene(leaves: str, all_: bool | None, any_: bool | None, two: bool | None) -> None:
    for order in (leaves, leaves[::-1]):
        nodes = [LEAVES[name] for name in order]
        assert judged({"all": nodes}, **SAID) is all_
        assert judged({"any": nodes}, **SAID) is any_
        if len(nodes) > 1:
            assert judged({"at_least": {"count": 2, "of": nodes}}, **SAID) is two


@pytest.mark.parametrize(("leaf", "opposite"), [("t", False), ("f", True), ("u", None)])
def test_not_turns_round_what_is_known(leaf: str, opposite: bool | None) -> None:
    assert judged({"not": LEAVES[leaf]}, **SAID) is opposite


DANGER = {"any": {"danger": {"any_of": ["fever", "numb"]}}, "every": {"danger": {"all_of": ["fever", "numb"]}}}


@pytest.mark.parametrize(
    ("leaf", "raw", "expected", "why"),
    [
        ({"reason": "pain"}, {"reason": "pain"}, True, "a choice equals its code"),
        ({"reason": "pain"}, {"reason": "other"}, False, "another code was chosen"),
        ({"reason": "pain"}, {}, None, "not answered"),
        ({"reason": "pain"}, {"reason": None}, None, "null is not answered"),
        ({"reason": "pain"}, {"reason": "not_sure"}, None, "not sure"),
        ({"reason": "pain"}, {"reason": "declined"}, None, "declined"),
        ({"reason": {"in": ["pain", "other"]}}, {"reason": "other"}, True, "one of them"),
        ({"reason": {"in": ["pain", "other"]}}, {"reason": "headache"}, False, "none of them"),
        ({"reason": {"in": ["pain", "headache", "other"]}}, {}, None, "naming every code still needs an answer"),
        ({"danger": "fever"}, {"danger": ["fever", "weak"]}, True, "the code is ticked"),
        ({"danger": "fever"}, {"danger": ["weak"]}, False, "an unticked code is denied"),
        ({"danger": "fever"}, {"danger": ["none"]}, False, "none denies every code"),
        ({"danger": "fever"}, {"danger": ["declined"]}, None, "declined"),
        ({"danger": "fever"}, {"danger": ["not_sure"]}, None, "not sure of anything"),
        ({"danger": "fever"}, {"danger": ["weak", "not_sure"]}, None, "not sure of the others"),
        ({"danger": "fever"}, {"danger": ["fever", "not_sure"]}, True, "a named code is true beside not sure"),
        (DANGER["any"], {"danger": ["numb"]}, True, "one suffices"),
        (DANGER["any"], {"danger": ["weak"]}, False, "neither"),
        (DANGER["any"], {"danger": ["weak", "not_sure"]}, None, "either may hold"),
        (DANGER["every"], {"danger": ["fever", "numb"]}, True, "both"),
        (DANGER["every"], {"danger": ["fever"]}, False, "one is denied"),
        (DANGER["every"], {"danger": ["fever", "not_sure"]}, None, "the other may hold"),
        (DANGER["every"], {"danger": ["none"]}, False, "both are denied"),
        (DANGER["every"], {"danger": ["not_sure"], "danger_unsure": ["numb"]}, False, "the other one is denied"),
        ({"danger": {"count": 2}}, {"danger": ["fever", "weak"]}, True, "two are ticked"),
        ({"danger": {"count": 2}}, {"danger": ["fever"]}, False, "one is ticked"),
        ({"danger": {"count": 1}}, {"danger": ["none"]}, False, "none is not counted"),
        ({"faint": {"count": 1}}, {"faint": ["never"]}, False, "never is the none of this fact"),
        ({"danger": {"count": 3}}, {"danger": ["fever", "not_sure"]}, None, "ticked and unknown codes reach three"),
        ({"faint": {"count": 2}}, {"faint": ["not_sure"]}, None, "none is not among the unknown codes: two are left"),
        ({"pain_regions": "hand_right"}, {"pain_regions": ["hand_right"]}, True, "a region code"),
        ({"pain_regions": "hand"}, {"pain_regions": ["hand_left"]}, True, "a stem means either side"),
        ({"pain_regions": "arm"}, {"pain_regions": ["shoulder_left"]}, True, "a group"),
        ({"pain_regions": {"any_of": ["leg", "tailbone"]}}, {"pain_regions": ["tailbone"]}, True, "group and region"),
        ({"pain_regions": {"all_of": "hand"}}, {"pain_regions": ["hand_left"]}, False, "all of a stem: both sides"),
        ({"pain_regions": "arm"}, {"pain_regions": []}, False, "answered: no region"),
        ({"pain_regions": {"count": 1}}, {"pain_regions": []}, False, "answered: no region"),
        ({"pain_regions": "arm"}, {"pain_regions": ["not_sure"]}, None, "not sure where"),
        ({"pain_regions": "arm"}, {}, None, "not answered"),
        ({"main_region": "arm"}, {"pain_regions": ["hand_left"], "main_region": "hand_left"}, True, "a choice"),
        ({"age": {"min": 18, "below": 65}}, {"age": 18}, True, "the lower end belongs to it"),
        ({"age": {"min": 18, "below": 65}}, {"age": 65}, False, "the upper end does not"),
        ({"age": {"min": 18}}, {"age": 17.9}, False, "below"),
        ({"age": {"below": 18}}, {"age": 0}, True, "zero is an answer"),
        ({"age": {"below": 18}}, {"age": "declined"}, None, "declined"),
        ({"age": {"below": 18}}, {}, None, "not answered"),
        ({"fear": {"min": 8}}, {"fear": 8}, True, "a score"),
        ({"fear": {"min": 8}}, {"fear": "not_sure"}, None, "a score that is not known"),
    ],
)  # fmt: skip
def test_leaves(leaf: object, raw: dict[str, object], expected: bool | None, why: str) -> None:
    assert judged(leaf, **raw) is expected, why


INR = {"inr": {"in": ["high", "unstable"]}}


@pytest.mark.parametrize(
    ("raw", "leaf", "asked", "why"),
    [
        ({"thinners": ["warfarin"], "inr": "high"}, True, True, "asked and answered"),
        ({"thinners": ["warfarin"]}, None, True, "asked and not answered"),
        ({"thinners": ["none"], "inr": "high"}, False, False, "a hidden answer is not read"),
        ({"thinners": ["apixaban"]}, False, False, "does not apply"),
        ({"inr": "high"}, None, None, "stored, but whether it is asked is unknown"),
        ({"thinners": ["apixaban", "not_sure"], "inr": "good"}, None, None, "warfarin may be meant"),
    ],
)
def test_a_question_that_does_not_apply_is_not_read(
    raw: dict[str, object], leaf: bool | None, asked: bool | None, why: str
) -> None:
    assert judged(INR, **raw) is leaf, why
    assert judged({"not": INR}, **raw) is (None if leaf is None else not leaf), why
    assert applies(vocabulary(), "inr", answers(**raw)) is asked, why


def test_applying_follows_a_chain_of_questions() -> None:
    checked = {"inr_checked": "no"}
    hidden = {"thinners": ["none"], "inr": "high", "inr_checked": "no"}
    assert judged(checked, thinners=["warfarin"], inr="high", inr_checked="no") is True
    assert judged(checked, **hidden) is False
    assert judged(checked, thinners=["warfarin"], inr_checked="no") is None


@pytest.mark.parametrize(
    ("danger", "unsure", "fever", "why"),
    [
        (["not_sure"], ["fever"], None, "named: may hold"),
        (["not_sure"], ["weak"], False, "not named: denied"),
        (["weak", "not_sure"], ["numb"], False, "not named: denied"),
        (["fever", "not_sure"], ["numb"], True, "ticked is ticked"),
        (["not_sure"], None, None, "narrowing not answered"),
        (["not_sure"], ["not_sure"], None, "not sure which"),
        (["not_sure"], ["declined"], None, "would not say which"),
        (["not_sure"], ["weak", "not_sure"], None, "and perhaps others"),
        (["weak"], ["fever"], False, "without not_sure the narrowing is not asked"),
        (["none"], ["fever"], False, "none stands"),
        (["declined"], ["weak"], None, "declined stays unknown whatever the narrowing says"),
        (None, ["weak"], None, "unanswered stays unknown whatever the narrowing says"),
    ],
)
def test_a_narrowing_fact_says_which_codes_are_unsure(
    danger: list[str] | None, unsure: list[str] | None, fever: bool | None, why: str
) -> None:
    assert judged({"danger": "fever"}, danger=danger, danger_unsure=unsure) is fever, why


@pytest.mark.parametrize(
    ("danger", "asked"),
    [(["fever", "not_sure"], True), (["fever"], False), (["none"], False), (["declined"], False), (None, False)],
)
def test_the_narrowing_question_is_asked_exactly_when_something_is_unsure(
    danger: list[str] | None, asked: bool
) -> None:
    assert applies(vocabulary(), "danger_unsure", answers(danger=danger)) is asked


def test_an_empty_set_of_ticks_is_no_denial() -> None:
    """No form and no command sends one; if it came from elsewhere it would still not be read as a no."""
    assert truth(vocabulary(), condition({"danger": "fever"}), {"danger": ()}) is None
    assert truth(vocabulary(), condition({"danger": "fever"}), {"danger": "declined"}) is None
