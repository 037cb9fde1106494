"""The tablet in Chromium, its page cache on and its profile on disk: nothing of one person is left for the next."""

from __future__ import annotations

import base64
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import Error as PlaywrightError

from intake.workflow.desk import invitations, tablets
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from tests.support import axe
from tests.support.arriving import sent_at_home
from tests.support.browser import EXECUTABLE, FLAGS, TABLET, TABLET_UPRIGHT, person
from tests.support.desk import booked
from tests.support.invited import DAY
from tests.support.journeys import CALM, fill
from tests.support.practice import Practice, open_practice
from tests.support.residue import (
    ADA,
    BACKS,
    BEGUN,
    BEN,
    DEVICE,
    FORM,
    START,
    Patient,
    ahead,
    expect,
    kill,
    planted_in,
    traces,
)
from tests.support.server import serving
from tests.support.small_clinic import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext
    from playwright.sync_api import Page as Window

    from tests.support.campaigns import Campaign

pytestmark = pytest.mark.browser
KEY = "0f" * 20
REVOKED = "Enrol this tablet"
UNTIL_ON_DISK = 31_000  # milliseconds until a browser has written its cookies and its session
SIZES = (TABLET_UPRIGHT, TABLET, (768, 1024))
IN_SIGHT = 0.8
LOOKED_AT = ("danger", "about", "pain_where", "strength", "send")
SMALL = """() => {
  const parts = "button, summary, a[href], .choice, .marks > div, main input:not([type=hidden])";
  const inside = ".skip, dialog *, .choice *, .marks *, .scale *, .pills *, .size *";
  return [...document.querySelectorAll(parts)].filter(e => e.checkVisibility() && !e.matches(inside))
    .map(e => [e, e.getBoundingClientRect()]).filter(([e, box]) => box.height && box.height < 55.5)
    .map(([e, box]) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)} ${Math.round(box.height)}`);
}"""


class Room(NamedTuple):
    """A clinic behind a server, with one tablet and two people who are expected today."""

    practice: Practice
    origin: str


@pytest.fixture
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room of the test's own."""
    folder = tmp_path_factory.mktemp("practice")
    practice = open_practice(folder / "instance", f"sqlite:///{folder / 'db' / 'intake.sqlite3'}")
    by = Practitioner(practice.account())
    tablets.add(practice.clinic, "d" * 32, "Waiting room", "123456", by)
    assert tablets.enrol(practice.clinic, "123456", KEY, "network")
    expect(practice)
    with serving(practice.app) as origin:
        yield Room(practice, origin)
    practice.clinic.database.close()


@contextmanager
def tablet(browser: Browser, room: Room, profile: Path, *flags: str, scripts: bool) -> Iterator[Window]:
    """The tablet's browser, with a profile on disk and its page cache on, as in the waiting room."""
    context: BrowserContext = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=EXECUTABLE,
        args=[*FLAGS, *flags],
        ignore_default_args=["--disable-back-forward-cache"],
        base_url=room.origin,
        java_script_enabled=scripts,
        viewport={"width": TABLET[0], "height": TABLET[1]},
    )
    expires = time.time() + 9e5
    context.add_cookies([{"name": DEVICE, "value": KEY, "url": room.origin, "httpOnly": True, "expires": expires}])
    try:
        yield context.pages[0]
    finally:
        context.close()


def press(window: Window, button: str) -> None:
    """Press a button, and see where it leads."""
    with window.expect_navigation():
        window.locator(button).last.click()


def sit_down(window: Window, who: Patient) -> None:
    """From the start page to where the form stands, by birth date."""
    window.goto(START)
    fill(window, {**who.born, "letters": who.name[:3]})
    press(window, "#page button")


def type_again(window: Window, who: Patient) -> None:
    """From the check page to the page with the name and back, each word typed by hand."""
    press(window, "button[name=to][value=about]")
    fill(window, who.answers["about"])
    press(window, "#page button")
    press(window, "button[name=to][value=feel]")
    fill(window, who.answers["feel"])
    press(window, "#page button")
    assert who.words in window.content()


def leave(window: Window, way: str) -> None:
    """One way out, from the check page."""
    match way:
        case "finish":
            press(window, "#page button")
            press(window, "#page button")
        case "leave":
            window.locator("footer summary").click()
            press(window, "footer form[action$=leave] button")
        case "clear":
            window.locator("footer summary").click()
            press(window, "#tablet-clear button")
        case "idle":
            window.clock.fast_forward(91_000)
            assert window.locator("dialog[open]").is_visible()
            with window.expect_navigation():
                window.clock.fast_forward(31_000)
        case "address":
            window.goto(START)
        case "reload":
            window.reload()
        case "closed":
            return
    assert window.locator("h1").inner_text() == BEGUN


