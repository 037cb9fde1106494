"""One tap on the only question of a page goes on: a real pointer, where no answer may bring a card; and back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support import axe
from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.browser_patients import start_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

    from tests.support.apps import Served
    from tests.support.journeys import Answers

pytestmark = pytest.mark.browser
HINT = "A tap takes you on."
MOMENT = 600  # as in `site.js`
SOON = 200
SETTLED = 1000
LONG = 5000
INR: dict[str, Answers] = {"medicines": {"gate_medicines": ["thinners"]}, "thinners": {"blood_thinners": ["warfarin"]}}
FALL: dict[str, Answers] = {"warning": {"gate_warning": ["fall"]}}
NEXT = "**/q/heart_lungs"


@contextmanager
def at_inr(browser: Browser, served: Served, *, scripts: bool = True) -> Iterator[Window]:
    """A patient at the page whose one question is how the INR is, with the page's clock in the test's hand."""
    with person(browser, served.origin, scripts=scripts) as window:
        axe.at_hand(window)
        window.clock.install()
        start_at(window, served, "/q/inr", **INR)
        if scripts:
            window.clock.run_for(SETTLED)
        yield window


def press(window: Window, code: str, *, touch: bool = False) -> None:
    """Touch or click an answer."""
    choice = window.locator(f"label[for=inr_status-{code}]")
    if not touch:
        return choice.click()
    choice.scroll_into_view_if_needed()
    box = choice.bounding_box()
    assert box is not None
    hand = window.context.new_cdp_session(window)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    return None


def answered(window: Window) -> list[str]:
    """What is chosen on the page."""
    codes: list[str] = window.locator("main :checked").evaluate_all("boxes => boxes.map(box => box.value)")
    return codes


def stays(window: Window) -> bool:
    """Whether the page is still there, long after."""
    posts: list[str] = []
    window.on("request", lambda request: posts.append(request.url))
    window.clock.run_for(LONG)
    window.wait_for_timeout(200)
    return not posts and window.url.endswith("/q/inr")


@pytest.mark.parametrize("touch", [True, False])
def test_a_tap_goes_on_after_a_moment_in_which_the_choice_is_seen(
    browser: Browser, served: Served, *, touch: bool
) -> None:
    with at_inr(browser, served) as window:
        assert window.get_by_text(HINT).is_visible()
        press(window, "in_target", touch=touch)
        window.clock.run_for(SOON)
        assert window.url.endswith("/q/inr")
        assert answered(window) == ["in_target"]
        window.clock.run_for(MOMENT)
        window.wait_for_url(NEXT)


def test_back_shows_the_answer_and_there_a_tap_waits_for_continue(browser: Browser, served: Served) -> None:
    with at_inr(browser, served) as window:
        press(window, "in_target")
        window.clock.run_for(LONG)
        window.wait_for_url(NEXT)
        assert not axe.violations(window)
        window.get_by_role("link", name="Back").click()
        window.wait_for_url("**/q/inr")
        window.clock.run_for(SETTLED)
        assert answered(window) == ["in_target"]
        assert not window.get_by_text(HINT).count()
        press(window, "not_sure")
        assert stays(window)
        assert answered(window) == ["not_sure"]


def test_no_key_goes_on(browser: Browser, served: Served) -> None:
    with at_inr(browser, served) as window:
        window.locator("main input[type=radio]").first.focus()
        window.keyboard.press("Space")
        assert stays(window)
        window.keyboard.press("ArrowDown")
        assert stays(window)
        assert len(answered(window)) == 1


def test_what_no_hand_made_goes_on_never(browser: Browser, served: Served) -> None:
    with at_inr(browser, served) as window:
        window.evaluate("document.querySelector('#inr_status-in_target').click()")
        assert stays(window)
    made = "pointerId: 1, isPrimary: true, bubbles: true, pointerType: 'touch', detail: 1"
    with at_inr(browser, served) as window:
        window.evaluate(f"""() => {{
            const choice = document.querySelector('label[for=inr_status-in_target]');
            choice.dispatchEvent(new PointerEvent('pointerdown', {{{made}, width: 9, height: 9, pressure: .5}}));
            choice.dispatchEvent(new PointerEvent('click', {{{made}}}));
        }}""")
        assert answered(window) == ["in_target"]
        assert stays(window)


def test_what_a_screen_reader_makes_of_a_tap_goes_nowhere(browser: Browser, served: Served) -> None:
    with at_inr(browser, served) as window:
        window.evaluate("""() => {
            for (const name of ["width", "height"]) Object.defineProperty(PointerEvent.prototype, name, { value: 0 });
        }""")
        press(window, "in_target")
        assert answered(window) == ["in_target"]
        assert stays(window)


def test_what_is_touched_or_pressed_meanwhile_stops_it(browser: Browser, served: Served) -> None:
    for stop in ("touch", "press"):
        with at_inr(browser, served) as window:
            press(window, "in_target")
            window.clock.run_for(SOON)
            window.locator("h1").click() if stop == "touch" else window.keyboard.press("Shift")
            assert stays(window), stop
            assert answered(window) == ["in_target"]
            with window.expect_navigation():
                window.get_by_role("button", name="Continue").click()


def test_a_second_thought_in_time_counts(browser: Browser, served: Served) -> None:
    with at_inr(browser, served) as window:
        press(window, "in_target")
        window.clock.run_for(SOON)
        press(window, "not_sure")
        window.clock.run_for(SOON)
        assert window.url.endswith("/q/inr")
        window.clock.run_for(LONG)
        window.wait_for_url(NEXT)
        window.goto("/q/inr")
        assert answered(window) == ["not_sure"]


def test_a_tap_meant_for_the_page_before_goes_no_further(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        window.clock.install()
        start_at(window, served, "/q/inr", **INR)
        press(window, "in_target")
        assert stays(window)


def test_a_page_that_was_refused_waits_for_continue(browser: Browser, served: Served) -> None:
    with at_inr(browser, served) as window:
        with window.expect_navigation():
            window.get_by_role("button", name="Continue").click()
        window.clock.run_for(SETTLED)
        assert not window.get_by_text(HINT).count()
        press(window, "in_target")
        assert stays(window)


def test_a_page_whose_answer_may_bring_a_card_waits_for_continue(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        window.clock.install()
        start_at(window, served, "/q/fall", **FALL)
        window.clock.run_for(SETTLED)
        assert not window.get_by_text(HINT).count()
        window.locator("main .choice label").first.click()
        window.clock.run_for(LONG)
        window.wait_for_timeout(200)
        assert window.url.endswith("/q/fall")


def test_without_scripts_nothing_is_said_and_nothing_goes_on(browser: Browser, served: Served) -> None:
    with person(browser, served.origin, scripts=False) as window:
        start_at(window, served, "/q/inr", **INR)
        assert not window.get_by_text(HINT).is_visible()
        press(window, "in_target")
        window.wait_for_timeout(MOMENT + 400)
        assert window.url.endswith("/q/inr")


def test_the_page_is_accessible_with_its_hint(browser: Browser, served: Served) -> None:
    with at_inr(browser, served) as window:
        for width, height in (PHONE, TABLET_UPRIGHT):
            window.set_viewport_size({"width": width, "height": height})
            assert window.get_by_text(HINT).is_visible()
            assert not axe.violations(window)
