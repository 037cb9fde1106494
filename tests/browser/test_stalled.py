"""A form whose sending hangs can be sent once more: the button is not dead for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from tests.support.apps import Served, close, make
from tests.support.browser import person
from tests.support.browser_patients import start_at
from tests.support.journeys import CALM, Answers, fill
from tests.support.server import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Window

pytestmark = pytest.mark.browser
PATIENCE = 8_500
WORDS = "This page is not sent yet. Check your connection, then try again."
WATCH = """() => {
    const words = document.getElementById("stalled");
    new MutationObserver(() => words.hidden || console.log(words.textContent)).observe(words, {attributes: true});
    document.querySelector("main .btn").focus();
}"""


class Stalling:
    """An application that can keep one form waiting, and counts forms."""

    def __init__(self, inner: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> None:
        self.inner, self.let_go, self.forms = inner, Event(), 0
        self.let_go.set()

    def hang(self) -> None:
        """Let the next form hang, and count from it."""
        self.let_go.clear()
        self.forms = 0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer, late or at once."""
        if environ["REQUEST_METHOD"] == "POST":
            self.forms += 1
            if self.forms == 1:
                self.let_go.wait(60)
        return self.inner(environ, start_response)


@pytest.fixture
def stalling(tmp_path: Path) -> Iterator[tuple[Served, Stalling]]:
    """A product that lets forms hang when it is told to."""
    app = make(tmp_path / "app", f"sqlite:///{tmp_path}/intake.sqlite3")
    door = Stalling(app.wsgi_app)
    app.wsgi_app = door  # type: ignore[method-assign] # the way that WSGI wrappers are put round Flask
    with serving(app) as origin:
        yield Served(app, origin), door
        door.let_go.set()
    close(app)


@pytest.mark.parametrize(
    ("path", "answers", "after"),
    [("/q/who", CALM["who"], "Where is your pain?"), ("/staff/login", {}, "There is a problem")],
)
def test_a_form_that_hangs_can_be_sent_again(
    browser: Browser, stalling: tuple[Served, Stalling], path: str, answers: Answers, after: str
) -> None:
    served, door = stalling
    with person(browser, served.origin) as window:
        said: list[str] = []
        window.on("console", lambda message: said.append(message.text))
        start_at(window, served, "/q/who")
        window.goto(path)
        fill(window, answers)
        window.evaluate(WATCH)
        door.hang()
        press_enter(window)
        press_enter(window)
        assert (door.forms, said) == (1, [])
        window.wait_for_timeout(PATIENCE)
        assert said == [WORDS]
        press_enter(window)
        window.get_by_text(after).first.wait_for()
        assert door.forms == 2


def press_enter(window: Window) -> None:
    """Press the button that has the focus: nothing else can be asked of a page that waits for its form to be sent."""
    window.keyboard.press("Enter")
    window.wait_for_timeout(300)
