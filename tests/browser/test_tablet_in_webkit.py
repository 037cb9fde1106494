"""The tablet in WebKit, the engine of iPads, its page cache on, what it keeps on disk: nothing is left for the next."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, NamedTuple

import pytest
from flask import Flask, request
from selenium.common.exceptions import WebDriverException
from urllib3.exceptions import HTTPError

from tests.support.desk import at_the_desk
from tests.support.journeys import CALM
from tests.support.practice import Practice, open_practice
from tests.support.residue import (
    ADA,
    BACKS,
    BEGUN,
    BEN,
    CHECK,
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
from tests.support.server import serving, serving_tls
from tests.support.server_process import free_port
from tests.support.tablets import new_code
from tests.support.webkit import screen, webkit
from tests.support.webkit_window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.campaigns import Campaign

pytestmark = pytest.mark.browser
ENROL = "/tablet/enrol"
PLACE = "low_back_right"
SENT = "Answers sent"
UNTIL_ON_DISK = 1.5  # seconds until WebKit has written its cache
LATER = "{ const told = Date.now; Date.now = () => told() + arguments[0]; }"


class Room(NamedTuple):
    """A clinic behind a server, two people who are expected today, and a tablet: its screen and what it keeps."""

    practice: Practice
    origin: str
    display: str
    profile: Path

    @contextmanager
    def tablet(self, *, scripts: bool = True, restored: bool = False) -> Iterator[Window]:
        """The tablet's browser; `restored`: with the session that it was ended with."""
        with webkit(self.display, self.profile, scripts=scripts, restored=restored) as driver:
            yield Window(driver, self.origin, pause=0.3 if restored else 0)
            sleep(UNTIL_ON_DISK)


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen for all."""
    with screen() as number:
        yield number


@pytest.fixture
def room(display: str, tmp_path: Path) -> Iterator[Room]:
    """A room over TLS, as tablets reach a clinic."""
    port = free_port()
    practice = clinic(tmp_path, f"https://127.0.0.1:{port}")
    with serving_tls(practice.app, port, tmp_path) as origin:
        yield Room(practice, origin, display, tmp_path / "profile")
    practice.clinic.database.close()


@pytest.fixture
def plain_room(display: str, tmp_path: Path) -> Iterator[Room]:
    """A room without TLS, where WebKit keeps for Back also the pages that say `no-store`."""
    practice = clinic(tmp_path)
    with serving(practice.app) as origin:
        yield Room(practice, origin, display, tmp_path / "profile")
    practice.clinic.database.close()


def clinic(folder: Path, url: str = "") -> Practice:
    """A clinic that expects two people."""
    practice = open_practice(folder / "instance", f"sqlite:///{folder / 'db' / 'intake.sqlite3'}", public_url=url)
    expect(practice)
    return practice


def enrol(window: Window, room: Room) -> str:
    """Make it the clinic's tablet, by the code that the desk shows; its key."""
    window.goto(START)
    window.fill({"code": new_code(at_the_desk(room.practice))})
    window.press("#page button")
    assert window.heading == BEGUN
    cookie = window.driver.get_cookie(DEVICE)
    assert cookie is not None
    return str(cookie["value"])


def sit_down(window: Window, who: Patient) -> None:
    """From the start page, which the way back leads to, to where the form stands; by birth date."""
    for address in (START, ENROL, START):
        window.goto(address)
    window.fill({**who.born, "letters": who.name[:3]})
    window.press("#page button")


def page_of(window: Window) -> str:
    """Where the form of the page goes."""
    return str(window.one("#page").get_property("action")).removeprefix(window.origin)


def fill_in(window: Window, who: Patient) -> None:
    """Every page up to the check page; the place that hurts is touched on the picture."""
    for _page in range(40):
        if page_of(window) == CHECK:
            return
        name = page_of(window).rpartition("/")[2]
        if name == "pain_where":
            touch_the_picture(window)
        else:
            window.fill(who.answers.get(name) or CALM[name])
        window.press("#page button")
    raise AssertionError(f"never came to {CHECK}")


