"""Devices, implants, operations, injections, and pregnancy."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import lazy_gettext as _

from intake.questions.wording.body import MARK_ANYWAY, REGIONS, where
from intake.questions.wording.question import DECLINED_WORDS, TICK_ALL, YES_NO, Option, Question

NONE_OF_THESE: str = _("None of these")
WHY_DEVICES: str = _("Needles must not touch them.")
SPINE = ("neck", "upper_back", "mid_back", "low_back", "tailbone")

GATE = Question(
    _("Implant, operation or injection?"),
    (
        Option("devices", _("Pacemaker, defibrillator, heart pump, nerve stimulator, drug pump")),
        Option("implants", _("New joint, plate or screw, breast implant, mesh, stoma, port, filler")),
        Option("spine_surgery", _("Spine operation, ever")),
        Option("recent_surgery", _("Operation in the last 12 months")),
        Option("planned_surgery", _("Planned operation")),
        Option("recent_injections", _("Injection in the last 6 weeks")),
        Option("infection_risks", _("Spine operation or injection in the last 3 months; drugs by needle")),
    ),
    why=WHY_DEVICES,
    none=NONE_OF_THESE,
)
DEVICES_TITLE: str = _("In your body")
DEVICES = Question(
    _("Which devices?"),
    (
        Option("defibrillator", _("Defibrillator (ICD)")),
        Option("drug_pump", _("Drug pump, such as for insulin")),
        Option("heart_pump", _("Heart pump (LVAD)")),
        Option("nerve_or_spine_stimulator", _("Nerve, brain or spine stimulator")),
        Option("pacemaker", _("Pacemaker")),
        Option("other", _("Another device")),
    ),
    why=WHY_DEVICES,
    none=NONE_OF_THESE,
)
IMPLANTS = Question(
    _("Which implants?"),
    (
        Option("joint_replacement", _("New joint, such as a hip")),
        Option("plates_or_screws", _("Plates or screws")),
        Option("spine_hardware", _("Spine rods, screws or discs")),
        Option("breast", _("Breast implant")),
        Option("mesh", _("Mesh, such as for a hernia")),
        Option("port", _("Port or line for drips")),
        Option("stoma", _("Stoma")),
        Option("filler_last_4_weeks", _("Filler, last 4 weeks")),
        Option("other_soft", _("Another soft implant")),
    ),
    why=WHY_DEVICES,
    none=NONE_OF_THESE,
)
IMPLANT_WHERE = where(_("Where is the implant?"), MARK_ANYWAY)
JOINT_TITLE: str = _("Joint, plate or screws")
JOINT_WHERE = where(_("Where is it?"), MARK_ANYWAY)
JOINT_AGE = Question(
    _("How old is the new joint?"),
    (
        Option("under_12_months", _("Less than 12 months")),
        Option("over_12_months", _("12 months or more")),
    ),
)
SPINE_SURGERY = Question(
    _("Which spine operation did you have?"),
    (
        Option("disc_or_laminectomy", _("On a disc, or bone was removed")),
        Option("fusion_or_rods", _("Fusion, rods or screws")),
        Option("none", _("I had none")),
    ),
    why=_("Where bone was removed, a needle can go too deep."),
)
SPINE_WHERE = replace(
    where(_("Where on the spine was it?")),
    options=tuple(option for option in REGIONS if option.code.removesuffix("_right").removesuffix("_left") in SPINE),
)
RECENT = Question(
    _("When was your last operation?"),
    (
        Option("under_6_weeks", _("Less than 6 weeks ago")),
        Option("6_to_12_weeks", _("6 to 12 weeks ago")),
        Option("3_to_12_months", _("3 to 12 months ago")),
        Option("none", _("None in the last 12 months")),
    ),
    why=_("A wound needs time before a needle goes near it."),
)
RECENT_WHERE = where(_("Where was the operation?"))
PLANNED = Question(
    _("When is the operation planned?"),
    (
        Option("within_3_months", _("In the next 3 months")),
        Option("later", _("Later")),
        Option("none", _("None is planned")),
    ),
    why=_("Your surgeon may want no needles there before it."),
)
PLANNED_WHERE = where(_("Where will the operation be?"))
INJECTIONS = Question(
    _("Which injections did you have?"),
    (
        Option("botulinum_4_weeks", _("Botulinum (Botox) in the last 4 weeks")),
        Option("prp_or_prolotherapy", _("Blood plasma (PRP) or sugar (prolotherapy)")),
        Option("steroid_6_weeks", _("Steroid in the last 6 weeks")),
        Option("vaccine_48_hours", _("Vaccine in the last 48 hours")),
    ),
    why=_("We let that place rest for a while."),
    none=NONE_OF_THESE,
)
INJECTION_WHERE = where(_("Where was the injection?"))
INFECTION_RISKS = Question(
    _("Does one of these apply to you?"),
    (
        Option("spine_procedure_last_3_months", _("A spine operation or injection in the last 3 months")),
        Option("injected_drugs", _("I have taken drugs by needle")),
    ),
    hint=TICK_ALL,
    why=_("Both can bring germs to the spine."),
    none=NONE_OF_THESE,
    declined=DECLINED_WORDS,
)

PREGNANCY_TITLE: str = _("Pregnancy")
PREGNANCY = Question(
    of_patient=_("Is the patient pregnant, or could they be?"),
    legend=_("Are you pregnant, or could you be?"),
    options=(
        Option("yes", _("Yes")),
        Option("could_be", _("I could be")),
        Option("trying_or_ivf", _("Trying, or IVF")),
        Option("birth_last_6_weeks", _("Gave birth in the last 6 weeks")),
        Option("no", _("No")),
        Option("does_not_apply", _("Does not apply")),
    ),
    why=_("Then we leave out some places."),
    declined=DECLINED_WORDS,
)
PREGNANCY_SIGNS = Question(
    _("Is any of these new?"),
    (
        Option("bleeding", _("Bleeding from below")),
        Option("one_sided_belly_pain", _("Pain on one side of my belly")),
        Option("shoulder_tip_pain", _("New pain at the tip of my shoulder")),
        Option("faint", _("Fainted or nearly")),
    ),
    hint=TICK_ALL,
    why=_("Early in pregnancy these can need a doctor the same day."),
    none=NONE_OF_THESE,
    declined=DECLINED_WORDS,
)
BREASTFEEDING = Question(_("Are you breastfeeding?"), YES_NO, declined=DECLINED_WORDS)
PREGNANT_TITLE: str = _("Your pregnancy")
WEEKS = Question(
    _("How many weeks pregnant are you?"),
    of_patient=_("How many weeks pregnant is the patient?"),
    why=_("The first 14 weeks need the most care."),
    declined=DECLINED_WORDS,
)
HIGH_RISK = Question(_("Did anyone say it is a high-risk pregnancy?"), YES_NO, declined=DECLINED_WORDS)
