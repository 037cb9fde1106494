"""A patient who calls, or stands at the desk, takes the consent back: one button, as giving it is."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, url_for

from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.services import services
from intake.workflow.desk import consent

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@BLUEPRINT.post("/visits/<visit_id>/consent/withdraw")
@guard(Guard.DESK)
@takes()
def withdraw_consent(visit_id: str) -> ResponseReturnValue:
    """Take the consent of a visit back."""
    consent.withdraw(services().clinic, visit_id, signed_in())
    return redirect(url_for("desk.visit", visit_id=visit_id, _anchor="consent"), HTTPStatus.SEE_OTHER)
