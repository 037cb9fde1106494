"""What was asked back, over HTTP: the birth date, one question, thanks; sent twice it is stored once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.storage import asks, corrections, intakes, lineages
from intake.storage.links import Purpose
from intake.workflow.patient import links
from tests.support.invited import BORN
from tests.support.links import asked_back, come_in, linked

if TYPE_CHECKING:
    from intake.storage.intakes import Stored
    from tests.support.practice import Practice

UNSURE = {"gate_medicines": ("thinners",), "blood_thinners": ("not_sure",)}


def newest(practice: Practice, intake_id: str) -> Stored:
    with practice.clinic.database.read() as connection:
        return intakes.by_id(connection, lineages.newest(connection, intake_id))


@pytest.mark.both_databases
def test_the_patient_answers_the_one_question_and_is_thanked(practice: Practice) -> None:
    intake_id, link = asked_back(practice, UNSURE, "blood_thinners")
    visitor = practice.visitor()
    page = come_in(visitor, link)
    assert page.path == "/l/question"
    assert "Lovelace" not in page.text
    page = visitor.send(page, "/l/question", blood_thinners=["apixaban"])
    assert page.path == "/l/question"
    assert "Thank you, we have your answer" in page.main
    new = newest(practice, intake_id)
    assert new.line.id != intake_id
    assert new.facts["blood_thinners"] == ["apixaban"]


def test_sent_twice_it_is_stored_once(practice: Practice) -> None:
    intake_id, link = asked_back(practice, UNSURE, "blood_thinners")
    visitor = practice.visitor()
    page = come_in(visitor, link)
    for answer in ("apixaban", "warfarin"):
        assert "Thank you" in visitor.send(page, "/l/question", blood_thinners=[answer]).main
    assert newest(practice, intake_id).facts["blood_thinners"] == ["apixaban"]
    with practice.clinic.database.read() as connection:
        assert len(corrections.after(connection, intake_id)) == 1


def test_a_page_without_an_answer_is_shown_again(practice: Practice) -> None:
    intake_id, link = asked_back(practice, UNSURE, "blood_thinners")
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), "/l/question", blood_thinners=None)
    assert page.status == 422
    assert newest(practice, intake_id).line.id == intake_id


def test_an_urgent_answer_says_what_to_do_now(practice: Practice) -> None:
    _intake_id, link = asked_back(practice, {"danger_signs": ("not_sure",)}, "danger_signs")
    visitor = practice.visitor()
    page = come_in(visitor, link)
    while "Thank you" not in page.main and "Get " not in page.main:
        page = visitor.send(page, "/l/question", danger_signs=["chest_pressure"])
    assert "Get help now" in page.main


def test_nobody_reaches_the_page_without_the_birth_date_or_by_a_link_to_something_else(practice: Practice) -> None:
    intake_id, link = asked_back(practice, UNSURE, "blood_thinners")
    visitor = practice.visitor()
    assert visitor.get("/l/question").status == 404
    visitor.get(link)
    assert visitor.get("/l/question").path == "/l"
    with practice.clinic.database.read() as connection:
        (ask,) = asks.of_intake(connection, intake_id)
    other, token = practice.visitor(), linked(practice.clinic, intake_id, ask.id, Purpose.CONSENT)
    links.enter(practice.clinic, token.rpartition("/")[2], BORN, "a-key")
    other.client.set_cookie("intake_opened", "a-key", path="/l")
    assert other.get("/l/question").status == 404


def test_the_link_opens_for_half_an_hour_and_again_by_the_birth_date(practice: Practice) -> None:
    _intake_id, link = asked_back(practice, UNSURE, "blood_thinners")
    visitor = practice.visitor()
    come_in(visitor, link)
    practice.clock.now = practice.clock.now.replace(
        minute=practice.clock.now.minute + 1, hour=practice.clock.now.hour + 1
    )
    assert "opens nothing" in visitor.get("/l/question").main
    assert come_in(visitor, link).path == "/l/question"
