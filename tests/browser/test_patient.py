"""The patient's journey in Chromium: with and without scripts, at every size, empty, refused and filled in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.forms import PAGES
from intake.workflow import drafts
from tests.support import axe
from tests.support.apps import close, make, parts
from tests.support.browser import DESK, PHONE, SIZES, TABLET_UPRIGHT, person
from tests.support.journeys import CALM, TYPED, Answers, fill, submit, walk_in
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

pytestmark = pytest.mark.browser

# Somebody with something to say on many pages: every kind of control, a danger sign, follow-ups.
TALKATIVE: dict[str, Answers] = {
    "danger": {"danger_signs": ["chest_pressure", "not_sure"]},
    "danger_unsure": {"danger_signs_unsure": ["fever"]},
    "pain_where": {"pain_regions": ["knee_right", "low_back_left", "shoulder_top_right"]},
    "main_region": {"main_region": "knee_right"},
    "medicines": {"gate_medicines": ["thinners", "platelets"]},
    "thinners": {"blood_thinners": ["warfarin"]},
    "inr": {"inr_status": "in_target"},
    "platelets": {"platelets": "low_known_count"},
    "platelet_count": {"platelet_count": "140"},
    "pregnancy": {"pregnancy": "yes", "breastfeeding": "no"},
    "pregnancy_detail": {"pregnancy_weeks": "20", "pregnancy_high_risk": "not_sure"},
    "therapies": {"therapies_tried": ["physiotherapy", "ims"]},
    "therapies_detail": {
        "effects-physiotherapy": "helped",
        "effects-ims": "no_change",
        "therapies_now": ["physiotherapy"],
    },
    "weight": {"weight_bearing": "painful"},
}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TARGETS = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), textarea, select")]
  .filter(e => e.checkVisibility() && !e.matches(".skip, p a, li a"))
  .map(e => {
    const boxes = [e, ...(e.labels ?? [])].filter(l => !l.ariaHidden || l === e).map(l => l.getBoundingClientRect());
    return [e.id || e.textContent.trim(), Math.max(...boxes.map(b => b.width)), Math.max(...boxes.map(b => b.height))];
  })
  .filter(([, width, height]) => width < 43.5 || height < 43.5)"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """A product whose store the test can read."""
    folder: Path = tmp_path_factory.mktemp("served")
    app = make(folder, f"sqlite:///{folder / 'intake.sqlite3'}")
    with serving(app) as origin:
        yield app, origin
    close(app)


def test_the_same_answers_are_stored_with_and_without_scripts(served: tuple[Flask, str], browser: Browser) -> None:
    app, origin = served
    stored = []
    for scripts in (True, False):
        with person(browser, origin, scripts=scripts) as window:
            walk_in(window, TALKATIVE)
            window.fill("textarea", "I had a hard year")
            submit(window)
            assert window.locator("h1").inner_text() == "Get help now"
            cookie = next(c for c in window.context.cookies() if c["name"] == "intake_draft")
            draft = drafts.load(parts(app).store.database, cookie["value"], parts(app).clock())
            keys = parts(app).store.keys
            stored.append((draft.answers, draft.passed, draft.identity(keys), draft.texts(keys), draft.shown_alerts))
            assert draft.sent
    assert stored[0] == stored[1]
    assert stored[0][0]["pain_regions"] == ("shoulder_top_right", "low_back_left", "knee_right")


def test_every_page_is_accessible_empty_refused_and_filled_at_every_size(browser: Browser, origin: str) -> None:
    faults: list[str] = []

    def look(window: Window, state: str) -> None:
        for width, height in SIZES:
            window.set_viewport_size({"width": width, "height": height})
            faults.extend(f"{window.url} {state} {width}: {fault}" for fault in axe.violations(window))
            if window.evaluate(SIDEWAYS) > 0:
                faults.append(f"{window.url} {state} {width}: scrolls sideways")

    with person(browser, origin) as window:
        window.goto("/")
        look(window, "empty")
        submit(window)
        for _page in range(60):
            name = window.url.removeprefix(f"{origin}/q/")
            look(window, "empty")
            if name.startswith(origin):
                break
            if name.endswith("/stop"):
                submit(window)
                continue
            if name != "mood":
                submit(window)
                assert window.title().startswith("Error: "), name
                assert window.evaluate("document.activeElement.className") == "errors"
                look(window, "refused")
            fill(window, TALKATIVE.get(name, CALM.get(name, {})))
            look(window, "filled")
            submit(window)
        assert window.url == f"{origin}/check"
        window.goto("/later")
        look(window, "empty")
        window.goto("/check")
        window.fill("textarea", "x" * 501)
        submit(window)
        look(window, "refused")
        window.fill("textarea", "")
        submit(window)
        look(window, "empty")
        window.goto("/no/such/page")
        look(window, "empty")
    assert not faults, "\n".join(faults)


def test_every_page_there_is_is_accessible_on_a_phone(browser: Browser, origin: str) -> None:
    faults: list[str] = []
    met: set[str] = set()
    with person(browser, origin) as window:
        window.goto("/")
        submit(window)
        while not window.url.endswith("/check"):
            name = window.url.removeprefix(f"{origin}/q/")
            if not name.endswith("/stop"):
                met.add(name)
                tick_everything(window)
            faults.extend(f"{name}: {fault}" for fault in axe.violations(window))
            if window.evaluate(SIDEWAYS) > 0:
                faults.append(f"{name}: scrolls sideways")
            submit(window)
    assert not faults, "\n".join(faults)
    assert met >= {shown.name for shown in PAGES}


def tick_everything(window: Window) -> None:
    """Tick what may be ticked together, choose the first of every list, type where something must be typed."""
    window.evaluate(
        """typed => {
            for (const input of document.querySelectorAll("main input:not([type=hidden])")) {
                const first = document.getElementsByName(input.name)[0] === input;
                if (input.type === "radio") input.checked = first;
                else if (input.type === "checkbox") {
                    const alone = document.querySelectorAll(`[name='${input.name}']:not([data-alone])`).length === 0;
                    input.checked = !input.name.endsWith("-state") && (alone ? first : !("alone" in input.dataset));
                } else input.value = typed[input.name] ?? "20";
            }
        }""",
        TYPED,
    )


def test_nothing_scrolls_sideways_at_320_with_wide_text_spacing(browser: Browser, origin: str) -> None:
    wide: list[str] = []
    spacing = "* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}"

    with person(browser, origin, size=(320, 640)) as window:

        def measure(path: str) -> None:
            window.evaluate(
                """css => {const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
                   document.adoptedStyleSheets = [sheet]}""",
                spacing,
            )
            if window.evaluate(SIDEWAYS) > 0:
                wide.append(path)

        walk_in(window, TALKATIVE, seen=measure)
        measure("/check")
    assert not wide


def test_every_target_is_large_enough(browser: Browser, origin: str) -> None:
    small: dict[str, list[object]] = {}
    with person(browser, origin, size=PHONE) as window:

        def measure(path: str) -> None:
            for size in (PHONE, TABLET_UPRIGHT):
                window.set_viewport_size({"width": size[0], "height": size[1]})
                found = window.evaluate(TARGETS)
                if found:
                    small[f"{path} {size[0]}"] = found

        walk_in(window, TALKATIVE, seen=measure)
        measure("/check")
    assert not small, json.dumps(small, indent=1)


class TestBodyMap:
    """The picture: touched, it ticks the same boxes as the list; its words tell the patient's own right and left."""

    @pytest.mark.parametrize("scripts", [True, False])
    def test_touching_the_picture_marks_the_region(self, browser: Browser, origin: str, *, scripts: bool) -> None:
        with person(browser, origin, scripts=scripts) as window:
            walk_in(window, {}, until="/q/pain_where")
            window.locator("#front label[for=r-knee_right]").click()
            window.get_by_role("link", name="Back of body").click()
            window.locator("#back label[for=r-shoulder_blade_left]").click()
            chosen = window.locator("input[name=pain_regions]:checked").evaluate_all("e => e.map(x => x.value)")
            assert sorted(chosen) == ["knee_right", "shoulder_blade_left"]
            submit(window)
            assert window.url.endswith("/q/main_region")

    def test_every_tile_can_be_touched_where_it_is_drawn(self, browser: Browser, origin: str) -> None:
        made = json.loads((Path(__file__).parents[2] / "intake" / "web" / "body_map.json").read_text())
        with person(browser, origin, size=DESK) as window:
            walk_in(window, {}, until="/q/pain_where")
            for view in ("front", "back"):
                for tile in made[view]["tiles"]:
                    found = hit_at(window, view, tile["middle"])
                    assert found == f"r-{tile['code']}", f"{view}: {tile['code']} is covered by {found}"

    def test_the_words_stand_on_the_patients_sides(self, browser: Browser, origin: str) -> None:
        with person(browser, origin, size=DESK) as window:
            walk_in(window, {}, until="/q/pain_where")
            for view, first, second in (("front", "Your right", "Your left"), ("back", "Your left", "Your right")):
                words = window.locator(f"#{view} .sides span")
                assert words.all_inner_texts() == [first, second]
                left, right = words.nth(0).bounding_box(), words.nth(1).bounding_box()
                assert left is not None
                assert right is not None
                assert left["x"] < right["x"]

    def test_the_picture_is_not_mirrored_where_the_text_runs_from_the_right(
        self, browser: Browser, origin: str
    ) -> None:
        with person(browser, origin, size=DESK) as window:
            walk_in(window, {}, until="/q/pain_where")
            before = place(window, "#front label[for=r-hand_right]", "#body-front")
            window.evaluate("document.documentElement.dir = 'rtl'")
            assert place(window, "#front label[for=r-hand_right]", "#body-front") == pytest.approx(before, abs=1)
            words = window.locator("#front .sides span")
            left, right = words.nth(0).bounding_box(), words.nth(1).bounding_box()
            assert left is not None
            assert right is not None
            assert left["x"] < right["x"]


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

    def test_none_of_these_clears_the_others_and_they_clear_it(self, browser: Browser, origin: str) -> None:
        with person(browser, origin) as window:
            walk_in(window, {}, until="/q/warning")
            fever, none = window.locator("#gate_warning-unwell"), window.locator("#gate_warning-none")
            fever.check()
            none.check()
            assert not fever.is_checked()
            fever.check()
            assert not none.is_checked()

    def test_not_sure_may_stand_beside_an_answer(self, browser: Browser, origin: str) -> None:
        with person(browser, origin) as window:
            walk_in(window, {}, until="/q/warning")
            window.locator("#gate_warning-unwell").check()
            window.locator("#gate_warning-not_sure").check()
            assert window.locator("#gate_warning-unwell").is_checked()

    def test_a_second_click_sends_nothing(self, browser: Browser, origin: str) -> None:
        with person(browser, origin) as window:
            walk_in(window, {}, until="/q/who")
            fill(window, CALM["who"])
            posts: list[str] = []
            window.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
            window.locator("main .btn").dblclick()
            window.wait_for_url("**/q/pain_where")
            assert len(posts) == 1

    def test_larger_text_stays_on_the_next_page(self, browser: Browser, origin: str) -> None:
        for scripts in (True, False):
            with person(browser, origin, scripts=scripts) as window:
                walk_in(window, {}, until="/q/who")
                before = window.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
                window.get_by_label("Larger text").check(force=True)
                fill(window, CALM["who"])
                submit(window)
                after = window.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
                assert after == before * 1.25
                assert window.evaluate(SIDEWAYS) == 0


