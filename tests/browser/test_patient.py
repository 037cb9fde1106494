"""The patient's journey in Chromium: with and without scripts, at every size, empty, refused and filled in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.workflow.patient import drafts
from tests.support.apps import Served, parts
from tests.support.browser import DESK, PHONE, SIZES, TABLET_UPRIGHT, person
from tests.support.browser_patients import as_the_same_person, patient_of, start_at
from tests.support.journeys import CALM, NONE, Answers, begin, everything, fill, name_of, submit, walk_in
from tests.support.page_inspection import CUT_OFF, Inspection
from tests.support.visitor import questionnaire

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

pytestmark = pytest.mark.browser

# Somebody with something to say on many pages: every kind of control, a danger sign, follow-ups.
TALKATIVE: dict[str, Answers] = {
    "danger": {"danger_signs": ["chest_pressure", "not_sure"]},
    "danger_unsure": {"danger_signs_unsure": ["fever"]},
    "pain_where": {"pain_regions": ["knee_right", "low_back_left", "shoulder_top_right"]},
    "reason": {**CALM["reason"], "main_region": "knee_right"},
    "medicines": {"gate_medicines": ["thinners", "platelets"]},
    "thinners": {"blood_thinners": ["warfarin"]},
    "inr": {"inr_status": "in_target"},
    "platelets": {"platelets": "low_known_count"},
    "platelet_count": {"platelet_count": "140"},
    "pregnancy": {"pregnancy": "yes", "breastfeeding": "no"},
    "pregnancy_detail": {"pregnancy_signs": NONE, "pregnancy_weeks": "20", "pregnancy_high_risk": "not_sure"},
    "therapies": {"therapies_tried": ["physiotherapy", "ims"], "goals": ["work"]},
    "therapies_detail": {
        "effects-physiotherapy": "helped",
        "effects-ims": "no_change",
        "therapies_now": ["physiotherapy"],
    },
    "weight": {"weight_bearing": "painful"},
}
NARROW = (320, 640)
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}");
  document.adoptedStyleSheets = [sheet];
}"""
TARGETS = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), textarea, select")]
  .filter(e => e.checkVisibility() && !e.matches(".skip, p a, li a"))
  .map(e => {
    const boxes = [e, ...(e.labels ?? [])].filter(l => !l.ariaHidden || l === e).map(l => l.getBoundingClientRect());
    return [e.id || e.textContent.trim(), Math.max(...boxes.map(b => b.width)), Math.max(...boxes.map(b => b.height))];
  })
  .filter(([, width, height]) => width < 43.5 || height < 43.5)"""


def test_the_same_answers_are_stored_with_and_without_scripts(served: Served, browser: Browser) -> None:
    app, origin = served
    stored = []
    for scripts in (True, False):
        with person(browser, origin, scripts=scripts) as window:
            walk_in(window, TALKATIVE)
            window.fill("textarea", "I had a hard year")
            submit(window)
            assert window.locator("h1").inner_text() == "Get help now"
            cookie = next(c for c in window.context.cookies() if c["name"] == "intake_draft")
            draft = drafts.load(parts(app).clinic, cookie["value"])
            keys = parts(app).clinic.keys
            stored.append((draft.answers, draft.passed, draft.identity(keys), draft.texts(keys), draft.alarms))
            assert draft.sent
    assert stored[0] == stored[1]
    assert stored[0][0]["pain_regions"] == ("shoulder_top_right", "low_back_left", "knee_right")


def test_every_page_is_accessible_empty_refused_and_filled_at_every_size(browser: Browser, origin: str) -> None:
    with person(browser, origin) as window:
        inspect, small = Inspection(window, SIZES), dict[str, list[object]]()

        def look_closely() -> None:
            inspect("empty")
            small.update(too_small(window))
            if cut_off_when_spaced(window):
                inspect.faults.append(f"{window.url} scrolls sideways with wide text spacing")

        window.goto("/")
        inspect("empty")
        submit(window)
        for _page in range(60):
            name = window.url.removeprefix(f"{origin}/q/")
            look_closely()
            if name.startswith(origin):
                break
            if name.endswith("/stop"):
                submit(window)
                continue
            if name != "mood":
                submit(window)
                assert window.title().startswith("Error: "), name
                assert window.evaluate("document.activeElement.className") == "errors"
                inspect("refused")
            fill(window, TALKATIVE.get(name, CALM.get(name, {})))
            inspect("filled")
            submit(window)
        assert window.url == f"{origin}/check"
        window.goto("/later")
        inspect("empty")
        window.goto("/check")
        window.fill("textarea", "x" * 501)
        submit(window)
        inspect("refused")
        window.fill("textarea", "")
        submit(window)
        inspect("empty")
        window.goto("/no/such/page")
        inspect("empty")
    assert not inspect.faults, "\n".join(inspect.faults)
    assert not small, json.dumps(small, indent=1)


def too_small(window: Window) -> dict[str, list[object]]:
    """What a finger may miss, by address and width."""
    small = {}
    for width, height in (PHONE, TABLET_UPRIGHT):
        window.set_viewport_size({"width": width, "height": height})
        small[f"{window.url} {width}"] = window.evaluate(TARGETS)
    return {where: found for where, found in small.items() if found}


def cut_off_when_spaced(window: Window) -> bool:
    """Whether the page scrolls sideways in the narrowest window, with the spacing of text that readers may set."""
    window.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    window.evaluate(SPACED)
    cut_off: int = window.evaluate(CUT_OFF)
    window.evaluate("document.adoptedStyleSheets = []")
    return cut_off > 0


def test_every_page_there_is_is_accessible_on_a_phone(browser: Browser, served: Served) -> None:
    ahead, met = patient_of(served), set()
    with person(browser, served.origin) as window:
        inspect, page = Inspection(window, (PHONE,)), begin(ahead)
        as_the_same_person(window, ahead, served)
        while page.path != "/check":
            path, stops = page.path, page.path.endswith("/stop")
            if stops:
                window.goto(path)
            page = ahead.send(page) if stops else ahead.send(page, **everything(page))
            if not stops:
                met.add(name_of(path))
                window.goto(path)
            assert window.url == f"{served.origin}{path}"
            inspect("everything ticked")
    assert not inspect.faults, "\n".join(inspect.faults)
    assert met >= {shown.name for shown in questionnaire().pages}


class TestBodyMap:
    """The picture: touched, it ticks the same boxes as the list; its words tell the patient's own right and left."""

    @pytest.mark.parametrize("scripts", [True, False])
    def test_touching_the_picture_marks_the_region(self, browser: Browser, served: Served, *, scripts: bool) -> None:
        with person(browser, served.origin, scripts=scripts) as window:
            start_at(window, served, "/q/pain_where")
            window.locator("#front label[for=r-knee_right]").click()
            window.get_by_label("Front view or back view").click()
            window.locator("#back label[for=r-shoulder_blade_left]").click()
            chosen = window.locator("input[name=pain_regions]:checked").evaluate_all("e => e.map(x => x.value)")
            assert sorted(chosen) == ["knee_right", "shoulder_blade_left"]
            counted = window.locator("#count")
            assert [counted.is_visible(), counted.inner_text() if scripts else ""] == [
                scripts,
                "2 chosen" if scripts else "",
            ]
            submit(window)
            assert window.url.endswith("/q/reason")

    def test_every_tile_can_be_touched_where_it_is_drawn(self, browser: Browser, served: Served) -> None:
        made = json.loads((Path(__file__).parents[2] / "intake" / "web" / "body_map.json").read_text())
        with person(browser, served.origin, size=DESK) as window:
            start_at(window, served, "/q/pain_where")
            for view in ("front", "back"):
                for tile in made[view]["tiles"]:
                    found = hit_at(window, view, tile["middle"])
                    assert found == f"r-{tile['code']}", f"{view}: {tile['code']} is covered by {found}"

    def test_the_words_stand_on_the_patients_sides(self, browser: Browser, served: Served) -> None:
        with person(browser, served.origin, size=DESK) as window:
            start_at(window, served, "/q/pain_where")
            for view, first, second in (("front", "Your right", "Your left"), ("back", "Your left", "Your right")):
                words = window.locator(f"#{view} .sides span")
                assert words.all_inner_texts() == [first, second]
                left, right = words.nth(0).bounding_box(), words.nth(1).bounding_box()
                assert left is not None
                assert right is not None
                assert left["x"] < right["x"]

    def test_the_picture_is_not_mirrored_where_the_text_runs_from_the_right(
        self, browser: Browser, served: Served
    ) -> None:
        with person(browser, served.origin, size=DESK) as window:
            start_at(window, served, "/q/pain_where")
            before = place(window, "#front label[for=r-hand_right]", "#body-front")
            window.evaluate("document.documentElement.dir = 'rtl'")
            assert place(window, "#front label[for=r-hand_right]", "#body-front") == pytest.approx(before, abs=1)
            words = window.locator("#front .sides span")
            left, right = words.nth(0).bounding_box(), words.nth(1).bounding_box()
            assert left is not None
            assert right is not None
            assert left["x"] < right["x"]

    def test_right_stays_left_of_left_in_the_list_where_the_text_runs_from_the_right(
        self, browser: Browser, served: Served
    ) -> None:
        with person(browser, served.origin) as window:
            start_at(window, served, "/q/pain_where")
            fill(window, {"pain_regions": ["knee_right"]})
            for direction in ("ltr", "rtl"):
                window.evaluate("way => { document.documentElement.dir = way }", direction)
                right, left = (window.locator(f"#r-knee_{side}").bounding_box() for side in ("right", "left"))
                assert right is not None
                assert left is not None
                assert (right["y"], right["x"] < left["x"]) == (left["y"], True)


