"""A rule book on paper: `rules check` names its faults, `rules export` and `rules book` write it whole or not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from intake.cli.rulebook import DOCUMENT
from intake.engine.read.load import load_rulebook
from intake.interop import elm, feel
from intake.interop.plan_definition import plan_definition
from tests.engine.small import RULEBOOKS, vocabulary
from tests.support import terminal
from tests.support.practice import Practice
from tests.support.small_clinic import SmallClinic

GOOD = RULEBOOKS / "good" / "everything.yaml"
BOOK = load_rulebook(GOOD, vocabulary())
EXPORTS = {"plan-definition": plan_definition, "elm": elm.library, "feel": feel.export}


def check(file: Path) -> Result:
    return terminal.run("rules", "check", file, books=terminal.own(BOOK))


def export(clinic: SmallClinic, *words: str | Path) -> Result:
    books = terminal.own(BOOK)
    return terminal.run("rules", "export", *words, books=books, open_clinic=lambda: replace(clinic, books=books))


def test_a_good_rule_book_passes_the_check() -> None:
    result = check(GOOD)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1] == f"{GOOD}: 2 rules, 1 notes, 0 faults"
    assert f"{GOOD}: warning: concept `evidence_free` has no rule" in result.stdout


def test_every_fault_is_printed_with_its_line_examples_included(tmp_path: Path) -> None:
    text = (
        GOOD.read_text(encoding="utf-8").replace("pain_regions: [declined]", "pain_regions: []").replace("Press.", "")
    )
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    result = check(path)
    assert result.exit_code == 1
    assert f"{path}:27: `do` must be a text\n" in result.stdout
    assert f"{path}:56: rule `helps`: example 1 of `asks` does not hold: it stays quiet\n" in result.stdout
    assert result.stdout.endswith("1 rules, 1 notes, 2 faults\n")


@pytest.mark.parametrize("form", EXPORTS)
def test_it_is_written_to_standard_output_or_to_a_file(form: str, clinic: SmallClinic, tmp_path: Path) -> None:
    exported = export(clinic, "--format", form)
    assert (exported.exit_code, json.loads(exported.stdout)) == (0, EXPORTS[form](BOOK))
    assert export(clinic, "--format", form, tmp_path / "out.json").exit_code == 0
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == exported.stdout


def test_other_formats_and_places_are_refused(clinic: SmallClinic, tmp_path: Path) -> None:
    refused = export(clinic, "--format", "drools")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "plan-definition" in refused.stderr
    assert export(clinic, "--format", "elm", tmp_path / "nowhere" / "out.json").exit_code == 1


def test_the_book_in_docs_is_the_rule_book(practice: Practice) -> None:
    done = practice.app.test_cli_runner().invoke(args=["rules", "book", "--check"])
    assert done.exit_code == 0, f"{DOCUMENT} is not the rule book any more: `make golden`, then commit the file"


def test_a_stale_book_is_told(practice: Practice, tmp_path: Path) -> None:
    runner = practice.app.test_cli_runner()
    file = tmp_path / "rules.html"
    assert runner.invoke(args=["rules", "book", str(file), "--check"]).exit_code == 1
    assert runner.invoke(args=["rules", "book", str(file)]).exit_code == 0
    assert runner.invoke(args=["rules", "book", str(file), "--check"]).exit_code == 0
    file.write_text(file.read_text(encoding="utf-8").replace("8 or more", "9 or more"), encoding="utf-8")
    done = runner.invoke(args=["rules", "book", str(file), "--check"])
    assert (done.exit_code, done.stderr) == (1, f"{file} is stale: run `flask --app wsgi rules book`.\n")
