"""The first run in Chromium, with and without scripts: every step and state open to all, whole in each window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.workflow.keeping import accounts
from tests.support.apps import Clock, close, make, parts
from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.page_inspection import Inspection
from tests.support.practice import EMAIL, PASSWORD
from tests.support.server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.support.mail import Inbox

pytestmark = pytest.mark.browser
SIZES = (PHONE, TABLET_UPRIGHT, (1366, 768))
LINK = "a-link"


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[str]:
    """An installation that nobody has set up."""
    app = make(tmp_path / "instance", f"sqlite:///{tmp_path / 'intake.sqlite3'}", Clock(), phone="")
    assert accounts.offer_setup(parts(app).clinic, LINK)
    with serving(app) as address:
        yield address
    close(app)


def save(page: Page, **typed: str) -> None:
    """Fill the step in and send it."""
    for name, value in typed.items():
        page.fill(f"#{name}", value)
    press(page, "Save")


def press(page: Page, button: str) -> None:
    """Press a button and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name=button).click()


def enter(page: Page) -> None:
    """From the set-up link to the first step."""
    page.goto(f"/staff/setup/{LINK}")
    for _form in ("the first account", "sign-in"):
        page.fill("#email", EMAIL)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_load_state()
    page.wait_for_url("**/first-run/clinic")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_every_step_is_open_to_all_and_fits_every_window(
    origin: str, inbox: Inbox, browser: Browser, scripts: bool
) -> None:
    with person(browser, origin, scripts=scripts) as page:
        inspect = Inspection(page, SIZES) if scripts else lambda _state: None
        enter(page)
        save(page, clinic_name="")
        inspect("no name")
        save(page, clinic_name="Harbour Lane Clinic")
        inspect("country")
        page.select_option("#where", "CA")
        press(page, "Show what this sets")
        inspect("offered")
        save(page, emergency_number="999")
        inspect("not known there")
        page.select_option("#time_zone", "America/Vancouver")
        save(page, emergency_number="911")
        inspect("phone")
        save(page, phone="01632 960 001")
        inspect("duty")
        sent = {"duty_address": "duty@harbour.example", "smtp_host": "127.0.0.1", "smtp_port": str(inbox.port)}
        save(page, **sent, mail_from="intake@harbour.example")
        inspect("mail taken")
        page.fill("#digits", str(inbox.mails[-1].get_content()).split("page:")[1].split()[0])
        press(page, "It arrived")
        inspect("check")
        page.goto("/review/")
        assert page.get_by_text("The set-up is not finished.").is_visible()
        page.get_by_role("link", name="Go on with it").click()
        press(page, "These are right")
        inspect("finished")
        assert page.get_by_role("heading", name="The clinic is set up").is_visible()
    assert not isinstance(inspect, Inspection) or not inspect.faults, "\n".join(getattr(inspect, "faults", []))
