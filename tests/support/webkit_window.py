"""Fingers and eyes on a window of WebKit: go to an address, fill in a page, press a button, read what is there."""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep
from typing import TYPE_CHECKING

from selenium.common.exceptions import NoSuchFrameException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

if TYPE_CHECKING:
    from collections.abc import Callable

    from selenium.webdriver import Remote
    from selenium.webdriver.remote.webelement import WebElement

    from tests.support.journeys import Answers

PATIENCE = 30
SAID = """return [document.documentElement.outerHTML,
  ...[...document.querySelectorAll("input, textarea")].map(box => box.value)].join("\\n")"""

INTO_THE_MIDDLE = "arguments[0].scrollIntoView({block: 'center'})"  # where nothing that sticks to an edge lies over it


@dataclass(frozen=True, slots=True)
class Window:
    """One window, and the address of the product in it."""

    driver: Remote
    origin: str
    pause: float = 0  # seconds until a page that was asked for begins to come, where the driver does not wait for it

    @property
    def path(self) -> str:
        """Where it is."""
        return self.driver.current_url.removeprefix(self.origin)

    @property
    def heading(self) -> str:
        """The heading of the page."""
        return self.one("h1").text

    @property
    def said(self) -> str:
        """Everything that the page holds: its mark-up as it stands, and what is in its boxes."""
        return str(self.driver.execute_script(SAID))

    def goto(self, path: str) -> None:
        """Type an address."""
        self.go(lambda: self.driver.get(self.origin + path))

    def back(self) -> None:
        """Press Back."""
        self.go(self.driver.back)

    def forward(self) -> None:
        """Press Forward."""
        self.go(self.driver.forward)

    def reload(self) -> None:
        """Load the page again."""
        self.go(self.driver.refresh)

    def go(self, act: Callable[[], object]) -> None:
        """Leave the page in some way, and see where it leads."""
        act()
        sleep(self.pause)
        self.until(self.is_loaded)

    def all(self, css: str) -> list[WebElement]:
        """The parts of the page that fit."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def one(self, css: str) -> WebElement:
        """The last part of the page that fits."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)[-1]

    def press(self, css: str) -> None:
        """Press a button, and see where it leads."""
        before = self.one("html")
        self.one(css).click()
        self.until(lambda: self.one("html") != before and self.is_loaded())

    def is_loaded(self) -> bool:
        """Whether the whole page is there."""
        return bool(self.driver.execute_script("return document.readyState") == "complete")

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds; while one page makes way for another there is nothing to ask."""
        WebDriverWait(self.driver, PATIENCE, 0.02, ignored_exceptions=[NoSuchFrameException]).until(lambda _: holds())

    def fill(self, answers: Answers) -> None:
        """Answer the page that is open, with fingers and keys."""
        for name, given in answers.items():
            boxes = self.all(f"input[name='{name}']:not([type=radio]):not([type=checkbox]), textarea[name='{name}']")
            if boxes:
                self.type(boxes[0], str(given or ""))
                continue
            for value in [given] if isinstance(given, str) else given or []:
                self.tick(name, value)

    def type(self, box: WebElement, words: str) -> None:
        """Type into a box, over what stood there."""
        box.clear()
        if words:
            box.send_keys(words)

    def tick(self, name: str, value: str) -> None:
        """Tap a box, unless it is ticked."""
        box = self.one(f"input[name='{name}'][value='{value}']")
        if not box.is_selected():
            self.driver.execute_script(INTO_THE_MIDDLE, box)
            box.click()
            assert box.is_selected(), f"{name}: {value}"
