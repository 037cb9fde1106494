"""Levels, raises, places, the safety map, the label, notes: each reading of the design as one case."""

from __future__ import annotations

from typing import Any

import pytest

from intake.engine.book.decision import Decision
from intake.engine.book.levels import Levels
from intake.engine.book.rulebook import Rulebook
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import answers, to_dict
from intake.engine.interpret.truth import Intake
from intake.errors import EvaluationError
from tests.engine.small import answers as parsed
from tests.engine.small import book, decided, explained, note, rule, vocabulary

FEVER: dict[str, Any] = {"danger": "fever"}
SICK: dict[str, Any] = {"danger": ["fever"]}
WELL: dict[str, Any] = {"danger": ["none"]}
REVIEW = {"needling": "review_before", "urgency": "none"}
ASK = {"needling": "precaution", "urgency": "none"}
EVERYWHERE = vocabulary().regions
ARM_RIGHT = ("shoulder_right", "hand_right")


def words(levels: Levels) -> tuple[str, str]:
    return levels.needling.code, levels.urgency.code


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, ("ok", "none")),
        ({"urgency": "within_days"}, ("ok", "within_days")),
        ({"urgency": "same_day"}, ("do_not_needle", "same_day")),
        ({"urgency": "emergency_now"}, ("do_not_needle", "emergency_now")),
        ({"urgency": "same_day", "needling": "review_before"}, ("review_before", "same_day")),
        ({"needling": "avoid_area"}, ("avoid_area", "none")),
    ],
)
def test_levels_have_defaults(keys: dict[str, str], expected: tuple[str, str]) -> None:
    finding = decided(rule(FEVER, **keys), **SICK).findings[0]
    assert (finding.status, words(finding.levels), words(finding.at_most)) == ("fires", expected, expected)


def test_a_quiet_rule_leaves_no_trace() -> None:
    decision = decided(rule(FEVER, needling="do_not_needle"), **WELL)
    assert (decision.findings, decision.label.code, set(decision.regions.values())) == ((), "routine", {0})


def test_an_asking_rule_counts_at_if_unknown_and_at_most_at_its_level() -> None:
    decision = decided(rule(FEVER, needling="do_not_needle", if_unknown=ASK))
    finding = decision.findings[0]
    assert (finding.status, words(finding.levels)) == ("asks", ("precaution", "none"))
    assert (words(finding.at_most), words(decision.at_most)) == (("do_not_needle", "none"), ("do_not_needle", "none"))
    why = explained(rule(FEVER, needling="do_not_needle", if_unknown=ASK))
    assert (why.open_facts, answers(why, {}), why.deciding) == (("danger",), {"danger": None}, ())
    assert decision.label.code == "precaution"


RAISED = rule(
    FEVER,
    needling="precaution",
    if_unknown={"needling": "ok", "urgency": "none"},
    raises=[{"when": {"fear": {"min": 8}}, "needling": "do_not_needle", "if_unknown": REVIEW}],
)


@pytest.mark.parametrize(
    ("raw", "status", "counted", "most", "open_facts", "why"),
    [
        (SICK | {"fear": 3}, "fires", "precaution", "precaution", (), "the raise is FALSE"),
        (SICK | {"fear": 9}, "fires", "do_not_needle", "do_not_needle", (), "the raise is TRUE"),
        (SICK, "fires", "review_before", "do_not_needle", ("fear",), "the raise is open: its own if_unknown"),
        ({"fear": 9}, "asks", "do_not_needle", "do_not_needle", ("danger",), "TRUE counts also while the rule asks"),
        ({"fear": 3}, "asks", "ok", "precaution", ("danger",), "only the rule is open"),
        ({}, "asks", "review_before", "do_not_needle", ("fear", "danger"), "both are open"),
    ],
)
def test_a_raise(
    raw: dict[str, Any], status: str, counted: str, most: str, open_facts: tuple[str, ...], why: str
) -> None:
    finding = decided(RAISED, **raw).findings[0]
    assert (finding.status, finding.levels.needling.code, finding.at_most.needling.code) == (status, counted, most), why
    assert explained(RAISED, **raw).open_facts == open_facts, why


