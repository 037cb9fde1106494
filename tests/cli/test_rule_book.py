"""`rules book` writes what readers read, and the file in docs is that; `rules sentinel` names what drifted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from intake.cli.sentinel import DOCUMENT
from tests.support.copies import copy
from tests.support.practice import Practice


def test_the_book_in_docs_is_the_rule_book(practice: Practice) -> None:
    done = practice.app.test_cli_runner().invoke(args=["rules", "book", "--check"])
    assert done.exit_code == 0, f"{DOCUMENT} is stale: run `flask --app wsgi rules book` and commit the file"


def test_a_stale_book_is_told(practice: Practice, tmp_path: Path) -> None:
    runner = practice.app.test_cli_runner()
    file = tmp_path / "rules.html"
    assert runner.invoke(args=["rules", "book", str(file), "--check"]).exit_code == 1
    assert runner.invoke(args=["rules", "book", str(file)]).exit_code == 0
    assert runner.invoke(args=["rules", "book", str(file), "--check"]).exit_code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("8 or more", "9 or more"), encoding="utf-8")
    done = runner.invoke(args=["rules", "book", str(file), "--check"])
    assert (done.exit_code, done.stderr) == (1, f"{file} is stale: run `flask --app wsgi rules book`.\n")


def test_the_sentinel_names_rules_that_drifted_here_and_on_the_page(practice: Practice) -> None:
    practice.sent()
    practice.late = timedelta(hours=1)
    runner = practice.app.test_cli_runner()
    quiet = runner.invoke(args=["rules", "sentinel"])
    assert (quiet.exit_code, quiet.output) == (
        0,
        f"0 of {len(practice.rulebook.rules)} rules left their own history.\n",
    )
    with practice.clinic.db.begin() as connection:
        for day in range(1, 210):
            copy(connection, day, practice.now() - timedelta(days=day), ["fever-now"] if day > 30 else [])
    loud = runner.invoke(args=["rules", "sentinel"])
    assert loud.exit_code == 1
    assert loud.output.startswith("fever-now: silent: fired on 0 of 31 intakes in the last 30 days, on 179 of 179")
    page = practice.practitioner().get("/review/rules")
    assert "Rules that left their own history (1)" in page.main
    assert "0 of 31, before 179 of 179" in page.main
