"""What every page of the desk shares: its blueprint, and who is signed in."""

from __future__ import annotations

from flask import Blueprint
from flask_security import current_user

from intake.workflow.desk.visits import Practitioner

BLUEPRINT = Blueprint("desk", __name__, url_prefix="/desk")


def signed_in() -> Practitioner:
    """The member of staff at the desk."""
    return Practitioner(current_user.id)
