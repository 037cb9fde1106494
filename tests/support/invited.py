"""Invitations in tests: a visit whose patient is invited, the link of a mail, a browser that comes in by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.storage import outbox
from intake.storage.outbox import Channel
from intake.workflow.desk import invitations
from intake.workflow.desk.visits import Practitioner
from tests.support.desk import book

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

BORN = "1985-12-10"
DAY = {"date_of_birth-day": "10", "date_of_birth-month": "12", "date_of_birth-year": "1985"}
OTHER_DAY = {**DAY, "date_of_birth-day": "11"}
LINK = re.compile(r"(?:https?://[^/\s]+|^)(/i/[\w-]+)")


def invited(practice: Practice, name: str = "Ada Byron", born: str = BORN, hour: int = 9) -> tuple[str, str]:
    """A visit and the path of a link to its form."""
    visit = book(practice, name, born=born, email="ada@mail.example", hour=hour)
    return visit, path_of(invitations.link(practice.clinic, visit, Practitioner(0)))


def path_of(text: str) -> str:
    """The path of the first link of a text."""
    found = LINK.search(text)
    assert found is not None, text
    return found.group(1)


def mails(practice: Practice) -> list[dict[str, object]]:
    """What the outbox holds for the way out by mail, the newest first."""
    keys = practice.clinic.keys
    with practice.clinic.database.read() as connection:
        found = outbox.newest(connection, Channel.MAIL, 50)
    return [{"to": each.read_recipient(keys), **each.read_payload(keys)} for each in found]


def come_in(visitor: Visitor, link: str, **day: str) -> Page:
    """Open a link and type the birth date."""
    return visitor.send(visitor.get(link), "/i", **(day or DAY))
