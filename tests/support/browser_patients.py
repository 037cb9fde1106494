"""Somebody who answers the first pages without a screen and goes on in Chromium, at the page that a test is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.apps import CLINIC, Served
from tests.support.client import Visitor
from tests.support.journeys import Answers, walk

if TYPE_CHECKING:
    from playwright.sync_api import Page as Window

DRAFT = "intake_draft"


def patient_of(served: Served) -> Visitor:
    """A new patient."""
    return Visitor(served.app.test_client(), CLINIC)


def start_at(window: Window, served: Served, path: str, /, **other: Answers) -> None:
    """Open an address as somebody who answered every page before it, calm but for `other` answers by page."""
    ahead = patient_of(served)
    walk(ahead, path, **other)
    as_the_same_person(window, ahead, served)
    window.goto(path)
    assert window.url == f"{served.origin}{path}"


def as_the_same_person(window: Window, ahead: Visitor, served: Served) -> None:
    """Let the window go on with the draft of somebody who went ahead."""
    cookie = ahead.client.get_cookie(DRAFT)
    assert cookie is not None
    window.context.add_cookies([{"name": DRAFT, "value": cookie.value, "url": served.origin}])