def shows_nothing(window: Window, *people: Patient) -> None:
    """The page that is open says nothing of these people."""
    text = window.content() + " ".join(window.evaluate("[...document.querySelectorAll('input')].map(e => e.value)"))
    assert not planted_in(text, *people), window.url


def look_back(window: Window, *people: Patient, backs: int = BACKS) -> None:
    """Back as often as somebody may press it, forward, and the old address."""
    for _press in range(backs):
        window.go_back(wait_until="commit")
        window.wait_for_timeout(20)
        window.wait_for_load_state()
        shows_nothing(window, *people)
        if window.url == "about:blank":
            break
    window.go_forward(wait_until="commit")
    window.wait_for_load_state()
    shows_nothing(window, *people)
    window.goto(FORM)
    assert window.locator("h1").inner_text() == BEGUN
    shows_nothing(window, *people)
    assert window.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


EXITS = [("finish", True), ("leave", False)]
MORE_EXITS = [
    ("leave", True),
    ("idle", True),
    ("closed", True),
    ("finish", False),
    ("address", False),
    ("reload", True),
]


@pytest.mark.parametrize(
    ("way", "scripts"), [*EXITS, *(pytest.param(*each, marks=pytest.mark.soak) for each in MORE_EXITS)]
)
def test_nothing_is_left_on_the_tablet(browser: Browser, room: Room, tmp_path: Path, way: str, scripts: bool) -> None:
    ahead(room.practice, KEY, ADA, "/tablet/send")
    with tablet(browser, room, tmp_path / "profile", scripts=scripts) as window:
        if way == "idle":
            window.clock.install()
        sit_down(window, ADA)
        type_again(window, ADA)
        leave(window, way)
        if way != "closed":
            look_back(window, ADA)
    with tablet(browser, room, tmp_path / "profile", scripts=scripts) as window:
        window.goto(FORM)
        assert window.locator("h1").inner_text() == BEGUN
        look_back(window, ADA)
    assert traces(tmp_path / "profile", ADA) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_of_last_time_is_left_on_the_tablet(
    browser: Browser, room: Room, tmp_path: Path, *, scripts: bool
) -> None:
    clinic, born = room.practice.clinic, f"{ADA.year}-03-27"
    who = {"name": ADA.name, "born": born, "phone": ADA.phone}
    clinic.sent({"therapies_tried": ("massage",), "age_years": 95}, clinic.now - timedelta(days=30), **who)
    visit = booked(clinic, Identity(ADA.name, born, ADA.phone), NOW + timedelta(hours=3))
    code = invitations.slip(clinic, visit, Practitioner(0)).code
    with tablet(browser, room, tmp_path / "profile", scripts=scripts) as window:
        window.goto(START)
        fill(window, {**ADA.born, "code": code})
        press(window, "#page button")
        assert all(words in window.content() for words in (ADA.name, ADA.phone, "Massage"))
        press(window, "#page button")
        assert window.locator("#page").get_attribute("action") == "/tablet/q/danger"
        window.goto(START)
        look_back(window, ADA, backs=5)
    assert traces(tmp_path / "profile", ADA) == []


@pytest.mark.soak
@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_comes_back_after_the_browser_was_killed(
    browser: Browser, room: Room, tmp_path: Path, *, scripts: bool
) -> None:
    ahead(room.practice, KEY, ADA, "/tablet/send")
    profile = tmp_path / "profile"
    with suppress(PlaywrightError), tablet(browser, room, profile, scripts=scripts) as window:
        sit_down(window, ADA)
        type_again(window, ADA)
        window.wait_for_timeout(UNTIL_ON_DISK)
        assert kill(f"--user-data-dir={profile}") > 0
        window.wait_for_timeout(1000)
    preferences = profile / "Default" / "Preferences"
    preferences.write_text(preferences.read_text().replace('"exit_type":"Crashed"', '"exit_type":"Normal"'))
    assert traces(profile, ADA) == []
    with tablet(browser, room, profile, "--restore-last-session", scripts=scripts) as window:
        for restored in window.context.pages:
            restored.wait_for_load_state()
            shows_nothing(restored, ADA)
        window.goto(FORM)
        assert window.locator("h1").inner_text() == BEGUN
        look_back(window, ADA)
    assert traces(profile, ADA) == []


