"""Links to what comes after the form, in tests: one that staff hand on, and a browser that comes in by it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.storage.links import Purpose
from intake.workflow.review import links
from intake.workflow.review.links import Opens
from intake.workflow.review.people import Practitioner
from tests.support.invited import DAY

if TYPE_CHECKING:
    from intake.workflow.shared.clinic import Clinic
    from tests.support.client import Page, Visitor

LIFE = timedelta(days=3)
BY = Practitioner(0)


def linked(clinic: Clinic, intake_id: str, object_id: str = "a", purpose: Purpose = Purpose.QUESTION) -> str:
    """The path of a link that staff hand on."""
    with clinic.database.begin() as connection:
        address = links.hand_on(connection, clinic, Opens(purpose, intake_id, object_id, LIFE), BY)
    return address.removeprefix(clinic.duty.base)


def come_in(visitor: Visitor, link: str, **day: str) -> Page:
    """Open a link and type the birth date."""
    return visitor.send(visitor.get(link), "/l", **(day or DAY))
