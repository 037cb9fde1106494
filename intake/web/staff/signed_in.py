"""The desk of the request: the parts that reviewing needs, and who is reading now."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from flask_security import current_user

from intake.web.services import services
from intake.web.staff.words import PatientWords
from intake.workflow.keeping.accounts import Registry
from intake.workflow.review.people import Desk, Reader

words = cache(PatientWords)


def desk() -> Desk:
    """What a practitioner works with."""
    found = services()
    return Desk(found.store.database, found.store.keys, found.rulebook, words())


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