def test_a_tablet_that_is_revoked_shows_nothing_any_more(browser: Browser, room: Room, tmp_path: Path) -> None:
    ahead(room.practice, KEY, ADA, "/tablet/send")
    with tablet(browser, room, tmp_path / "profile", scripts=True) as window:
        sit_down(window, ADA)
        type_again(window, ADA)
        tablets.revoke(room.practice.clinic, "d" * 32, Practitioner(0))
        press(window, "#page button")
        assert window.locator("h1").inner_text() == REVOKED
        for _press in range(BACKS):
            window.go_back(wait_until="commit")
            window.wait_for_load_state()
            shows_nothing(window, ADA)
            if window.url == "about:blank":
                break
        window.goto(FORM)
        assert window.locator("h1").inner_text() == REVOKED
    assert traces(tmp_path / "profile", ADA) == []


def test_nothing_is_left_where_the_server_is_gone(browser: Browser, room: Room, tmp_path: Path) -> None:
    ahead(room.practice, KEY, ADA, "/tablet/send")
    profile = tmp_path / "profile"
    with tablet(browser, room, profile, scripts=True) as window:
        sit_down(window, ADA)
        type_again(window, ADA)
        window.context.route("**", lambda route: route.abort("connectionrefused"))
        window.locator("#page button").last.click()
        window.wait_for_selector("#stalled:not([hidden])")
        assert ADA.words in window.content()
    assert traces(profile, ADA) == []
    with tablet(browser, room, profile, scripts=True) as window:
        window.goto(START)
        look_back(window, ADA)
    assert traces(profile, ADA) == []


def test_the_search_finds_what_a_browser_keeps(tmp_path: Path) -> None:
    (tmp_path / "Session").write_bytes(b"..." + "Quagga".encode("utf-16-le"))
    (tmp_path / "Web Data").write_bytes(base64.b64encode(b"at Juggling xylophones!"))
    assert len(traces(tmp_path, ADA)) == 2


def test_people_take_turns_and_none_meets_the_one_before(
    browser: Browser, room: Room, tmp_path: Path, campaign: Campaign
) -> None:
    rounds = campaign.rounds(2, 100)
    ways = ("leave", "clear", "address", "reload", "leave")
    with tablet(browser, room, tmp_path / "profile", scripts=True) as window:
        for number in range(rounds):
            who, other = (ADA, BEN) if number % 2 else (BEN, ADA)
            ahead(room.practice, KEY, who, "/tablet/send")
            sit_down(window, who)
            assert who.words in window.content()
            shows_nothing(window, other)
            leave(window, campaign.random.choice(ways))
            look_back(window, ADA, BEN, backs=3)
    assert traces(tmp_path / "profile", ADA, BEN) == []
    campaign.tried("patients in turn on one tablet", rounds)


def test_what_was_typed_stays_while_the_network_is_away_and_is_sent_after(
    browser: Browser, room: Room, tmp_path: Path
) -> None:
    ahead(room.practice, KEY, ADA, "/tablet/q/about")
    with tablet(browser, room, tmp_path / "profile", scripts=True) as window:
        window.clock.install()
        sit_down(window, ADA)
        fill(window, ADA.answers["about"])
        window.context.set_offline(offline=True)
        window.locator("#page button").last.click()
        window.wait_for_selector("#stalled:not([hidden])")
        assert window.locator("[name=full_name]").input_value() == ADA.name
        window.context.set_offline(offline=False)
        with window.expect_navigation():
            window.clock.fast_forward(5_000)
        assert window.locator("#page").get_attribute("action") == "/tablet/q/who"
        window.clock.fast_forward(1_000)
    assert traces(tmp_path / "profile", ADA) == []


def test_time_is_given_as_often_as_somebody_asks(browser: Browser, room: Room, tmp_path: Path) -> None:
    ahead(room.practice, KEY, ADA, "/tablet/q/about")
    with tablet(browser, room, tmp_path / "profile", scripts=True) as window:
        window.clock.install()
        sit_down(window, ADA)
        fill(window, {"full_name": ADA.name})
        for _time in range(11):
            window.clock.fast_forward(91_000)
            window.get_by_role("button", name="I am still here").click()
        window.clock.fast_forward(91_000)
        window.get_by_role("button", name="I need more time").click()
        window.clock.fast_forward(595_000)
        assert not window.locator("dialog[open]").count()
        assert window.locator("[name=full_name]").input_value() == ADA.name
        window.clock.fast_forward(6_000)
        assert window.locator("dialog[open]").is_visible()
        leave_now = window.get_by_role("dialog").get_by_role("button", name="Clear and finish")
        with window.expect_navigation():
            leave_now.click()
        assert window.locator("h1").inner_text() == BEGUN


