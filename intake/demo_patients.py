"""Invented people for `make demo`: names, and what each profile answers beside the calm answers of a well person."""

from __future__ import annotations

from typing import TypeAlias

Facts: TypeAlias = dict[str, object]

FIRST = (
    "Ada", "Bruno", "Chiara", "Dimitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kofi", "Lena", "Mateo",
    "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Tilda",
)  # fmt: skip
LAST = (
    "Alder", "Birch", "Cypress", "Dogwood", "Elder", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Kapok", "Larch",
    "Maple", "Neem", "Oakes", "Poplar", "Quince", "Rowan", "Spruce", "Teak", "Umber", "Vine", "Willow",
)  # fmt: skip

CALM: Facts = {
    "danger_signs": ["none"],
    "filled_by": "self",
    "understands_and_agrees": "yes",
    "main_reason": "muscle_or_joint_pain",
    "pain_spread": "stays",
    "pain_duration": "3_to_12_months",
    "pain_onset": "gradual",
    "pain_course": "same",
    "pain_pattern": ["with_movement", "touch_sore"],
    "pain_quality": ["ache", "tight_or_knots"],
    "pain_average": 5,
    "pain_worst": 7,
    "peg_enjoyment": 4,
    "peg_activity": 5,
    "pregnancy": "no",
    "breastfeeding": "no",
    "needle_fear": 2,
    "wants_needling": "yes",
    "therapies_tried": ["physiotherapy", "massage"],
    "therapies_helped": ["massage"],
    "therapies_no_change": ["physiotherapy"],
    "therapies_worse": ["none"],
    "therapies_now": ["none"],
    "goals": ["less_pain", "work"],
    "visit_frequency": "weekly",
    "phq4_interest": "0",
    "phq4_down": "0",
    "phq4_nervous": "1",
    "phq4_worry": "0",
    "self_harm_thoughts": "no",
}

PLACES: tuple[list[str], ...] = (
    ["low_back_right", "low_back_left"],
    ["neck_right", "shoulder_top_right"],
    ["knee_left"],
    ["elbow_right", "forearm_right"],
    ["foot_left"],
    ["shoulder_left", "upper_arm_left"],
    ["buttock_right", "thigh_back_right"],
    ["jaw_left", "head"],
)

PROFILES: tuple[Facts, ...] = (
    {
        "danger_signs": ["saddle_numbness"],
        "pain_regions": ["low_back_left", "low_back_right"],
        "pain_duration": "under_2_weeks",
    },
    {},
    {"blood_thinners": ["apixaban"], "pain_regions": ["low_back_right", "calf_right"]},
    {
        "skin_problems": ["red_hot_swollen"],
        "skin_regions": ["calf_right", "shin_right"],
        "pain_regions": ["calf_right"],
    },
    {"needle_fear": 6},
    {},
    {
        "lymph": ["lymphoedema"],
        "lymph_limbs": ["arm_left"],
        "pain_regions": ["forearm_left", "elbow_left"],
        "cancer": "over_5_years_ago",
        "cancer_kind": ["breast"],
        "cancer_regions": ["chest_left"],
        "cancer_spread": "no",
    },
    {"blood_thinners": ["aspirin_low_dose"], "heart_conditions": ["high_blood_pressure"]},
    {"danger_signs": ["chest_pressure"], "pain_regions": ["upper_arm_left", "chest_left"]},
    {"pregnancy": "yes", "pregnancy_weeks": 9, "pregnancy_high_risk": "no"},
    {"diabetes": "yes", "diabetes_control": "well", "diabetes_feet": ["none"]},
    {"epilepsy": "seizure_last_12_months"},
    {
        "recent_fall": "under_2_weeks",
        "spine_bruise": "no",
        "pain_onset": "fall_or_crash",
        "pain_regions": ["hip_right"],
        "weight_bearing": "painful",
    },
    {"blood_thinners": ["warfarin"], "inr_status": "not_sure"},
    {},
    {"devices": ["pacemaker"]},
    {"epilepsy": "resolved_10_years", "allergies": ["metal"]},
    {"wants_needling": "unsure", "fainting": ["at_needles_or_blood"]},
    {
        "lung_conditions": ["copd_or_emphysema"],
        "smoking": "former",
        "pain_regions": ["upper_back_left", "shoulder_blade_left"],
    },
    {"danger_signs": ["not_sure"], "danger_signs_unsure": ["saddle_numbness"], "pain_regions": ["low_back_left"]},
    {"medicine_classes": ["ssri_or_snri"], "anti_inflammatories": ["tablets_sometimes"]},
    {
        "implants": ["joint_replacement"],
        "joint_replacement_regions": ["knee_right"],
        "joint_replacement_age": "over_12_months",
        "pain_regions": ["knee_right"],
    },
    {
        "new_weakness": "one_limb",
        "new_weakness_onset": "weeks",
        "new_weakness_course": "same",
        "pain_spread": "down_one_leg",
    },
    {"main_reason": "prevention", "goals": ["prevention", "sport"]},
    {"blood_thinners": ["name_unknown"], "medicine_classes": ["name_unknown"]},
    {"planned_surgery": "within_3_months", "planned_surgery_regions": ["knee_left"], "pain_regions": ["knee_left"]},
    {
        "cancer": "now_or_last_12_months",
        "cancer_kind": ["breast"],
        "cancer_regions": ["chest_right"],
        "cancer_spread": "no",
        "medicine_classes": ["aromatase_inhibitor"],
    },
    {"vessels": ["varicose_veins"], "varicose_regions": ["calf_left"], "osteoporosis": "yes"},
    {"pregnancy": "could_be", "sleep_unrefreshing": "yes"},
    {
        "main_reason": "headache",
        "pain_regions": ["head", "neck_left"],
        "headache_features": ["painkillers_over_10_days"],
    },
)
