"""Nothing is left behind for the next person at the same browser, whose page cache is on; nor taken for theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.workflow.patient import drafts
from tests.support.apps import Served, parts
from tests.support.browser import person
from tests.support.browser_patients import DRAFT, start_at
from tests.support.journeys import CALM, fill, submit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator
    from playwright.sync_api import Page as Window

    from intake.engine.book.vocabulary import Answers

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("scripts", [True, False])]

NAME = "Zebulon Quagga"
ABOUT = {**CALM["about"], "full_name": NAME, "date_of_birth-year": "1931"}
BACKS = 8
SETTLED = 400


def answers_of(window: Window, served: Served) -> Answers:
    """What is stored for the one who sits there now."""
    cookie = next(c for c in window.context.cookies() if c["name"] == DRAFT)
    return drafts.load(parts(served.app).clinic, cookie["value"]).answers


def button(window: Window, words: str) -> Locator:
    """A button by its words."""
    return window.get_by_role("button", name=words)


def press(window: Window, words: str) -> None:
    """Press a button, and see where it leads."""
    with window.expect_navigation():
        button(window, words).click()


def chosen(window: Window) -> list[str]:
    """What is ticked or typed on the page, hidden fields and the size of text left out."""
    found: list[str] = window.evaluate(
        """[...document.querySelectorAll("main :is(input, textarea):not([type=hidden])")]
        .filter(e => ["checkbox", "radio"].includes(e.type) ? e.checked : e.value).map(e => e.value)"""
    )
    return found


def go_back_to_the_start(window: Window) -> list[str]:
    """Press Back as long as there is something; what each page showed."""
    shown = []
    for _press in range(BACKS):
        window.go_back(wait_until="commit")
        window.wait_for_timeout(SETTLED)
        if window.url == "about:blank":
            break
        shown.append(f"{window.url} {window.content()} {chosen(window)}")
    return shown


def test_back_right_after_sending_shows_nothing_however_slow_the_pictures_are(
    browser: Browser, served: Served, *, scripts: bool
) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        start_at(window, served, "/check", about=ABOUT)
        assert NAME in window.content()
        window.route("**/*.svg", lambda _route: None)
        window.locator("main .btn").last.click()
        window.wait_for_url("**/done*", wait_until="commit")
        reference = window.locator(".ref").inner_text()
        window.go_back(wait_until="commit")
        window.wait_for_url("**/done*", wait_until="commit")
        assert "already sent" in window.locator("main").inner_text()
        assert NAME not in window.content()
        assert reference not in window.content()


def test_the_last_page_is_shown_once_and_again_for_the_birth_date(
    browser: Browser, served: Served, *, scripts: bool
) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        start_at(window, served, "/check", about=ABOUT)
        submit(window)
        reference = window.locator(".ref").inner_text()
        window.goto("/")
        window.get_by_role("link", name="See your reference number").click()
        assert reference not in window.content()
        fill(window, {"date_of_birth-day": "28", "date_of_birth-month": "3", "date_of_birth-year": "1931"})
        submit(window)
        assert "There is a problem" in window.locator("main").inner_text()
        assert reference not in window.content()
        fill(window, {"date_of_birth-day": "27", "date_of_birth-month": "3", "date_of_birth-year": "1931"})
        submit(window)
        assert window.locator(".ref").inner_text() == reference


def test_back_after_starting_anew_brings_back_no_tick_and_no_word(
    browser: Browser, served: Served, *, scripts: bool
) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        window.goto("/")
        submit(window)
        fill(window, {"danger_signs": ["none"]})
        submit(window)
        fill(window, {"gate_warning": ["none"]})
        submit(window)
        fill(window, ABOUT)
        submit(window)
        assert window.url.endswith("/q/who")
        window.goto("/")
        press(window, "Start again without them")
        assert window.url.endswith("/q/danger")
        shown = go_back_to_the_start(window)
        assert len(shown) >= 3
        assert [page for page in shown if NAME in page or not page.endswith("[]")] == []


def test_what_was_half_typed_is_not_there_for_the_next_one(browser: Browser, served: Served, *, scripts: bool) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        start_at(window, served, "/q/about")
        fill(window, ABOUT)
        window.goto("/later")
        press(window, "Clear and leave")
        press(window, "Start now")
        fill(window, {"danger_signs": ["none"]})
        submit(window)
        fill(window, {"gate_warning": ["none"]})
        submit(window)
        assert window.url.endswith("/q/about")
        assert [page for page in go_back_to_the_start(window) if NAME in page or "1931" in page] == []


def test_a_page_of_the_answers_before_is_refused_and_shown_beside(
    browser: Browser, served: Served, *, scripts: bool
) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        window.goto("/")
        submit(window)
        fill(window, {"danger_signs": ["chest_pressure"]})
        other = window.context.new_page()
        other.goto("/")
        press(other, "Start again without them")
        submit(window)
        assert "Nothing of it was saved" in window.locator("main").inner_text()
        assert window.locator("dd").all_inner_texts() == ["Chest pressure or tightness"]
        assert not answers_of(window, served)


def test_a_second_start_leaves_the_first_alone_and_shows_two_ways(
    browser: Browser, served: Served, *, scripts: bool
) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        window.goto("/")
        second = window.context.new_page()
        second.goto("/")
        submit(window)
        fill(window, {"danger_signs": ["none"]})
        submit(window)
        fill(window, {"gate_warning": ["none"]})
        submit(window)
        fill(window, ABOUT)
        submit(window)
        submit(second)
        assert second.get_by_role("link", name="Go on with your saved answers").is_visible()
        assert button(second, "Start again without them").is_visible()
        assert NAME not in second.content()
        fill(window, CALM["who"])
        submit(window)
        assert window.url.endswith("/q/pain_where")
        assert answers_of(window, served)["filled_by"] == "self"
