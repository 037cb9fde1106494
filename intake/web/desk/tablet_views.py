"""The tablets of the clinic at the desk: enrol by a code, list, revoke; who calls; whose form an unclear one is."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, session, url_for
from flask_babel import gettext as _

from intake.questions.typed_text import TypedError, is_seen, read_line
from intake.web.desk import words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.desk import tablets

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

NAME_LIMIT = 80
CODES = 10**6
NEW_CODE = "tablet_code"


@BLUEPRINT.get("/tablets")
@guard(Guard.DESK)
def tablets_page() -> ResponseReturnValue:
    """The tablets, what they ask for, and the forms of which it is unclear whose they are."""
    return _page()


@BLUEPRINT.post("/tablets")
@guard(Guard.DESK)
@takes("name")
def add_tablet() -> ResponseReturnValue:
    """Name a tablet, and get the code that enrols it; the code is shown once."""
    name = _name()
    if not name:
        return _page(problem=_("Give the tablet a name, for example: waiting room.")), HTTPStatus.UNPROCESSABLE_ENTITY
    code = f"{secrets.randbelow(CODES):06}"
    tablets.add(services().clinic, secrets.token_hex(16), name, code, signed_in())
    session[NEW_CODE] = (name, code)
    return _back()


@BLUEPRINT.post("/tablets/<device_id>/revoke")
@guard(Guard.DESK)
@takes()
def revoke_tablet(device_id: str) -> ResponseReturnValue:
    """Let a tablet open nothing any more."""
    tablets.revoke(services().clinic, device_id, signed_in())
    return _back()


@BLUEPRINT.post("/tablets/<device_id>/open")
@guard(Guard.DESK)
@takes()
def open_on_tablet(device_id: str) -> ResponseReturnValue:
    """Let the person at the tablet go on with the form that is locked there."""
    tablets.open_again(services().clinic, device_id, signed_in())
    return _back()


@BLUEPRINT.post("/tablets/<device_id>/going")
@guard(Guard.DESK)
@takes()
def go_to_tablet(device_id: str) -> ResponseReturnValue:
    """Somebody goes to the person who called."""
    tablets.answer_call(services().clinic, device_id, signed_in())
    return redirect(url_for("desk.today"), HTTPStatus.SEE_OTHER)


@BLUEPRINT.post("/tablets/attach")
@guard(Guard.DESK)
@takes("draft", "visit")
def attach_form() -> ResponseReturnValue:
    """Say whose form an unclear one is."""
    draft_id, visit_id = request.form.get("draft", ""), request.form.get("visit", "")
    tablets.attach(services().clinic, draft_id, visit_id, signed_in())
    return _back()


@BLUEPRINT.get("/tablets/asked")
@guard(Guard.DESK)
def tablets_ask() -> ResponseReturnValue:
    """What the tablets ask of the desk now: the part of the day's page that a script keeps fresh."""
    return render("desk/asked.html", asked=tablets.asked(services().clinic), words=words)


def _name() -> str:
    try:
        name = read_line(request.form.get("name", ""), NAME_LIMIT)
    except TypedError:
        return ""
    return name if is_seen(name) else ""


def _page(problem: str = "") -> str:
    clinic = services().clinic
    return render(
        "desk/tablets.html",
        lines=tablets.lines(clinic),
        unclear=tablets.unclear(clinic),
        visits=tablets.visits_today(clinic),
        new=session.pop(NEW_CODE, None),
        problem=problem,
        words=words,
        now=clinic.clock(),
        address=url_for("tablet.start", _external=True),
    )


def _back() -> ResponseReturnValue:
    return redirect(url_for("desk.tablets_page"), HTTPStatus.SEE_OTHER)