def touch_the_picture(window: Window) -> None:
    """Turn the picture round and touch the low back."""
    window.one("#turn").click()
    window.one(f"#back [for=r-{PLACE}]").click()
    assert [box.get_dom_attribute("value") for box in window.all(".pill :checked")] == [PLACE]


def type_again(window: Window, who: Patient) -> None:
    """From the check page to the page with the name and back, each word typed by hand."""
    for name in ("about", "feel"):
        window.press(f"button[name=to][value={name}]")
        window.fill(who.answers[name])
        window.press("#page button")
    assert planted_in(window.said, who) == [*who.planted]


def leave(window: Window, way: str) -> None:
    """One way out, from the check page."""
    match way:
        case "finish":
            window.press("#page button")
            assert window.heading == SENT
            window.press("#page button")
        case "leave":
            window.one("footer summary").click()
            window.press("footer form[action$=leave] button")
        case "clear":
            window.one("footer summary").click()
            window.press("#tablet-clear button")
        case "idle":
            before = window.one("html")
            window.driver.execute_script(LATER, 91_000)
            window.until(lambda: window.one("dialog").get_property("open") is True)
            window.driver.execute_script(LATER, 31_000)
            window.until(lambda: window.one("html") != before and window.is_loaded())
        case "address":
            window.goto(START)
        case "another":
            window.goto("/tablet/consent")
            return
        case "reload":
            window.reload()
        case "closed":
            return
    assert window.heading == BEGUN


def shows_nothing(window: Window, *people: Patient) -> None:
    """The page that is open says nothing of these people."""
    assert not planted_in(window.said, *people), window.path


def look_back(window: Window, *people: Patient, backs: int = BACKS) -> None:
    """Back as often as somebody may press it, forward, reload, and the old address."""
    for _press in range(backs):
        window.back()
        shows_nothing(window, *people)
    for again in (window.forward, window.reload, lambda: window.goto(FORM)):
        again()
        shows_nothing(window, *people)
    assert window.heading == BEGUN
    assert window.driver.execute_script("return [localStorage.length, sessionStorage.length]") == [0, 0]


def opened_again(room: Room, *people: Patient, scripts: bool = True) -> None:
    """The tablet is started again with its last session: that shows nothing, nor does the way back in it."""
    with room.tablet(scripts=scripts, restored=True) as window:
        window.until(window.is_loaded)
        shows_nothing(window, *people)
        look_back(window, *people, backs=5)
    assert traces(room.profile, *people) == []


def test_a_form_is_filled_in_from_the_code_to_the_end_and_the_next_person_meets_nothing_of_it(room: Room) -> None:
    with room.tablet() as window:
        enrol(window, room)
        sit_down(window, ADA)
        fill_in(window, ADA)
        assert planted_in(window.said, ADA) == [*ADA.planted]
        leave(window, "finish")
        look_back(window, ADA)
        sit_down(window, BEN)
        window.fill(CALM["danger"])
        window.press("#page button")
        shows_nothing(window, ADA)
    opened_again(room, ADA, BEN)


def test_the_same_search_finds_what_careless_pages_leave(display: str, tmp_path: Path) -> None:
    with serving(careless()) as origin:
        room = Room(clinic(tmp_path), origin, display, tmp_path / "profile")
        with room.tablet() as window:
            window.goto("/")
            window.fill({"words": ADA.words})
            window.press("button")
            window.goto("/kept")
            window.goto("/other")
            for address in ("/kept", "/said"):
                window.back()
                assert (window.path, planted_in(window.said, ADA)) == (address, [ADA.words])
        assert kept_in(room.profile) == {"session", "WebKitCache"}
        with room.tablet(restored=True) as window:
            window.forward()
            assert (window.path, planted_in(window.said, ADA)) == ("/kept", [ADA.words])
        room.practice.clinic.database.close()


