"""The patient's own copy of what was sent, behind an invitation and the birth date, and the way to correct it.

It is shown once for each date that is right; a wrong one counts for the invitation, on whatever device it is typed.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import format_date

from intake.web import day_page
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.patient import belonging, journey
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import arrived_whole, problems_of, sent_now
from intake.web.patient.summary import rows, summarise
from intake.web.patient.views import BLUEPRINT, ID_BYTES, TOKEN_BYTES, go, onward
from intake.web.patient.visit import words_of
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.patient import arrival, corrections, drafts, invitations, submit
from intake.workflow.patient.aftercare import course
from intake.workflow.shared.birth_date import Entered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from intake.questions.pages import PageForm
    from intake.workflow.patient.arrival import DayAnswer
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.patient.invitations import Found


@BLUEPRINT.get("/copy")
@guard(Guard.PATIENT)
def copy() -> ResponseReturnValue:
    """What was sent, once; without the birth date the question for it."""
    draft = journey.draft()
    found = invitations.of_draft(services().clinic, draft.id)
    if not draft.sent or found is None:
        return onward(draft)
    if not belonging.take_copy(draft):
        return _ask(belonging.whose(None, OWN_FIELDS))
    belonging.allow_correction(draft)
    return _show(draft, found)


@BLUEPRINT.post("/copy")
@guard(Guard.PATIENT)
def open_copy() -> ResponseReturnValue:
    """The copy, for whoever knows the birth date."""
    draft = journey.draft()
    page = belonging.whose(request.form, OWN_FIELDS)
    if not draft.sent:
        return onward(draft)
    if not page.validate() or not arrived_whole():
        return _ask(page), HTTPStatus.UNPROCESSABLE_ENTITY
    match invitations.check_again(services().clinic, draft.id, belonging.born_in(page)):
        case Entered.OPEN:
            belonging.allow_copy(draft)
            return go(url_for("patient.copy"))
        case Entered.WRONG | Entered.LOCKED as entered:
            belonging.refuse_date(page)
            return _ask(page, locked=entered is Entered.LOCKED), HTTPStatus.UNPROCESSABLE_ENTITY


@BLUEPRINT.post("/copy/change")
@guard(Guard.PATIENT)
@takes(*OWN_FIELDS)
def correct() -> ResponseReturnValue:
    """On to the check page of a correction, for whoever has just seen the copy."""
    draft = journey.draft()
    if not draft.sent or not belonging.take_correction(draft):
        return go(url_for("patient.copy"))
    clinic, key = services().clinic, secrets.token_urlsafe(TOKEN_BYTES)
    corrections.begin(clinic, draft, key, secrets.token_hex(ID_BYTES))
    response = go(url_for("patient.check"))
    journey.remember(response, key, drafts.load(clinic, key).expires - clinic.clock())
    return response


def _show(draft: Draft, found: Found) -> str:
    receipt = submit.receipt_of(services().clinic, draft)
    said = arrival.said_on_the_day(services().clinic, receipt.intake_id)
    views = [page.view() for page in (*journey.pages_on_path(draft), journey.page(draft, journey.CHECK))]
    return render(
        "patient/copy.html",
        summary=summarise(views),
        of_the_day=rows(day_page.answered(said)) if said else (),
        day=_day_of(said),
        course=course.read(services().clinic, services().questionnaire.words, receipt.intake_id),
        told=words_of(found),
        reference=receipt.reference,
        sent_on=format_date(receipt.sent_at, "long"),
    )


def _day_of(said: Mapping[str, DayAnswer]) -> str:
    """The day on which the questions of the day were answered; empty where they were not."""
    days = [services().clinic.day_of(each.asked_at) for each in said.values()]
    return format_date(max(days), "long") if days else ""


def _ask(page: PageForm, *, locked: bool = False) -> str:
    view = page.view()
    return render(
        "patient/copy_of_whom.html", page=view, problems=() if locked else problems_of(view, sent_now()), locked=locked
    )
