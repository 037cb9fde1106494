"""The desk of the request: the parts that reviewing needs, and who is reading now."""

from __future__ import annotations

from datetime import datetime

from flask_security import current_user

from intake.questions.words import PatientWords
from intake.web.services import services
from intake.workflow.keeping.accounts import Registry
from intake.workflow.review.people import Desk, Reader


def desk() -> Desk:
    """What a practitioner works with."""
    found = services()
    return Desk(found.store.database, found.store.keys, found.rulebook, words())


def words() -> PatientWords:
    """The words that patients read."""
    return services().questionnaire.words


def registry() -> Registry:
    """Where the accounts are."""
    found = services()
    return Registry(found.store.database, found.store.keys)


def reader() -> Reader:
    """The member of staff who is signed in."""
    return Reader(current_user.id, now())


def now() -> datetime:
    """The time."""
    return services().clock()
