"""Words for practitioners about a treatment: reactions, how a check-in stands, what went wrong, how grave it was."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.workflow.review.treatment.events import EventGrade, EventKind
from intake.workflow.review.treatment.record import Reaction
from intake.workflow.review.treatment.shown import CheckInReply

REACTIONS = {
    Reaction.NONE: _("No reaction seen"),
    Reaction.FAINT: _("Faint, or nearly"),
    Reaction.BLEEDING: _("Bleeding or a bruise"),
    Reaction.PAIN: _("Strong pain"),
    Reaction.DROWSY: _("Drowsy"),
    Reaction.SICK: _("Sick, or a headache"),
    Reaction.NERVE: _("Numb, tingling or weak"),
    Reaction.BREATH: _("Short of breath, or chest pain"),
    Reaction.OTHER: _("Another (say which)"),
}
REPLIES = {
    CheckInReply.PLANNED: _("Not asked yet"),
    CheckInReply.DUE: _("To be asked now"),
    CheckInReply.NOT_ASKED: _("Never asked: no mail could be sent"),
    CheckInReply.NOT_ANSWERED: _("Not answered"),
    CheckInReply.BEGUN: _("Begun, not sent"),
    CheckInReply.ANSWERED: _("Answered"),
}
KINDS = {
    EventKind.BLEEDING: _("Bleeding or a large bruise"),
    EventKind.INFECTION: _("Infection"),
    EventKind.NERVE: _("Nerve harmed"),
    EventKind.LUNG: _("Lung (pneumothorax)"),
    EventKind.SPINE: _("Spine (bleed, or leak of spinal fluid)"),
    EventKind.FAINT: _("Faint, with harm"),
    EventKind.SEIZURE: _("Seizure"),
    EventKind.NEEDLE_LEFT: _("Needle left in, or broken"),
    EventKind.SKIN: _("Skin or allergy"),
    EventKind.WORSE: _("Pain clearly worse"),
    EventKind.OTHER: _("Other"),
}
GRADES = {
    EventGrade.MILD: _("Mild: needed nothing, or little"),
    EventGrade.MODERATE: _("Moderate: needed treatment, or kept from daily life"),
    EventGrade.SEVERE: _("Severe: hospital, or harm that lasts"),
    EventGrade.LIFE_THREATENING: _("Life-threatening"),
    EventGrade.DEATH: _("Death"),
}
