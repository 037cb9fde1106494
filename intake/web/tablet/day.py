"""The questions of the day of the visit on the tablet: empty, answered once, beside nothing that was said before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from intake.web import day_page
from intake.web.guards import Guard, guard
from intake.web.patient.day import card_of
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import arrived_whole, problems_of
from intake.web.rendering import render
from intake.web.security import CSRF
from intake.web.services import services
from intake.web.tablet.blueprint import BLUEPRINT, lock_and_leave, onward, open_draft
from intake.workflow.patient import arrival
from intake.workflow.patient.arrival import AskedAt

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug.datastructures import MultiDict

    from intake.workflow.patient.drafts import Draft

PAGE = "day"


def is_open(draft: Draft) -> bool:
    """Whether questions of the day are open for the visit of a sent form."""
    found = arrival.of_draft(services().clinic, draft.id)
    return found is not None and bool(found.open)


def page(draft: Draft, refused: MultiDict[str, str] | None, wait: int) -> str:
    """The questions that are open; once there is none, what the answers call for."""
    found = arrival.of_draft(services().clinic, draft.id)
    if found is None or not found.open:
        return render("tablet/day_done.html", card=None if found is None else card_of(found), wait=wait)
    asked = day_page.asked(found, OWN_FIELDS, refused)
    if refused is not None:
        asked.validate()
    view = asked.view()
    return render("tablet/day.html", page=view, problems=problems_of(view, refused), wait=wait)


@BLUEPRINT.post("/day")
@guard(Guard.TABLET)
def answer_day() -> ResponseReturnValue:
    """Keep the answers of the day; the tablet then has the new version, and shows nothing of it."""
    draft = open_draft()
    found = None if draft is None else arrival.of_draft(services().clinic, draft.id)
    if draft is None or not draft.sent:
        return lock_and_leave()
    if found is None or not found.open:
        return onward(draft)
    asked = day_page.asked(found, OWN_FIELDS, request.form)
    if not asked.validate() or not arrived_whole():
        return onward(draft, PAGE, list(request.form.items(multi=True)))
    day_page.keep(found, asked, AskedAt.TABLET)
    return onward(draft)


CSRF.exempt(answer_day)  # it checks the token with its form, so that a page open for too long keeps what was typed
