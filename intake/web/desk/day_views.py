"""The day of a visit at the desk: checking in, and the questions of the day as the patient answers them aloud.

The desk types what is said, and reads nothing of it again.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _

from intake.errors import NotFoundError
from intake.questions.views import PageProblem
from intake.web import day_page
from intake.web.desk import words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import TOKEN, takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.desk import visits
from intake.workflow.patient import arrival
from intake.workflow.patient.arrival import AskedAt

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.questions.pages import PageForm
    from intake.workflow.desk.visits import VisitStep
    from intake.workflow.patient.arrival import DayForm

OWN = ("end",)


def check_in(step: VisitStep) -> None:
    """The patient is there; what holds on the day counts as unknown until it is asked."""
    parts, by = services(), signed_in()
    arrival.check_in(parts.clinic, parts.rulebook, step, day_page.new_version(by.actor), by)


def names() -> frozenset[str]:
    """What the page may send."""
    page = services().questionnaire.day
    return frozenset(name for name, _question, _facts in page.questions())


@BLUEPRINT.get("/visits/<visit_id>/day")
@guard(Guard.DESK)
def day(visit_id: str) -> ResponseReturnValue:
    """The questions of the day, empty, to be read out."""
    return _page(visit_id, day_page.asked(_form(visit_id), OWN))


@BLUEPRINT.post("/visits/<visit_id>/day")
@guard(Guard.DESK)
@takes(*OWN, several=names)
def tell_day(visit_id: str) -> ResponseReturnValue:
    """Keep what was said."""
    form = _form(visit_id)
    page = day_page.asked(form, (*OWN, TOKEN), request.form)
    if not page.validate() or "end" not in request.form:
        return _page(visit_id, page), HTTPStatus.UNPROCESSABLE_ENTITY
    day_page.keep(form, page, AskedAt.DESK, signed_in().actor)
    return redirect(url_for("desk.today", _anchor=f"v-{visit_id}"), HTTPStatus.SEE_OTHER)


def _form(visit_id: str) -> DayForm:
    """The form of a visit of today; raises NotFoundError where nothing is to be asked."""
    form = arrival.of_visit(services().clinic, visit_id)
    if form is None or not form.open:
        raise NotFoundError(_("Nothing is to be asked for this visit: it is not today, or all was answered."))
    return form


def _page(visit_id: str, page: PageForm) -> str:
    visit, who = visits.load(services().clinic, visit_id, signed_in())
    view = page.view()
    refusal = (PageProblem(view.fields[0].first_id, view.refusal),) if view.refusal else ()
    return render(
        "desk/day_questions.html", visit=visit, who=who, page=view, problems=(*refusal, *view.problems), words=words
    )
