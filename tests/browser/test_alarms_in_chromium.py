"""Alarms in Chromium: pages open to all, and a patient's page that learns by itself when somebody has seen it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.storage import open_alerts, outbox
from intake.storage.outbox import Channel, NewMessage
from intake.workflow.keeping.messages import courier
from intake.workflow.keeping.messages.catcher import Catcher
from intake.workflow.patient import unfinished
from intake.workflow.review.people import Practitioner
from tests.support.apps import Clock, close, make, parts
from tests.support.browser import PHONE, TABLET_UPRIGHT, person
from tests.support.page_inspection import Inspection
from tests.support.practice import EMAIL, PASSWORD, enter
from tests.support.server import serving

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
LAPTOP = (1366, 768)
SIZES = (PHONE, TABLET_UPRIGHT, LAPTOP)
STUCK = "b" * 32


class Served:
    """A demonstration with an account behind a server, and its clock."""

    def __init__(self, app: Flask, origin: str, clock: Clock) -> None:
        self.app, self.origin, self.clock = app, origin, clock
        self.clinic = parts(app).clinic
        words = ["accounts", "add", EMAIL, "--password-stdin"]
        told = app.test_cli_runner().invoke(args=words, input=f"{PASSWORD}\n")
        assert told.exit_code == 0, told.output

    def take_all(self) -> None:
        """A practitioner takes every alarm."""
        with self.clinic.database.read() as connection:
            drafts = [each.draft_id for each in open_alerts.listed(connection, 50)]
        for draft in drafts:
            assert unfinished.take_over(self.clinic, draft, 1, "I call now", Practitioner(1))

    def leave_one_stuck(self) -> None:
        """A message that nobody sends."""
        with self.clinic.database.begin() as connection:
            new = NewMessage(STUCK, Channel.WEBHOOK, "alarm", "https://hooks.example/", {})
            outbox.add(connection, self.clinic.keys, [new], self.clock.now)
        self.clock.move(minutes=10)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """On SQLite."""
    clock = Clock()
    app = make(tmp_path / "instance", f"sqlite:///{tmp_path / 'db' / 'intake.sqlite3'}", clock, demo="true")
    with serving(app) as origin:
        yield Served(app, origin, clock)
    close(app)


def name_a_sign(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Start").first.click()
    page.get_by_label("Chest pressure or tightness").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/q/danger/stop")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_pages_are_open_to_all_and_fit_every_window(served: Served, browser: Browser, scripts: bool) -> None:
    with person(browser, served.origin, scripts=scripts) as patient:
        name_a_sign(patient)
    assert courier.deliver(served.clinic, Catcher()) == 1
    with person(browser, served.origin, scripts=scripts) as page:
        inspect = Inspection(page, SIZES) if scripts else None
        enter(page)
        for state in ("open", "stuck", "none"):
            for path in ("/review/", "/review/alarms", "/staff/mail"):
                page.goto(path)
                if inspect is not None:
                    inspect(state)
            assert page.get_by_text("1 alarm open").count() == (state != "none")
            assert page.get_by_text("1 message does not get out.").count() == (state != "open")
            if state == "open":
                served.leave_one_stuck()
            else:
                served.take_all()
    assert inspect is None or not inspect.faults, "\n".join(inspect.faults if inspect else [])


def test_a_page_that_is_open_learns_when_somebody_has_seen_it(served: Served, browser: Browser) -> None:
    with person(browser, served.origin) as patient:
        patient.clock.install()
        name_a_sign(patient)
        waits = patient.get_by_role("status").filter(has_text="clinic")
        assert "on the clinic's list" in waits.inner_text()
        patient.clock.fast_forward(61_000)
        assert "on the clinic's list" in waits.inner_text()
        served.take_all()
        patient.clock.fast_forward(61_000)
        patient.get_by_text("has seen this at 09:30.").wait_for()
        inspect = Inspection(patient, SIZES)
        patient.reload()
        inspect("seen")
        assert "has seen this at 09:30." in patient.locator("main").inner_text()
    assert not inspect.faults, "\n".join(inspect.faults)
