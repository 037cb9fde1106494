"""Whole journeys of invented patients: what they answer on each page, without a screen and in Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support import lint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from xml.etree.ElementTree import Element

    from playwright.sync_api import Page as Window

    from tests.support.client import Page, Value, Visitor

Answers = dict[str, "Value"]
NONE: Value = ["none"]
# Somebody with pain low in the back on the right, and nothing else to report: 22 pages.
CALM: dict[str, Answers] = {
    "danger": {"danger_signs": NONE},
    "warning": {"gate_warning": NONE},
    "about": {
        "full_name": "Ada Example",
        "date_of_birth-day": "27",
        "date_of_birth-month": "March",
        "date_of_birth-year": "1985",
        "contact-phone": "01234 567 890",
        "contact-email": "",
    },
    "who": {"filled_by": "self", "understands_and_agrees": "yes"},
    "pain_where": {"pain_regions": ["low_back_right"]},
    "reason": {"main_reason": "muscle_or_joint_pain", "pain_duration": "3_to_12_months"},
    "began": {"pain_onset": "gradual", "pain_course": "same"},
    "strength": {
        "pain_average": "4",
        "pain_worst": "6",
        "peg_enjoyment": "3",
        "peg_activity": "5",
    },
    "pattern": {"pain_spread": "stays", "pain_pattern": ["with_movement"]},
    "feel": {"pain_quality": ["ache"], "psfs_activity": "Lifting my son"},
    "region": {"gate_region": NONE},
    "medicines": {"gate_medicines": NONE},
    "heart_lungs": {"gate_heart": NONE},
    "conditions": {"gate_conditions": NONE},
    "devices": {"gate_devices": NONE},
    "pregnancy": {"pregnancy": "does_not_apply", "breastfeeding": "no"},
    "skin_needles": {"gate_skin": NONE},
    "needles": {"needle_fear": "2", "wants_needling": "yes"},
    "therapies": {"therapies_tried": NONE, "goals": ["less_pain"]},
    "visit": {"gate_visit": NONE},
    "mood": {},
}


def name_of(path: str) -> str:
    """The name of the question page at an address."""
    return path.removeprefix("/q/")


def begin(visitor: Visitor) -> Page:
    """From the start page to the first question."""
    return visitor.send(visitor.get("/"), "/start")


def walk(visitor: Visitor, until: str = "/check", /, **other: Answers) -> Page:
    """From the start to an address, calm but for `other` answers by page; danger pages are read and passed."""
    page = begin(visitor)
    for _page in range(80):
        if page.path == until:
            return page
        page = step(visitor, page, other)
    raise AssertionError(f"never came to {until}; the last page was {page.path}")


def step(visitor: Visitor, page: Page, other: Mapping[str, Answers]) -> Page:
    """Answer one page."""
    if page.path.endswith("/stop"):
        return visitor.send(page)
    after = visitor.send(page, **answers_to(page.path, other))
    assert not after.errors, f"{page.path}: {after.errors}"
    return after


def answers_to(path: str, other: Mapping[str, Answers]) -> Answers:
    """What this patient answers on a page."""
    name = name_of(path)
    found = other.get(name, CALM.get(name))
    assert found is not None, f"nobody says what to answer on {path}"
    return found


TYPED = {**CALM["about"], "date_of_birth-year": "2012"}


def everything(page: Page) -> Answers:
    """Somebody who ticks all there is and chooses the first of every list: every page stands on that path."""
    found: dict[str, list[Element]] = {}
    for box in lint.controls(next(page.tree.iter("main"))):
        found.setdefault(box.get("name", ""), []).append(box)
    return {name: all_of(name, boxes) for name, boxes in found.items() if not name.endswith("-state")}


def all_of(name: str, boxes: list[Element]) -> Value:
    """Every box of a list, the first radio, or something to type."""
    match boxes[0].get("type"):
        case "radio":
            return boxes[0].get("value")
        case "checkbox":
            together = [box.get("value", "") for box in boxes if box.get("data-alone") is None]
            return together or [boxes[0].get("value", "")]
        case _:
            return TYPED.get(name, "20")


def fill(window: Window, answers: Answers) -> None:
    """Answer the page that is open in Chromium, as fingers and keys would."""
    window.evaluate("document.querySelectorAll('.list details').forEach(group => { group.open = true })")
    for name, given in answers.items():
        if window.locator(
            f"input[name='{name}']:not([type=radio]):not([type=checkbox]), textarea[name='{name}']"
        ).count():
            window.fill(f"[name='{name}']", str(given or ""))
            continue
        for value in [given] if isinstance(given, str) else given or []:
            window.locator(f"input[name='{name}'][value='{value}']").check(force=True)


def submit(window: Window) -> None:
    """Press the page's one button, and see where it leads."""
    with window.expect_navigation():
        window.locator("main .btn").last.click()


def walk_in(
    window: Window,
    other: Mapping[str, Answers],
    *,
    until: str = "/check",
    seen: Callable[[str], None] = lambda _path: None,
) -> None:
    """The same journey in Chromium; `seen` is told every address before it is answered."""
    window.goto("/")
    submit(window)
    for _page in range(80):
        path = "/" + window.url.split("/", 3)[3].split("#")[0]
        if path == until:
            return
        seen(path)
        if not path.endswith("/stop"):
            fill(window, answers_to(path, other))
        submit(window)
    raise AssertionError(f"never came to {until}")
