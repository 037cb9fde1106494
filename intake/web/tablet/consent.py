"""A consent sheet on the tablet, signed or taken back: one address for all its pages; each is shown once."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, session
from flask_babel import gettext as _

from intake.errors import LimitError, StaleError
from intake.web import signing
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.patient import belonging
from intake.web.patient.pages import OWN_FIELDS
from intake.web.rendering import render
from intake.web.services import services
from intake.web.tablet.blueprint import BLUEPRINT, SAID, device, go, sitting
from intake.workflow.patient import consent, tablet
from intake.workflow.patient.tablet import SittingState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.workflow.patient.consent import ShownSheet

WRONG, WAIT, CHANGED = "consent_wrong", "consent_wait", "consent_changed"
OPENED, SIGNED, TAKEN_BACK = "consent_opened", "consent_signed", "consent_taken_back"


@BLUEPRINT.get("/consent")
@guard(Guard.TABLET)
def consent_page() -> ResponseReturnValue:
    """The sheet where it was just opened, the thanks where it was just signed, else the question for the birth date."""
    found = sitting()
    if found is not None and found.state is SittingState.LIVE:
        tablet.lock(services().clinic, found)
    said = session.pop(SAID, "")
    if said in (SIGNED, TAKEN_BACK):
        return _page("tablet/consent_done.html", taken_back=said == TAKEN_BACK)
    shown = consent.take_here(services().clinic, device()) if said == OPENED else None
    return _ask(said) if shown is None else _sheet(shown)


@BLUEPRINT.post("/consent")
@guard(Guard.TABLET)
@takes(*belonging.BORN, *OWN_FIELDS)
def open_consent() -> ResponseReturnValue:
    """On to the sheet, for whoever knows the birth date."""
    page = belonging.whose(request.form, OWN_FIELDS)
    born = belonging.born_in(page) if page.validate() else None
    try:
        session[SAID] = OPENED if consent.open_here(services().clinic, device(), born or "") else WRONG
    except LimitError:
        session[SAID] = WAIT
    return go("tablet.consent_page")


@BLUEPRINT.post("/consent/<consent_id>/sign")
@guard(Guard.TABLET)
@takes(*signing.FIELDS, *OWN_FIELDS)
def sign_consent(consent_id: str) -> ResponseReturnValue:
    """The patient's word; with a fault the sheet comes again."""
    try:
        whole = consent.sign_here(services().clinic, device(), consent_id, signing.sent_signature())
        session[SAID] = SIGNED if whole else OPENED
    except StaleError:
        session[SAID] = CHANGED
    return go("tablet.consent_page")


@BLUEPRINT.post("/consent/<consent_id>/withdraw")
@guard(Guard.TABLET)
@takes(*OWN_FIELDS)
def withdraw_consent(consent_id: str) -> ResponseReturnValue:
    """Take the consent back, with one button, as it was given."""
    try:
        consent.withdraw_here(services().clinic, device(), consent_id)
        session[SAID] = TAKEN_BACK
    except StaleError:
        session[SAID] = CHANGED
    return go("tablet.consent_page")


def _ask(said: str) -> ResponseReturnValue:
    sentences: dict[str, str] = {
        WRONG: _("This is not the date of birth on the sheet. Check it, or ask us."),
        WAIT: _("That was tried too often. Please fetch a person."),
        CHANGED: _("The sheet has changed. Please ask us: we bring you the new one."),
    }
    who = belonging.whose(None, OWN_FIELDS).view()
    here = consent.lies_here(services().clinic, device())
    wrong = said in (WRONG, WAIT) and here
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return _page("tablet/consent_whose.html", who=who, here=here, wrong=wrong, sentence=sentences.get(said, "")), status


def _sheet(shown: ShownSheet) -> ResponseReturnValue:
    if not shown.open:
        return _page("tablet/consent_back.html", shown=shown)
    problems = signing.problems_of(shown.given.problems()) if shown.given else ()
    page = _page("tablet/consent.html", shown=shown, given=shown.given, problems=problems, copies=signing.COPIES)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK


def _page(template: str, **context: object) -> str:
    wait = int((tablet.LONGER if template == "tablet/consent.html" else tablet.IDLE).total_seconds())
    return render(template, wait=wait, **context)
