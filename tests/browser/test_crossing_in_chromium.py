"""A release comes while a patient answers: in Chromium, with and without scripts, one more page before sending."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.workflow.patient import drafts
from tests.support.apps import Served, close, make, parts
from tests.support.browser import DESK, PHONE, person
from tests.support.browser_patients import start_at
from tests.support.journeys import NONE, Answers, fill, submit
from tests.support.page_inspection import Inspection
from tests.support.releases import earlier, leave_behind
from tests.support.server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
FELL: dict[str, Answers] = {
    "warning": {"gate_warning": ["fall"]},
    "fall": {"recent_fall": "under_2_weeks"},
}
BEFORE = earlier(["new_lump", "wants_needling"], {"danger_signs": ["fever"]})


def test_what_is_new_is_asked_before_sending_and_nothing_is_lost(tmp_path: Path, browser: Browser) -> None:
    app = make(tmp_path, f"sqlite:///{tmp_path / 'intake.sqlite3'}")
    services = parts(app)
    with serving(app) as origin:
        for scripts in (True, False):
            with person(browser, origin, scripts=scripts) as window:
                inspect = Inspection(window, (PHONE, DESK) if scripts else ())
                start_at(window, Served(app, origin), "/check", **FELL)
                cookie = next(c for c in window.context.cookies() if c["name"] == "intake_draft")["value"]
                left = drafts.load(services.clinic, cookie)
                leave_behind(services.clinic.database, left, BEFORE)
                submit(window)
                assert window.url == f"{origin}/q/more"
                assert "A few more questions" in window.locator("h1").inner_text()
                inspect("empty")
                assert window.locator("input:checked").evaluate_all("all => all.map(e => e.value)") == ["fall"]
                submit(window)
                assert window.title().startswith("Error: ")
                inspect("refused")
                fill(window, {"danger_signs": NONE, "wants_needling": "yes"})
                submit(window)
                assert window.url == f"{origin}/check"
                submit(window)
                assert window.url == f"{origin}/done"
                sent = drafts.load(services.clinic, cookie)
                assert sent.answers.keys() == left.answers.keys()
                changed = {name for name in left.answers if sent.answers[name] != left.answers[name]}
                assert changed <= {"gate_warning_seen"}
                assert not inspect.faults
    close(app)
