"""Words for practitioners: tiers, levels, urgencies, reasons and actions."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _

from intake.engine.book.levels import Levels, Needling, Tier, Urgency
from intake.workflow.review.queue import State
from intake.workflow.review.verdicts import Outcome, Override, Reason

TIERS = {
    Tier.URGENT: _("Urgent"),
    Tier.DO_NOT_NEEDLE_YET: _("Do not needle yet"),
    Tier.CAUTION: _("Caution"),
    Tier.NOTE: _("Note"),
}
TIER_MARKS = {Tier.URGENT: "t1", Tier.DO_NOT_NEEDLE_YET: "t2", Tier.CAUTION: "t3", Tier.NOTE: "t4"}
LEVELS = {
    Needling.DO_NOT_NEEDLE: _("Do not needle"),
    Needling.AVOID_AREA: _("Do not needle here"),
    Needling.REVIEW_BEFORE: _("Review first"),
    Needling.PRECAUTION: _("Care"),
}
URGENCIES = {
    Urgency.EMERGENCY_NOW: _("Emergency now"),
    Urgency.SAME_DAY: _("Doctor the same day"),
    Urgency.WITHIN_DAYS: _("Doctor within days"),
}
STRENGTHS = {
    "guideline": _("guideline"),
    "review": _("review of studies"),
    "trial": _("trial"),
    "observational": _("observational study"),
    "case_report": _("case report"),
    "consensus": _("expert consensus"),
}
LABELS = {
    "emergency": _("Emergency"),
    "urgent_referral": _("Urgent referral"),
    "do_not_needle": _("Do not needle"),
    "needs_review_before_needling": _("Needs review before needling"),
    "precaution": _("Precaution"),
    "routine": _("Routine"),
}
FILLS = {
    Needling.DO_NOT_NEEDLE: "url(#p-avoid)",
    Needling.AVOID_AREA: "url(#p-avoid)",
    Needling.REVIEW_BEFORE: "url(#p-review)",
    Needling.PRECAUTION: "url(#p-care)",
}
STATES = {State.NEW: _("New"), State.SEEN: _("Seen"), State.DECIDED: _("Decided")}
OUTCOMES = {
    Outcome.READY: _("Ready to treat"),
    Outcome.CALL_FIRST: _("Call first"),
    Outcome.REFER: _("Refer"),
    Outcome.NOT_SUITABLE_NOW: _("Not suitable now"),
}
REASONS = {
    Reason.URGENT_SIGNS: _("Urgent signs"),
    Reason.NEEDS_MEDICAL_REVIEW: _("A doctor should see this first"),
    Reason.MISSING_ANSWERS: _("Answers are missing or unsure"),
    Reason.MEDICINE_OR_BLEEDING: _("Medicine or bleeding"),
    Reason.INFECTION_OR_SKIN: _("Infection or skin"),
    Reason.PREGNANCY_OR_DEVICE: _("Pregnancy or device"),
    Reason.OTHER_TREATMENT: _("Another treatment fits better"),
    Reason.OTHER_AREA: _("Will treat another area"),
    Reason.CLEARED_WITH_PATIENT: _("Cleared with the patient"),
    Reason.CLEARED_WITH_DOCTOR: _("Cleared with a doctor"),
    Reason.PATIENT_WISH: _("The patient’s wish"),  # noqa: RUF001 - typographic quotes in words for people
    Reason.OTHER: _("Other (say which in the note)"),
}
OVERRIDES = {
    Override.CHECKED_WITH_PATIENT: _("Checked with the patient"),
    Override.CHECKED_WITH_DOCTOR: _("Checked with a doctor"),
    Override.DOES_NOT_APPLY: _("Does not apply here"),
    Override.ALREADY_CARED_FOR: _("Is being cared for already"),
    Override.ANSWERED_BY_MISTAKE: _("Answered by mistake"),
    Override.RULE_IN_DOUBT: _("I doubt this rule"),
}
ACTIONS = {
    "sent": _("sent the intake"),
    "read": _("opened it"),
    "printed": _("printed it"),
    "decided": _("decided"),
    "took_over": _("took over the danger signs"),
}


def in_words(levels: Levels) -> str:
    """Both axes, the empty one left out."""
    told = (URGENCIES.get(levels.urgency), LEVELS.get(levels.needling))
    return ", ".join(str(word) for word in told if word) or str(_("Information only"))


def fills(regions: Mapping[str, Needling]) -> dict[str, str]:
    """The fill of each region on the safety map that is not free."""
    return {code: FILLS[level] for code, level in regions.items() if level in FILLS}
