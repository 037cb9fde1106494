"""Words for practitioners: tiers, levels, urgencies, reasons and actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from flask_babel import lazy_gettext as _

from intake.engine.book.levels import Levels, Needling, Tier, Urgency
from intake.web.services import services
from intake.workflow.patient.reports import By, How, Who
from intake.workflow.review.beside import AskedAt
from intake.workflow.review.folding import tier as tier_of
from intake.workflow.review.held import Gone
from intake.workflow.review.outcomes import Outcome, Override, Reason
from intake.workflow.review.queue import Listing

if TYPE_CHECKING:
    from intake.workflow.review.intake_view import Entered
    from intake.workflow.review.reply import Reply

MINUTES_TOLD, HOURS_TOLD = 60, 36  # from here on in hours, in days


class Mark(NamedTuple):
    """The tag at the head of a finding: its class, and its word."""

    name: str
    word: str


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
NOT_EVALUATED = Mark("t1", _("Not evaluated"))
URGENCY_MARKS = {
    Urgency.EMERGENCY_NOW: Mark("t1", _("Now")),
    Urgency.SAME_DAY: Mark("u2", _("Today")),
    Urgency.WITHIN_DAYS: Mark("u3", _("Within days")),
}
LISTINGS = {
    Listing.OPEN: _("Open"),
    Listing.TO_DO: _("To do"),
    Listing.UNSENT: _("Not sent yet"),
    Listing.DECIDED: _("Decided"),
    Listing.ALL: _("All"),
}
STATES = {"new": _("New"), "seen": _("Seen"), "decided": _("Decided"), "superseded": _("A newer version was decided")}
GONE = {Gone.NO_LONGER: _("No longer"), Gone.LESS: _("Graver before"), Gone.NOT_JUDGED: _("Before")}
"""Why a finding of an older version is not one of the newest."""
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
WHO_SAID = {
    Who.PATIENT: _("The patient"),
    Who.RELATIVE: _("A relative"),
    Who.CARER: _("A carer"),
    Who.DOCTOR: _("A doctor"),
    Who.OTHER: _("Somebody else"),
}
HOW_SAID = {
    How.PHONE: _("by phone"),
    How.IN_PERSON: _("in person"),
    How.LETTER: _("by letter"),
    How.MESSAGE: _("by mail or message"),
}
NEWER = {
    By.FORM: _("The patient has corrected this:"),
    By.ASKED: _("The patient has answered what was asked back:"),
    By.STAFF: _("Staff have entered an answer:"),
    By.CHECK_IN: _("The patient has told how it went after the needles:"),
    By.DAY: _("There is a version of the day of the visit:"),
    By.VISIT: _("Another form was sent for the same visit:"),
}

ASKED_AT = {
    AskedAt.TABLET: _("Asked on the day, on the tablet:"),
    AskedAt.PHONE: _("Asked on the day, on the patient's phone:"),
    AskedAt.DESK: _("Asked on the day, at the desk:"),
}
"""Where the questions of the day were answered."""

HELPERS = {
    "nobody": _("on the tablet, nobody helped"),
    "staff": _("on the tablet, helped by staff"),
    "relative": _("on the tablet, helped by family or a friend"),
    "interpreter": _("on the tablet, helped by an interpreter"),
}
"""Who helped somebody with the form on the tablet, as they said."""

ACTIONS = {
    "sent": _("sent the intake"),
    "read": _("opened it"),
    "printed": _("printed it"),
    "decided": _("decided"),
    "took_over": _("took over the danger signs"),
    "gave_back": _("gave the danger signs back"),
    "closed": _("closed an item"),
    "took_alarm": _("took the alarm"),
    "asked_back": _("asked back"),
    "answered_back": _("answered what was asked back"),
    "answer_entered": _("entered an answer"),
    "corrected": _("made a newer version"),
    "superseded": _("decided a newer version instead"),
    "link_mailed": _("sent a link by mail"),
    "link_shown": _("handed on a link"),
    "link_revoked": _("took a link back"),
    "link_opened": _("opened a link"),
}


def mark(levels: Levels | None, tier: Tier | None = None) -> Mark:
    """The word of an urgency where there is one, else of the tier; each differs from the others in form too."""
    if levels is None:
        return NOT_EVALUATED
    urgent = URGENCY_MARKS.get(levels.urgency)
    if urgent is not None:
        return urgent
    shown = tier_of(levels) if tier is None else tier
    return Mark(TIER_MARKS[shown], TIERS[shown])


def reply(about: Reply) -> str:
    """Whether the mail about a decision went out."""
    if about.accepted_at is not None:
        here = about.accepted_at.astimezone(services().clinic.zone)
        return str(_("The patient was told by mail: %(when)s.", when=f"{here:%a %d %b %H:%M}"))
    if about.failure:
        return str(_("The mail to the patient has not got out yet: %(why)s.", why=about.failure))
    return str(_("The mail to the patient is on its way."))


def said(each: Entered) -> str:
    """Who gave an answer that staff entered, how and when, and who entered it."""
    when = f"{each.said_at.astimezone(services().clinic.zone):%a %d %b %H:%M}"
    who, how = WHO_SAID[each.who], HOW_SAID[each.how]
    return str(_("%(who)s said so %(how)s, %(when)s; entered by %(by)s.", who=who, how=how, when=when, by=each.by))


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the unit that matters."""
    minutes = max(0, int((now - moment).total_seconds() // 60))
    if minutes < MINUTES_TOLD:
        return str(_("%(n)s min ago", n=minutes))
    if minutes < HOURS_TOLD * 60:
        return str(_("%(n)s h ago", n=minutes // 60))
    return str(_("%(n)s days ago", n=(minutes + 12 * 60) // (24 * 60)))


def day_and_time(moment: datetime, now: datetime) -> str:
    """A moment on the clinic's clock: today, tomorrow, or the day."""
    zone = services().clinic.zone
    here, today = moment.astimezone(zone), now.astimezone(zone).date()
    names = {today: str(_("Today")), today + timedelta(days=1): str(_("Tomorrow"))}
    return f"{names.get(here.date(), here.strftime('%a %d %b'))} {here:%H:%M}"


def since(moment: datetime, now: datetime) -> str:
    """When something began, on the clinic's clock: the time today, else with the day."""
    here, today = (each.astimezone(services().clinic.zone) for each in (moment, now))
    return f"{here:%H:%M}" if here.date() == today.date() else f"{here:%a %d %b %H:%M}"


def in_words(levels: Levels) -> str:
    """Both axes, the empty one left out."""
    told = (URGENCIES.get(levels.urgency), LEVELS.get(levels.needling))
    return ", ".join(str(word) for word in told if word) or str(_("Information only"))


def fills(regions: Mapping[str, Needling]) -> dict[str, str]:
    """The fill of each region on the safety map that is not free."""
    return {code: FILLS[level] for code, level in regions.items() if level in FILLS}
