"""Words for practitioners about a treatment: reactions, how a check-in stands, what went wrong, how grave it was."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from intake.workflow.review.treatment.events import Grade, Kind
from intake.workflow.review.treatment.record import Reaction
from intake.workflow.review.treatment.shown import Reply

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
    Reply.PLANNED: _("Not asked yet"),
    Reply.DUE: _("To be asked now"),
    Reply.NOT_ASKED: _("Never asked: no mail could be sent"),
    Reply.NOT_ANSWERED: _("Not answered"),
    Reply.BEGUN: _("Begun, not sent"),
    Reply.ANSWERED: _("Answered"),
}
KINDS = {
    Kind.BLEEDING: _("Bleeding or a large bruise"),
    Kind.INFECTION: _("Infection"),
    Kind.NERVE: _("Nerve harmed"),
    Kind.LUNG: _("Lung (pneumothorax)"),
    Kind.SPINE: _("Spine (bleed, or leak of spinal fluid)"),
    Kind.FAINT: _("Faint, with harm"),
    Kind.SEIZURE: _("Seizure"),
    Kind.NEEDLE_LEFT: _("Needle left in, or broken"),
    Kind.SKIN: _("Skin or allergy"),
    Kind.WORSE: _("Pain clearly worse"),
    Kind.OTHER: _("Other"),
}
GRADES = {
    Grade.MILD: _("Mild: needed nothing, or little"),
    Grade.MODERATE: _("Moderate: needed treatment, or kept from daily life"),
    Grade.SEVERE: _("Severe: hospital, or harm that lasts"),
    Grade.LIFE_THREATENING: _("Life-threatening"),
    Grade.DEATH: _("Death"),
}
