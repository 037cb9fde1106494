"""The desk's pages in Chromium: open to all in every window, and the whole way without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from intake.workflow.desk import visits as desk
from intake.workflow.desk.visits import Practitioner, VisitState
from intake.workflow.keeping.accounts import Role
from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.desk import DESK, book
from tests.support.page_inspection import Inspection
from tests.support.practice import Practice, enter
from tests.support.served import served_practice

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
SIZES = (PHONE, TABLET_UPRIGHT, (1366, 768))
DAY = "/desk?day=2026-11-23"
LIST = (
    "Datum;Uhrzeit;Name;Geburtsdatum;Telefon;Behandler\n"
    "03.12.2026;09:00;Katarzyna Wojcik;13.10.1985;07700 900123;Dr Patel\n"
    "03.12.2026;;Bo Moss;;;\n03.12.2026;10:00;=CMD();;;\n"
)


class Served:
    """A practice behind a server, with a day of three visits."""

    def __init__(self, practice: Practice, origin: str) -> None:
        self.practice, self.origin = practice, origin
        practice.account(DESK, role=Role.DESK)
        practice.account()
        book(practice, "W" * 90, hour=8)
        arrived = book(practice, "Katarsyna Wojcik", born="1985-10-13", phone="07700 900123")
        desk.set_state(practice.clinic, arrived, 1, VisitState.ARRIVED, Practitioner(1))
        practice.sent(name="Katarsyna Wojcik")


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A practice of the test's own."""
    with served_practice(tmp_path_factory.mktemp("practice")) as (practice, origin):
        yield Served(practice, origin)


def paste(page: Page, text: str) -> None:
    page.goto("/desk/import")
    page.get_by_label("Or paste").fill(text)
    page.get_by_role("button", name="Check the list").click()


def test_every_page_of_the_desk_is_open_to_all_and_fits_every_window(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as page:
        inspect = Inspection(page, SIZES)
        enter(page, DESK, "table.day")
        inspect("empty")
        for path in (DAY, "/desk/visits/new", "/desk/import", "/desk/people", "/desk/tablets"):
            page.goto(path)
            inspect("filled")
        page.goto("/desk/visits/new")
        page.get_by_role("button", name="Save").click()
        page.wait_for_selector(".errors")
        inspect("refused")
        page.goto(DAY)
        page.get_by_role("link", name="Move").last.click()
        page.wait_for_selector("#visit")
        inspect("move")
        paste(page, "nothing")
        page.wait_for_selector(".errors")
        inspect("no list")
        paste(page, LIST)
        page.get_by_text("Which day is 03.12.2026?").wait_for()
        page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
        inspect("open")
        page.get_by_label("Day first").first.check()
        page.get_by_role("button", name="Read it so").click()
        page.get_by_role("heading", name="The same person?").wait_for()
        inspect("to save")
    assert not inspect.faults, "\n".join(inspect.faults)


def test_the_whole_way_without_scripts(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, scripts=False, size=(1366, 768)) as page:
        enter(page, DESK, "table.day")
        page.get_by_role("link", name="Add a visit").click()
        page.get_by_label("Name").fill("Ada Byron")
        page.get_by_label("Time").fill("14:15")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="Check in Ada Byron").click()
        page.get_by_role("button", name="Goes in Ada Byron").click()
        page.get_by_role("link", name="Move Ada Byron").click()
        page.get_by_label("Time").fill("15:45")
        page.get_by_role("button", name="Save").click()
        assert "15:45" in page.locator("tbody tr", has_text="Ada Byron").inner_text()
        paste(page, LIST)
        page.get_by_label("Day first").first.check()
        page.get_by_role("button", name="Read it so").click()
        page.get_by_role("radio", name="Same person").check()
        page.get_by_role("button", name="Add 1, change 0").click()
        assert "1 added, 0 changed" in page.get_by_role("status").inner_text()
        assert "Katarzyna Wojcik" in page.locator("tbody").inner_text()
        page.get_by_role("link", name="The same person?").click()
        page.get_by_role("button", name="Undo").first.click()
        assert "The join is undone." in page.get_by_role("status").inner_text()


def test_the_pages_of_paper_are_open_to_all_and_fit_every_window(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as page:
        inspect = Inspection(page, SIZES)
        enter(page)
        page.goto("/desk/paper")
        page.get_by_role("button", name="Type in a form without a visit").click()
        for number in range(1, 10):
            page.get_by_role("heading", name=f"Part {number} of 9").wait_for()
            inspect(f"part {number}")
            if number == 2:
                page.get_by_role("button", name="Save this part").click()
                page.wait_for_selector(".errors")
                inspect("refused")
                page.get_by_label("Full name").fill("Ada Byron")
            page.get_by_role("button", name="Save this part").click()
        page.get_by_role("heading", name="A form from paper").wait_for()
        inspect("to send")
        page.goto("/desk/paper")
        inspect("half typed")
    assert not inspect.faults, "\n".join(inspect.faults)


def test_paper_is_typed_without_scripts(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, scripts=False, size=(1366, 768)) as page:
        enter(page)
        page.goto("/desk/paper")
        page.get_by_role("button", name="Type in a form without a visit").click()
        page.get_by_label("Fever", exact=True).first.check()
        for number in range(1, 10):
            page.get_by_role("heading", name=f"Part {number} of 9").wait_for()
            if number == 2:
                page.get_by_label("Full name").fill("Ada Byron")
            page.get_by_role("button", name="Save this part").click()
        page.get_by_role("button", name="Send the form").click()
        assert "The form is in." in page.get_by_role("status").inner_text()
