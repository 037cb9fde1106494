"""After the needles, over HTTP: what to know behind the link; the check-in, its red flag, and no answer at all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.storage import alerts, check_ins, corrections, intakes, lineages, reported, visit_forms
from intake.storage.links import Purpose
from intake.workflow.patient.aftercare import check_in
from intake.workflow.review.people import Practitioner
from intake.workflow.review.treatment import sending, shown
from intake.workflow.review.treatment.shown import CheckInReply
from tests.support.invited import DAY, mails
from tests.support.links import come_in
from tests.support.treated import mailing, treat

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

TWO_DAYS = timedelta(hours=48)


@pytest.fixture
def treated(practice: Practice) -> tuple[str, str]:
    """An intake whose patient was needled, and the visit."""
    intake_id = practice.sent(email="ada@mail.example").intake_id
    return intake_id, treat(practice.clinic, intake_id, Practitioner(practice.account()))


def link_of_mail(practice: Practice) -> str:
    text = str(mails(practice)[0]["text"])
    return text[text.index("/l/") :].split(maxsplit=1)[0]


def asked(practice: Practice) -> Visitor:
    """A browser that came in by the letter of a check-in."""
    practice.clock.now += TWO_DAYS
    assert check_in.ask(mailing(practice.clinic)) == 1
    visitor = practice.visitor()
    page = come_in(visitor, link_of_mail(practice), **DAY)
    assert page.path == "/l/check-in", page.main
    return visitor


def begun(visitor: Visitor) -> Page:
    return visitor.send(visitor.get("/l/check-in"), "/l/check-in")


def reply(practice: Practice, intake_id: str) -> CheckInReply:
    found = shown.load(practice.clinic, intake_id)
    assert found is not None
    assert found.asking is not None
    return found.asking.reply


def alarming(practice: Practice, visit_id: str) -> set[str]:
    """The rules of the check-in's alarms that nobody has taken."""
    with practice.clinic.database.read() as connection:
        found = check_ins.of_visit(connection, visit_id)
        assert found is not None
        assert found.draft_id is not None
        return {alarm.rule for alarm in alerts.waiting(connection, [found.draft_id])}


def test_the_words_are_those_of_the_needled_regions(practice: Practice, treated: tuple[str, str]) -> None:
    link = sending.show(practice.clinic, treated[0], Purpose.AFTERCARE, Practitioner(1))
    visitor = practice.visitor()
    page = come_in(visitor, link.removeprefix(practice.clinic.duty.base), **DAY)
    assert page.path == "/l/aftercare"
    assert "I had needles near my lung" in page.main
    assert "Left low back" in page.main or "Low back" in page.main
    assert "up to 3 days" in page.main
    assert "Brady et al. 2014" in page.main
    assert visitor.get("/l/check-in").status == 404


def test_the_letter_goes_once_and_says_nothing_of_the_needles(practice: Practice, treated: tuple[str, str]) -> None:
    assert check_in.ask(mailing(practice.clinic)) == 0
    practice.clock.now += TWO_DAYS
    assert check_in.ask(mailing(practice.clinic)) == 1
    assert check_in.ask(mailing(practice.clinic)) == 0
    (mail,) = mails(practice)
    assert not [word for word in ("needl", "shoulder", "lung") if word in str(mail).lower()]
    assert reply(practice, treated[0]) is CheckInReply.NOT_ANSWERED
    page = practice.practitioner().get(f"/review/{treated[0]}")
    assert "Not answered" in page.main
    assert "Nobody knows how it went: call." in page.main
    listed = practice.practitioner().get("/review/check-ins")
    assert "Not answered" in listed.main
    assert "Ada Lovelace" in listed.main


def test_whoever_has_no_address_was_never_asked(practice: Practice) -> None:
    intake_id = practice.sent().intake_id
    treat(practice.clinic, intake_id, Practitioner(practice.account()))
    practice.clock.now += TWO_DAYS
    check_in.ask(mailing(practice.clinic))
    assert mails(practice) == []
    assert reply(practice, intake_id) is CheckInReply.NOT_ASKED
    visitor = practice.practitioner()
    link = visitor.send(visitor.get(f"/review/{intake_id}"), f"/review/{intake_id}/after", what="check_in")
    assert "/l/" in link.main
    assert reply(practice, intake_id) is CheckInReply.NOT_ANSWERED


def test_nobody_is_asked_after_three_days(practice: Practice, treated: tuple[str, str]) -> None:
    practice.clock.now += timedelta(hours=73)
    assert check_in.ask(mailing(practice.clinic)) == 0
    assert reply(practice, treated[0]) is CheckInReply.NOT_ASKED


@pytest.mark.both_databases
def test_only_what_happened_since_is_asked_and_becomes_a_version(practice: Practice, treated: tuple[str, str]) -> None:
    visitor = asked(practice)
    page = begun(visitor)
    assert page.path == "/q/since_needling", page.main
    assert reply(practice, treated[0]) is CheckInReply.BEGUN
    page = visitor.send(page, since_needling_signs=["none"])
    assert page.path == "/check", page.main
    done = visitor.send(page, "/send")
    assert done.path == "/done"
    assert reply(practice, treated[0]) is CheckInReply.ANSWERED
    with practice.clinic.database.read() as connection:
        answer = check_ins.of_visit(connection, treated[1])
        assert answer is not None
        assert answer.answered_by is not None
        assert answer.draft_id is not None
        new, old = intakes.by_id(connection, answer.answered_by), intakes.by_id(connection, treated[0])
        assert visit_forms.visit_of(connection, answer.draft_id) == treated[1]
    assert new.facts["last_needling"] == "within_48_hours"
    assert new.facts["last_needling_regions"] == ["shoulder_top_right", "low_back_left"]
    assert new.facts["since_needling_signs"] == ["none"]
    changed = {name for name in {*new.facts, *old.facts} if new.facts.get(name) != old.facts.get(name)}
    assert changed == {"last_needling", "last_needling_regions", "since_needling_signs", "past_needling"}
    page = practice.practitioner().get(f"/review/{answer.answered_by}")
    assert "A check-in after the needles" in page.main
    assert "Every other answer is as it was given on" in page.main


