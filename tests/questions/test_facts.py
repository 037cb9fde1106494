"""The vocabulary file against its contract (names and codes); when each question is asked; gates, judgements."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from intake.engine.book.vocabulary import Kind
from intake.engine.decide.decide import applies
from intake.engine.read.answers import parse_answers
from intake.settings import VOCABULARY_PATH
from tests.support import golden
from tests.support.visitor import vocabulary

FILE: dict[str, Any] = YAML(typ="safe").load(VOCABULARY_PATH)
FACTS = vocabulary().facts
PLACE_FACTS = {name for name, fact in FACTS.items() if fact.kind is Kind.REGIONS or name.endswith(("_limbs", "_side"))}

LOW_BACK, KNEE, HEAD, SHOULDER = (
    {"pain_regions": [place]} for place in ("low_back_right", "knee_left", "head", "shoulder_left")
)
NO_PAIN = {"pain_regions": [], "main_reason": "prevention"}
CALM_PAIN = {**KNEE, "main_reason": "muscle_or_joint_pain", "pain_spread": "stays", "pain_pattern": ["none"]}
NO_CLOT = {
    **CALM_PAIN,
    "leg_signs": ["none"],
    "limb_signs": ["none"],
    "danger_signs": ["fever"],
    "last_needling": "never",
}

# fact -> answers that ask it, answers that do not
ASKED: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {
    "guardian_present": ([{"age_years": 17}], [{"age_years": 18}]),
    "danger_signs_unsure": (
        [{"danger_signs": ["not_sure"]}, {"danger_signs": ["fever", "not_sure"]}],
        [{"danger_signs": ["fever"]}, {"danger_signs": ["none"]}],
    ),
    "new_weakness_onset": (
        [{"new_weakness": "one_limb"}, {"new_weakness": "two_or_more_limbs"}],
        [{"new_weakness": "none"}],
    ),
    "new_weakness_course": ([{"new_weakness": "one_limb"}], [{"new_weakness": "none"}]),
    "main_region": ([KNEE], [{"pain_regions": []}]),
    **dict.fromkeys(
        (
            "pain_spread",
            "pain_duration",
            "pain_onset",
            "pain_course",
            "pain_quality",
            "pain_average",
            "pain_worst",
            "peg_enjoyment",
            "peg_activity",
        ),
        (
            [KNEE, {"pain_regions": [], "main_reason": "headache"}],
            [NO_PAIN, {"pain_regions": [], "main_reason": "stiffness_or_movement"}],
        ),
    ),
    "pain_pattern": ([KNEE, {"pain_regions": [], "main_reason": "stiffness_or_movement"}], [NO_PAIN]),
    "weight_bearing": ([KNEE, LOW_BACK, {"pain_regions": ["tailbone"]}], [SHOULDER, {"pain_regions": []}]),
    "spine_bruise": (
        [{**KNEE, "pain_onset": "minor_knock"}, {"recent_fall": "2_weeks_to_3_months"}],
        [{**KNEE, "pain_onset": "gradual", "recent_fall": "none"}],
    ),
    "hand_and_gait_signs": (
        [LOW_BACK, SHOULDER, {"main_reason": "other"}, {**KNEE, "pain_spread": "down_both_legs"}],
        [CALM_PAIN],
    ),
    "hand_and_gait_new": (
        [{**LOW_BACK, "hand_and_gait_signs": ["clumsy_hands"]}],
        [{**LOW_BACK, "hand_and_gait_signs": ["none"]}, {**CALM_PAIN, "hand_and_gait_signs": ["clumsy_hands"]}],
    ),
    "heart_event_time": (
        [{"heart_conditions": ["heart_attack_or_stent"]}],
        [{"heart_conditions": ["heart_failure"]}],
    ),
    "fistula_arms": ([{"vessels": ["dialysis_fistula"]}], [{"vessels": ["varicose_veins"]}]),
    "pregnancy_signs": (
        [{"pregnancy": "yes"}, {"pregnancy": "could_be"}, {"pregnancy": "trying_or_ivf"}],
        [{"pregnancy": "no"}, {"pregnancy": "birth_last_6_weeks"}],
    ),
    "eye_and_face_signs": (
        [HEAD, SHOULDER, {"main_reason": "headache"}, {**KNEE, "pain_pattern": ["morning_stiffness_over_45_min"]}],
        [CALM_PAIN],
    ),
    "headache_features": (
        [HEAD, SHOULDER, {"main_reason": "headache"}, {**KNEE, "pain_pattern": ["morning_stiffness_over_45_min"]}],
        [CALM_PAIN],
    ),
    "leg_signs": ([KNEE], [LOW_BACK]),
    "limb_signs_limbs": ([{"limb_signs": ["arm_swollen"]}], [{"limb_signs": ["none"]}]),
    "joint_regions": ([{"joint_signs": ["hot"]}], [{"joint_signs": ["none"]}]),
    "clot_risks": (
        [
            {"limb_signs": ["leg_swollen"]},
            {**KNEE, "leg_signs": ["tingling_toes"]},
            {"danger_signs": ["heart_racing"]},
            {**KNEE, "pain_pattern": ["worse_breathing"]},
            {"last_needling": "3_to_14_days", "since_needling_signs": ["breathless_or_chest_pain"]},
        ],
        [NO_CLOT],
    ),
    "inr_status": ([{"blood_thinners": ["fluindione"]}], [{"blood_thinners": ["apixaban"]}]),
    "platelet_count": ([{"platelets": "low_known_count"}], [{"platelets": "low_count_unknown"}]),
    "diabetes_control": ([{"diabetes": "yes"}], [{"diabetes": "no"}]),
    "diabetes_feet": ([{"diabetes": "yes"}], [{"diabetes": "no"}]),
    "diabetes_foot_ulcer_side": (
        [{"diabetes": "yes", "diabetes_feet": ["ulcer"]}],
        [{"diabetes": "yes", "diabetes_feet": ["numb"]}, {"diabetes": "no", "diabetes_feet": ["ulcer"]}],
    ),
    "varicose_regions": ([{"vessels": ["varicose_veins"]}], [{"vessels": ["clot_now"]}]),
    "clot_regions": ([{"vessels": ["clot_now"]}], [{"vessels": ["clot_past"]}]),
    "skin_regions": (
        [{"skin_problems": ["fragile", "shingles"]}],
        [{"skin_problems": ["fragile"]}, {"skin_problems": ["old_scar"]}],
    ),
    **dict.fromkeys(
        ("cancer_regions", "cancer_kind", "cancer_spread"), ([{"cancer": "over_5_years_ago"}], [{"cancer": "never"}])
    ),
    "lymph_limbs": ([{"lymph": ["lymphoedema"]}], [{"lymph": ["nodes_removed_or_radiotherapy"]}]),
    "lymph_nodes_limbs": ([{"lymph": ["nodes_removed_or_radiotherapy"]}], [{"lymph": ["lymphoedema"]}]),
    "pneumothorax_side": ([{"pneumothorax": "once"}, {"pneumothorax": "several"}], [{"pneumothorax": "never"}]),
    "pregnancy_weeks": ([{"pregnancy": "yes"}], [{"pregnancy": "could_be"}]),
    "pregnancy_high_risk": ([{"pregnancy": "yes"}], [{"pregnancy": "no"}]),
    "implant_regions": ([{"implants": ["mesh"]}, {"implants": ["breast"]}], [{"implants": ["joint_replacement"]}]),
    "joint_replacement_regions": ([{"implants": ["plates_or_screws"]}], [{"implants": ["mesh"]}]),
    "joint_replacement_age": ([{"implants": ["joint_replacement"]}], [{"implants": ["plates_or_screws"]}]),
    "spine_surgery_regions": ([{"spine_surgery": "fusion_or_rods"}], [{"spine_surgery": "none"}]),
    "recent_surgery_regions": ([{"recent_surgery": "3_to_12_months"}], [{"recent_surgery": "none"}]),
    "planned_surgery_regions": ([{"planned_surgery": "later"}], [{"planned_surgery": "none"}]),
    "injection_regions": ([{"recent_injections": ["vaccine_48_hours"]}], [{"recent_injections": ["none"]}]),
    "last_needling_regions": (
        [{"last_needling": "2_to_12_weeks"}],
        [{"last_needling": "longer"}, {"last_needling": "never"}],
    ),
    "since_needling_signs": ([{"last_needling": "within_48_hours"}], [{"last_needling": "longer"}]),
    **dict.fromkeys(
        ("therapies_helped", "therapies_no_change", "therapies_worse"),
        ([{"therapies_tried": ["ims"]}], [{"therapies_tried": ["none"]}]),
    ),
}


def test_everything_that_was_published_is_still_there_unchanged() -> None:
    gone = list(golden.lost(golden.published(), golden.present(FILE)))
    reason = "stored answers, rules and exports speak in these names and codes: put them back, or add beside them"
    assert not gone, "\n".join((*gone, reason))


def test_everything_that_is_public_is_recorded() -> None:
    new = golden.added(golden.published(), golden.present(FILE))
    assert not new, f"{', '.join(new)}: new in the vocabulary; `make golden` records it, and it stays from then on"


def vocabulary_with(section: str, **changes: Any) -> golden.Contract:  # noqa: ANN401 - JSON
    now = golden.present(FILE)
    entries = {name: spec for name, spec in {**now[section], **changes}.items() if spec is not None}
    return {**now, section: entries}


@pytest.mark.parametrize(
    ("section", "changes", "told"),
    [
        ("facts", {"cpap": None}, "facts: `cpap` is gone"),
        ("facts", {"diabetes": {"kind": "choice", "codes": ["no", "+"]}}, "facts: `diabetes` has lost the code `yes`"),
        ("facts", {"age_years": {"kind": "score"}}, "facts: `age_years` had kind number, and has score"),
        ("regions", {"jaw": ["one", "jaw or face"]}, "regions: `jaw` was ['both', 'jaw or face']"),
        ("region_groups", {"head_and_neck": ["head"]}, "region_groups: `head_and_neck` was ['head', 'jaw', "),
    ],
)
def test_what_is_taken_from_the_vocabulary_is_named(section: str, changes: dict[str, Any], told: str) -> None:
    first, *_ = golden.lost(golden.published(), vocabulary_with(section, **changes))
    assert first.startswith(told)


def test_what_is_added_or_put_in_another_order_breaks_no_contract() -> None:
    was = golden.published()["facts"]["diabetes"]
    diabetes = {**was, "codes": ["gestational", *reversed(was["codes"])]}
    now = vocabulary_with("facts", diabetes=diabetes, shoe_size={"kind": "number"})
    turned = {**now, "facts": dict(reversed(list(now["facts"].items())))}
    assert list(golden.lost(golden.published(), turned)) == []
    assert golden.added(golden.published(), turned) == ["shoe_size", "diabetes"]


def test_the_table_covers_every_conditional_question() -> None:
    conditional = {name for name, fact in FACTS.items() if fact.asked_if is not None or fact.narrows}
    assert set(ASKED) == conditional


@pytest.mark.parametrize("fact", ASKED)
def test_a_question_is_asked_when_its_condition_holds_and_only_then(fact: str) -> None:
    yes, no = ASKED[fact]
    assert [applies(vocabulary(), fact, parse_answers(vocabulary(), raw)) for raw in yes] == [True] * len(yes)
    assert [applies(vocabulary(), fact, parse_answers(vocabulary(), raw)) for raw in no] == [False] * len(no)


@pytest.mark.parametrize("fact", [fact for fact in ASKED if not FACTS[fact].narrows])
def test_whether_a_question_applies_is_open_while_nothing_is_answered(fact: str) -> None:
    assert applies(vocabulary(), fact, {}) is None


def test_every_gated_fact_has_a_benign_code_and_every_gate_at_least_two_items() -> None:
    gated = [fact for fact in FACTS.values() if fact.gate]
    assert all(fact.benign in fact.codes for fact in gated)
    assert all(fact.benign == fact.none for fact in gated if fact.kind is Kind.CHOICES)
    assert all(len(items) > 1 for items in vocabulary().gates.values())
    assert all(gate.startswith("gate_") for gate in vocabulary().gates)


def test_a_hidden_question_that_matters_says_why_hiding_it_is_safe() -> None:
    silent = [
        name for name in ASKED if FACTS[name].safety and not FACTS[name].hidden_is_safe and not FACTS[name].narrows
    ]
    assert silent == []


def test_nothing_is_called_worse_about_a_place() -> None:
    assert [name for name in (*PLACE_FACTS, "main_region") if FACTS[name].worse] == []


def test_free_text_is_always_optional() -> None:
    assert all(fact.optional for fact in FACTS.values() if fact.kind is Kind.TEXT)


def test_only_what_may_be_passed_over_is_optional() -> None:
    assert {name for name, fact in FACTS.items() if fact.optional and fact.kind is not Kind.TEXT} == {
        "psfs_score",
        "self_harm_thoughts",
        "visit_frequency",
        "open_claim",
        "phq4_interest",
        "phq4_down",
        "phq4_nervous",
        "phq4_worry",
    }
