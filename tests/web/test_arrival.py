"""The day of the visit: checked in, asked once on tablet, phone or at the desk, judged as a new version."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from intake.storage import visits
from intake.storage.alerts import ALERTS
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.storage.visits import VisitState
from intake.workflow.desk import invitations
from intake.workflow.desk.visits import Practitioner
from tests.support import journeys
from tests.support.arriving import ADA, OWN, Home, sent_at_home
from tests.support.consents import Given, planned, signed
from tests.support.desk import at_the_desk, booked, rows_of
from tests.support.invited import DAY, come_in, path_of
from tests.support.journeys import CALM
from tests.support.small_clinic import NOW
from tests.support.tablets import begin, enrolled, page_form, walk, without_visit

if TYPE_CHECKING:
    from tests.support.client import Page
    from tests.support.journeys import Answers
    from tests.support.practice import Practice

WELL: Answers = {"feels_today": "well", "state_today": ["none"], "new_medicine": "no"}
OPEN = ("very-unwell-today", "alcohol-or-drugs-affected")


def check_in(practice: Practice) -> Page:
    """The desk's button for the first visit of the day."""
    desk = at_the_desk(practice)
    page = desk.get("/desk")
    button = next(each for each in page.tree.iter("button") if each.get("value", "").endswith(" arrived"))
    return desk.send(page, page_steps(page), step=button.get("value"))


def page_steps(page: Page) -> str:
    return next(form.get("action", "") for form in page.tree.iter("form") if form.get("id") == "steps")


def intakes(practice: Practice) -> list[tuple[str, dict[str, object], dict[str, object]]]:
    """Each intake in order: id, facts, and of each rule that asks or fires what it does."""
    with practice.clinic.database.read() as connection:
        rows = connection.execute(
            select(INTAKES.c.id, INTAKES.c.facts, INTAKES.c.decision).order_by(INTAKES.c.sent_at, INTAKES.c.id)
        )
        return [(row.id, row.facts, statuses(row.decision)) for row in rows]


def statuses(decision: dict[str, object]) -> dict[str, object]:
    findings = decision["findings"]
    assert isinstance(findings, list)
    return {each["rule"]: each["status"] for each in findings}


def read(practice: Practice, number: int = -1) -> Page:
    """The review page of one of the versions, the newest unless another is named."""
    practice.clock.late += timedelta(seconds=1)
    return practice.practitioner().get(f"/review/{intakes(practice)[number][0]}")


@pytest.mark.both_databases
def test_checking_in_opens_what_holds_on_the_day_and_judges_it_as_unknown(practice: Practice) -> None:
    sent_at_home(practice)
    [(_id, facts, before)] = intakes(practice)
    assert facts["state_today"] == ["none"]
    assert not before.keys() & {*OPEN}
    page = check_in(practice)
    assert "Ask today" in rows_of(page)[0]
    [_first, (_new, facts, after)] = intakes(practice)
    assert not facts.keys() & {"feels_today", "state_today"}
    assert {rule: after[rule] for rule in OPEN} == dict.fromkeys(OPEN, "asks")
    assert {rule: what for rule, what in after.items() if rule in before} == before


def test_until_the_patient_comes_they_stand_as_not_yet_asked_and_are_no_denial(practice: Practice) -> None:
    sent_at_home(practice)
    home = read(practice)
    assert "Not yet asked, ask on the day:" in home.main
    denied = "Visit that same day, and hungry, exhausted or drugged"
    assert denied not in home.main.partition("Asked and denied")[2].partition("ask on the day")[0]
    check_in(practice)
    assert "Not asked since the patient came:" in read(practice).main
    assert "There is a version of the day of the visit" in read(practice, 0).main


def test_the_desk_asks_and_the_answers_are_a_new_version(practice: Practice) -> None:
    home = sent_at_home(practice)
    check_in(practice)
    practice.clock.late += timedelta(minutes=1)
    desk = at_the_desk(practice)
    page = desk.get(f"/desk/visits/{home.visit}/day")
    refused = desk.send(page, page.path, feels_today="well", new_medicine="no")
    assert (refused.status, len(refused.errors)) == (422, 1)
    saved = desk.send(page, page.path, **{**WELL, "state_today": ["not_eaten"]})
    assert saved.path == "/desk"
    assert "Ask today" not in rows_of(saved)[0]
    _id, facts, found = intakes(practice)[-1]
    assert (facts["feels_today"], facts["state_today"]) == ("well", ["not_eaten"])
    assert found["fasting-or-exhausted"] == "fires"
    assert not found.keys() & {*OPEN}
    review = read(practice)
    assert "Asked on the day, at the desk:" in review.main
    assert "Answers that differ from the version before" in review.main
    assert "Same name and birth date" not in review.main
    assert desk.get(f"/desk/visits/{home.visit}/day").status == 404


