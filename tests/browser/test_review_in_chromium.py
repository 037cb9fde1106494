"""The practitioner's pages in Chromium: the way from sign-in to the next intake, access for all, one printed page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.page_inspection import Inspection
from tests.support.practice import Practice, enter, open_practice, ticks_everything
from tests.support.served import served_practice
from tests.support.server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.visitor import Posted

pytestmark = pytest.mark.browser
LAPTOP = (1366, 768)
SIZES = (PHONE, TABLET_UPRIGHT, LAPTOP)
GATES = ("warning", "medicines", "heart", "conditions", "devices", "skin", "visit")
UNSURE: Posted = {f"gate_{name}": ("not_sure",) for name in GATES} | {
    "danger_signs": ("not_sure",),
    "needle_fear": "not_sure",
}
MUCH: Posted = {
    "danger_signs": ("saddle_numbness",),
    "gate_medicines": ("thinners",),
    "blood_thinners": ("apixaban",),
    "gate_devices": ("devices",),
    "devices": ("not_sure",),
    "needle_fear": "6",
    "pain_regions": ("shoulder_top_right", "low_back_left", "knee_left"),
    "main_region": "shoulder_top_right",
    "pain_average": "6",
    "pain_worst": "8",
    "gate_skin": ("skin",),
    "skin_problems": ("red_hot_swollen",),
    "skin_regions": ("calf_right", "shin_right"),
    "therapies_tried": ("physiotherapy", "dry_needling"),
}
STORIES: dict[str, Posted] = {"much": MUCH, "calm": {}, "unsure": UNSURE, "refuses": {"wants_needling": "no"}}
LONG = "It hurts when I lift my grandson. " * 14


class Served:
    """A practice behind a server, with one intake of each story."""

    def __init__(self, practice: Practice, origin: str) -> None:
        self.origin = origin
        practice.account()
        texts = {"anything_else": LONG.strip(), "medicines_text": LONG.strip()}
        self.ids = {name: practice.sent(said, name.title(), texts=texts).intake_id for name, said in STORIES.items()}
        self.ids["everything"] = practice.sent(name="Every Thing", texts=texts, patient=ticks_everything()).intake_id
        self.unsent = practice.unsent("W" * 100)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The practice that these tests share."""
    with served_practice(tmp_path_factory.mktemp("practice")) as (practice, origin):
        yield Served(practice, origin)


def addresses(served: Served) -> list[str]:
    intakes = [f"/review/{intake_id}{end}" for intake_id in map(served.ids.get, STORIES) for end in ("", "/print")]
    return ["/review/", f"/review/unsent/{served.unsent}", *intakes]


