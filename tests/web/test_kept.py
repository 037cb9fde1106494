"""What is made once serves every patient: it holds no word of one, and a page is the same for whoever comes next."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask_babel import Babel
from jinja2 import DictLoader
from markupsafe import Markup
from sqlalchemy import event

from intake.web.kept import Skeletons
from intake.web.rendering import SKELETONS
from tests.support.apps import CLINIC, parts
from tests.support.client import Visitor
from tests.support.journeys import CALM, Answers, begin, walk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.apps import MakeApp

NAME, PHONE, WORDS, PLACE = "Zebulon Quagga", "01987 654 321", "Lifting my zebra", "hand_left"
PLANTED = (NAME, PHONE, WORDS, "1931")
TOLD: dict[str, Answers] = {
    "about": {**CALM["about"], "full_name": NAME, "contact-phone": PHONE, "date_of_birth-year": "1931"},
    "pain_where": {"pain_regions": [PLACE]},
    "feel": {**CALM["feel"], "psfs_activity": WORDS},
}
OWN = re.compile(r'name="(csrf_token|version)" value="[^"]*"')


def kept(app: Flask) -> str:
    """All that the application has made once."""
    return repr((app.extensions[SKELETONS], app.jinja_env.globals["once"]))


def first_pages(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """The pages of a calm patient as they are met, up to those after what is typed, without what is their own."""
    page = begin(visitor)
    while page.path != "/q/region":
        yield page.path, OWN.sub("", page.text)
        page = visitor.send(page, **CALM[page.path.removeprefix("/q/")])


def visit(visitor: Visitor) -> None:
    """Answer as somebody else would, and see the pages again: as they were answered, in larger text, with errors."""
    assert walk(visitor, "/q/region", **TOLD)
    for name in TOLD:
        assert not visitor.send(visitor.get(f"/q/{name}"), big="1").errors
        assert visitor.post(f"/q/{name}", []).errors


def test_nothing_that_is_kept_holds_a_word_of_a_patient(app: Flask, visitor: Visitor) -> None:
    visit(visitor)
    held = kept(app)
    assert len(app.extensions[SKELETONS]) > list(CALM).index("region")
    assert "Back of body" in held
    tokens = [one.value for one in map(visitor.client.get_cookie, ("intake_draft", "intake_session")) if one]
    assert len(tokens) == len({"draft", "session"})
    assert [word for word in (*PLANTED, *tokens) if word in held] == []


def test_a_patient_sees_no_trace_of_the_one_before(app: Flask, make_app: MakeApp) -> None:
    visit(Visitor(app.test_client(), CLINIC))
    here, alone = (first_pages(Visitor(each.test_client(), CLINIC)) for each in (app, make_app()))
    pages = list(zip(here, alone, strict=True))
    assert len(pages) > len(TOLD)
    assert [path for (path, after), (_path, before) in pages if after != before] == []


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A migrated SQLite database: what is kept knows no database."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'intake.sqlite3')}"


@pytest.fixture
def bare() -> Flask:
    """An application with one template."""
    app = Flask("kept")
    app.jinja_loader = DictLoader({"page.html": "{{ words }}|{{ own }}|<a title='{{ own }}'>{{ mark_up }}</a>"})
    Babel(app)
    return app


def test_what_is_put_in_is_escaped_and_belongs_to_one_answer(bare: Flask) -> None:
    pages = Skeletons()
    with bare.test_request_context():
        first = pages.fill(
            "page.html", {"words": "a < b"}, {"own": "<b>'\ue000own\ue000", "mark_up": Markup("<i>x</i>")}
        )
        second = pages.fill("page.html", {"words": "a < b"}, {"own": "you", "mark_up": Markup("")})
    assert first == "a &lt; b|&lt;b&gt;&#39;\ue000own\ue000|<a title='&lt;b&gt;&#39;\ue000own\ue000'><i>x</i></a>"
    assert second == "a &lt; b|you|<a title='you'></a>"
    assert len(pages) == 1


def test_other_words_and_other_languages_are_other_pages(bare: Flask) -> None:
    pages = Skeletons()
    for language, words in (("en", "one"), ("en", "two"), ("fr", "two")):
        bare.extensions["babel"].default_locale = language
        with bare.test_request_context():
            assert pages.fill("page.html", {"words": words}, {"own": "", "mark_up": ""}).startswith(f"{words}|")
    assert len(pages) == 3


def test_a_page_costs_one_query_and_a_saved_page_four_statements(app: Flask, visitor: Visitor) -> None:
    page = walk(visitor, "/q/medicines")
    asked: list[str] = []
    event.listen(
        parts(app).store.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_rest: asked.append(statement.split()[0]),
    )
    visitor.client.get(page.path)
    looked, asked[:] = [word for word in asked if word != "BEGIN"], []
    visitor.client.post(page.path, data=dict(page.form().fill(CALM["medicines"])))
    assert looked == ["SELECT"]
    assert [word for word in asked if word != "BEGIN"] == ["SELECT", "UPDATE", "INSERT", "SELECT"]


def test_a_page_that_was_sent_without_a_token_or_with_anothers_saves_nothing(app: Flask, visitor: Visitor) -> None:
    page = walk(visitor, "/q/who")
    other = dict(begin(Visitor(app.test_client(), CLINIC)).form().fields)["csrf_token"]
    for token in (None, "", other):
        again = visitor.send(page, **CALM["who"], csrf_token=token)
        assert (again.status, visitor.get("/resume").path) == (422, "/q/who")
