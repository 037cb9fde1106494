"""What every page of a tablet shares: its own cookie, the form that it holds, the way back to the start page.

A page of answers is shown once, as the answer to the step before it. Each step changes the session's cookie, which no
script can read: that makes a browser drop the pages before it that it kept in memory for Back.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Blueprint, g, has_request_context, redirect, request, session, url_for

from intake.errors import NotFoundError
from intake.web.patient import belonging, journey
from intake.web.patient.views import keep_text_size
from intake.web.services import services
from intake.web.sessions import cookie_path
from intake.workflow.patient import tablet
from intake.workflow.patient.tablet import SittingState

if TYPE_CHECKING:
    from werkzeug import Response

    from intake.workflow.patient.drafts import Draft
    from intake.workflow.patient.tablet import Device, Sitting

BLUEPRINT = Blueprint("tablet", __name__, url_prefix="/tablet")
COOKIE = "intake_device"
KEY_BYTES = 20
YEAR = 365 * 24 * 60 * 60
LOOK, STEP, SAID, LANGUAGE = "look", "step", "said", "language"
BLUEPRINT.after_request(keep_text_size)


def check_tablet() -> Response | None:
    """What stands before every page of a tablet: one that is not enrolled is asked for its code."""
    key = request.cookies.get(COOKIE, "")
    try:
        g.device = tablet.device_of(services().clinic, key)
    except NotFoundError:
        response = go("tablet.enrol_page")
        if key:
            forget(response)
        return response
    g.find_draft = _draft
    return None


def device() -> Device:
    """The tablet that the guard has found."""
    return cast("Device", g.device)


def sitting() -> Sitting | None:
    """The form on this tablet, read once a request."""
    if "sitting" not in g:
        g.sitting = tablet.sitting_of(services().clinic, device())
    return cast("Sitting | None", g.sitting)


def open_draft() -> Draft | None:
    """The draft that is filled in here now, and that a form which came belongs to; None: the start page is due."""
    found = sitting()
    if found is None or found.state is not SittingState.LIVE:
        return None
    draft = journey.own_draft()
    return None if draft is None or belonging.is_of_another(draft) else draft


def _draft() -> Draft | None:
    found = sitting()
    if found is None:
        return None
    try:
        return tablet.load(services().clinic, found)
    except NotFoundError:
        return None


def go(endpoint: str) -> Response:
    """See another page, by GET; what the browser kept in memory of this one is dropped."""
    session[STEP] = secrets.token_hex(8)
    return redirect(url_for(endpoint), HTTPStatus.SEE_OTHER)


def onward(draft: Draft, page: str = "", refused: tablet.Pairs | None = None, *, longer: bool = False) -> Response:
    """On to a page of the form (empty: whichever comes next), which is shown once."""
    tablet.show(services().clinic, draft, page, refused, longer=longer)
    return go("tablet.form")


def to_start() -> Response:
    """Away from the form: a session of its own for the next person, and nothing that the browser kept."""
    session.clear()
    response = go("tablet.start")
    forget_person(response)
    return response


def say(sentence: str) -> Response:
    """The start page again, with a word about what was typed there; how it looks stays."""
    session[SAID] = sentence
    return go("tablet.start")


def lock_and_leave() -> Response:
    """The start page; a form that is open stays on the server, locked."""
    found = sitting()
    if found is not None and found.state is SittingState.LIVE:
        tablet.lock(services().clinic, found)
    return to_start()


def forget_person(response: Response) -> None:
    """Take out of the browser what one person chose; the tablet's own cookie stays."""
    if "big" in request.cookies:
        response.delete_cookie("big")


def remember(response: Response, key: str) -> None:
    """Make this browser the tablet of a key."""
    secure = services().secure
    path = cookie_path()
    response.set_cookie(COOKIE, key, max_age=YEAR, path=path, httponly=True, samesite="Strict", secure=secure)
    for name in (journey.COOKIE, belonging.ALONE):
        response.delete_cookie(name, path=path)


def forget(response: Response) -> None:
    """Make this browser no tablet any more."""
    response.delete_cookie(COOKIE, path=cookie_path())


@BLUEPRINT.before_app_request
def keep_on_tablet() -> Response | None:
    """A tablet shows its own pages alone: the form for people at home would leave answers in it."""
    at_home = request.blueprint == "patient" and COOKIE in request.cookies
    return redirect(url_for("tablet.start"), HTTPStatus.SEE_OTHER) if at_home else None


@BLUEPRINT.app_template_global()
def on_tablet() -> bool:
    """Whether this is a page of a tablet."""
    return request.blueprint == BLUEPRINT.name


def language() -> str | None:
    """The language that this person chose on the tablet's start page."""
    return session.get(LANGUAGE) if has_request_context() and on_tablet() else None


@BLUEPRINT.app_context_processor
def look() -> dict[str, object]:
    """How this person wants the tablet's pages to look."""
    return {"look": session.get(LOOK, []) if on_tablet() else []}
