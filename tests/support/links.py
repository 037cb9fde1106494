"""Links to what comes after the form, in tests: one that staff hand on, and a browser that comes in by it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.storage import intakes
from intake.storage.links import Purpose
from intake.workflow.review import asking, links
from intake.workflow.review.asking import Question
from intake.workflow.review.links import Opens
from intake.workflow.review.people import Practitioner
from intake.workflow.review.standing import cards_of
from tests.support.invited import DAY

if TYPE_CHECKING:
    from intake.workflow.shared.clinic import Clinic
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice
    from tests.support.visitor import Posted

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


def asked_back(practice: Practice, said: Posted, fact: str) -> tuple[str, str]:
    """An intake with a finding that asks, and the path of a link to the questions that settle a card about a fact."""
    sent, by = practice.sent(said), Practitioner(practice.clinic.practitioner())
    with practice.clinic.database.read() as connection:
        cards = cards_of(practice.rulebook.vocabulary, intakes.by_id(connection, sent.intake_id))
    question = Question(secrets.token_hex(16), next(card.key for card in cards if fact in card.questions), mail=False)
    link = asking.ask(practice.clinic, practice.rulebook, sent.intake_id, question, by)
    return sent.intake_id, link.removeprefix(practice.clinic.duty.base)
