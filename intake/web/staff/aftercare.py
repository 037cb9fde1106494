"""What a practitioner hands on after the needles: the link to what to know, the leaflet, a link for the check-in."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for
from flask_babel import get_locale

from intake.errors import AnswerError, NotFoundError
from intake.web import region_map
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import treatment_words
from intake.web.staff.signed_in import practitioner
from intake.web.staff.treatment import BLUEPRINT
from intake.workflow.review.treatment import asked, events, sending, shown
from intake.workflow.review.treatment.leaflet import LeafletHead, leaflet
from intake.workflow.review.treatment.sending import Purpose

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

__all__ = ["BLUEPRINT"]
SHOWN = {"aftercare": Purpose.AFTERCARE, "check_in": Purpose.CHECKIN}


@BLUEPRINT.get("/check-ins")
@guard(Guard.STAFF)
def check_ins() -> ResponseReturnValue:
    """Who was needled lately, and how each check-in stands."""
    rows = asked.listed(services().clinic, practitioner())
    return render("review/check_ins.html", rows=rows, words=treatment_words)


@BLUEPRINT.post("/<intake_id>/after")
@guard(Guard.STAFF)
@takes("what")
def hand_on(intake_id: str) -> ResponseReturnValue:
    """Mail the link to what to know, or show a link once, to be handed on in another way."""
    clinic, what = services().clinic, request.form.get("what", "")
    if what == "mail":
        sending.mail_aftercare(clinic, intake_id, practitioner())
        where = url_for("review.intake", intake_id=intake_id, recorded=1, _anchor="treated")
        return redirect(where, HTTPStatus.SEE_OTHER)
    if what not in SHOWN:
        raise AnswerError("no link that the page offers")
    link = sending.show(clinic, intake_id, SHOWN[what], practitioner())
    return render("review/link_shown.html", intake_id=intake_id, link=link, what=what)


@BLUEPRINT.get("/<intake_id>/leaflet.pdf")
@guard(Guard.STAFF)
def printed_leaflet(intake_id: str) -> ResponseReturnValue:
    """The leaflet for the regions that were needled; it names nobody."""
    parts = services()
    treated = shown.load(parts.clinic, intake_id)
    if treated is None or treated.last is None:
        raise NotFoundError(events.NOT_TREATED)
    details, language = parts.details, str(get_locale() or "en")
    places = region_map.in_words(treated.last.regions)
    head = LeafletHead(details.name, details.phone, details.emergency_number, details.urgent_line, language, places)
    pdf = leaflet(parts.aftercare, treated.last, head, parts.clinic)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="leaflet.pdf"'})
