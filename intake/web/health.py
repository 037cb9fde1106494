"""Whether this process can serve: asked by the machine in front, says nothing about anybody."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint
from flask.typing import ResponseReturnValue

from intake.web.guards import Guard, guard
from intake.web.services import services
from intake.workflow.keeping import health
from intake.workflow.keeping.messages import stuck

BLUEPRINT = Blueprint("health", __name__)


@BLUEPRINT.get("/healthz")
@guard(Guard.PUBLIC)
def healthz() -> ResponseReturnValue:
    """200 while the database answers, is at this program's revision and takes a write; else 503, with the reason.

    Counts the damaged values that this process met, and the messages that do not get out.
    """
    clinic = services().clinic
    trouble = health.trouble(clinic)
    damaged = f"damaged: {clinic.damaged}\n" if clinic.damaged else ""
    waits = stuck.count(clinic)
    messages = f"messages stuck: {waits}\n" if waits else ""
    status = HTTPStatus.OK if trouble is None else HTTPStatus.SERVICE_UNAVAILABLE
    return f"{trouble or 'ok'}\n{damaged}{messages}", status, {"Content-Type": "text/plain; charset=utf-8"}
