"""A tablet becomes one of the clinic's: by the code that staff see at the desk; full screen by a manifest."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import jsonify, request, session, url_for

from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.tablet.blueprint import BLUEPRINT, KEY_BYTES, SAID, go, remember, to_start
from intake.workflow.desk import tablets
from intake.workflow.keeping import limits

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

UNKNOWN = "unknown"


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
