"""A clinic's overlay counts from the start, a loosening one refuses it, and `rules overlay` says what it does."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from intake import settings
from intake.app import build
from intake.engine.book.levels import Needling
from intake.engine.book.rulebook import Rulebook
from intake.engine.prove.losses import loosened
from intake.errors import DataFileError, SettingsError
from intake.storage import publications
from intake.web.services import EXTENSION, Services
from intake.workflow.rules import change_report, extra
from tests.support import apps
from tests.support.books import HEADACHE, MILD, book

BASE = book({**MILD, "policy": "wishes"}, {**HEADACHE, "policy": "heads"})
STOPS = ("avoid_area", "do_not_needle")
STRICT = "policies: {wishes: {needling: do_not_needle}}\n"
LOOSE = "policies: {heads: {needling: precaution}}\n"
LATE = """
reviewed: {by: A. Tester, on: 2026-01-01, again_by: 2026-02-01}
rules:
  - id: own
    concept: main_reason
    title: A title
    when: {main_reason: headache}
    needling: precaution
    if_unknown: {needling: ok, urgency: none}
    because: Because.
    do: Do.
    sources: []
    strength: consensus
    examples:
      fires: [{main_reason: muscle_or_joint_pain}]
      quiet: [{main_reason: muscle_or_joint_pain}]
      asks: [{}]
"""


def made(tmp_path: Path, text: str = "", **changes: str) -> Flask:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700, exist_ok=True)
    if text:
        (folder / changes.get("overlay", "overlay.yaml")).write_text(text, encoding="utf-8")
    given = {f"INTAKE_{name.upper()}": value for name, value in changes.items()}
    return build(settings.load(given, folder), shipped=BASE)


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["rules", "overlay", *words])


@pytest.mark.parametrize("name", ["overlay.yaml", "ours.yaml"])
def test_the_overlay_counts_from_the_start(tmp_path: Path, name: str) -> None:
    app = made(tmp_path, STRICT, **({} if name == "overlay.yaml" else {"overlay": name}))
    services: Services = app.extensions[EXTENSION]
    assert [rule.levels.needling for rule in services.rulebook.rules] == [Needling.DO_NOT_NEEDLE] * 2
    assert services.rulebook.version == "1+overlay"
    apps.close(app)


def test_a_loosening_overlay_refuses_the_start_with_the_rule_named(tmp_path: Path) -> None:
    with pytest.raises(
        DataFileError, match=r"overlay\.yaml:1: policy `heads` would loosen rule `main-reason-headache`"
    ):
        made(tmp_path, LOOSE)


def test_an_overlay_that_is_named_and_not_there_refuses_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"overlay names ours\.yaml, and there is no such file"):
        made(tmp_path, overlay="ours.yaml")


def test_without_an_overlay_the_book_is_as_it_is(tmp_path: Path) -> None:
    app = made(tmp_path)
    services: Services = app.extensions[EXTENSION]
    assert services.rulebook is BASE
    result = run(app)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "There is no overlay" in result.stderr
    apps.close(app)


def test_what_an_overlay_changes_is_told_and_proved(tmp_path: Path) -> None:
    result = run(made(tmp_path, STRICT))
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "wants-needling-no: precaution, none -> do_not_needle, none",
        "nothing is loosened, proved",
    ]


def test_a_file_is_tried_before_it_is_put_in_place(tmp_path: Path) -> None:
    app = made(tmp_path)
    file = tmp_path / "tried.yaml"
    file.write_text(LOOSE, encoding="utf-8")
    result = run(app, str(file))
    assert (result.exit_code, result.stdout) == (1, "")
    assert "would loosen rule `main-reason-headache`" in result.stderr
    file.write_text(LATE, encoding="utf-8")
    result = run(app, str(file))
    assert result.exit_code == 1
    assert "own: added" in result.stdout
    assert "rule `own`: example 1 of `fires` does not hold: it stays quiet" in result.stderr
    assert "rule `own` was to be reviewed again by 2026-02-01" in result.stderr


def publish(app: Flask, published: Rulebook) -> None:
    """The clinic's own rule book is in force."""
    services: Services = app.extensions[EXTENSION]
    row = {
        "sha256": published.sha256,
        "version": published.version,
        "content": published.content,
        "state": publications.LIVE,
    }
    with services.clinic.database.begin() as connection:
        publications.add(connection, row)


def test_it_is_laid_over_the_book_that_is_in_force(tmp_path: Path) -> None:
    app = made(tmp_path)
    file = tmp_path / "tried.yaml"
    file.write_text("policies: {ours: {needling: do_not_needle}}\n", encoding="utf-8")
    assert "unknown policy `ours`" in run(app, str(file)).stderr
    publish(app, book({**MILD, "policy": "ours"}, version="2"))
    result = run(app, str(file))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("wants-needling-no: precaution, none -> do_not_needle, none\n")
    apps.close(app)


def test_readers_and_other_systems_get_the_book_that_is_in_force(tmp_path: Path) -> None:
    app = made(tmp_path, STRICT)
    published = book({**MILD, "title": "Our own title", "policy": "wishes"}, version="2027.ours")
    publish(app, published)
    runner = app.test_cli_runner()
    assert runner.invoke(args=["rules", "book", str(tmp_path / "rules.html")]).exit_code == 0
    html = (tmp_path / "rules.html").read_text(encoding="utf-8")
    assert "2027.ours+overlay" in html
    assert "Our own title" in html
    exported = runner.invoke(args=["rules", "export", "--format", "plan-definition"])
    assert json.loads(exported.stdout)["version"] == "2027.ours+overlay"
    apps.close(app)


def test_without_the_solver_it_says_that_nothing_was_proved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _name: None)
    assert "by structure (the proof needs the extra `rules`: `pip install" in run(made(tmp_path, STRICT)).stdout


def test_whoever_would_be_judged_lower_is_told_with_the_patient() -> None:
    """A loosening that the reading let through."""
    lower = book({**MILD, "policy": "wishes"}, {**HEADACHE, "needling": "review_before", "policy": "heads"})
    losses = sorted(change_report.lost(one) for one in loosened(BASE, lower))
    assert losses == [f'main-reason-headache loses {level}: {{"main_reason": "headache"}}' for level in STOPS]
    doubted = replace(next(loosened(BASE, lower)), confirmed=False)
    assert "(NOT CONFIRMED by the interpreter: report this): {" in change_report.lost(doubted)
