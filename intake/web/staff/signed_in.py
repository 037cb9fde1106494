"""Who is signed in, and the terms in which the rules are told to them."""

from __future__ import annotations

from flask_security import current_user

from intake.questions.words import PatientWords
from intake.web.services import services
from intake.workflow.review.findings import Terms
from intake.workflow.review.people import Practitioner


def practitioner() -> Practitioner:
    """The member of staff who is signed in."""
    return Practitioner(current_user.id)


def words() -> PatientWords:
    """The words that patients read."""
    return services().questionnaire.words


def terms() -> Terms:
    """The rule book in force and the patient's words."""
    return Terms(services().rulebook, words())
