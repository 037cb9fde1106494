"""Words of the front desk: states, differences between two records, what was read from a day list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask_babel import format_date
from flask_babel import lazy_gettext as _

from intake.web.services import services
from intake.workflow.desk.day import FormState
from intake.workflow.desk.identity import BornIs, ContactIs, NameIs
from intake.workflow.desk.invitations import Way
from intake.workflow.desk.tablets import Wish
from intake.workflow.desk.visits import VisitKind, VisitState

KINDS = {VisitKind.FIRST: _("First visit"), VisitKind.FOLLOW_UP: _("Follow-up")}
STATES = {
    VisitState.PLANNED: _("Planned"),
    VisitState.ARRIVED: _("Arrived"),
    VisitState.WITH_PRACTITIONER: _("With the practitioner"),
    VisitState.DONE: _("Done"),
    VisitState.MISSED: _("Missed"),
}
STEPS = {
    VisitState.PLANNED: (VisitState.ARRIVED, _("Check in")),
    VisitState.ARRIVED: (VisitState.WITH_PRACTITIONER, _("Goes in")),
    VisitState.WITH_PRACTITIONER: (VisitState.DONE, _("Done")),
}
"""The state after each one, and the word on its button."""
FORMS = {
    FormState.NOT_INVITED: _("Not invited"),
    FormState.INVITED: _("Invited"),
    FormState.BEGUN: _("Begun"),
    FormState.SENT: _("Sent"),
}
WISHES = {
    Wish.HELP: _("please send a person"),
    Wish.ASKED: _("wants to be asked by a person"),
    Wish.PAPER: _("wants the form on paper"),
}
"""What somebody at a tablet asks for."""
WAYS = {
    Way.MAIL: _("by e-mail"),
    Way.REMINDER: _("reminded"),
    Way.SLIP: _("on paper"),
    Way.COPIED: _("by a link"),
}
NAMES = {
    NameIs.EQUAL: _("Equal"),
    NameIs.REORDERED: _("The same words, written otherwise"),
    NameIs.ALIKE: _("A few letters differ"),
    NameIs.PARTLY: _("One name in common"),
    NameIs.OTHER: _("Different"),
}
BIRTHS = {
    BornIs.EQUAL: _("Equal"),
    BornIs.SWAPPED: _("Day and month swapped?"),
    BornIs.ONE_DIGIT: _("One digit differs"),
    BornIs.MISSING: _("Not known of both"),
    BornIs.OTHER: _("Different"),
}
CONTACTS = {
    ContactIs.EQUAL: _("Equal"),
    ContactIs.MISSING: _("Not known of both"),
    ContactIs.OTHER: _("Different"),
}


def long_day(day: date) -> str:
    """A day in full: Monday 30 November 2026."""
    return str(format_date(day, "EEEE d MMMM yyyy"))


def long_date(day: date) -> str:
    """A date without its weekday, the month in letters, so that nobody takes the day for it."""
    return str(format_date(day, "d MMM yyyy"))


def short_day(day: date) -> str:
    """A day in short: Tue 1 Dec."""
    return str(format_date(day, "EEE d MMM"))


def near_days(day: date) -> tuple[tuple[date, str], ...]:
    """The working days before and after one, for the links beside it."""
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    while before.isoweekday() > 5:  # noqa: PLR2004 - Saturday is the sixth
        before -= timedelta(days=1)
    while after.isoweekday() > 5:  # noqa: PLR2004 - as above
        after += timedelta(days=1)
    return ((before, short_day(before)), (after, short_day(after)))


def clock(moment: datetime) -> str:
    """The time of day in the clinic."""
    return f"{moment.astimezone(services().clinic.zone):%H:%M}"
