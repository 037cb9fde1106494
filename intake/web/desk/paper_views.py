"""The form on paper: printed blank or for one visit."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, redirect, url_for
from flask_babel import get_locale

from intake.web.desk import words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.patient.paper import entry, marks, printing
from intake.workflow.patient.paper.printing import NOBODY, Comer, Head

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@BLUEPRINT.get("/paper")
@guard(Guard.DESK)
def papers() -> ResponseReturnValue:
    """What can be done with paper, and the forms that are typed half."""
    parts, clinic = marks.parts(services().questionnaire), services().clinic
    waiting = entry.waiting(clinic, parts, signed_in())
    return render("desk/papers.html", waiting=waiting, parts=parts, words=words, day_of=clinic.day_of)


@BLUEPRINT.get("/paper/form.pdf")
@guard(Guard.DESK)
def blank_form() -> ResponseReturnValue:
    """The form with lines for who fills it in."""
    return _pdf(NOBODY)


@BLUEPRINT.get("/paper/<visit_id>")
@guard(Guard.DESK)
def paper_of_visit(visit_id: str) -> ResponseReturnValue:
    """Where the code on a form for a visit leads: to what can be done with it on the page of the visit."""
    return redirect(url_for("desk.visit", visit_id=visit_id, _anchor="paper"), HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/paper/<visit_id>/form.pdf")
@guard(Guard.DESK)
def visit_paper(visit_id: str) -> ResponseReturnValue:
    """The form for whoever comes."""
    return _pdf(printing.comer_of(services().clinic, visit_id, signed_in(), _language()))


def _pdf(who: Comer) -> Response:
    parts = services()
    details, clinic = parts.details, parts.clinic
    address = url_for("desk.papers", _external=True)
    head = Head(details.name, details.phone, address, details.emergency_number, _language())
    pdf = printing.form(parts.questionnaire, head, clinic.clock(), clinic.zone, who)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="form.pdf"'})


def _language() -> str:
    return str(get_locale() or "en")
