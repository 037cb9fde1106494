"""Asked back on the review page, answered on the phone, seen by staff; an answer by phone; with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.page_inspection import Inspection
from tests.support.practice import Practice, enter
from tests.support.served import served_practice, type_date

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.visitor import Posted

pytestmark = pytest.mark.browser
LAPTOP = (1366, 768)
SIZES = (PHONE, TABLET_UPRIGHT, LAPTOP)
UNSURE: Posted = {"gate_medicines": ("thinners",), "blood_thinners": ("not_sure",)}


class Served:
    """A practice behind a server, with one intake that asks."""

    def __init__(self, practice: Practice, origin: str) -> None:
        self.practice, self.origin = practice, origin
        practice.account()
        self.intake = practice.sent(UNSURE).intake_id


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A practice of the test's own."""
    with served_practice(tmp_path_factory.mktemp("practice")) as (practice, origin):
        yield Served(practice, origin)


def ask_back(staff: Page, intake: str) -> str:
    """From the finding that asks about blood thinners; the path of the link that is shown."""
    staff.goto(f"/review/{intake}")
    finding = staff.locator("article.finding", has_text="thinner").first
    finding.get_by_text("Ask the patient…").click()
    finding.get_by_role("button", name="Show a link to hand on").click()
    link = staff.get_by_label("Link").input_value()
    return f"/l/{link.rpartition('/')[2]}"


def send_date(page: Page, day: str = "10") -> None:
    type_date(page, day)
    page.get_by_role("button", name="Continue").click()


def answer(page: Page) -> None:
    page.locator("input[name='blood_thinners'][value='none']").check(force=True)
    page.locator("input[name='blood_thinners'][value='not_sure']").uncheck(force=True)
    page.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_asked_back_answered_on_the_phone_and_seen(served: Served, browser: Browser, *, scripts: bool) -> None:
    with (
        person(browser, served.origin, scripts=scripts, size=LAPTOP) as staff,
        person(browser, served.origin, scripts=scripts) as phone,
    ):
        enter(staff)
        link = ask_back(staff, served.intake)
        phone.goto(link)
        phone.wait_for_url("**/l")
        send_date(phone)
        phone.wait_for_url("**/l/question")
        answer(phone)
        phone.get_by_role("heading", name="Thank you, we have your answer").wait_for()
        staff.goto(f"/review/{served.intake}")
        staff.get_by_role("link", name="the version with the answer").click()
        assert "thinners" in staff.locator("main").inner_text()
        staff.get_by_role("link", name="Enter an answer").click()
        staff.get_by_label("Which question was answered?").select_option("blood_thinners")
        staff.get_by_role("button", name="Continue").click()
        staff.locator("input[name='blood_thinners'][value='none']").uncheck(force=True)
        staff.locator("input[name='blood_thinners'][value='apixaban']").check(force=True)
        staff.get_by_label("Who said it?").select_option("relative")
        staff.get_by_label("How?").select_option("phone")
        staff.get_by_role("button", name="Save the answer").click()
        staff.wait_for_url("**entered=1*")
        assert "A relative said so by phone" in staff.locator("main").inner_text()


def of_the_patient(page: Page, inspect: Inspection, link: str) -> None:
    """Every page behind a link, in every state."""
    page.goto("/l/never")
    inspect("gone")
    page.goto(link)
    inspect("link")
    send_date(page, "11")
    page.wait_for_selector(".errors")
    inspect("refused")
    send_date(page)
    page.wait_for_url("**/l/question")
    inspect("question")
    answer(page)
    page.get_by_role("heading", name="Thank you, we have your answer").wait_for()
    inspect("thanks")


def of_staff(page: Page, inspect: Inspection, intake: str) -> None:
    """The intake with what was asked and answered, and an answer that is entered, in every state."""
    page.goto(f"/review/{intake}")
    page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
    inspect("asked back")
    page.goto(f"/review/{intake}/answer")
    inspect("which")
    for question in ("blood_thinners", "pain_regions", "age_years"):
        page.goto(f"/review/{intake}/answer?question={question}")
        inspect(question)
    page.get_by_role("button", name="Save the answer").click()
    page.wait_for_selector(".errors")
    inspect("refused")


def test_every_page_is_open_to_all_and_fits_every_window(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as phone, person(browser, served.origin) as staff:
        patient, desk = Inspection(phone, SIZES), Inspection(staff, SIZES)
        enter(staff)
        link = ask_back(staff, served.intake)
        desk("link")
        of_the_patient(phone, patient, link)
        of_staff(staff, desk, served.intake)
    assert not [*patient.faults, *desk.faults], "\n".join([*patient.faults, *desk.faults])