def test_every_page_is_open_to_all_and_fits_every_window(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as page:
        inspect = Inspection(page, SIZES)
        page.goto("/staff/login")
        inspect("empty")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector(".errors")
        inspect("refused")
        enter(page)
        for path in addresses(served):
            page.goto(path)
            page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
            inspect("unfolded")
    assert not inspect.faults, "\n".join(inspect.faults)


BRIGHTNESS = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[0-9.]+/g).map(Number);
  return (red + green + blue) / 3;
}"""


def test_a_member_of_staff_who_prefers_dark_gets_it_and_can_read_everything(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, size=LAPTOP) as page:
        page.emulate_media(color_scheme="dark")
        inspect, bright = Inspection(page, (LAPTOP,)), {}
        page.goto("/staff/login")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector(".errors")
        inspect("refused")
        enter(page)
        rules = ("/review/rules", "/review/rules/fracture-injury", "/review/rules/try?rule=anticoagulant-vka")
        for path in (*addresses(served), *rules):
            page.goto(path)
            page.locator("details").evaluate_all("all => all.forEach(details => { details.open = true })")
            inspect("dark")
            bright[path] = page.evaluate(BRIGHTNESS)
    assert not inspect.faults, "\n".join(inspect.faults)
    assert {path for path, light in bright.items() if light > 60} == {
        path for path in bright if path.endswith("/print")
    }


def test_the_top_of_an_intake_needs_no_scrolling_on_a_laptop(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, size=LAPTOP) as page:
        enter(page)
        page.goto(f"/review/{served.ids['much']}")
        seen = page.get_by_label("Seen").first
        for part in (
            page.locator(".who"),
            seen,
            page.locator(".story"),
            page.get_by_role("button", name="Save and next"),
        ):
            box = part.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= LAPTOP[1], part


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_sign_in_to_the_next_intake(browser: Browser, tmp_path: Path, scripts: bool) -> None:
    practice = open_practice(tmp_path / "instance", f"sqlite:///{tmp_path / 'db' / 'intake.sqlite3'}")
    practice.account()
    practice.sent({"danger_signs": ("saddle_numbness",)}, "Ann Urgent")
    practice.sent({}, "Fay Calm")
    with serving(practice.app) as origin, person(browser, origin, scripts=scripts, size=LAPTOP) as page:
        enter(page)
        page.get_by_role("link", name="Ann Urgent").click()
        page.get_by_label("Call first").check()
        page.get_by_label("Reason", exact=True).select_option("Urgent signs")
        page.get_by_role("button", name="Save and next").click()
        page.get_by_role("link", name="Tick “Seen” on each urgent finding first.").click()
        page.get_by_label("Seen").check()
        page.get_by_role("button", name="Save and next").click()
        assert page.locator(".who").inner_text() == "Fay Calm"
        assert "Saved: Ann Urgent, call first." in page.get_by_role("status").inner_text()
        page.get_by_label("Ready to treat").check()
        page.get_by_role("button", name="Save and next").click()
        assert "Saved: Fay Calm, ready to treat." in page.get_by_role("status").inner_text()
        assert "Ann Urgent" in page.locator("tbody").inner_text(), "a call to make stays on the list"
        page.get_by_role("button", name="sign out").click()
        page.get_by_role("heading", name="Sign in").wait_for()
        page.go_back()
        assert "Fay Calm" not in page.content()
    practice.clinic.database.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_calm_intake_takes_six_keys_and_three_pages(browser: Browser, tmp_path: Path, scripts: bool) -> None:
    practice = open_practice(tmp_path / "instance", f"sqlite:///{tmp_path / 'db' / 'intake.sqlite3'}")
    practice.account()
    practice.sent({}, "Fay Calm")
    pages: list[str] = []
    with serving(practice.app) as origin, person(browser, origin, scripts=scripts, size=LAPTOP) as page:
        enter(page)
        page.on("load", lambda shown: pages.append(shown.url))
        page.keyboard.press("Enter")
        page.locator(".who").wait_for()
        for key in ("Tab", "Tab", "Enter", "Space", "Enter"):
            page.keyboard.press(key)
        page.get_by_text("No intake waits.").wait_for()
        page.goto("/review/?list=decided")
        assert page.get_by_role("link", name="Fay Calm").is_visible()
    assert len(pages) <= 3 + 1, pages
    practice.clinic.database.close()


def test_single_letters_do_nothing(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, size=LAPTOP) as page:
        enter(page)
        page.goto(f"/review/{served.ids['calm']}")
        before = page.url
        for letter in "abcdefghijklmnopqrstuvwxyz?/":
            page.keyboard.press(letter)
        assert page.url == before
        assert page.locator("input:checked").count() == 0


@pytest.mark.parametrize("story", [*STORIES, "everything"])
def test_the_sheet_prints_on_one_page(served: Served, browser: Browser, story: str) -> None:
    with person(browser, served.origin, size=LAPTOP) as page:
        enter(page)
        page.goto(f"/review/{served.ids[story]}/print")
        pdf = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) == 1
        text = " ".join(page.locator(".sheet").inner_text().split())
        page.goto(f"/review/{served.ids[story]}")
        titles = [title.split(": ", 1)[1] for title in page.locator("label[for^=override-]").all_text_contents()]
        assert [title for title in titles if title not in text] == []
        assert "not a diagnosis" in text


def test_the_queue_prints_as_a_list_without_what_one_works_it_with(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, size=LAPTOP) as page:
        enter(page)
        page.goto("/review/?tier=urgent")
        page.emulate_media(media="print")
        assert page.locator(".queue tbody tr").first.is_visible()
        for tool in ("#find", ".tabs", ".narrow-down summary", ".chips"):
            assert not page.locator(tool).is_visible(), tool
        ring = page.locator(".queue :focus").evaluate_all(
            "links => links.map(link => getComputedStyle(link).outlineStyle)"
        )
        assert ring == ["none"]


def test_a_tag_stands_apart_from_the_title(served: Served, browser: Browser) -> None:
    with person(browser, served.origin, size=LAPTOP) as page:
        enter(page)
        page.goto(f"/review/{served.ids['unsure']}")
        tags = page.locator("h2 .tag.line, h3 .tag.line")
        glued = [tag.evaluate("tag => tag.previousSibling.textContent") for tag in tags.all()]
        assert glued
        assert [words for words in glued if not words.endswith((" ", "\n"))] == []
