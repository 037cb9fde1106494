"""Somebody who comes again, in Chromium: last time's answers, what changed, the chart; with and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from intake.storage import visit_forms
from tests.support.again import FORM, invited_again, sent_before
from tests.support.browser import PHONE, TABLET, TABLET_UPRIGHT, person
from tests.support.desk import at_the_desk
from tests.support.journeys import CALM, fill
from tests.support.page_inspection import Inspection
from tests.support.practice import Practice, enter
from tests.support.served import come_in, served_practice, type_date
from tests.support.tablets import new_code

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
DESKTOP = (1366, 768)
SIZES = (PHONE, TABLET_UPRIGHT, TABLET, DESKTOP)


class Served:
    """A practice behind a server, with somebody who sent a form before and is invited to the next visit."""

    def __init__(self, practice: Practice, origin: str) -> None:
        self.practice, self.origin = practice, origin
        practice.account()
        sent_before(practice)
        self.visit, self.link = invited_again(practice)

    def intake(self) -> str:
        """What was sent for the next visit."""
        with self.practice.clinic.database.read() as connection:
            found = visit_forms.forms(connection, [self.visit])[self.visit].intake_id
        assert found is not None
        return found


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A practice of the test's own."""
    with served_practice(tmp_path_factory.mktemp("practice")) as (practice, origin):
        yield Served(practice, origin)


def tell(page: Page) -> None:
    """Two answers are still right, one is to be asked again; medicines changed, of the skin nobody is sure."""
    chosen = {"still-about": "right", "still-spine_surgery": "right", "still-therapies": "again"}
    chosen |= {"since-medicines": "changed", "since-needles": "not_sure", "since-pain": "same"}
    for name, value in chosen.items():
        page.locator(f"input[name='{name}'][value='{value}']").check(force=True)
    page.get_by_role("button", name="Continue").click()


def answer(page: Page) -> str:
    """Answer the page of questions that is open; its name."""
    name = page.url.rpartition("/")[2]
    fill(page, CALM[name])
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{name}"))
    return name


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_last_times_answers_to_the_chart(served: Served, browser: Browser, *, scripts: bool) -> None:
    with (
        person(browser, served.origin, scripts=scripts) as phone,
        person(browser, served.origin, scripts=scripts, size=DESKTOP) as desk,
    ):
        come_in(phone, served.link)
        phone.wait_for_url("**/q/last_time")
        assert FORM in phone.locator("main").inner_text()
        assert phone.locator("input:checked").count() == 0
        tell(phone)
        phone.wait_for_url("**/q/danger")
        met = []
        while not phone.url.endswith("/check"):
            met.append(answer(phone))
        assert not {"about", "spine_surgery"} & set(met)
        assert met.index("medicines") < met.index("skin_needles") < met.index("pain_where")
        assert "What changed" in phone.locator("main").inner_text()
        phone.get_by_role("button", name="Accept and send").click()
        phone.wait_for_url("**/done")
        come_in(phone, served.link)
        phone.wait_for_url("**/copy")
        assert "Pain and daily life (PEG)" in phone.locator(".over-time").inner_text()
        enter(desk)
        desk.goto(f"/review/{served.intake()}")
        assert "The patient says changed since 12 Nov 2026: medicines." in desk.locator("#since").inner_text()
        course = desk.locator("#course")
        assert course.locator("tbody tr").first.inner_text().split()[-2:] == ["4", "4"]
        assert course.locator("tbody tr").first.locator("polyline").count() == 1


def on_the_tablet(page: Page, inspect: Inspection, served: Served) -> None:
    """The page of last time on the clinic's tablet, after a slip's code and the birth date."""
    desk = at_the_desk(served.practice)
    slip = desk.send(desk.get(f"/desk/visits/{served.visit}"), f"/desk/visits/{served.visit}/slip")
    code = next("".join(part.itertext()) for part in slip.tree.iter() if part.get("class") == "ref")
    page.goto("/tablet")
    page.locator("#code").fill(new_code(desk))
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url("**/tablet")
    page.locator("#code").fill(code)
    type_date(page)
    page.locator("form[action='/tablet/begin'] button[type=submit]").click()
    page.wait_for_url("**/tablet/form")
    inspect("tablet")
    page.evaluate("document.documentElement.dataset.shield = ''")
    old = "getComputedStyle(document.querySelector('#still-spine_surgery-hint')).filter"
    page.mouse.move(0, 0)
    assert "blur" in page.evaluate(old)
    page.locator("input[name='still-spine_surgery']").first.focus()
    assert page.evaluate(old) == "none"


def of_the_patient(page: Page, inspect: Inspection, served: Served) -> None:
    """The page of last time, as met and seen again; the check page, the copy."""
    come_in(page, served.link)
    page.wait_for_url("**/q/last_time")
    inspect("met")
    tell(page)
    page.wait_for_url("**/q/danger")
    page.get_by_role("link", name="Back").click()
    page.wait_for_url("**/q/last_time")
    inspect("again")
    page.goto("/resume")
    while not page.url.endswith("/check"):
        answer(page)
    inspect("check")
    page.get_by_role("button", name="Accept and send").click()
    page.wait_for_url("**/done")
    come_in(page, served.link)
    page.wait_for_url("**/copy")
    inspect("copy")


def of_staff(page: Page, inspect: Inspection, served: Served) -> None:
    """What the practitioner reads."""
    enter(page)
    page.goto(f"/review/{served.intake()}")
    inspect("review")


def test_every_page_of_last_time_is_open_to_all_and_fits_every_window(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as page:
        inspect = Inspection(page, SIZES)
        of_the_patient(page, inspect, served)
        of_staff(page, inspect, served)
    assert not inspect.faults, "\n".join(inspect.faults)


def test_the_page_of_last_time_fits_the_tablet(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, size=TABLET_UPRIGHT) as page:
        inspect = Inspection(page, (TABLET_UPRIGHT, TABLET))
        on_the_tablet(page, inspect, served)
    assert not inspect.faults, "\n".join(inspect.faults)
