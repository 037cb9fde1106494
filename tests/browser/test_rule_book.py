"""The rule book in Chromium: pages open to all, inside the window, and answers that can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.page_inspection import Inspection
from tests.support.practice import enter, open_practice
from tests.support.server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
LAPTOP = (1366, 768)
PATHS = (
    "/review/rules",
    "/review/rules?tier=urgent",
    "/review/rules/fracture-injury",
    "/review/rules/try?rule=anticoagulant-vka",
)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A practice with an account, served."""
    folder = tmp_path_factory.mktemp("rule-book")
    practice = open_practice(folder / "instance", f"sqlite:///{folder / 'db' / 'intake.sqlite3'}")
    practice.account()
    with serving(practice.app) as address:
        yield address
    practice.clinic.database.close()


def test_the_pages_are_open_to_all_and_fit_every_window(origin: str, browser: Browser) -> None:
    with person(browser, origin) as page:
        inspect = Inspection(page, (PHONE, TABLET_UPRIGHT, LAPTOP))
        enter(page)
        for path in PATHS:
            page.goto(path)
            page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
            inspect("unfolded")
    assert not inspect.faults, "\n".join(inspect.faults)


def test_an_answer_is_changed_and_the_map_follows(origin: str, browser: Browser) -> None:
    with person(browser, origin, size=LAPTOP) as page:
        enter(page)
        page.get_by_role("link", name="Rule book").click()
        page.get_by_role("link", name="Try answers").click()
        assert page.locator("[fill='url(#p-avoid)']").count() == 0
        page.get_by_label("Wants needling").select_option(label="No")
        page.get_by_role("button", name="See what the rules say").click()
        page.get_by_role("heading", name="Label: Do not needle").wait_for()
        assert page.locator(".figure [fill='url(#p-avoid)']").count() > 54
        assert page.get_by_label("Wants needling").input_value() == "no"
