"""Chromium as the tests drive it: quiet, offline but for loopback, every violation of the policy remembered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

EXECUTABLE = "/usr/bin/chromium"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = (360, 740)
TABLET_UPRIGHT = (800, 1280)
TABLET = (1280, 800)
DESK = (1440, 900)
SIZES = (PHONE, TABLET_UPRIGHT, TABLET, DESK)


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; its back/forward cache stays on, as patients have it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=EXECUTABLE,
            args=list(FLAGS),
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


@dataclass
class Watch:
    """What went wrong while a person walked through the pages."""

    origin: str
    complaints: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Remember errors and warnings; a page that answers 4xx on purpose is none."""
        if message.type in ("error", "warning") and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    def request(self, request: Request) -> None:
        """Remember requests that leave the origin."""
        if not request.url.startswith(self.origin):
            self.complaints.append(f"a request to {request.url}")


@contextmanager
def person(browser: Browser, origin: str, *, scripts: bool = True, size: tuple[int, int] = PHONE) -> Iterator[Page]:
    """A new person's window; fails at the end if a page broke the policy, logged an error or asked another origin."""
    context: BrowserContext = browser.new_context(
        base_url=origin, java_script_enabled=scripts, viewport={"width": size[0], "height": size[1]}
    )
    watch = Watch(origin)
    page = context.new_page()
    page.on("console", watch.console)
    page.on("pageerror", lambda error: watch.complaints.append(str(error)))
    page.on("request", watch.request)
    try:
        yield page
    finally:
        context.close()
    assert not watch.complaints, watch.complaints
