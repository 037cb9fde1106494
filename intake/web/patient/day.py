"""The questions of the day of the visit on the patient's own phone, once the patient is checked in.

Nothing that was said before is shown: whoever has the form in this browser answers three questions, once.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, url_for

from intake.web import day_page
from intake.web.guards import Guard, guard
from intake.web.patient import belonging, journey
from intake.web.patient.care import card
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import arrived_whole, problems_of, sent_now
from intake.web.patient.views import BLUEPRINT, go
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.patient import arrival
from intake.workflow.patient.arrival import AskedAt

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.questions.pages import PageForm
    from intake.web.patient.care import CareCard
    from intake.workflow.patient.arrival import DayForm


def card_of(form: DayForm) -> CareCard | None:
    """What the answers of the day call for by themselves."""
    reading = arrival.reading(services().rulebook, form.said)
    return card(reading, [call.rule.id for call in reading.calls], {})


@BLUEPRINT.get("/day")
@guard(Guard.PATIENT)
def day() -> ResponseReturnValue:
    """The questions that are open now; once they are answered, what they call for."""
    found = arrival.of_draft(services().clinic, journey.draft().id)
    if found is None or not found.arrived:
        return go(url_for("patient.resume"))
    if found.open:
        return _ask(day_page.asked(found, OWN_FIELDS))
    return render("patient/day_done.html", card=card_of(found))


@BLUEPRINT.post("/day")
@guard(Guard.PATIENT)
def answer_day() -> ResponseReturnValue:
    """Keep the answers of the day."""
    draft = journey.draft()
    found = arrival.of_draft(services().clinic, draft.id)
    if found is None or not (found.arrived and found.open) or belonging.is_of_another(draft):
        return go(url_for("patient.day"))
    page = day_page.asked(found, OWN_FIELDS, request.form)
    if not page.validate() or not arrived_whole():
        return _ask(page), HTTPStatus.UNPROCESSABLE_ENTITY
    day_page.keep(found, page, AskedAt.PHONE)
    return go(url_for("patient.day"))


def _ask(page: PageForm) -> str:
    view = page.view()
    return render("patient/day.html", page=view, problems=problems_of(view, sent_now()))
