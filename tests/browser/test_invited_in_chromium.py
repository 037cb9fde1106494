"""From the link on a phone to the tablet and back, in Chromium: open to all in every window, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from intake.workflow.keeping.accounts import Role
from tests.support.browser import PHONE, TABLET, TABLET_UPRIGHT, person
from tests.support.desk import DESK, book
from tests.support.invited import invited
from tests.support.journeys import CALM
from tests.support.page_inspection import Inspection
from tests.support.practice import PASSWORD, Practice
from tests.support.served import come_in, served_practice, type_date

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SIZES = (PHONE, TABLET_UPRIGHT, TABLET, (1366, 768))


class Served:
    """A practice behind a server, with a visit and a link to its form."""

    def __init__(self, practice: Practice, origin: str) -> None:
        self.practice, self.origin = practice, origin
        practice.account(DESK, role=Role.DESK)
        self.visit, self.link = invited(practice)
        self.nobody = book(practice, "N" * 60, hour=11)


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A practice of the test's own."""
    with served_practice(tmp_path_factory.mktemp("practice")) as (practice, origin):
        yield Served(practice, origin)


def go_on(page: Page) -> None:
    page.locator("button[type=submit]").last.click()


def answer(page: Page) -> None:
    """Answer the page of questions that is open as a calm patient does; who that is, is filled in already."""
    name = page.url.rpartition("/")[2]
    for control, value in CALM[name].items() if name != "about" else ():
        field = page.locator(f"[name='{control}']:not([type=radio]):not([type=checkbox])")
        if field.count():
            field.fill(str(value))
            continue
        for each in value if isinstance(value, list) else [value]:
            if page.locator(".list details").count():
                open_list(page)
            page.locator(f"input[name='{control}'][value='{each}']").last.check(force=True)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{name}"))


def open_list(page: Page) -> None:
    """Open every part of the map's list, with a click."""
    closed = page.locator(".list details:not([open]) summary")
    while closed.count():
        closed.first.click()


def words_on(page: Page) -> str:
    page.goto("/move")
    page.get_by_role("button", name="Show the words").click()
    return page.locator(".ref").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_phone_four_words_tablet_phone_sent_copy_corrected(served: Served, browser: Browser, *, scripts: bool) -> None:
    with (
        person(browser, served.origin, scripts=scripts) as phone,
        person(browser, served.origin, scripts=scripts, size=TABLET) as tablet,
    ):
        come_in(phone, served.link)
        phone.wait_for_url("**/q/danger")
        answer(phone)
        words = words_on(phone)
        tablet.goto("/move/in")
        tablet.get_by_label("Four words").fill(words)
        type_date(tablet)
        tablet.get_by_role("button", name="Continue").click()
        tablet.wait_for_url("**/q/warning")
        answer(tablet)
        phone.goto("/resume")
        phone.wait_for_url("**/q/about")
        assert phone.locator("#full_name").input_value() == "Ada Byron"
        while not phone.url.endswith("/check"):
            answer(phone)
        phone.get_by_role("button", name="Accept and send").click()
        phone.wait_for_url("**/done")
        come_in(tablet, served.link)
        tablet.wait_for_url("**/copy")
        assert "Lifting my son" in tablet.locator("main").inner_text()
        tablet.get_by_role("button", name="Correct an answer").click()
        tablet.wait_for_url("**/check")
        tablet.get_by_role("button", name="Accept and send").click()
        tablet.wait_for_url("**/done")


def of_patients(page: Page, inspect: Inspection, served: Served) -> None:
    """Every page of an invitation, of a hand-over, of the copy, in every state."""
    page.goto("/i")
    inspect("gone")
    page.goto(served.link)
    inspect("invitation")
    come_in(page, served.link, "11")
    page.wait_for_selector(".errors")
    inspect("refused")
    page.goto("/code")
    inspect("code")
    go_on(page)
    page.wait_for_selector(".errors")
    inspect("code refused")
    page.goto("/move/in")
    inspect("move in")
    page.get_by_label("Four words").fill("no such words")
    go_on(page)
    page.wait_for_selector(".errors")
    inspect("move in refused")
    come_in(page, served.link)
    page.wait_for_url("**/q/danger")
    page.goto("/later")
    inspect("later")
    page.goto("/move")
    inspect("move")
    page.get_by_role("button", name="Show the words").click()
    page.wait_for_selector(".ref")
    inspect("words")
    page.goto("/resume")
    while not page.url.endswith("/check"):
        answer(page)
    page.get_by_role("button", name="Accept and send").click()
    page.wait_for_url("**/done")
    page.goto("/copy")
    inspect("copy of whom")
    come_in(page, served.link)
    page.wait_for_url("**/copy")
    inspect("copy")


def of_the_desk(page: Page, inspect: Inspection, served: Served) -> None:
    """The form of a visit at the desk, a link, a slip."""
    page.goto("/staff/login")
    page.get_by_label("Work email").fill(DESK)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("table.day")
    for visit in (served.visit, served.nobody):
        page.goto(f"/desk/visits/{visit}#form")
        inspect("visit")
    page.get_by_role("button", name="Copy a link").click()
    page.get_by_role("heading", name="A link for one patient").wait_for()
    inspect("link")
    page.goto(f"/desk/visits/{served.visit}")
    page.get_by_role("button", name="Print a slip").click()
    page.wait_for_selector(".qr")
    inspect("slip")


def test_every_page_of_an_invitation_is_open_to_all_and_fits_every_window(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as page:
        inspect = Inspection(page, SIZES)
        of_patients(page, inspect, served)
        of_the_desk(page, inspect, served)
    assert not inspect.faults, "\n".join(inspect.faults)