def test_a_raise_is_read_only_if_the_rule_fires_or_asks() -> None:
    assert decided(RAISED, fear=9, **WELL).findings == ()


def test_an_open_raise_counts_at_its_level_unless_it_says_otherwise() -> None:
    spec = rule(FEVER, needling="precaution", raises=[{"when": {"fear": {"min": 8}}, "urgency": "same_day"}])
    assert words(decided(spec, **SICK).levels) == ("do_not_needle", "same_day")


@pytest.mark.parametrize(
    ("raw", "counted", "why"),
    [
        (SICK, "review_before", "the rule fires: if_unknown"),
        ({}, "precaution", "the rule only asks: while_asking"),
        ({"fear": 9}, "do_not_needle", "TRUE counts at its level all the same"),
    ],
)
def test_an_open_raise_may_count_less_while_its_rule_only_asks(raw: dict[str, Any], counted: str, why: str) -> None:
    raised = {"when": {"fear": {"min": 8}}, "needling": "do_not_needle", "if_unknown": REVIEW, "while_asking": ASK}
    finding = decided(rule(FEVER, raises=[raised]), **raw).findings[0]
    assert (finding.levels.needling.code, finding.at_most.needling.code) == (counted, "do_not_needle"), why


def test_what_raised_the_level_is_shown_apart() -> None:
    decision = decided(RAISED, fear=9, **SICK)
    finding = to_dict(decision, Intake(vocabulary(), parsed(fear=9, **SICK)))["findings"][0]  # type: ignore[index]  # JSON-like
    assert (finding["answers"], finding["raised_by"]) == ({"danger": ["fever"]}, {"fear": 9})


PLACED: dict[str, Any] = {"needling": "avoid_area", "if_unknown": REVIEW}


@pytest.mark.parametrize(
    ("where", "raw", "expected", "counted", "why"),
    [
        ("everywhere", {}, EVERYWHERE, "avoid_area", "the default"),
        ("neck", {}, ("neck_right", "neck_left"), "avoid_area", "a stem: both sides"),
        (["calf_left", "head"], {}, ("head", "calf_left"), "avoid_area", "codes, in the order of the vocabulary"),
        ("spine", {}, ("neck_right", "neck_left", "tailbone"), "avoid_area", "a group"),
        ({"fact": "pain_regions"}, {"pain_regions": ["knee_left"]}, ("knee_left",), "avoid_area", "as marked"),
        ({"fact": "pain_regions"}, {}, EVERYWHERE, "avoid_area", "not answered: wherever it could be"),
        ({"fact": "pain_regions"}, {"pain_regions": []}, EVERYWHERE, "review_before", "no place"),
        (
            {"fact": "pain_regions", "in": "arm"},
            {"pain_regions": ["hand_left", "head"]},
            ("hand_left",),
            "avoid_area",
            "cut",
        ),
        (
            {"fact": "pain_regions", "in": "arm"},
            {"pain_regions": ["head"]},
            EVERYWHERE,
            "review_before",
            "cut to nothing",
        ),
        (
            {"fact": "main_region"},
            {"pain_regions": ["head"], "main_region": "head"},
            ("head",),
            "avoid_area",
            "one region",
        ),
        ({"fact": "main_region"}, {"pain_regions": []}, EVERYWHERE, "review_before", "does not apply"),
        (
            {"fact": "lung_side", "in": "spine"},
            {"lung": "once", "lung_side": ["right"]},
            ("neck_right", "tailbone"),
            "avoid_area",
            "that side and the midline",
        ),
        (
            {"fact": "lung_side", "in": "spine"},
            {"lung": "once"},
            ("neck_right", "neck_left", "tailbone"),
            "avoid_area",
            "side unknown",
        ),
        (
            {"fact": "lung_side", "in": "spine"},
            {"lung": "once", "lung_side": ["right", "not_sure"]},
            ("neck_right", "neck_left", "tailbone"),
            "avoid_area",
            "ticked or possibly ticked",
        ),
        (
            {"fact": "lymph_limbs"},
            {"lymph": ["swollen"], "lymph_limbs": ["arm_right"]},
            ARM_RIGHT,
            "avoid_area",
            "group and side",
        ),
        (
            {"fact": "lymph_limbs"},
            {"lymph": ["swollen"], "lymph_limbs": ["head_and_neck"]},
            ("head", "neck_right", "neck_left"),
            "avoid_area",
            "a group as a code",
        ),
        (
            {"fact": "lymph_limbs"},
            {"lymph": ["none"], "lymph_limbs": ["arm_right"]},
            EVERYWHERE,
            "review_before",
            "does not apply: not read",
        ),
        (
            {"fact": "lymph_limbs", "in": "hand"},
            {"lymph": ["swollen"], "lymph_limbs": ["arm_right"]},
            ("hand_right",),
            "avoid_area",
            "cut to a region",
        ),
    ],
)
def test_where(where: object, raw: dict[str, Any], expected: tuple[str, ...], counted: str, why: str) -> None:
    decision = decided(rule(FEVER, where=where, **PLACED), **SICK, **raw)
    finding = decision.findings[0]
    assert (finding.where, finding.levels.needling.code) == (expected, counted), why
    assert {region for region, level in decision.regions.items() if level} == set(expected), why


