"""Asking back and entering answers on the review page: a link shown once, a new version, both answers in sight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from intake.storage import intakes, lineages
from tests.support.invited import DAY
from tests.support.links import come_in

if TYPE_CHECKING:
    from intake.storage.intakes import Stored
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice
    from tests.support.visitor import Posted

UNSURE: Posted = {"gate_medicines": ("thinners",), "blood_thinners": ("not_sure",)}
SAID = {"said-who": "patient", "said-how": "phone"}


def newest(practice: Practice, intake_id: str) -> Stored:
    with practice.clinic.database.read() as connection:
        return intakes.by_id(connection, lineages.newest(connection, intake_id))


def card_of(page: Page) -> str:
    """The card that asks about blood thinners, as its form names it."""
    cards: list[str] = re.findall(r'name="card" value="([^"]+)"', page.text)
    return next(card for card in cards if "thinner" in card or "anticoag" in card or "bleed" in card)


def asked(staff: Visitor, intake_id: str) -> str:
    """Ask back by a link; its path."""
    page = staff.get(f"/review/{intake_id}")
    fields = [("csrf_token", token(page)), ("card", card_of(page)), ("how", "link")]
    shown = staff.post(f"/review/{intake_id}/ask", fields)
    found = re.search(r"(/l/[\w-]+)", shown.text)
    assert found, shown.main
    return found.group(1)


def token(page: Page) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found.group(1)


def test_a_question_is_asked_back_answered_and_seen(practice: Practice) -> None:
    sent, staff = practice.sent(UNSURE), practice.practitioner()
    link = asked(staff, sent.intake_id)
    page = staff.get(f"/review/{sent.intake_id}")
    assert "Not answered yet; link handed on." in page.main
    assert link not in page.text
    patient = practice.visitor()
    question = come_in(patient, link, **DAY)
    done = patient.send(question, "/l/question", blood_thinners=["none"])
    assert "Thank you, we have your answer" in done.main
    page = staff.get(f"/review/{sent.intake_id}")
    assert "The patient has answered what was asked back:" in page.main
    assert "the version with the answer" in page.main


def test_a_link_that_was_taken_back_opens_nothing(practice: Practice) -> None:
    sent, staff = practice.sent(UNSURE), practice.practitioner()
    link = asked(staff, sent.intake_id)
    page = staff.get(f"/review/{sent.intake_id}")
    path = re.search(r'action="([^"]+/revoke)', page.text)
    assert path
    staff.post(path.group(1), [("csrf_token", token(page))])
    assert "opens nothing any more" in staff.get(f"/review/{sent.intake_id}").main
    assert practice.visitor().get(link).status == 404


def test_an_answer_is_entered_and_stands_beside_the_patients_own(practice: Practice) -> None:
    sent, staff = practice.sent(), practice.practitioner()
    which = staff.get(f"/review/{sent.intake_id}/answer")
    assert 'value="blood_thinners"' in which.text
    page = staff.get(f"/review/{sent.intake_id}/answer?question=blood_thinners")
    saved = staff.send(page, f"/review/{sent.intake_id}/answer", blood_thinners=["apixaban"], **SAID)
    new = newest(practice, sent.intake_id)
    assert (saved.path, saved.status) == (f"/review/{new.line.id}", 200)
    assert "The patient said so by phone" in saved.main
    assert re.search(r"The form said: (?!not answered)\w+", saved.main)
    assert new.facts["blood_thinners"] == ["apixaban"]
    page = staff.get(f"/review/{new.line.id}/answer?question=wants_needling")
    third = staff.send(page, f"/review/{new.line.id}/answer", wants_needling="no", **SAID)
    assert third.path != f"/review/{new.line.id}"
    assert "Same name and birth date" not in third.main
    assert "The patient said so by phone" in third.main
    assert "Staff have entered an answer:" in staff.get(f"/review/{sent.intake_id}").main


def test_who_said_it_and_when_must_be_known_and_a_page_that_says_the_same_is_not_saved(practice: Practice) -> None:
    sent, staff = practice.sent(), practice.practitioner()
    path = f"/review/{sent.intake_id}/answer"
    page = staff.get(f"{path}?question=blood_thinners")
    for said, sentence in (
        ({"said-how": "phone"}, "Choose who said it."),
        ({"said-who": "patient"}, "Choose how it was said."),
        ({**SAID, "said-day": "2027-01-01"}, "up to now"),
        ({**SAID, "said-time": "noon"}, "up to now"),
    ):
        refused = staff.send(page, path, blood_thinners=["apixaban"], **said)
        assert (refused.status, sentence in refused.main) == (422, True)
    same = staff.send(page, path, blood_thinners=["none"], **SAID)
    assert (same.status, "This is what the form says already." in same.main) == (422, True)
    assert newest(practice, sent.intake_id).line.id == sent.intake_id


def test_a_page_of_an_older_version_saves_nothing_and_keeps_what_was_typed(practice: Practice) -> None:
    sent, staff = practice.sent(), practice.practitioner()
    path = f"/review/{sent.intake_id}/answer"
    first, second = (staff.get(f"{path}?question=blood_thinners") for _window in range(2))
    staff.send(first, path, blood_thinners=["apixaban"], **SAID)
    before = newest(practice, sent.intake_id).line.id
    late = staff.send(second, path, blood_thinners=["warfarin"], **SAID)
    assert late.status == 409
    assert "There is a newer version of this intake." in late.main
    assert newest(practice, sent.intake_id).line.id == before


def test_a_question_that_nobody_asks_is_not_there(practice: Practice) -> None:
    sent, staff = practice.sent(), practice.practitioner()
    assert staff.get(f"/review/{sent.intake_id}/answer?question=no_such").status == 404
    assert staff.get(f"/review/{'0' * 32}/answer").status == 404


def test_the_page_says_whether_a_decision_is_told(practice: Practice) -> None:
    sent, staff = practice.sent(), practice.practitioner()
    assert "No mail goes to the patient" in staff.get(f"/review/{sent.intake_id}").main