def hit_at(window: Window, view: str, middle: list[int]) -> str:
    """Whose label a finger meets at a place of the picture."""
    found: str = window.evaluate(
        """([view, x, y]) => {
            const picture = document.querySelector(`#body-${view}`);
            const spot = () => {
                const box = picture.getBoundingClientRect();
                return [box.left + x / 360 * box.width, box.top + y / 880 * box.height];
            };
            scrollBy(0, spot()[1] - 300);
            return document.elementFromPoint(...spot())?.htmlFor ?? "nothing";
        }""",
        [view, *middle],
    )
    return found


def place(window: Window, inner: str, outer: str) -> float:
    """How far from the left edge of one element another begins."""
    first, second = window.locator(inner).bounding_box(), window.locator(outer).bounding_box()
    assert first is not None
    assert second is not None
    return first["x"] - second["x"]


class TestComfort:
    """What scripts add."""

    def test_none_of_these_clears_the_others_and_they_clear_it(self, browser: Browser, served: Served) -> None:
        with person(browser, served.origin) as window:
            start_at(window, served, "/q/warning")
            fever, none = window.locator("#gate_warning-unwell"), window.locator("#gate_warning-none")
            fever.check()
            none.check()
            assert not fever.is_checked()
            fever.check()
            assert not none.is_checked()

    def test_not_sure_may_stand_beside_an_answer(self, browser: Browser, served: Served) -> None:
        with person(browser, served.origin) as window:
            start_at(window, served, "/q/warning")
            window.locator("#gate_warning-unwell").check()
            window.locator("#gate_warning-not_sure").check()
            assert window.locator("#gate_warning-unwell").is_checked()

    def test_a_second_click_sends_nothing(self, browser: Browser, served: Served) -> None:
        with person(browser, served.origin) as window:
            start_at(window, served, "/q/who")
            fill(window, CALM["who"])
            posts: list[str] = []
            window.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
            window.locator("main .btn").dblclick()
            window.wait_for_url("**/q/pain_where")
            assert len(posts) == 1

    def test_larger_text_stays_on_the_next_page(self, browser: Browser, served: Served) -> None:
        for scripts in (True, False):
            with person(browser, served.origin, scripts=scripts) as window:
                start_at(window, served, "/q/who")
                before = window.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
                window.get_by_label("Larger text").check(force=True)
                fill(window, CALM["who"])
                submit(window)
                after = window.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
                assert after == before * 1.25
                assert window.evaluate(CUT_OFF) == 0