def test_information_stays_information_where_no_place_is_named() -> None:
    decision = decided(rule(FEVER, where={"fact": "pain_regions"}), pain_regions=[], **SICK)
    assert decision.findings[0].levels.needling.code == "ok"


def test_an_open_place_may_still_turn_out_to_be_none() -> None:
    finding = decided(rule(FEVER, needling="precaution", where={"fact": "pain_regions"}), **SICK).findings[0]
    assert (finding.levels.needling.code, finding.at_most.needling.code) == ("precaution", "review_before")


def test_the_safety_map_holds_the_worst_level_of_each_region() -> None:
    rules = book(
        rule(FEVER, "all", needling="precaution"),
        rule(FEVER, "hand", needling="avoid_area", where="hand_left"),
        rule(FEVER, "arm", needling="review_before", where="arm"),
    )
    regions = decided(rules, **SICK).regions
    assert {name: regions[name].code for name in ("head", "hand_left", "hand_right")} == {
        "head": "precaution",
        "hand_left": "avoid_area",
        "hand_right": "review_before",
    }


MARKED = {"pain_regions": ["hand_right", "knee_left"]}
MAIN_HAND = MARKED | {"main_region": "hand_right"}


@pytest.mark.parametrize(
    ("keys", "raw", "expected", "why"),
    [
        ({"urgency": "emergency_now"}, {}, "emergency", "by urgency"),
        ({"urgency": "same_day"}, {}, "urgent_referral", "by urgency"),
        ({"urgency": "within_days"}, {}, "urgent_referral", "by urgency"),
        ({"needling": "do_not_needle", "where": "head"}, MAIN_HAND, "do_not_needle", "wherever it applies"),
        ({"needling": "avoid_area", "where": "hand"}, MAIN_HAND, "do_not_needle", "covers the main region"),
        ({"needling": "avoid_area", "where": "knee"}, MAIN_HAND, "needs_review_before_needling", "not the main region"),
        ({"needling": "avoid_area", "where": "knee"}, MARKED, "do_not_needle", "the main region may be it"),
        (
            {"needling": "avoid_area", "where": "knee"},
            MARKED | {"main_region": "head"},
            "do_not_needle",
            "main not marked",
        ),
        ({"needling": "avoid_area", "where": ["hand", "knee"]}, MAIN_HAND, "do_not_needle", "every marked region"),
        ({"needling": "avoid_area", "where": "head"}, MAIN_HAND, "precaution", "elsewhere"),
        ({"needling": "avoid_area", "where": "head"}, {}, "needs_review_before_needling", "no region is marked"),
        ({"needling": "avoid_area"}, {"pain_regions": []}, "needs_review_before_needling", "no region is marked"),
        ({"needling": "review_before"}, MAIN_HAND, "needs_review_before_needling", "everywhere"),
        ({"needling": "review_before", "where": "knee"}, MAIN_HAND, "needs_review_before_needling", "a marked region"),
        (
            {"needling": "review_before", "where": "shoulder_right"},
            MAIN_HAND,
            "needs_review_before_needling",
            "same arm",
        ),
        ({"needling": "review_before", "where": "shoulder_left"}, MAIN_HAND, "precaution", "the other arm"),
        ({"needling": "review_before", "where": "calf_left"}, MAIN_HAND, "needs_review_before_needling", "same leg"),
        ({"needling": "review_before", "where": "head"}, MAIN_HAND, "precaution", "elsewhere"),
        ({"needling": "review_before", "where": "head"}, {}, "needs_review_before_needling", "no region is marked"),
        ({"needling": "precaution", "where": "hand"}, MAIN_HAND, "precaution", "a precaution"),
        ({"needling": "precaution"}, {}, "precaution", "a precaution"),
        ({"needling": "ok"}, MAIN_HAND, "routine", "information"),
    ],
)
def test_label(keys: dict[str, Any], raw: dict[str, Any], expected: str, why: str) -> None:
    assert decided(rule(FEVER, **keys), **SICK, **raw).label.code == expected, why


