"""What readers need of a page: its question in view, an answer taken back, dark colours, a way back in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.apps import Served
from tests.support.browser import DESK, PHONE, person
from tests.support.browser_patients import start_at
from tests.support.journeys import CALM, fill, submit
from tests.support.page_inspection import Inspection

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
# Whether the question that the link of an error leads to is on the screen.
IN_VIEW = """() => {
  const at = document.activeElement.closest("fieldset:not(.row), .field") ?? document.querySelector(":target");
  const title = at.querySelector("legend, label").getBoundingClientRect();
  return title.top >= 0 && title.bottom <= innerHeight;
}"""
BRIGHTNESS = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number);
  return (red + green + blue) / 3;
}"""
# The names of the system colours of a chosen score: its field and its words.
FORCED = """() => {
  const probe = document.body.appendChild(document.createElement("p"));
  probe.style.forcedColorAdjust = "none";
  const named = colour => {
    probe.style.color = colour;
    return getComputedStyle(probe).color;
  };
  const box = document.getElementById("needle_fear-7");
  const colours = [getComputedStyle(box).backgroundColor, getComputedStyle(box.labels[0]).color];
  return colours.map(colour => ["Highlight", "HighlightText", "Canvas"].find(name => named(name) === colour));
}"""


@pytest.mark.parametrize("name", ["danger", "about", "pain_where", "strength", "needles"])
def test_an_errors_link_keeps_its_question_in_view(browser: Browser, served: Served, name: str) -> None:
    with person(browser, served.origin) as window:
        start_at(window, served, f"/q/{name}")
        submit(window)
        for link in window.locator(".errors a").all():
            window.evaluate("scrollTo(0, 0)")
            link.click()
            assert window.evaluate(IN_VIEW), link.inner_text()


@pytest.mark.parametrize("name", ["danger", "about", "strength", "needles"])
def test_it_does_so_without_scripts(browser: Browser, served: Served, name: str) -> None:
    with person(browser, served.origin, scripts=False) as window:
        start_at(window, served, f"/q/{name}")
        submit(window)
        for link in window.locator(".errors a").all():
            window.evaluate("scrollTo(0, 0)")
            link.click()
            window.wait_for_timeout(100)
            assert window.evaluate(IN_VIEW), link.inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_answer_that_may_be_left_out_can_be_taken_back(browser: Browser, served: Served, *, scripts: bool) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        start_at(window, served, "/q/mood")
        away = window.locator("#self_harm_thoughts-unanswer, #phq4_worry-unanswer")
        assert [each.is_visible() for each in away.all()] == [False, False]
        fill(window, {"self_harm_thoughts": "passive", "phq4_worry": "1", "phq4_down": "2"})
        submit(window)
        window.goto("/q/mood")
        assert [each.is_visible() for each in away.all()] == [True, True]
        for each in away.all():
            each.check()
        submit(window)
        window.goto("/q/mood")
        chosen = window.locator("input:checked").evaluate_all("all => all.map(e => e.name)")
        assert chosen == ["phq4_down"]


@pytest.mark.parametrize("scripts", [True, False])
def test_front_and_back_of_the_picture_are_no_steps_for_back(
    browser: Browser, served: Served, *, scripts: bool
) -> None:
    with person(browser, served.origin, scripts=scripts) as window:
        start_at(window, served, "/q/who")
        fill(window, CALM["who"])
        submit(window)
        for _turn in range(3):
            window.get_by_label("Front view or back view").click()
        assert window.locator("#back").is_visible()
        assert not window.locator("#front").is_visible()
        window.go_back(wait_until="commit")
        assert window.url.endswith("/q/who")


def test_a_reader_who_prefers_dark_gets_it_on_every_kind_of_page(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        window.emulate_media(color_scheme="dark")
        look = Inspection(window, (PHONE, DESK))
        window.goto("/")
        assert window.evaluate(BRIGHTNESS) < 60
        look("start")
        submit(window)
        submit(window)
        look("refused")
        fill(window, {"danger_signs": ["chest_pressure"]})
        submit(window)
        look("stop")
        for name in ("pain_where", "strength", "mood"):
            start_at(window, served, f"/q/{name}")
            fill(window, CALM[name])
            window.evaluate("scrollTo(0, 0)")
            look(name)
        start_at(window, served, "/check")
        look("check")
        submit(window)
        look("done")
    assert not look.faults, "\n".join(look.faults)


def test_a_chosen_score_can_be_read_in_forced_colours(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        window.emulate_media(forced_colors="active")
        start_at(window, served, "/q/needles")
        fill(window, {"needle_fear": "7"})
        assert window.evaluate(FORCED) == ["Highlight", "HighlightText"]


def test_the_last_page_prints_clinic_phone_and_day(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        start_at(window, served, "/check")
        submit(window)
        window.evaluate("() => { window.print = () => { window.printed = true; }; }")
        window.get_by_role("button", name="Print this page").click()
        assert window.evaluate("window.printed")
        window.emulate_media(media="print")
        words = window.locator("main").inner_text()
        for said in ("Harbour Lane Clinic", "01234 000 000", "Sent on "):
            assert said in words
        assert not window.get_by_role("button", name="Print this page").is_visible()


def test_without_scripts_no_button_stands_there_that_does_nothing(browser: Browser, served: Served) -> None:
    with person(browser, served.origin, scripts=False) as window:
        start_at(window, served, "/check")
        submit(window)
        assert window.locator("#print").count() == 1
        assert not window.locator("#print").is_visible()
