"""Four patients whose time in the form is measured: what each answers beside "nothing to report", by control."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.client import Value

HEALTHY: dict[str, Value] = {"pain_regions": ["none"], "main_reason": "prevention"}
RUNNER: dict[str, Value] = {
    "pain_regions": ["shin_right"],
    "pain_duration": "6_to_12_weeks",
    "pain_onset": "running_or_jumping",
    "pain_course": "slowly_worse",
    "gate_region": ["weight"],
    "weight_bearing": "painful",
    "gate_medicines": ["anti_inflammatory"],
    "anti_inflammatories": ["gel"],
    "gate_visit": ["doctor"],
    "therapies_tried": ["physiotherapy", "exercise"],
    "effects-physiotherapy": "helped",
    "effects-exercise": "no_change",
    "therapies_now": ["exercise"],
    "goals": ["less_pain", "sport"],
}
AGED_71: dict[str, Value] = {
    "date_of_birth-year": "1955",
    "pain_regions": ["low_back_right", "low_back_left"],
    "main_region": "low_back_right",
    "pain_duration": "over_5_years",
    "gate_medicines": ["thinners", "other_medicines"],
    "blood_thinners": ["apixaban"],
    "medicine_classes": ["statin"],
    "medicines_text": "",
    "gate_heart": ["heart"],
    "heart_conditions": ["rhythm_problem", "high_blood_pressure"],
    "gate_devices": ["devices", "implants"],
    "devices": ["pacemaker"],
    "implants": ["joint_replacement"],
    "joint_replacement_regions": ["hip_right"],
    "joint_replacement_age": "over_12_months",
    "therapies_tried": ["physiotherapy", "medicines"],
    "goals": ["less_pain", "daily_activity"],
}
NINE_GATEWAYS: dict[str, Value] = {
    "danger_signs": ["not_sure"],
    "danger_signs_unsure": ["fever"],
    "gate_warning": ["unwell"],
    "unwell_signs": ["very_tired"],
    "pain_regions": ["neck_left"],
    "gate_region": ["headache"],
    "gate_medicines": ["thinners", "other_medicines"],
    "blood_thinners": ["apixaban"],
    "medicine_classes": ["statin"],
    "medicines_text": "",
    "gate_heart": ["heart", "vessels"],
    "heart_conditions": ["high_blood_pressure"],
    "vessels": ["varicose_veins"],
    "varicose_regions": ["calf_left"],
    "gate_conditions": ["diabetes", "bones"],
    "diabetes": "yes",
    "gate_devices": ["implants"],
    "implants": ["joint_replacement"],
    "gate_skin": ["skin", "allergies"],
    "skin_problems": ["old_scar"],
    "skin_regions": ["knee_left"],
    "gate_visit": ["support"],
    "therapies_tried": ["physiotherapy", "massage"],
}
