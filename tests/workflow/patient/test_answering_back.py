"""Answering back, on both databases: an answer is a version of its own, judged at once; neither side loses a word."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

from intake.engine.book.levels import Urgency
from intake.errors import NotFoundError, StaleError
from intake.questions.steps import Step
from intake.storage import alerts, asks, audit, corrections, intakes, links, reported, trail
from intake.storage.corrections import By
from intake.storage.links import Purpose
from intake.workflow.patient import asks as answering
from intake.workflow.patient import drafts, reports, versions
from intake.workflow.patient.drafts import Post
from intake.workflow.patient.reports import Entered, How, Said, Who
from intake.workflow.patient.submit import Sending
from intake.workflow.review import asking
from intake.workflow.review.asking import Question
from intake.workflow.review.people import Practitioner
from tests.support.small_clinic import SmallClinic, rulebook

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Answers
    from intake.storage.intakes import Stored
    from intake.workflow.patient.asks import Waiting

BOOK = rulebook()
NOT_SAID: Answers = {"danger_signs": ("not_sure",)}


@dataclass(frozen=True, slots=True)
class Back:
    """An intake with a finding that asks, and what a practitioner asked back about it."""

    intake_id: str
    ask_id: str
    by: Practitioner


def asked_back(clinic: SmallClinic, answers: Answers = NOT_SAID) -> Back:
    sent, by = clinic.sent(answers), Practitioner(clinic.practitioner())
    clinic.tick()
    asking.ask(clinic, BOOK, sent.intake_id, Question("ask-1", "chest", mail=False), by)
    return Back(sent.intake_id, "ask-1", by)


def sending() -> Sending:
    return Sending(secrets.token_hex(16), secrets.token_hex(4))


def post(**answers: tuple[str, ...] | str) -> Post:
    return Post(Step("more", tuple(answers), None, optional=False), answers, {}, {})


def answer(clinic: SmallClinic, waiting: Waiting, **answers: tuple[str, ...] | str) -> str:
    clinic.tick()
    return answering.answer(clinic, BOOK, waiting, post(**answers), sending()).intake_id


def stored(clinic: SmallClinic, intake_id: str) -> Stored:
    with clinic.database.read() as connection:
        return intakes.by_id(connection, intake_id)


def test_the_answer_is_a_new_version_that_moves_in_the_queue_and_the_old_one_stays(clinic: SmallClinic) -> None:
    back = asked_back(clinic)
    waiting = answering.load(clinic, BOOK, back.ask_id)
    assert waiting.names == ("danger_signs",)
    before = stored(clinic, back.intake_id)
    new = stored(clinic, answer(clinic, waiting, danger_signs=("none",)))
    assert new.line.urgency is Urgency.NONE < before.line.urgency
    assert new.line.position.rank > before.line.position.rank  # a danger less: further down
    assert new.facts["danger_signs"] == ["none"]
    assert stored(clinic, back.intake_id) == before
    assert answering.load(clinic, BOOK, back.ask_id).names == ()
    with clinic.database.read() as connection:
        ((version),) = corrections.after(connection, back.intake_id)
        changes = trail.of_draft(connection, new.line.draft_id)
        link = links.newest(connection, Purpose.QUESTION, back.ask_id)
        told = [entry.action for entry in audit.of_object(connection, "intake", back.intake_id)]
    assert (version.receipt.intake_id, version.by) == (new.line.id, By.ASKED)
    assert [(each.old, each.new) for each in changes if each.key == "danger_signs"][-1] == (["not_sure"], ["none"])
    assert link is not None
    assert link.used_at == clinic.now
    assert told == ["sent", "asked_back", "link_shown", "corrected", "answered_back"]


def test_a_danger_sign_in_the_answer_alarms_at_once(clinic: SmallClinic) -> None:
    back = asked_back(clinic)
    new = stored(clinic, answer(clinic, answering.load(clinic, BOOK, back.ask_id), danger_signs=("chest_pressure",)))
    assert new.line.urgency is Urgency.EMERGENCY_NOW
    with clinic.database.read() as connection:
        waiting = alerts.waiting(connection, [new.line.draft_id])
    assert "chest" in {alarm.rule for alarm in waiting}


def test_nothing_is_asked_twice_also_where_the_patient_is_still_not_sure(clinic: SmallClinic) -> None:
    back = asked_back(clinic)
    answer(clinic, answering.load(clinic, BOOK, back.ask_id), danger_signs=("not_sure",))
    assert answering.load(clinic, BOOK, back.ask_id).names == ()


def test_two_windows_that_answer_at_once_make_one_version(clinic: SmallClinic) -> None:
    back = asked_back(clinic)
    waiting, barrier = answering.load(clinic, BOOK, back.ask_id), Barrier(4)

    def send(_window: int) -> bool:
        barrier.wait()
        try:
            answering.answer(clinic, BOOK, waiting, post(danger_signs=("none",)), sending())
        except StaleError:
            return False
        return True

    with ThreadPoolExecutor(4) as windows:
        assert sorted(windows.map(send, range(4))) == [False, False, False, True]
    with clinic.database.read() as connection:
        assert len(corrections.after(connection, back.intake_id)) == 1


def test_only_what_asks_can_be_asked_back(clinic: SmallClinic) -> None:
    by, sent = Practitioner(clinic.practitioner()), clinic.sent({"danger_signs": ("chest_pressure",)})
    for card in ("chest", "fever", "nothing"):
        with pytest.raises(NotFoundError):
            asking.ask(clinic, BOOK, sent.intake_id, Question("ask-1", card, mail=False), by)
    with clinic.database.read() as connection:
        assert asks.of_intake(connection, sent.intake_id) == []


def entered(said: Said, **answers: tuple[str, ...] | str) -> Entered:
    return Entered(post(**answers), said, sending())


def test_what_staff_enter_is_a_version_with_who_said_it_and_the_patients_own_answer_beside_it(
    clinic: SmallClinic,
) -> None:
    by, sent = Practitioner(clinic.practitioner()), clinic.sent({"blood_thinners": ("none",)})
    clinic.tick()
    said = Said(Who.PATIENT, How.PHONE, clinic.now - timedelta(minutes=5))
    version = versions.newest(clinic, sent.intake_id)
    receipt = reports.enter(clinic, BOOK, version, entered(said, blood_thinners=("apixaban",)), by)
    new = stored(clinic, receipt.intake_id)
    assert new.facts["blood_thinners"] == ["apixaban"]
    assert stored(clinic, sent.intake_id).answers["blood_thinners"] == ["none"]
    with clinic.database.read() as connection:
        (report,) = reported.of_draft(connection, new.line.draft_id)
        changes = trail.of_draft(connection, new.line.draft_id)
        actors = [(each.actor, each.action) for each in audit.of_object(connection, "intake", new.line.id)]
    assert (report.key, report.who, report.how, report.said_at, report.by) == (
        "blood_thinners", Who.PATIENT, How.PHONE, said.at, by.id,
    )  # fmt: skip
    assert [(each.old, each.new) for each in changes if each.key == "blood_thinners"][-1] == (["none"], ["apixaban"])
    assert actors == [(by.actor, "sent")]


def test_an_answer_counts_though_the_list_in_front_of_it_was_denied(clinic: SmallClinic) -> None:
    gate, item = clinic.vocabulary.facts["blood_thinners"].gate or ("", "")
    whole = (gate, f"{gate}_seen", "danger_signs", "main_reason", "wants_needling")
    draft = clinic.start("cookie-9")
    items = tuple(clinic.vocabulary.gates[gate])
    given: Answers = {"danger_signs": ("none",), gate: ("none",), f"{gate}_seen": items}
    known = {"name": "Ada Lovelace", "born": "1985-12-10"}
    sent = clinic.send(clinic.save(draft, Step("all", whole, None, optional=False), given, known))
    assert stored(clinic, sent.intake_id).facts["blood_thinners"] == ["none"]
    by, said = Practitioner(clinic.practitioner()), Said(Who.DOCTOR, How.LETTER, clinic.now)
    version = versions.newest(clinic, sent.intake_id)
    receipt = reports.enter(clinic, BOOK, version, entered(said, blood_thinners=("apixaban",)), by)
    new = stored(clinic, receipt.intake_id)
    assert new.facts["blood_thinners"] == ["apixaban"]
    others = {name for name in stored(clinic, sent.intake_id).facts if name != "blood_thinners"}
    assert others <= new.facts.keys()
    assert new.answers[gate] == [item]


def test_an_older_page_changes_nothing(clinic: SmallClinic) -> None:
    by, sent = Practitioner(clinic.practitioner()), clinic.sent()
    version, said = versions.newest(clinic, sent.intake_id), Said(Who.PATIENT, How.PHONE, clinic.now)
    reports.enter(clinic, BOOK, version, entered(said, wants_needling="no"), by)
    with pytest.raises(StaleError):
        reports.enter(clinic, BOOK, version, entered(said, wants_needling="yes"), by)
    with clinic.database.read() as connection:
        assert len(corrections.after(connection, sent.intake_id)) == 1


def test_what_was_entered_goes_along_into_later_versions_and_into_a_correction_that_is_under_way(
    clinic: SmallClinic,
) -> None:
    by, sent = Practitioner(clinic.practitioner()), clinic.sent()
    version, said = versions.newest(clinic, sent.intake_id), Said(Who.RELATIVE, How.PHONE, clinic.now)
    with clinic.database.begin() as connection:
        under_way = versions.copy(connection, clinic, version.draft, "under-way", version.draft.expires)
        corrections.add(connection, under_way.id, sent.intake_id, By.FORM, clinic.now)
    clinic.save(under_way, Step("reason", ("main_reason",), None, optional=False), {"main_reason": "headache"})
    first = reports.enter(clinic, BOOK, version, entered(said, blood_thinners=("apixaban",)), by)
    with clinic.database.read() as connection:
        later = drafts.sent_draft(connection, "under-way")
    assert later.answers["main_reason"] == "headache"
    assert later.answers["blood_thinners"] == ("apixaban",)
    last = clinic.send(later)
    assert versions.newest(clinic, sent.intake_id).intake_id == last.intake_id
    with clinic.database.read() as connection:
        assert [each.receipt.intake_id for each in corrections.after(connection, first.intake_id)] == [last.intake_id]
        assert [each.key for each in reported.of_draft(connection, "under-way")] == ["blood_thinners"]