class TestBack:
    """The browser's own Back button, with its page cache on."""

    @pytest.mark.parametrize("scripts", [True, False])
    def test_it_shows_the_earlier_answers(self, browser: Browser, origin: str, *, scripts: bool) -> None:
        with person(browser, origin, scripts=scripts) as window:
            walk_in(window, {}, until="/q/pain_where")
            window.go_back(wait_until="commit")
            assert window.locator("#filled_by-self").is_checked()

    @pytest.mark.parametrize("scripts", [True, False])
    def test_after_sending_it_says_already_sent(self, browser: Browser, origin: str, *, scripts: bool) -> None:
        with person(browser, origin, scripts=scripts) as window:
            walk_in(window, {})
            submit(window)
            assert "Answers sent" in window.locator("main").inner_text()
            window.go_back(wait_until="commit")
            window.wait_for_url("**/done*")
            assert "already sent" in window.locator("main").inner_text()
            assert "Ada Example" not in window.content()


def test_the_keyboard_alone_reaches_the_end(browser: Browser, origin: str) -> None:
    with person(browser, origin, size=DESK) as window:
        walk_in(window, {}, until="/q/warning")
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


def test_forced_colours_still_show_what_is_chosen(browser: Browser, origin: str) -> None:
    with person(browser, origin) as window:
        window.emulate_media(forced_colors="active")
        walk_in(window, {}, until="/q/warning")
        box = window.locator(".choice").first
        before = box.evaluate("e => getComputedStyle(e).outlineStyle")
        window.locator("#gate_warning-weakness").check()
        window.locator("h1").click()
        assert (before, box.evaluate("e => getComputedStyle(e).outlineStyle")) == ("none", "solid")