@pytest.mark.parametrize(("raw", "expected"), [(SICK, "avoid"), ({}, "avoid"), (WELL, "allowed")])
def test_a_device_rule_that_fires_or_asks_avoids_electrical_stimulation(raw: dict[str, Any], expected: str) -> None:
    spec = rule(FEVER, electrical_stimulation="avoid")
    assert decided(spec, **raw).electrical_stimulation == expected


def with_note(**keys: str) -> Rulebook:
    return book(rule(FEVER, **keys), note({"danger": "numb"}))


@pytest.mark.parametrize(
    ("rules", "raw", "shown", "why"),
    [
        (with_note(), {"danger": ["numb"]}, 1, "it informs"),
        (with_note(), {"danger": ["none"]}, 0, "quiet"),
        (with_note(), {}, 0, "a note never asks"),
        (with_note(needling="review_before"), {"danger": ["numb", "fever"]}, 1, "beside a review"),
        (with_note(needling="do_not_needle"), {"danger": ["numb", "fever"]}, 0, "never beside a stop"),
        (with_note(urgency="within_days"), {"danger": ["numb", "fever"]}, 0, "never beside a referral"),
    ],
)
def test_notes(rules: Rulebook, raw: dict[str, Any], shown: int, why: str) -> None:
    assert len(decided(rules, **raw).notes) == shown, why


def test_a_failure_names_the_rule_and_no_answer() -> None:
    """A rule whose fact is missing can only come from a program error; it must not be skipped."""
    good = book(rule(FEVER, "first"), rule({"fear": {"min": 5}}, "second"))
    facts = {name: fact for name, fact in vocabulary().facts.items() if name != "fear"}
    broken = Rulebook("1", "", vocabulary_without(facts), (), good.rules, (), {})
    with pytest.raises(EvaluationError) as caught:
        decide(broken, {"danger": ("fever",), "fear": 7})
    assert str(caught.value) == "`second` could not be evaluated (KeyError)"
    assert (caught.value.rule, caught.value.cause) == ("second", "KeyError")


def vocabulary_without(facts: dict[str, Any]) -> Any:  # noqa: ANN401 - a Vocabulary
    words = vocabulary()
    return type(words)(facts, words.regions, words.stems, words.groups, words.gates)


def test_deciding_changes_nothing_and_repeats() -> None:
    rules = book(RAISED, rule({"pain_regions": "hand"}, "two", needling="avoid_area", where={"fact": "pain_regions"}))
    patient = {"danger": ("fever",), "pain_regions": ("hand_left",)}
    before = dict(patient)
    first: Decision = decide(rules, patient)
    assert (decide(rules, patient), patient) == (first, before)
