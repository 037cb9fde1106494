"""Words for practitioners: the patient's for every answer, short names for questions, codes in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol, cast

from flask_babel import lazy_gettext as _

from intake.engine.book.rulebook import Levels, Needling, Urgency
from intake.forms import PAGES
from intake.questions.wording.question import Question
from intake.workflow.review.folding import Tier
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
# Questions whose name in the vocabulary does not read well; `name_of` makes the others from it.
QUESTIONS = {
    "age_years": _("Age"),
    "anti_inflammatories": _("Anti-inflammatories"),
    "anything_else": _("Anything else"),
    "blood_health": _("Blood-borne virus"),
    "build": _("Slim or large build"),
    "cancer_regions": _("Where the cancer was"),
    "clot_regions": _("Where the clot is"),
    "cpap": _("CPAP"),
    "danger_signs_unsure": _("Danger signs not sure of"),
    "diabetes_foot_ulcer_side": _("Side of the foot ulcer"),
    "devices": _("Device in the body"),
    "fainting": _("Fainting"),
    "feels_today": _("Feels unwell"),
    "gate_conditions": _("Checklist of conditions"),
    "gate_devices": _("Checklist of devices and operations"),
    "gate_heart": _("Checklist of heart and lungs"),
    "gate_medicines": _("Checklist of medicines and bleeding"),
    "gate_region": _("Checklist of signs for this area"),
    "gate_skin": _("Checklist of skin and needles"),
    "gate_visit": _("Checklist for the visit"),
    "gate_warning": _("Checklist of warning signs"),
    "guardian_present": _("Guardian at the visit"),
    "immune_conditions": _("Weak immune defence"),
    "implant_regions": _("Where the implant is"),
    "inr_status": _("INR"),
    "injection_regions": _("Where the injection was"),
    "infection_now": _("Infection or fever now"),
    "joint_regions": _("Which joint"),
    "joint_replacement_regions": _("Where the new joint is"),
    "last_needling_regions": _("Where the last needling was"),
    "last_needling": _("Needling in the last weeks"),
    "limb_signs": _("Arm or leg signs"),
    "limb_signs_limbs": _("Which limb"),
    "liver_or_kidney": _("Liver or kidney disease"),
    "long_term_steroids": _("Steroid tablets over 3 months"),
    "lymph": _("Lymphoedema or lymph nodes removed"),
    "lymph_nodes_limbs": _("Limb whose lymph nodes were removed"),
    "lymph_limbs": _("Limb with lymphoedema"),
    "main_region": _("Worst place"),
    "medicine_classes": _("Other medicines"),
    "medicines_text": _("Medicines, own words"),
    "myalgia_mimics": _("Other causes of muscle pain"),
    "new_weakness_course": _("New weakness, course"),
    "new_weakness_onset": _("New weakness, since"),
    "pain_average": _("Average"),
    "pain_course": _("Course"),
    "pain_duration": _("Duration"),
    "pain_onset": _("How it began"),
    "pain_pattern": _("Pattern of the pain"),
    "pain_regions": _("Where it hurts"),
    "pain_spread": _("Spread"),
    "pain_worst": _("Worst"),
    "peg_activity": _("Activity"),
    "peg_enjoyment": _("Enjoyment"),
    "phq4_down": _("Mood: down"),
    "phq4_interest": _("Mood: little interest"),
    "phq4_nervous": _("Mood: nervous"),
    "phq4_worry": _("Mood: worry"),
    "planned_surgery_regions": _("Where the operation is planned"),
    "platelets": _("Low platelets"),
    "platelet_count": _("Platelet count"),
    "pneumothorax": _("Collapsed lung"),
    "pneumothorax_side": _("Side of the collapsed lung"),
    "pregnancy_weeks": _("Weeks pregnant"),
    "psfs_activity": _("Hard activity"),
    "psfs_score": _("Can do it"),
    "recent_fall": _("Fall or blow, last 3 months"),
    "recent_surgery_regions": _("Where the operation was"),
    "self_harm_thoughts": _("Thoughts of self-harm"),
    "since_needling_signs": _("Since the last needling"),
    "skin_regions": _("Where the skin problem is"),
    "sleep_unrefreshing": _("Sleep does not refresh"),
    "spine_bruise": _("Bruise over the spine"),
    "spine_surgery_regions": _("Where the spine operation was"),
    "state_today": _("Hungry, exhausted or drugged today"),
    "varicose_regions": _("Where the varicose veins are"),
    "vessels": _("Vessels and clots"),
    "weight_bearing": _("Trouble with weight on the leg"),
}
ASKED = {"age_years": _("What is your date of birth?")}
PLAIN = {"none": _("none"), "never": _("never"), "yes": _("yes"), "no": _("no")}


class _Control(Protocol):
    """A control as its page class declares it."""

    field_class: type
    args: tuple[object, ...]


class PatientWords:
    """What the patient read, found by fact and code."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], str] = {}
        self._asked: dict[str, str] = {}
        for page in PAGES:
            for name, control in vars(page).items():
                if hasattr(control, "field_class"):
                    self._learn(name, control)

    def question(self, fact: str) -> str:
        """The question, short."""
        return str(QUESTIONS.get(fact) or name_of(fact))

    def code(self, fact: str, code: str) -> str:
        """One answer to it."""
        return str(self._codes.get((fact, code)) or PLAIN.get(code) or code.replace("_", " "))

    def asked(self, fact: str) -> str:
        """The question as the form puts it, fit to be asked aloud."""
        return str(ASKED.get(fact) or self._asked.get(fact) or self.question(fact))

    def _learn(self, name: str, control: _Control) -> None:
        question = cast("Question", control.args[0])
        facts_of = cast("_Facts", control.field_class).facts_of
        rows = {row.fact: row.legend for row in question.rows}
        for fact in (name, *facts_of(name, *control.args)):
            self._asked.setdefault(fact, rows.get(fact, question.legend))
            for option in question.options:
                self._codes.setdefault((fact, option.fills.get(fact, option.code)), option.label)


class _Facts(Protocol):
    def facts_of(self, name: str, *args: object) -> Iterable[str]:
        """The facts that the control fills."""


def in_words(levels: Levels) -> str:
    """Both axes, the empty one left out."""
    told = (URGENCIES.get(levels.urgency), LEVELS.get(levels.needling))
    return ", ".join(str(word) for word in told if word) or str(_("Information only"))


def fills(regions: Mapping[str, Needling]) -> dict[str, str]:
    """The fill of each region on the safety map that is not free."""
    return {code: FILLS[level] for code, level in regions.items() if level in FILLS}


def name_of(fact: str) -> str:
    """A question's name made from the vocabulary's: `joint_signs` is "Joint signs"."""
    return fact.replace("_", " ").capitalize()
