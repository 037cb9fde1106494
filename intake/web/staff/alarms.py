"""Alarms on the pages of staff: the banner of every page, the list of those that are open, taking one."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import words
from intake.web.staff.review import BLUEPRINT, page_words
from intake.web.staff.signed_in import practitioner
from intake.workflow.keeping.messages import alarms, stuck
from intake.workflow.review import alarms as open_alarms

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["BLUEPRINT"]
FARTHEST = 1_000_000  # the first row of the last page that anybody may ask for


@dataclass(frozen=True, slots=True)
class Notices:
    """What every page of staff shows first: for how many people an alarm is open, since when, and what is not sent."""

    alarms: int
    since: str
    stuck: int


@BLUEPRINT.app_template_global()
def staff_notices() -> Notices:
    """As it is now."""
    clinic = services().clinic
    waits = alarms.count_open(clinic)
    since = words.since(waits.since, clinic.clock()) if waits.since else ""
    return Notices(waits.people, since, stuck.count(clinic))


@BLUEPRINT.get("/alarms")
@guard(Guard.STAFF)
def alarm_list() -> ResponseReturnValue:
    """Every alarm that nobody has taken."""
    first = min(max(0, request.args.get("from", 0, type=int)), FARTHEST)
    listed = open_alarms.listed(services().clinic, practitioner(), first)
    duty = services().clinic.duty
    return render("review/alarms.html", **page_words(), listed=listed, page=open_alarms.PAGE, duty=duty)


@BLUEPRINT.post("/<intake_id>/alarm")
@guard(Guard.STAFF)
@takes()
def take_alarm(intake_id: str) -> ResponseReturnValue:
    """Take the alarm of an intake that was sent."""
    open_alarms.take(services().clinic, intake_id, practitioner())
    return redirect(url_for("review.intake", intake_id=intake_id), HTTPStatus.SEE_OTHER)
