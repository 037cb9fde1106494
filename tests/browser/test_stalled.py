"""A form whose sending hangs is sent once more when the person presses again: the button is not dead for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.ahead import start_at
from tests.support.apps import Served
from tests.support.browser import person
from tests.support.journeys import CALM, fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route
    from playwright.sync_api import Page as Window

pytestmark = pytest.mark.browser
PATIENCE = 10_000
WORDS = "This page is not sent yet. Check your connection, then try again."


def hang(window: Window, address: str, button: str) -> list[Route]:
    """Press the button while the server does not answer; the requests that hang."""
    hanging: list[Route] = []
    window.route(address, lambda route: hanging.append(route))  # noqa: PLW0108 - a built-in cannot be a handler
    window.clock.install()
    window.locator(button).scroll_into_view_if_needed()
    box = window.locator(button).bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    window.mouse.click(*middle)
    window.wait_for_timeout(300)
    window.mouse.click(*middle)
    window.wait_for_timeout(300)
    assert len(hanging) == 1, "a second click at once sends nothing"
    assert not window.get_by_text(WORDS).is_visible()
    window.clock.fast_forward(PATIENCE)
    window.wait_for_timeout(100)
    assert window.get_by_text(WORDS).is_visible()
    return hanging


def press(window: Window) -> None:
    """Press the button by the keyboard: a click would wait for the sending that hangs."""
    window.evaluate("document.querySelector('main .btn').focus()")
    window.keyboard.press("Enter")


def test_a_patient_can_press_continue_again(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        start_at(window, served, "/q/who")
        fill(window, CALM["who"])
        hang(window, "**/q/who", "main .btn")
        assert window.locator("#filled_by-self").is_checked()
        window.unroute("**/q/who")
        press(window)
        window.wait_for_url("**/q/pain_where")


def test_staff_can_press_again(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        window.goto("/staff/login")
        hang(window, "**/staff/login", "main .btn")
        window.unroute("**/staff/login")
        press(window)
        window.get_by_text("There is a problem").wait_for()
