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

# How it went so far; not a multiple of the profiles, so that nobody has both in common with the next.
COURSES: tuple[Facts, ...] = (
    {},
    {
        "pain_duration": "1_to_5_years",
        "therapies_tried": ["physiotherapy", "exercise", "medicines"],
        "therapies_helped": ["exercise"],
        "therapies_no_change": ["physiotherapy", "medicines"],
        "goals": ["sleep", "avoid_medicine_or_surgery"],
        "sleep_unrefreshing": "yes",
    },
    {
        "pain_duration": "6_to_12_weeks",
        "pain_onset": "sport_or_strain",
        "pain_course": "better",
        "therapies_tried": ["exercise"],
        "therapies_helped": ["exercise"],
        "therapies_no_change": ["none"],
        "goals": ["sport"],
    },
    {
        "pain_duration": "over_5_years",
        "therapies_tried": ["chiropractic", "massage", "psychological", "dry_needling"],
        "therapies_helped": ["massage", "dry_needling"],
        "therapies_no_change": ["chiropractic", "psychological"],
        "past_needling": ["dry_needling"],
        "goals": ["understand", "daily_activity"],
    },
    {
        "pain_duration": "2_to_6_weeks",
        "therapies_tried": ["none"],
        "therapies_helped": ["none"],
        "therapies_no_change": ["none"],
        "goals": ["less_pain", "daily_activity"],
        "pain_quality": ["ache", "not_sure"],
    },
    {
        "pain_duration": "1_to_5_years",
        "filled_by": "helper",
        "therapies_tried": ["injections", "physiotherapy"],
        "therapies_helped": ["none"],
        "therapies_no_change": ["physiotherapy"],
        "therapies_worse": ["injections"],
        "visit_frequency": "every_two_weeks",
        "goals": ["less_pain", "sleep"],
    },
    {"pain_duration": "3_to_12_months", "pain_onset": "running_or_jumping", "goals": ["sport", "less_pain"]},
)
WORDS = (
    "I can come on Tuesdays and Thursdays only.",
    "It is worst when I sit at the desk, and after driving.",
    "My sister had needling here and it helped her a lot.",
    "I would like to lift my grandson again.",
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
    {"pregnancy": "yes", "pregnancy_weeks": 9, "pregnancy_high_risk": "no", "pregnancy_signs": ["none"]},
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
    {"pregnancy": "could_be", "pregnancy_signs": ["none"], "sleep_unrefreshing": "yes"},
    {
        "main_reason": "headache",
        "pain_regions": ["head", "neck_left"],
        "headache_features": ["painkillers_over_10_days"],
    },
)
