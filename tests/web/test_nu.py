"""Every page that a patient or a practitioner meets is clean by the Nu HTML checker."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import nu
from tests.support.apps import CLINIC
from tests.support.client import Visitor
from tests.support.journeys import begin, everything, name_of
from tests.support.practice import EMAIL, open_practice, ticks_everything
from tests.support.visitor import questionnaire

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.support.client import Page

pytestmark = nu.needs_java


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite database: how pages are made does not depend on it."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'intake.sqlite3')}"


def of_a_patient(app: Flask) -> Iterator[Page]:
    """Start, every question as met, refused and filled in, and all the pages beside them."""
    visitor = Visitor(app.test_client(), CLINIC)
    yield visitor.get("/")
    yield visitor.get("/nowhere")
    page = first = begin(visitor)
    while page.path != "/check":
        yield page
        if page.path.endswith("/stop"):
            page = visitor.send(page)
            continue
        path = page.path
        if path != "/q/mood":
            yield visitor.post(path, [pair for pair in page.form().fields if pair[0] in {"csrf_token", "draft", "end"}])
        page = visitor.send(page, **everything(page))
        yield visitor.get(path)
    yield page
    stale = visitor.get("/q/needles")
    visitor.send(visitor.get("/q/needles"), needle_fear="2", wants_needling="yes")
    yield visitor.send(stale, needle_fear="9", wants_needling="no")
    yield visitor.get("/later")
    yield visitor.send(visitor.get("/check"), "/send", anything_else="x" * 501)
    yield visitor.send(visitor.get("/check"), "/send")
    yield visitor.get("/done")
    yield visitor.send(visitor.get("/"), "/start")
    yield visitor.post(first.path, first.form().fill({"danger_signs": ["fever"]}))


def of_staff(folder: Path, database_url: str) -> Iterator[Page]:
    """Signing in, the queue, an intake with all there is, its sheet, an unfinished one, the rule book."""
    practice = open_practice(folder, database_url)
    practice.account()
    yield practice.visitor().get("/staff/login")
    yield practice.visitor().send(practice.visitor().get("/staff/login"), email=EMAIL, password="")
    receipts = (practice.sent(patient=ticks_everything()), practice.sent(name="Calm Person"))
    draft = practice.unsent()
    visitor = practice.practitioner()
    yield visitor.get("/review/")
    for receipt in receipts:
        yield visitor.get(f"/review/{receipt.intake_id}")
        yield visitor.get(f"/review/{receipt.intake_id}/print")
    yield visitor.get(f"/review/unsent/{draft}")
    for path in ("/review/rules", "/review/rules/fever-now", "/review/rules/try"):
        yield visitor.get(path)


def test_every_page_is_clean(app: Flask, tmp_path: Path, sqlite_template: Path) -> None:
    pages, met = dict[str, str](), set[str]()
    other = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'practice.sqlite3')}"
    for page in (*of_a_patient(app), *of_staff(tmp_path / "practice", other)):
        met.add(name_of(page.path))
        pages[f"{len(pages)} {page.path} {page.status}"] = page.text
    assert met >= {shown.name for shown in questionnaire().pages}
    assert nu.messages(pages, tmp_path) == []