@pytest.mark.parametrize("arrived", [True, False])
def test_the_tablet_asks_by_birth_date_and_shows_nothing_that_was_said(practice: Practice, *, arrived: bool) -> None:
    sent_at_home(practice)
    if arrived:
        check_in(practice)
    tablet = enrolled(practice)
    page = begin(tablet)
    assert (page.path, page.heading, page_form(page)) == ("/tablet/form", "Before you go in", "/tablet/day")
    assert not [pair for pair in page.form("/tablet/day").fields if pair[0] in WELL]
    refused = tablet.send(page, "/tablet/day", feels_today="well", state_today=["none"])
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert ("feels_today", "well") in refused.form("/tablet/day").fields
    practice.clock.late += timedelta(minutes=1)
    done = tablet.send(refused, "/tablet/day", **WELL)
    assert done.heading == "Thank you"
    assert "reference" not in done.main.lower()
    for _showing in range(2):
        done = tablet.send(done, "/tablet/go", to="check")
        assert done.heading == "Thank you"
    assert tablet.send(done, "/tablet/finish").path == "/tablet"
    count = len(intakes(practice))
    assert intakes(practice)[-1][1]["state_today"] == ["none"]
    assert "Asked on the day, on the tablet:" in read(practice).main
    if not arrived:
        check_in(practice)
        assert len(intakes(practice)) == count


def test_a_slips_code_leads_to_the_day_where_the_form_was_sent(practice: Practice) -> None:
    home = sent_at_home(practice)
    tablet = enrolled(practice)
    page = tablet.send(tablet.get("/tablet"), "/tablet/begin", code=home.code, letters="", **DAY)
    assert page.heading == "Before you go in"


def test_the_phone_asks_once_the_patient_is_checked_in(practice: Practice) -> None:
    home = sent_at_home(practice)
    assert home.phone.get("/resume").path == "/done"
    assert home.phone.get("/day").path == "/done"
    check_in(practice)
    practice.clock.late += timedelta(minutes=1)
    page = home.phone.get("/resume")
    assert (page.path, page.heading) == ("/day", "Before you go in")
    done = home.phone.send(page, **WELL)
    assert (done.path, done.heading) == ("/day", "Thank you")
    assert home.phone.send(page, **{**WELL, "feels_today": "very_unwell"}).heading == "Thank you"
    assert intakes(practice)[-1][1]["feels_today"] == "well"
    assert "Asked on the day, on the patient" in read(practice).main


def test_who_feels_very_unwell_is_told_and_the_clinic_is_alarmed(practice: Practice) -> None:
    sent_at_home(practice)
    tablet = enrolled(practice)
    with practice.clinic.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(ALERTS)) == 0
    done = tablet.send(begin(tablet), "/tablet/day", **{**WELL, "feels_today": "very_unwell"})
    assert "show this to us" in done.main
    with practice.clinic.database.read() as connection:
        assert connection.scalars(select(ALERTS.c.rule)).all() == ["very-unwell-today"]
    assert intakes(practice)[-1][2]["very-unwell-today"] == "fires"


def test_the_card_of_the_day_says_nothing_of_what_was_said_at_home(practice: Practice) -> None:
    sent_at_home(practice, danger={"danger_signs": ["chest_pressure"]})
    tablet = enrolled(practice)
    page = begin(tablet)
    assert "chest" not in page.main.lower()
    done = tablet.send(page, "/tablet/day", **WELL)
    assert (done.heading, "chest" in done.main.lower()) == ("Thank you", False)


@pytest.mark.parametrize("said", ["yes", "not_sure"])
def test_a_new_medicine_opens_what_was_denied_of_medicines(practice: Practice, said: str) -> None:
    sent_at_home(practice)
    assert intakes(practice)[0][1]["blood_thinners"] == ["none"]
    tablet = enrolled(practice)
    tablet.send(begin(tablet), "/tablet/day", **{**WELL, "new_medicine": said})
    assert "blood_thinners" not in intakes(practice)[-1][1]
    assert "New medicine since the form:" in read(practice).main
    assert "What was denied of medicines counts as open" in read(practice).main


def test_what_was_worst_at_home_stays_until_it_is_asked_again(practice: Practice) -> None:
    warning: Answers = {"gate_warning": ["very_unwell"]}
    unwell: Answers = {"feels_today": "very_unwell"}
    sent_at_home(practice, warning=warning, unwell=unwell)
    check_in(practice)
    assert intakes(practice)[-1][2]["very-unwell-today"] == "fires"


def test_a_form_filled_in_on_the_tablet_that_day_is_not_asked_twice(practice: Practice) -> None:
    booked(practice.clinic, ADA, NOW + timedelta(hours=1))
    tablet = enrolled(practice)
    done = walk(tablet, begin(tablet), "/tablet/finish", **OWN)
    assert done.heading == "Answers sent"
    practice.clock.late += timedelta(minutes=1)
    check_in(practice)
    assert len(intakes(practice)) == 1
    assert "Asked on the day, on the tablet:" in read(practice).main