def test_a_red_flag_meets_its_card_and_the_clinic(practice: Practice, treated: tuple[str, str]) -> None:
    visitor = asked(practice)
    page = visitor.send(begun(visitor), since_needling_signs=["breathless_or_chest_pain"])
    assert page.path.endswith("/stop"), page.path
    assert "lung" in page.main
    assert "Call 112" in page.main
    assert "last needling" not in page.main, "the patient said no such thing: the clinic wrote it down"
    assert "lung-after-needling" in alarming(practice, treated[1])
    assert "Alarm" in practice.practitioner().get("/review/").text


def test_what_alarmed_before_alarms_again_when_it_is_said_again(practice: Practice) -> None:
    before = practice.sent(
        {
            "gate_skin": ("had_needling",),
            "past_needling": ("dry_needling",),
            "last_needling": "within_48_hours",
            "last_needling_regions": ("chest_left",),
            "since_needling_signs": ("breathless_or_chest_pain",),
        },
        email="ada@mail.example",
    )
    with practice.clinic.database.read() as connection:
        facts = intakes.by_id(connection, before.intake_id).facts
    assert facts["since_needling_signs"] == ["breathless_or_chest_pain"]
    visit_id = treat(practice.clinic, before.intake_id, Practitioner(practice.account()))
    visitor = asked(practice)
    begun(visitor)
    assert "lung-after-needling" not in alarming(practice, visit_id)
    visitor.send(visitor.get("/q/since_needling"), since_needling_signs=["breathless_or_chest_pain"])
    assert "lung-after-needling" in alarming(practice, visit_id)


def test_answers_are_taken_once_and_begun_ones_are_found_again(practice: Practice, treated: tuple[str, str]) -> None:
    visitor = asked(practice)
    begun(visitor)
    page = begun(visitor)
    assert page.path == "/q/since_needling"
    visitor.send(visitor.send(page, since_needling_signs=["none"]), "/send")
    after = visitor.get("/l/check-in")
    assert "You have sent your answers" in after.main
    assert not list(after.tree.iter("form"))
    assert treated


def phoned(practice: Practice, intake_id: str, **answers: str | list[str]) -> Page:
    """Staff enter what was said by phone, on the newest version."""
    staff = practice.practitioner()
    (question,) = answers
    path = f"/review/{intake_id}/answer"
    page = staff.get(f"{path}?question={question}")
    told = {"said-who": "patient", "said-how": "phone"}
    practice.clock.now += timedelta(minutes=1)
    return staff.send(page, path, **answers, **told)


@pytest.mark.both_databases
def test_an_answer_by_phone_goes_into_a_check_in_that_is_open_and_both_are_kept(
    practice: Practice, treated: tuple[str, str]
) -> None:
    visitor = asked(practice)
    page = begun(visitor)
    entered = phoned(practice, treated[0], blood_thinners=["apixaban"])
    page = visitor.send(page, since_needling_signs=["none"])
    assert page.path == "/check", page.main
    assert "We were told something while this form was open, and wrote it down: Blood thinner." in page.main
    assert "Apixaban" in page.main
    visitor.send(page, "/send")
    with practice.clinic.database.read() as connection:
        lineage = lineages.of(connection, [treated[0]])[treated[0]]
        newest = intakes.by_id(connection, lineages.newest(connection, treated[0]))
        draft = reported.of_draft(connection, newest.line.draft_id)
        before = corrections.before(connection, newest.line.draft_id)
    assert len(lineage) == 3
    assert newest.facts["blood_thinners"] == ["apixaban"]
    assert newest.facts["since_needling_signs"] == ["none"]
    assert [each.key for each in draft] == ["blood_thinners"]
    assert before is not None
    assert entered.path.endswith(before.receipt.intake_id)
    assert "The patient said so by phone" in practice.practitioner().get(f"/review/{newest.line.id}").main


def test_an_answer_by_phone_to_the_page_that_is_open_is_not_overwritten_unseen(
    practice: Practice, treated: tuple[str, str]
) -> None:
    visitor = asked(practice)
    begun(visitor)
    new = phoned(practice, treated[0], blood_thinners=["apixaban"]).path.rpartition("/")[2]
    page = visitor.get("/q/thinners")
    phoned(practice, new, blood_thinners=["warfarin"])
    both = visitor.send(page, blood_thinners=["clopidogrel"])
    assert both.status == 409, both.main
    for each in ("Warfarin", "Clopidogrel"):
        assert each in both.main


def test_what_was_said_by_phone_before_goes_along_into_the_check_in(
    practice: Practice, treated: tuple[str, str]
) -> None:
    phoned(practice, treated[0], blood_thinners=["apixaban"])
    visitor = asked(practice)
    page = visitor.send(begun(visitor), since_needling_signs=["none"])
    assert "We were told something" not in page.main, "that was before"
    visitor.send(page, "/send")
    with practice.clinic.database.read() as connection:
        newest = intakes.by_id(connection, lineages.newest(connection, treated[0]))
    assert newest.facts["blood_thinners"] == ["apixaban"]
    assert "The patient said so by phone" in practice.practitioner().get(f"/review/{newest.line.id}").main
