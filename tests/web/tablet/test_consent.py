"""A consent sheet on the tablet: opened by the birth date, shown once, signed, taken back, and nothing of it left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.storage import devices
from intake.workflow.review.consent import standing
from intake.workflow.review.consent.signing import SigningWay
from tests.support.consents import DRAWN, Given, at_the_visit, planned, prepared, signed
from tests.support.desk import at_the_desk
from tests.support.tablets import BORN, enrolled

if TYPE_CHECKING:
    from intake.workflow.review.consent.standing import ConsentState
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

OTHER = {**BORN, "date_of_birth-year": "1986"}


@pytest.fixture
def given(practice: Practice) -> Given:
    """An intake whose patient is in the house, with a plan."""
    at_visit = at_the_visit(practice)
    planned(practice, at_visit)
    return at_visit


def tablet_with_sheet(practice: Practice, given: Given) -> Visitor:
    tablet = enrolled(practice)
    prepared(practice, given, SigningWay.TABLET, the_tablet(practice))
    return tablet


def come(tablet: Visitor, born: dict[str, str] = BORN) -> Page:
    return tablet.send(tablet.get("/tablet/consent"), "/tablet/consent", **born)


def sign_at(page: Page) -> str:
    return next(form.get("action", "") for form in page.tree.iter("form") if form.get("id") == "page")


def the_tablet(practice: Practice) -> str:
    with practice.clinic.database.read() as connection:
        return devices.every(connection)[0].id


def at_the_next_visit(practice: Practice) -> Given:
    """Another patient in the house, with a plan."""
    other = at_the_visit(practice, name="Uma Next", born="1986-12-10")
    planned(practice, other)
    return other


def action(page: Page, end: str) -> str:
    return next(form.get("action", "") for form in page.tree.iter("form") if form.get("action", "").endswith(end))


def waits(practice: Practice, given: Given) -> bool:
    with practice.clinic.database.read() as connection:
        return standing.of_intake(connection, practice.clinic.keys, given.intake_id).waits


def test_the_birth_date_opens_the_sheet_once(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    start = tablet.get("/tablet/consent")
    assert "Morgan" not in start.text
    page = come(tablet)
    assert "You take a blood thinner." in page.main
    assert "Alex Morgan" in page.main
    for _look in range(3):
        assert "blood thinner" not in tablet.get("/tablet/consent").text


def test_another_date_opens_nothing_and_soon_not_even_the_right_one(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    for _try in range(5):
        page = come(tablet, OTHER)
        assert page.errors == ["This is not the date of birth on the sheet. Check it, or ask us."]
    assert come(tablet, OTHER).errors == ["That was tried too often. Please fetch a person."]


def test_signed_with_a_name_or_a_drawing_it_waits_for_the_practitioner(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    page = come(tablet)
    done = tablet.send(page, sign_at(page), say="agree", drawing=DRAWN, copy="print", interpreter="Mina")
    assert "Please give the tablet back." in done.main
    assert "Morgan" not in done.text
    assert waits(practice, given)
    assert "Morgan" not in tablet.get("/tablet/consent").text


def test_what_was_sent_with_a_fault_comes_again_and_is_then_gone(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    page = come(tablet)
    again = tablet.send(page, sign_at(page), say="agree", name="Alex Morgan", helper="Sam")
    assert (again.status, again.errors) == (422, ["Choose how you want your copy."])
    assert {field.get("value") for field in again.tree.iter("input")} >= {"Alex Morgan", "Sam"}
    assert "Sam" not in tablet.get("/tablet/consent").text
    page = come(tablet)
    assert "Sam" not in page.text
    assert not waits(practice, given)


def test_a_sheet_of_another_plan_is_not_signed(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    page = come(tablet)
    planned(practice, given, "neck_left", version=1)
    after = tablet.send(page, sign_at(page), say="agree", name="Alex", copy="print")
    assert "The sheet has changed." in after.main
    assert not waits(practice, given)
    assert "No sheet waits here." in after.main


def test_the_next_sheet_is_not_signed_by_the_page_of_the_one_before(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    page = come(tablet)
    prepared(practice, given, SigningWay.TABLET, the_tablet(practice))
    after = tablet.send(page, sign_at(page), say="agree", name="Alex", copy="print")
    assert "The sheet has changed." in after.main
    assert not waits(practice, given)


def test_a_sheet_left_lying_is_over_by_the_next_day(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    practice.clock.now += timedelta(hours=13)
    assert "No sheet waits here." in tablet.get("/tablet/consent").main


def test_a_form_that_is_open_is_locked_before_a_sheet_is_shown(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    tablet.send(tablet.send(tablet.get("/tablet"), "/tablet/begin", **BORN, letters="Zz"), "/tablet/begin/without")
    tablet.get("/tablet/consent")
    with practice.clinic.database.read() as connection:
        sitting = devices.sitting(connection, devices.every(connection)[0].id)
    assert sitting is not None
    assert sitting.state == "locked"


def sign(tablet: Visitor) -> Page:
    page = come(tablet)
    return tablet.send(page, sign_at(page), say="agree", name="Alex Morgan", copy="print")


def state(practice: Practice, given: Given) -> ConsentState:
    with practice.clinic.database.read() as connection:
        return standing.of_intake(connection, practice.clinic.keys, given.intake_id).state


def test_what_was_signed_here_is_taken_back_here_as_easily(practice: Practice, given: Given) -> None:
    tablet, staff = tablet_with_sheet(practice, given), practice.practitioner()
    sign(tablet)
    page = staff.get(f"/review/{given.intake_id}/consent")
    staff.send(page, action(page, "/countersign"), own_name="Rita Patel", handed="print")
    assert state(practice, given) == "given"
    page = come(tablet)
    assert "For Alex Morgan" in page.main
    assert "blood thinner" not in page.text
    done = tablet.send(page, sign_at(page))
    assert "You took your consent back. Your care goes on." in done.main
    assert "Morgan" not in done.text
    assert state(practice, given) == "withdrawn"
    for look, words in ((f"/review/{given.intake_id}", "Consent: taken back"), ("/review/", "Consent taken back")):
        assert words in staff.get(look).main
    desk = at_the_desk(practice)
    assert "Consent taken back" in desk.get("/desk?day=2026-11-23").main
    assert "Consent taken back" in desk.get(f"/desk/visits/{given.visit_id}").main
    for address in ("/tablet/consent", "/tablet"):
        assert "Morgan" not in tablet.get(address).text
    assert "No sheet waits here." in tablet.get("/tablet/consent").main


def test_it_is_taken_back_before_the_practitioner_has_signed(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    sign(tablet)
    page = come(tablet)
    tablet.send(page, sign_at(page))
    assert state(practice, given) == "withdrawn"


def test_who_does_not_agree_has_nothing_to_take_back(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    page = come(tablet)
    tablet.send(page, sign_at(page), say="refuse")
    assert "No sheet waits here." in tablet.get("/tablet/consent").main


def test_staff_put_a_sheet_that_was_signed_on_paper_on_a_tablet(practice: Practice, given: Given) -> None:
    tablet, staff = enrolled(practice), practice.practitioner()
    signed(practice, given)
    assert "No sheet waits here." in tablet.get("/tablet/consent").main
    page = staff.get(f"/review/{given.intake_id}/consent")
    wrong = staff.send(page, action(page, "/tablet"), device="")
    assert (wrong.status, "Choose the tablet." in wrong.main) == (422, True)
    page = staff.send(page, action(page, "/tablet"))
    assert "It can be taken back on the tablet Waiting room" in page.main
    page = come(tablet)
    tablet.send(page, sign_at(page))
    assert state(practice, given) == "withdrawn"


def test_the_page_of_a_sheet_that_has_left_the_tablet_takes_nothing_back(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    sign(tablet)
    page = come(tablet)
    device = the_tablet(practice)
    prepared(practice, at_the_next_visit(practice), SigningWay.TABLET, device)
    after = tablet.send(page, sign_at(page))
    assert "The sheet has changed." in after.main
    assert waits(practice, given)


def test_each_birth_date_opens_its_own_sheet_of_two_that_lie_here(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    prepared(practice, at_the_next_visit(practice), SigningWay.TABLET, the_tablet(practice))
    assert "For Alex Morgan" in come(tablet).main
    assert "For Uma Next" in come(tablet, OTHER).main


def test_a_sheet_that_was_opened_and_not_seen_is_not_shown_to_the_next_person(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    page = tablet.get("/tablet/consent")
    fields = [*page.form("/tablet/consent").fill(BORN)]
    assert tablet.client.post("/tablet/consent", data=dict(fields)).status_code == 303
    assert "Morgan" not in tablet.get("/tablet").text
    assert "Morgan" not in tablet.get("/tablet/consent").text


def test_what_was_signed_lies_here_no_longer_than_until_the_next_day(practice: Practice, given: Given) -> None:
    tablet = tablet_with_sheet(practice, given)
    sign(tablet)
    practice.clock.now += timedelta(hours=13)
    assert "No sheet waits here." in tablet.get("/tablet/consent").main