def test_a_form_begun_at_home_and_sent_after_arrival_is_judged_without_what_was_said_of_the_day(
    practice: Practice,
) -> None:
    visit = booked(practice.clinic, ADA, NOW + timedelta(hours=1))
    slip = invitations.slip(practice.clinic, visit, Practitioner(0))
    phone = practice.visitor()
    page = come_in(phone, path_of(slip.link))
    for _page in range(40):
        if page.path == "/check":
            break
        page = phone.send(page, **{**CALM, **OWN}[journeys.name_of(page.path)])
    check_in(practice)
    assert intakes(practice) == []
    assert phone.send(page, "/send").path == "/done"
    assert intakes(practice)[0][2]["very-unwell-today"] == "asks"
    assert phone.get("/resume").path == "/day"


def test_the_day_is_not_asked_on_another_day_and_not_of_who_was_never_booked(practice: Practice) -> None:
    home = sent_at_home(practice, timedelta(days=1))
    tablet = enrolled(practice)
    page = tablet.send(tablet.get("/tablet"), "/tablet/begin", code=home.code, letters="", **DAY)
    assert (page.heading, "all your answers" in page.main) == ("Thank you", True)
    assert at_the_desk(practice).get(f"/desk/visits/{home.visit}/day").status == 404
    tablet.send(page, "/tablet/finish")
    done = walk(tablet, without_visit(tablet), "/tablet/finish", about={**OWN["about"], "full_name": "Walk In"})
    assert done.heading == "Answers sent"


def test_two_who_answer_at_once_make_one_version(practice: Practice) -> None:
    home = sent_at_home(practice)
    check_in(practice)
    tablet = enrolled(practice)
    page = begin(tablet)
    home.phone.send(home.phone.get("/day"), **WELL)
    count = len(intakes(practice))
    assert tablet.send(page, "/tablet/day", **{**WELL, "state_today": ["not_eaten"]}).heading == "Thank you"
    assert len(intakes(practice)) == count
    with practice.clinic.database.read() as connection:
        unsent = select(func.count()).select_from(DRAFTS).where(DRAFTS.c.intake_id.is_(None))
        assert connection.scalar(unsent) == 0


def test_the_patients_copy_shows_what_was_said_on_the_day_with_its_date(practice: Practice) -> None:
    home = sent_at_home(practice)
    assert "On the day of your visit" not in copy_of(home)
    check_in(practice)
    practice.clock.late += timedelta(minutes=1)
    home.phone.send(home.phone.get("/resume"), **{**WELL, "state_today": ["not_eaten"]})
    copy = copy_of(home)
    assert "On the day of your visit, 22 November 2026" in copy
    of_the_day = copy.partition("On the day of your visit")[2].partition("You said no to")[0]
    for words in ("Well", "I have not eaten", "No"):
        assert words in of_the_day, of_the_day


def copy_of(home: Home) -> str:
    return home.phone.send(home.phone.get("/copy"), "/copy", **DAY).main


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({}, "given"),  # what was signed for, said again
        ({"feels_today": "very_unwell"}, "void"),  # a finding fires
        ({"state_today": ["not_eaten"]}, "void"),
        ({"new_medicine": "yes"}, "void"),  # what was denied of medicines is open again
    ],
)
def test_an_answer_of_the_day_that_differs_makes_a_consent_void_wherever_staff_look(
    practice: Practice, said: Answers, word: str
) -> None:
    home = sent_at_home(practice)
    with practice.clinic.database.begin() as connection:
        visits.change(connection, home.visit, 1, {"state": VisitState.ARRIVED})
    given = Given(intakes(practice)[-1][0], home.visit, Practitioner(practice.clinic.practitioner()))
    planned(practice, given)
    signed(practice, given)
    staff, desk = practice.practitioner(), at_the_desk(practice)
    assert "Consent: given" in staff.get(f"/review/{given.intake_id}").main
    page = desk.get(f"/desk/visits/{home.visit}/day")
    desk.send(page, page.path, **{**WELL, **said})
    assert len(intakes(practice)) == 2
    for number in (0, 1):
        assert f"Consent: {word}" in read(practice, number).main
    assert f"Consent {word}" in staff.get("/review/").main
    day = desk.get("/desk")
    for page in (day, desk.get(f"/desk/visits/{home.visit}")):
        assert f"Consent {word}" in page.main
        assert "unwell" not in page.main
    why = "An answer or the plan changed since it was signed"
    assert (why in staff.get(f"/review/{given.intake_id}/consent").main) is (word == "void")


def test_what_is_open_when_the_patient_comes_in_makes_a_consent_of_before_void(practice: Practice) -> None:
    home = sent_at_home(practice)
    with practice.clinic.database.begin() as connection:
        visits.change(connection, home.visit, 1, {"state": VisitState.ARRIVED})
    given = Given(intakes(practice)[-1][0], home.visit, Practitioner(practice.clinic.practitioner()))
    planned(practice, given)
    signed(practice, given)
    with practice.clinic.database.begin() as connection:
        visits.change(connection, home.visit, 2, {"state": VisitState.PLANNED})
    check_in(practice)
    assert "Consent: void" in read(practice).main