def test_to_fetch_a_person_leaves_what_was_typed(browser: Browser, room: Room, tmp_path: Path) -> None:
    ahead(room.practice, KEY, ADA, "/tablet/q/about")
    with tablet(browser, room, tmp_path / "profile", scripts=True) as window:
        sit_down(window, ADA)
        fill(window, {"full_name": ADA.name})
        window.get_by_role("button", name="Fetch a person").click()
        window.wait_for_selector("header [role=status]:not([hidden])")
        assert window.locator("[name=full_name]").input_value() == ADA.name
    assert [each.name for each in tablets.asked(room.practice.clinic).calls] == ["Waiting room"]


def test_the_pages_fit_a_tablet_and_are_open_to_all(browser: Browser, room: Room) -> None:
    seen: dict[tuple[int, int], list[bool]] = {size: [] for size in SIZES}
    small: set[str] = set()
    faults: list[str] = []
    with person(browser, room.origin, size=TABLET_UPRIGHT) as window:
        window.context.add_cookies([{"name": DEVICE, "value": KEY, "url": room.origin}])
        axe.at_hand(window)
        window.goto(START)
        faults += axe.violations(window)
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sit_down(window, ADA)
        for _page in range(40):
            action = window.locator("#page").get_attribute("action") or ""
            window.evaluate(
                "scrollTo(0, document.body.scrollHeight)"
            )  # where the button that stays in sight covers nothing
            faults += [f"{action}: {fault}" for fault in axe.violations(window)]
            window.evaluate("scrollTo(0, 0)")
            small |= set(window.evaluate(SMALL))
            if action == "/tablet/send":
                break
            for size, found in seen.items():
                found.append(shows_continue(window, size))
            name = action.rpartition("/")[2]
            fill(window, ADA.answers.get(name) or CALM[name])
            press(window, "#page button")
        press(window, "#page button")
        faults += axe.violations(window)
        small |= set(window.evaluate(SMALL))
    assert all(len(found) >= 20 and sum(found) / len(found) >= IN_SIGHT for found in seen.values()), seen
    assert faults == []
    assert small == set()


def test_the_pages_before_and_beside_the_form_fit_and_are_open_to_all(browser: Browser, room: Room) -> None:
    home = sent_at_home(room.practice)
    faults: list[str] = []
    small: set[str] = set()

    def look(window: Window, name: str) -> None:
        nonlocal small
        faults.extend(f"{name}: {fault}" for fault in axe.violations(window))
        small |= set(window.evaluate(SMALL))
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), name

    with person(browser, room.origin, size=TABLET_UPRIGHT) as window:
        window.context.add_cookies([{"name": DEVICE, "value": KEY, "url": room.origin}])
        axe.at_hand(window)
        window.goto(START)
        fill(window, {"code": "ABCDE23456"})
        press(window, "#page button")
        look(window, "a wrong code")
        fill(window, {**DAY, "code": home.code})
        press(window, "#page button")
        assert window.locator("#page").get_attribute("action") == "/tablet/day"
        look(window, "the day")
        press(window, "#page button")
        look(window, "the day, refused")
        fill(window, {"feels_today": "very_unwell", "state_today": ["none"], "new_medicine": "no"})
        press(window, "#page button")
        assert window.locator("#page").get_attribute("action") == "/tablet/finish"
        look(window, "the day, done")
        press(window, "#page button")
        sit_down(window, BEN)
        window.locator("footer summary").click()
        press(window, "footer form[action$=move] button")
        look(window, "on to the phone")
    assert faults == []
    assert small == set()


def shows_continue(window: Window, size: tuple[int, int]) -> bool:
    """Whether the button is in sight on a tablet of this size before anybody scrolls."""
    window.set_viewport_size({"width": size[0], "height": size[1]})
    button = window.locator("#page button[type=submit]").last.bounding_box()
    return button is not None and button["y"] + button["height"] <= size[1]


def test_a_tap_on_the_only_question_goes_on_and_back_shows_it(browser: Browser, room: Room, tmp_path: Path) -> None:
    ahead(
        room.practice,
        KEY,
        ADA,
        "/tablet/q/inr",
        medicines={"gate_medicines": ["thinners"]},
        thinners={"blood_thinners": ["warfarin"]},
    )
    with tablet(browser, room, tmp_path / "profile", scripts=True) as window:
        sit_down(window, ADA)
        assert window.get_by_text("A tap takes you on.").is_visible()
        window.wait_for_timeout(1000)
        with window.expect_navigation():
            window.locator("label[for=inr_status-in_target]").click()
        assert window.locator("#heart_conditions-none, #gate_heart-none").count()
        press(window, "button.back")
        assert window.locator("#inr_status-in_target").is_checked()
        assert not window.get_by_text("A tap takes you on.").count()
