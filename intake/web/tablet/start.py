"""Before the form: enrolling the tablet, the start page, beginning by birth date, fetching a person."""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import jsonify, request, session, url_for
from flask_babel import gettext as _

from intake.errors import LimitError
from intake.questions.control import Known
from intake.questions.pages import new_page
from intake.questions.questionnaire import BEFORE_YOU_SEND
from intake.questions.typed import BirthDate
from intake.questions.wording import person
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.tablet.blueprint import (
    BLUEPRINT,
    KEY_BYTES,
    LOOK,
    SAID,
    device,
    forget_person,
    go,
    onward,
    open_draft,
    remember,
    sitting,
    to_start,
)
from intake.workflow.desk import tablets
from intake.workflow.keeping import limits
from intake.workflow.patient import tablet
from intake.workflow.patient.tablet import NewForm, SittingState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

LOOKS = ("contrast", "shield", "big")
LETTERS_LIMIT = 100
OWN = ("end", "big", "letters", "draft", "version")
DATE, UNKNOWN, WAIT, COMING = "date", "unknown", "wait", "coming"
WRONG = (DATE, UNKNOWN, WAIT)
_WHO = new_page("who_is_it", BEFORE_YOU_SEND, date_of_birth=BirthDate(person.BIRTH, BirthDate.key))


@BLUEPRINT.get("/enrol")
@guard(Guard.PUBLIC)
def enrol_page() -> ResponseReturnValue:
    """Where a tablet is given the code that staff see at the desk."""
    wrong = session.pop(SAID, "") == UNKNOWN
    return render("tablet/enrol.html", wrong_code=wrong), HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


@BLUEPRINT.post("/enrol")
@guard(Guard.PUBLIC)
def enrol() -> ResponseReturnValue:
    """Take a code; the tablet's key lives in its cookie alone."""
    code = "".join(request.form.get("code", "").split())
    key, network = secrets.token_hex(KEY_BYTES), limits.network_of(request.remote_addr)
    if not tablets.enrol(services().clinic, code, key, network):
        session[SAID] = UNKNOWN
        return go("tablet.enrol_page")
    response = to_start()
    remember(response, key)
    return response


@BLUEPRINT.get("", strict_slashes=False)
@guard(Guard.TABLET)
def start() -> ResponseReturnValue:
    """What this is for and the ways to do it. Coming here leaves a form that was open: it is locked."""
    found = sitting()
    if found is not None and found.state is SittingState.LIVE:
        tablet.lock(services().clinic, found)
        return to_start()
    said = session.pop(SAID, "")
    page = render(
        "tablet/start.html",
        who=_WHO(Known(services().clinic.today, frozenset({BirthDate.key}))).view(),
        said=said,
        wrong=said in WRONG,
        sentence=_sentence(said),
        locked=found is not None,
        by_staff=tablet.opened_by_staff(services().clinic, found),
        ready=bool(services().details.phone),
        phone_address=url_for("patient.start", _external=True),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if said in WRONG else HTTPStatus.OK
    return page, status, {"Clear-Site-Data": '"cache"'}


@BLUEPRINT.post("/begin")
@guard(Guard.TABLET)
def begin() -> ResponseReturnValue:
    """By birth date and first letters: the locked form of that person again, else an empty one for today's visit."""
    if not services().details.phone:
        return to_start()
    page = _WHO(Known(services().clinic.today, frozenset({BirthDate.key})), request.form, OWN)
    if not page.validate():
        return to_start(DATE)
    born, letters = page.to_identity()[BirthDate.key], request.form.get("letters", "")[:LETTERS_LIMIT]
    clinic, found = services().clinic, sitting()
    if found is not None and tablet.may_reopen(clinic, found, born):
        return onward(tablet.load(clinic, found))
    try:
        visit = tablet.find(clinic, device(), born, letters)
    except LimitError:
        return to_start(WAIT)
    return to_start(UNKNOWN) if visit is None else _begin(visit)


@BLUEPRINT.post("/begin/without")
@guard(Guard.TABLET)
def begin_without() -> ResponseReturnValue:
    """An empty form for somebody who is not on today's list."""
    return _begin(None) if services().details.phone else to_start()


@BLUEPRINT.post("/again")
@guard(Guard.TABLET)
def again() -> ResponseReturnValue:
    """The locked form that a member of staff has just opened."""
    clinic, found = services().clinic, sitting()
    if found is None or not tablet.opened_by_staff(clinic, found):
        return to_start()
    return onward(tablet.load(clinic, found))


@BLUEPRINT.post("/look")
@guard(Guard.TABLET)
def change_look() -> ResponseReturnValue:
    """Larger text, more contrast, or answers that nobody reads over a shoulder."""
    wanted = request.form.get("look", "")
    if wanted in LOOKS:
        session[LOOK] = sorted(set(session.get(LOOK, [])) ^ {wanted})
    return go("tablet.start")


@BLUEPRINT.post("/help")
@guard(Guard.TABLET)
def fetch_staff() -> ResponseReturnValue:
    """Somebody wants a person: the desk sees it at once. From a page of the form, that page again."""
    tablet.call_staff(services().clinic, device())
    if request.headers.get("X-Stay"):
        return "", HTTPStatus.NO_CONTENT
    draft, found = open_draft(), sitting()
    if draft is not None and found is not None:
        return onward(draft, found.page)
    session[SAID] = COMING
    return go("tablet.start")


@BLUEPRINT.get("/app.webmanifest")
@guard(Guard.PUBLIC)
def manifest() -> ResponseReturnValue:
    """What makes the tablet's page a full-screen application; it stores nothing."""
    response = jsonify(
        name=services().details.name,
        short_name=services().details.name[:12],
        start_url=url_for("tablet.start"),
        scope=url_for("tablet.start"),
        display="fullscreen",
        background_color="#faf7f3",
        theme_color="#0b5460",
    )
    response.mimetype = "application/manifest+json"
    return response


def _begin(visit_id: str | None) -> Response:
    parts = services()
    life = timedelta(days=parts.details.draft_days)
    new = NewForm(secrets.token_hex(16), secrets.token_urlsafe(32), life, visit_id)
    tablet.begin(parts.clinic, device(), new)
    response = go("tablet.form")
    forget_person(response)
    return response


def _sentence(said: str) -> str:
    sentences: dict[str, str] = {
        DATE: _("Type the date of birth as day, month and year. For example 27 3 1985."),
        UNKNOWN: _("We do not find you among today’s visits. Check what you typed, or fetch a person."),  # noqa: RUF001 - typographic quotes
        WAIT: _("That was tried too often. Please fetch a person."),
        COMING: _("We have told the desk. Somebody comes to you."),
    }
    return sentences.get(said, "")