def kept_in(profile: Path) -> set[str]:
    """What of a profile holds a word of this patient."""
    return {each.partition(":")[0].split("/")[1] for each in traces(profile, ADA)}


def careless() -> Flask:
    """Three pages without any defence: what was typed is the answer to the form, and a page that may be kept."""
    app = Flask("careless")
    kept = {"Cache-Control": "max-age=600"}
    form = "<form method=post action=said><input name=words><button>Send</button></form>"
    app.add_url_rule("/", "form", lambda: (form, kept))
    app.add_url_rule("/said", "said", lambda: (f"<p>{request.form['words']}</p>", kept), methods=["POST"])
    app.add_url_rule("/kept", "kept", lambda: (f"<p>{ADA.words}</p>", kept))
    app.add_url_rule("/other", "other", lambda: "<p>Another page</p>")
    return app


WAYS = ("finish", "leave", "clear", "address", "another", "reload", "closed")
EXITS = [*((way, scripts) for way in WAYS for scripts in (True, False)), ("idle", True)]
BACK_SHOWS_IT = (
    "plain_room",
    "another",
    False,
)  # without TLS and without scripts nothing ends what WebKit keeps for Back
TRIED = [(where, *each) for where in ("room", "plain_room") for each in EXITS if (where, *each) != BACK_SHOWS_IT]


@pytest.mark.soak
@pytest.mark.parametrize(("where", "way", "scripts"), TRIED)
def test_nothing_is_left_after_any_exit(request: pytest.FixtureRequest, where: str, way: str, *, scripts: bool) -> None:
    room: Room = request.getfixturevalue(where)
    with room.tablet(scripts=scripts) as window:
        ahead(room.practice, enrol(window, room), ADA, CHECK)
        sit_down(window, ADA)
        type_again(window, ADA)
        leave(window, way)
        if way != "closed":
            look_back(window, ADA)
    opened_again(room, ADA, scripts=scripts)


@pytest.mark.soak
@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_comes_back_after_the_browser_was_killed(room: Room, *, scripts: bool) -> None:
    with suppress(WebDriverException, HTTPError), room.tablet(scripts=scripts) as window:
        ahead(room.practice, enrol(window, room), ADA, CHECK)
        sit_down(window, ADA)
        type_again(window, ADA)
        sleep(UNTIL_ON_DISK)
        assert kill(str(room.profile)) == 1
    assert traces(room.profile, ADA) == []
    opened_again(room, ADA, scripts=scripts)


@pytest.mark.soak
def test_nothing_is_left_where_the_server_is_gone(display: str, tmp_path: Path) -> None:
    practice, profile = clinic(tmp_path), tmp_path / "profile"
    server = serving(practice.app)
    room = Room(practice, server.__enter__(), display, profile)
    with room.tablet() as window:
        ahead(practice, enrol(window, room), ADA, CHECK)
        sit_down(window, ADA)
        window.press("button[name=to][value=feel]")
        window.fill(ADA.answers["feel"])
        server.__exit__(None, None, None)
        window.one("#page button").click()
        window.until(lambda: window.one("#stalled").is_displayed())
        assert planted_in(window.said, ADA) == [ADA.words]
    practice.clinic.database.close()
    assert traces(profile, ADA) == []


def test_people_take_turns_and_none_meets_the_one_before(plain_room: Room, campaign: Campaign) -> None:
    rounds, room = campaign.rounds(1, 30), plain_room
    with room.tablet() as window:
        key = enrol(window, room)
        for number in range(rounds):
            who, other = (ADA, BEN) if number % 2 else (BEN, ADA)
            ahead(room.practice, key, who, CHECK)
            sit_down(window, who)
            assert who.words in window.said
            shows_nothing(window, other)
            leave(window, campaign.random.choice(("leave", "clear", "address", "another", "reload")))
            look_back(window, ADA, BEN, backs=3)
    opened_again(room, ADA, BEN)
    campaign.tried("patients in turn on one tablet in WebKit", rounds)
