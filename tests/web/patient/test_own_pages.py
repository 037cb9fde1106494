"""A page belongs to one patient: no trace of another, own words are no mark-up, its token opens nobody else's draft."""

from __future__ import annotations

import re
import shutil
from html import escape
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from tests.support.apps import CLINIC, parts
from tests.support.client import Visitor
from tests.support.journeys import CALM, Answers, begin, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.support.apps import MakeApp

NAME, PHONE, WORDS, PLACE = "Zebulon Quagga", "01987 654 321", "Lifting my zebra", "low_back_left"
PLANTED = (NAME, PHONE, WORDS, "1931")
TOLD: dict[str, Answers] = {
    "about": {**CALM["about"], "full_name": NAME, "contact-phone": PHONE, "date_of_birth-year": "1931"},
    "pain_where": {"pain_regions": [PLACE]},
    "feel": {**CALM["feel"], "psfs_activity": WORDS},
}
OWN = re.compile(r'name="(csrf_token|version|draft)" value="[^"]*"')
MARK_UP = "<b title='x'> & \"y\"</b>{{ 7 * 7 }}"


def first_pages(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """The pages of a calm patient as they are met, up to those after what is typed, without what is their own."""
    page = begin(visitor)
    while page.path != "/q/medicines":
        yield page.path, OWN.sub("", page.text)
        page = visitor.send(page, **CALM[page.path.removeprefix("/q/")])


def visit(visitor: Visitor) -> None:
    """Answer as somebody else would, and see the pages again: as they were answered, in larger text, with errors."""
    assert walk(visitor, "/q/medicines", **TOLD)
    for name in TOLD:
        assert not visitor.send(visitor.get(f"/q/{name}"), big="1").errors
        assert visitor.post(f"/q/{name}", []).errors


def test_a_patient_sees_no_trace_of_the_one_before(app: Flask, make_app: MakeApp) -> None:
    visit(Visitor(app.test_client(), CLINIC))
    here, alone = (first_pages(Visitor(each.test_client(), CLINIC)) for each in (app, make_app()))
    pages = list(zip(here, alone, strict=True))
    assert len(pages) > len(TOLD)
    assert [path for (path, after), (_path, before) in pages if after != before] == []
    assert [word for word in PLANTED for (_path, text), _alone in pages if word in text] == []


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite database: how pages are made does not depend on it."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'intake.sqlite3')}"


def test_what_a_patient_types_is_shown_as_typed_and_never_as_mark_up(visitor: Visitor) -> None:
    assert walk(visitor, "/q/region", feel={**CALM["feel"], "psfs_activity": MARK_UP})
    page = visitor.get("/q/feel")
    assert dict(page.form().fields)["psfs_activity"] == MARK_UP
    assert escape(MARK_UP).replace("&quot;", "&#34;").replace("&#x27;", "&#39;") in page.text
    assert "<b title" not in page.text


def test_a_page_costs_one_query_and_a_saved_page_four_statements(app: Flask, visitor: Visitor) -> None:
    page = walk(visitor, "/q/medicines")
    asked: list[str] = []
    event.listen(
        parts(app).clinic.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement.split()[0]),
    )
    visitor.client.get(page.path)
    looked, asked[:] = [word for word in asked if word != "BEGIN"], []
    visitor.client.post(page.path, data=dict(page.form().fill(CALM["medicines"])))
    assert looked == ["SELECT"]
    assert [word for word in asked if word != "BEGIN"] == ["SELECT", "SELECT", "UPDATE", "INSERT"]


def test_a_page_that_was_sent_without_a_token_or_with_anothers_saves_nothing(app: Flask, visitor: Visitor) -> None:
    page = walk(visitor, "/q/who")
    other = dict(begin(Visitor(app.test_client(), CLINIC)).form().fields)["csrf_token"]
    for token in (None, "", other):
        again = visitor.send(page, **CALM["who"], csrf_token=token)
        assert (again.status, visitor.get("/resume").path) == (422, "/q/who")
