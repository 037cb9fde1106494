"""What a practitioner may decide, and the reasons to choose from: for a decision, and for setting a finding aside."""

from __future__ import annotations

from enum import StrEnum

SEEN = "seen"  # beside the reasons of an override: the finding was read and stands


class Outcome(StrEnum):
    """What a practitioner decides."""

    READY = "ready"
    CALL_FIRST = "call_first"
    REFER = "refer"
    NOT_SUITABLE_NOW = "not_suitable_now"


TO_DO = (Outcome.CALL_FIRST, Outcome.REFER)
"""Outcomes that ask somebody to do something."""


class Reason(StrEnum):
    """Why: one or more of these beside the outcome."""

    URGENT_SIGNS = "urgent_signs"
    NEEDS_MEDICAL_REVIEW = "needs_medical_review"
    MISSING_ANSWERS = "missing_answers"
    MEDICINE_OR_BLEEDING = "medicine_or_bleeding"
    INFECTION_OR_SKIN = "infection_or_skin"
    PREGNANCY_OR_DEVICE = "pregnancy_or_device"
    OTHER_TREATMENT = "other_treatment"
    OTHER_AREA = "other_area"
    CLEARED_WITH_PATIENT = "cleared_with_patient"
    CLEARED_WITH_DOCTOR = "cleared_with_doctor"
    PATIENT_WISH = "patient_wish"
    OTHER = "other"


class Override(StrEnum):
    """Why a finding does not stand."""

    CHECKED_WITH_PATIENT = "checked_with_patient"
    CHECKED_WITH_DOCTOR = "checked_with_doctor"
    DOES_NOT_APPLY = "does_not_apply"
    ALREADY_CARED_FOR = "already_cared_for"
    ANSWERED_BY_MISTAKE = "answered_by_mistake"
    RULE_IN_DOUBT = "rule_in_doubt"
