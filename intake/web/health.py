"""Whether this process can serve: asked by the machine in front, says nothing about anybody."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from intake.web.guards import Guard, guard
from intake.web.services import services

BLUEPRINT = Blueprint("health", __name__)


@BLUEPRINT.get("/healthz")
@guard(Guard.PUBLIC)
def healthz() -> ResponseReturnValue:
    """200 while the database answers and is at this program's revision; else 503. Counts the damaged values it met."""
    clinic = services().clinic
    clinic.database.check()
    damaged = f"damaged: {clinic.damaged}\n" if clinic.damaged else ""
    return f"ok\n{damaged}", {"Content-Type": "text/plain; charset=utf-8"}
