"""Plan and consent of one intake for the practitioner: mark the regions, read the sheet, have it signed, sign it."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from intake.questions.views import PageProblem
from intake.web import region_map, signing
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.qr import qr
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff.signed_in import practitioner
from intake.workflow.review.consent import document, opening, overview, planning, taking_back
from intake.workflow.review.consent import signing as steps
from intake.workflow.review.consent.planning import Planned
from intake.workflow.review.consent.signatures import LONGEST_REASON, Countersignature
from intake.workflow.review.consent.signing import SheetRequest, SigningWay

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.workflow.review.consent.overview import Overview
    from intake.workflow.review.consent.standing import ConsentState

BLUEPRINT = Blueprint("consent", __name__, url_prefix="/review/<intake_id>/consent")
REGIONS = "regions"
YES, NO = "yes", "no"
Problems = tuple[PageProblem, ...]


@BLUEPRINT.app_template_global()
def consent_word(state: ConsentState) -> str:
    """How pages of staff call the state of a consent."""
    return str(signing.STATES[state])


@BLUEPRINT.get("", strict_slashes=False)
@guard(Guard.STAFF)
def page(intake_id: str) -> ResponseReturnValue:
    """The plan, the sheet as it would be, and how consent stands."""
    return _page(intake_id, ())


@BLUEPRINT.post("/plan")
@guard(Guard.STAFF)
@takes("version", "stimulation", several=region_map.fields_of(REGIONS))
def plan(intake_id: str) -> ResponseReturnValue:
    """Say where the needle is to go."""
    regions, said = region_map.marked(REGIONS), request.form.get("stimulation", "")
    problems = tuple(
        PageProblem(first_id, sentence)
        for holds, first_id, sentence in (
            (bool(regions), "r-head", _("Mark at least one place.")),
            (said in (YES, NO), "stimulation-no", _("Say whether you use electrical stimulation.")),
        )
        if not holds
    )
    if problems:
        return _page(intake_id, problems, marked=regions, current=said), HTTPStatus.UNPROCESSABLE_ENTITY
    planned = Planned(request.form.get("version", 0, type=int), regions, said == YES)
    planning.save(services().clinic, intake_id, planned, practitioner())
    return _back(intake_id, "sheet")


@BLUEPRINT.post("/sheet")
@guard(Guard.STAFF)
@takes("plan_version", "talked", "way", "device")
def prepare(intake_id: str) -> ResponseReturnValue:
    """Have the sheet signed: on a tablet, on the patient's phone, on paper."""
    form = request.form
    way = next((each for each in SigningWay if each == form.get("way")), None)
    wanted = SheetRequest(
        secrets.token_hex(16), way, form.get("device", ""), form.get("plan_version", 0, type=int), "talked" in form
    )
    wrong = steps.prepare(services().clinic, services().consent, intake_id, wanted, practitioner())
    if wrong:
        return _page(intake_id, signing.problems_of(wrong)), HTTPStatus.UNPROCESSABLE_ENTITY
    if way is SigningWay.PHONE:
        address = opening.link(services().clinic, wanted.id, practitioner())
        return render("review/consent_link.html", intake_id=intake_id, link=address, code=qr(address))
    return _back(intake_id, "sign")


@BLUEPRINT.post("/<consent_id>/paper")
@guard(Guard.STAFF)
@takes(*signing.FIELDS)
def signed_on_paper(intake_id: str, consent_id: str) -> ResponseReturnValue:
    """The patient has signed the printed sheet, or did not agree."""
    given = signing.sent_signature()
    wrong = steps.sign(services().clinic, consent_id, given, practitioner().actor)
    if wrong:
        return _page(intake_id, signing.problems_of(wrong), given=given), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(intake_id, "sign")


@BLUEPRINT.post("/<consent_id>/countersign")
@guard(Guard.STAFF)
@takes("own_name", "handed", "reason")
def countersign(intake_id: str, consent_id: str) -> ResponseReturnValue:
    """The second signature, and the copy."""
    signed = Countersignature(
        signing.line("own_name"), request.form.get("handed", ""), signing.line("reason", LONGEST_REASON)
    )
    wrong = steps.countersign(services().clinic, consent_id, signed, practitioner(), current_user.email)
    if wrong:
        names = {"name": "own_name", "copy": "handed-print"}
        problems = tuple(PageProblem(names.get(each.field, each.field), each.sentence) for each in wrong)
        return _page(intake_id, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(intake_id, "state")


@BLUEPRINT.post("/<consent_id>/withdraw")
@guard(Guard.STAFF)
@takes()
def withdraw(intake_id: str, consent_id: str) -> ResponseReturnValue:
    """The patient takes the consent back."""
    taking_back.withdraw(services().clinic, consent_id, practitioner().actor)
    return _back(intake_id, "state")


@BLUEPRINT.post("/<consent_id>/tablet")
@guard(Guard.STAFF)
@takes("device")
def place(intake_id: str, consent_id: str) -> ResponseReturnValue:
    """Put the signed sheet on a tablet, where the patient takes it back with a button of their own."""
    wrong = taking_back.place(services().clinic, consent_id, request.form.get("device", ""), practitioner())
    if wrong:
        return _page(intake_id, signing.problems_of(wrong)), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(intake_id, "state")


@BLUEPRINT.get("/<consent_id>.pdf")
@guard(Guard.STAFF)
def copy(intake_id: str, consent_id: str) -> ResponseReturnValue:  # noqa: ARG001 - the address names the intake
    """The document as it was signed, or the form on paper."""
    pdf = opening.document_of(services().clinic, consent_id, practitioner().actor)
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": 'inline; filename="consent.pdf"'})


def _page(intake_id: str, problems: Problems, **sent: Any) -> str:  # noqa: ANN401 - what was sent, of each form
    view = overview.load(services().clinic, services().consent, intake_id, practitioner())
    planned = view.plan
    stored = (YES if planned.stimulation else NO) if planned else ""
    fault = next((each.message for each in problems if each.first_id == "r-head"), "")
    chosen = sent.get("marked", planned.regions if planned else ())
    return render(
        "review/consent.html",
        view=view,
        problems=problems,
        map=region_map.field(REGIONS, _("Where will you needle?"), chosen, hint=_hint(view), error=fault),
        stimulation=sent.get("current", stored),
        given=sent.get("given"),
        parts=document.parts,
        copies=signing.COPIES,
        handed=signing.HANDED,
    )


def _hint(view: Overview) -> str:
    if view.plan is None:
        return str(_("Touch the picture or open the list."))
    return str(_("A change makes a consent that was given void: it has to be signed anew."))


def _back(intake_id: str, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("consent.page", intake_id=intake_id, _anchor=anchor), HTTPStatus.SEE_OTHER)