class TestBack:
    """The browser's own Back button, with its page cache on."""

    @pytest.mark.parametrize("scripts", [True, False])
    def test_it_shows_the_earlier_answers(self, browser: Browser, served: Served, *, scripts: bool) -> None:
        with person(browser, served.origin, scripts=scripts) as window:
            start_at(window, served, "/q/who")
            fill(window, CALM["who"])
            submit(window)
            assert window.url.endswith("/q/pain_where")
            window.go_back(wait_until="commit")
            assert window.locator("#filled_by-self").is_checked()

    @pytest.mark.parametrize("scripts", [True, False])
    def test_after_sending_it_says_already_sent(self, browser: Browser, served: Served, *, scripts: bool) -> None:
        with person(browser, served.origin, scripts=scripts) as window:
            start_at(window, served, "/check")
            submit(window)
            assert "Answers sent" in window.locator("main").inner_text()
            window.go_back(wait_until="commit")
            window.wait_for_url("**/done*")
            assert "already sent" in window.locator("main").inner_text()
            assert "Ada Example" not in window.content()


def test_the_keyboard_alone_reaches_the_end(browser: Browser, served: Served) -> None:
    with person(browser, served.origin, size=DESK) as window:
        start_at(window, served, "/q/warning")
        window.keyboard.press("Tab")
        assert window.evaluate("document.activeElement.className") == "skip"
        window.keyboard.press("Enter")
        seen: list[str] = []
        for _press in range(40):
            window.keyboard.press("Tab")
            focus = window.evaluate(
                "[document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]"
            )
            seen.append(focus[0])
            if focus[0] == "gate_warning-none":
                break
        window.keyboard.press("Space")
        window.keyboard.press("Enter")
        window.wait_for_url("**/q/about")
        assert seen.index("gate_warning-weakness") < seen.index("gate_warning-none")


def test_forced_colours_still_show_what_is_chosen(browser: Browser, served: Served) -> None:
    with person(browser, served.origin) as window:
        window.emulate_media(forced_colors="active")
        start_at(window, served, "/q/warning")
        box = window.locator(".choice").first
        before = box.evaluate("e => getComputedStyle(e).outlineStyle")
        window.locator("#gate_warning-weakness").check()
        window.locator("h1").click()
        assert (before, box.evaluate("e => getComputedStyle(e).outlineStyle")) == ("none", "solid")
