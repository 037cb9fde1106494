"""The commands bring a rule book into force while the pages are served, and say in a sentence what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from intake import settings
from intake.app import build
from intake.cli.server import offered_release
from intake.engine.book.rulebook import Rulebook
from intake.web.services import EXTENSION, Services
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import NewAccount
from tests.support import apps
from tests.support.books import HEADACHE, MILD, REFUSES, book

AUTHOR, SECOND = "author@clinic.example", "second@clinic.example"
SHIPPED, SOFTER = book(REFUSES, HEADACHE), book(MILD, HEADACHE, version="2")


def made(folder: Path, url: str, shipped: Rulebook = SHIPPED) -> Flask:
    return build(settings.load({"INTAKE_DATABASE_URL": url}, folder), shipped=shipped)


def run(app: Flask, *words: str, by: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["rules", *words, *(["--by", by] if by else [])])


def services(app: Flask) -> Services:
    parts: Services = app.extensions[EXTENSION]
    return parts


@pytest.fixture
def app(tmp_path: Path, database_url: str) -> object:
    app = made(tmp_path / "instance", database_url)
    for email in (AUTHOR, SECOND):
        accounts.add(services(app).clinic, NewAccount(email, "", email), "test")
    yield app
    apps.close(app)


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The softer book as a file: JSON is YAML, but for the quotes that the reader wants off numbers."""
    path = tmp_path / "softer.yaml"
    path.write_text(json.dumps(json.loads(SOFTER.content)["rules"]), encoding="utf-8")
    return str(path)


def test_a_book_comes_into_force_and_a_running_process_judges_with_it(app: Flask, file: str) -> None:
    assert services(app).rulebook is SHIPPED
    assert "Rule book 1 is drafted" in run(app, "draft", file, by=AUTHOR).stdout
    examined = run(app, "examine", "1", by=AUTHOR)
    assert examined.exit_code == 0
    assert "wants_needling, do_not_needle: stored intakes on which a rule of it counts lower: 0" in examined.stdout
    assert run(app, "acknowledge", "1", by=AUTHOR).exit_code == 0
    refused = run(app, "approve", "1", by=SECOND)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "A lost stop needs a written reason: wants_needling." in refused.stderr
    assert run(app, "reason", "1", "wants_needling", "Agreed.", by=AUTHOR).exit_code == 0
    assert "second person" in run(app, "approve", "1", by=AUTHOR.upper()).stderr
    assert f"approved by {SECOND}" in run(app, "approve", "1", by=SECOND).stdout
    assert f"In force: version 1, {SHIPPED.sha256[:12]}, shipped with this release." in run(app, "status").stdout
    assert "live" in run(app, "publish", "1", by=AUTHOR).stdout
    assert services(app).rulebook.sha256 == SOFTER.sha256
    status = run(app, "status").stdout
    assert f"In force: version 2, {SOFTER.sha256[:12]}, published by the clinic." in status
    assert f"  reason ({AUTHOR}): Agreed." in run(app, "report", "1").stdout
    history = run(app, "history", "1").stdout
    assert [line.split()[4] for line in history.splitlines()] == [
        "drafted", "checked", "compared", "read", "reason", "approved", "published",
    ]  # fmt: skip
    assert f"{SECOND}  approved" in history
    assert "reason given (concept wants_needling)" in history
    assert f"published (sha256 {SOFTER.sha256[:12]})" in history


def test_within_one_request_the_book_does_not_change(app: Flask, file: str) -> None:
    run(app, "draft", file, by=AUTHOR)
    run(app, "examine", "1", by=AUTHOR)
    run(app, "reason", "1", "wants_needling", "Agreed.", by=AUTHOR)
    run(app, "acknowledge", "1", by=AUTHOR)
    run(app, "approve", "1", by=SECOND)
    with app.test_request_context("/"):
        before = services(app).rulebook
        assert run(app, "publish", "1", by=AUTHOR).exit_code == 0
        assert services(app).rulebook is before
    with app.test_request_context("/"):
        assert services(app).rulebook.sha256 == SOFTER.sha256


def test_a_new_release_says_that_the_published_book_stays_in_force(
    app: Flask, file: str, tmp_path: Path, database_url: str
) -> None:
    for words in (
        ("draft", file),
        ("examine", "1"),
        ("reason", "1", "wants_needling", "Agreed."),
        ("acknowledge", "1"),
    ):
        assert run(app, *words, by=AUTHOR).exit_code == 0
    run(app, "approve", "1", by=SECOND)
    run(app, "publish", "1", by=AUTHOR)
    released = made(tmp_path / "instance", database_url, book(HEADACHE, version="2027.1"))
    with released.app_context():
        sentence = offered_release()
        assert services(released).rulebook.sha256 == SOFTER.sha256
        assert offered_release() is None
    apps.close(released)
    assert sentence == (
        "This release ships rule book 2027.1; the published one, 2, stays in force. "
        "The new one is drafted as rule book 2: `rules examine 2 --by EMAIL`."
    )
    assert "Rule book 2: version 2027.1" in run(app, "status").stdout


def test_faults_are_printed_and_are_a_status(app: Flask, tmp_path: Path) -> None:
    content = json.loads(SOFTER.content)["rules"]
    content["reviewed"]["again_by"] = "2026-03-01"
    late = tmp_path / "late.yaml"
    late.write_text(json.dumps(content), encoding="utf-8")
    run(app, "draft", str(late), by=AUTHOR)
    result = run(app, "examine", "1", by=AUTHOR)
    assert result.exit_code == 1
    assert "was to be reviewed again by 2026-03-01" in result.stdout
    assert "stays a draft" in result.stderr


def test_refusals_are_sentences_and_a_status(app: Flask, tmp_path: Path, file: str) -> None:
    faulty = tmp_path / "faulty.yaml"
    faulty.write_text("version: '1'\nrulez: []\n", encoding="utf-8")
    for words, by, sentence in (
        (("draft", file), "nobody@clinic.example", "No active account has the address nobody@clinic.example"),
        (("draft", str(faulty)), AUTHOR, "faulty.yaml:2: unknown key in the rule book `rulez`; did you mean `rules`?"),
        (("publish", "7"), AUTHOR, "There is no rule book 7"),
        (("report", "7"), "", "There is no rule book 7"),
    ):
        result = run(app, *words, by=by)
        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in result.stderr
