"""Somebody who has sent the form from home, and comes to the clinic on the day of the visit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.workflow.desk import invitations
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from tests.support import journeys
from tests.support.desk import booked
from tests.support.invited import DAY, come_in, path_of
from tests.support.journeys import CALM
from tests.support.small_clinic import NOW

if TYPE_CHECKING:
    from tests.support.client import Visitor
    from tests.support.journeys import Answers
    from tests.support.practice import Practice

ADA = Identity("Ada Lovelace", "1985-12-10", "01234 555 123")
OWN: dict[str, Answers] = {"about": {**CALM["about"], "full_name": "Ada Lovelace", **DAY}}


class Home:
    """A visit whose form was sent, the slip's code, and the phone it was sent from."""

    def __init__(self, visit: str, code: str, phone: Visitor) -> None:
        self.visit = visit
        self.code = code
        self.phone = phone


def sent_at_home(practice: Practice, begins: timedelta = timedelta(hours=1), **other: Answers) -> Home:
    """Somebody who was invited to a visit of today and has sent the form from a phone the day before."""
    visit = booked(practice.clinic, ADA, NOW + begins)
    slip = invitations.slip(practice.clinic, visit, Practitioner(0))
    phone = practice.visitor()
    page = come_in(phone, path_of(slip.link))
    answers = {**CALM, **OWN, **other}
    for _page in range(60):
        if page.path == "/done":
            break
        if page.path == "/check":
            page = phone.send(page, "/send")
        elif page.path.endswith("/stop"):
            page = phone.send(page)
        else:
            page = phone.send(page, **answers[journeys.name_of(page.path)])
    practice.clock.late += timedelta(minutes=5)
    return Home(visit, slip.code, phone)
