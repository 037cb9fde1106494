"""The pages about needling in Chromium: accessible at every size, read without scripts, opened beside a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.app import pages_about_needling
from tests.support import axe
from tests.support.browser import DESK, PHONE, TABLET_UPRIGHT, person
from tests.support.browser_patients import start_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.apps import Served

pytestmark = pytest.mark.browser
PATHS = ["/about/", *(f"/about/{page.name}" for page in pages_about_needling().pages)]
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("size", [(320, 640), PHONE, TABLET_UPRIGHT, DESK])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, served: Served, size: tuple[int, int]
) -> None:
    with person(browser, served.origin, size=size) as window:
        axe.at_hand(window)
        for path in PATHS:
            window.goto(path)
            assert axe.violations(window) == [], path
            assert window.evaluate(SIDEWAYS) <= 0, path


def test_axe_finds_nothing_in_the_dark(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        window.emulate_media(color_scheme="dark")
        axe.at_hand(window)
        for path in PATHS:
            window.goto(path)
            assert axe.violations(window) == [], path


def test_axe_finds_nothing_where_places_are_marked(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        axe.at_hand(window)
        start_at(window, served, "/q/reason", pain_where={"pain_regions": ["knee_right"]})
        for path in ("/about/", "/about/works", "/about/risks"):
            window.goto(path)
            for fold in window.locator("summary").all():
                fold.click()
            assert axe.violations(window) == [], path


def test_all_is_read_without_scripts(browser: Browser, served: Served) -> None:
    with person(browser, served.origin, scripts=False) as window:
        window.goto("/")
        window.get_by_role("link", name="Read about needling").click()
        window.get_by_role("link", name="What are the risks?").click()
        assert window.get_by_role("img").get_attribute("aria-label")
        assert not window.get_by_role("button", name="Print this page").is_visible()
        window.get_by_role("link", name="Who does it?").click()
        assert window.get_by_role("heading", level=1).inner_text() == "Who may do it?"


def test_reading_beside_a_question_keeps_what_was_ticked(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        start_at(window, served, "/q/needles")
        window.locator("#wants_needling-unsure").check()
        with window.context.expect_page() as opened:
            window.get_by_role("link", name="Tell me more").click()
        assert opened.value.get_by_role("heading", level=1).inner_text() == "About needling"
        assert window.locator("#wants_needling-unsure").is_checked()
