"""A consent sheet on the patient's own phone, by a link behind the birth date: signed, kept, taken back."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, url_for

from intake.web import signing
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.patient.linked import opened, opens
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.views import BLUEPRINT, go
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.patient import consent
from intake.workflow.patient.links import Purpose

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.questions.views import PageProblem
    from intake.workflow.patient.consent import Signature


@BLUEPRINT.get("/l/consent")
@guard(Guard.LINK)
@opens(Purpose.CONSENT)
def consent_sheet() -> ResponseReturnValue:
    """The sheet to be signed; what was signed; or that it is over."""
    return _page(None, ())


@BLUEPRINT.post("/l/consent")
@guard(Guard.LINK)
@takes(*signing.FIELDS, *OWN_FIELDS)
def sign_sheet() -> ResponseReturnValue:
    """The patient's word, or what it lacks; raises StaleError where it cannot be given any more."""
    given = signing.sent_signature()
    wrong = consent.sign(services().clinic, opened(Purpose.CONSENT).object_id, given)
    if wrong:
        return _page(given, signing.problems_of(wrong)), HTTPStatus.UNPROCESSABLE_ENTITY
    return go(url_for("patient.consent_sheet"))


@BLUEPRINT.get("/l/consent/copy.pdf")
@guard(Guard.LINK)
def consent_copy() -> ResponseReturnValue:
    """The document as it was signed."""
    pdf = consent.document_of(services().clinic, opened(Purpose.CONSENT).object_id)
    return Response(
        pdf, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="consent.pdf"'}
    )


@BLUEPRINT.post("/l/consent/withdraw")
@guard(Guard.LINK)
@takes(*OWN_FIELDS)
def withdraw_consent() -> ResponseReturnValue:
    """Take the consent back."""
    consent.withdraw(services().clinic, opened(Purpose.CONSENT).object_id)
    return go(url_for("patient.consent_sheet"))


def _page(given: Signature | None, problems: tuple[PageProblem, ...]) -> str:
    shown = consent.by_link(services().clinic, opened(Purpose.CONSENT).object_id)
    return render("patient/consent.html", shown=shown, given=given, problems=problems, copies=signing.COPIES)
