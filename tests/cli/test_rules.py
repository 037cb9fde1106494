"""`rules compare` and `rules replay` say whom a new rule book judges otherwise, and end with a status for scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import Result
from flask import Flask

from intake.cli import commands
from intake.engine.read.load import load_rulebook
from intake.settings import RULEBOOK_PATH
from intake.workflow.clinic import Books
from tests.support.tiny import Clinic, vocabulary

SHIPPED = load_rulebook(RULEBOOK_PATH, vocabulary())
TEXT = RULEBOOK_PATH.read_text(encoding="utf-8")
REFUSED = "needling-refused"


def run(clinic: Clinic | None, *words: str | Path) -> Result:
    app = Flask("small")
    database = None if clinic is None else clinic.db
    books = Books(SHIPPED, lambda book: book)
    app.extensions["intake"] = SimpleNamespace(
        rulebook=SHIPPED,
        vocabulary=SHIPPED.vocabulary,
        books=books,
        store=SimpleNamespace(database=database),
        clock=lambda: datetime(2026, 11, 25, tzinfo=UTC),
    )
    commands.register(app)
    return app.test_cli_runner().invoke(args=["rules", *map(str, words)])


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The shipped book without the rule on patients who do not want needles."""
    start = TEXT.index(f"- id: {REFUSED}\n")
    end = TEXT.index("\n- id: ", start) + 1
    file = tmp_path / "changed.yaml"
    file.write_text(TEXT[:start] + TEXT[end:], encoding="utf-8")
    return file


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A file that is no rule book."""
    file = tmp_path / "faulty.yaml"
    file.write_text("version: '1'\nrulez: []\n", encoding="utf-8")
    return file


TWINS = """\
version: "1"
reviewed: {by: A. Tester, on: 2026-01-01, again_by: 2027-01-01}
concepts: [refused]
rules:
""" + "".join(
    f"""\
- id: {name}
  concept: refused
  title: Does not want needles
  when: {{wants_needling: "no"}}
  needling: do_not_needle
  if_unknown: {{needling: review_before, urgency: none}}
  because: Consent.
  do: Offer another way.
  sources: []
  strength: consensus
  examples:
    fires: [{{wants_needling: "no"}}]
    quiet: [{{wants_needling: "yes"}}]
    asks: [{{}}]
"""
    for name in ("first", "twin")
)


def test_proving_says_of_every_property_how_it_ended_and_names_what_is_refuted(tmp_path: Path) -> None:
    """Two rules that fire for the same people, and nothing else."""
    twins = tmp_path / "twins.yaml"
    twins.write_text(TWINS, encoding="utf-8")
    result = run(None, "prove", twins)
    assert result.exit_code == 1, result.output
    said = dict(line.split(maxsplit=1) for line in result.stdout.splitlines() if line[0] in "LPpt")
    assert {*said} == {*(f"L{n}" for n in range(1, 6)), *(f"P{n}" for n in range(1, 18)), "placed", "told"}
    assert said["P3"] == "no duplicate: 1 refuted"
    assert "first: fires exactly when twin does" in result.stdout
    assert said["P7"].startswith("exact: proved over ")


def test_the_examples_that_proving_writes_are_those_that_were_missing(tmp_path: Path) -> None:
    """One rule without its twin, for two answers, with an example of one of them."""
    either = 'when: {wants_needling: {in: ["no", unsure]}}'
    thin = TWINS[: TWINS.index("- id: twin")].replace('when: {wants_needling: "no"}', either)
    file = tmp_path / "thin.yaml"
    file.write_text(thin, encoding="utf-8")
    result = run(None, "prove", file, "--write-examples")
    assert (result.exit_code, "adequacy of the examples: 1 refuted" in result.stdout) == (1, True)
    head, example = result.stdout.splitlines()[-2:]
    assert (head, example) == ("first / fires:", '    - {"wants_needling": "unsure"}')
    file.write_text(thin.replace("fires: [", f"fires: [{example.strip(' -')}, "), encoding="utf-8")
    again = run(None, "prove", file, "--write-examples")
    assert "adequacy of the examples: 3 mutants told apart, 0 of them proved equivalent" in again.stdout
    assert "/ fires" not in again.stdout


def test_comparing_a_book_with_itself_finds_nothing() -> None:
    result = run(None, "compare", RULEBOOK_PATH, RULEBOOK_PATH)
    assert result.exit_code == 0
    assert "routine: proved equal" in result.stdout


def test_comparing_shows_a_patient_for_each_label_that_is_given_to_others(changed: Path) -> None:
    result = run(None, "compare", RULEBOOK_PATH, changed)
    assert result.exit_code == 1
    assert f"{REFUSED}: removed" in result.stdout
    assert "do_not_needle: given to others" in result.stdout
    assert '"wants_needling": "no"' in result.stdout
    assert "emergency: proved equal" in result.stdout


def test_a_lost_stop_is_listed_apart_and_is_a_status(clinic: Clinic, changed: Path) -> None:
    loses = clinic.sent({"wants_needling": "no"}, clinic.now.replace(year=2099)).intake_id
    clinic.sent()
    result = run(clinic, "replay", changed)
    assert result.exit_code == 1
    assert "2 intakes, 1 change" in result.stdout
    assert f"{REFUSED} fires (do_not_needle, none) -> quiet: 1" in result.stdout
    assert "lost do_not_needle or emergency_now: 1" in result.stdout
    assert f"{loses}, visit 2099-" in result.stdout
    assert "Lovelace" not in result.stdout


def test_a_book_that_changes_nothing_is_calm(clinic: Clinic) -> None:
    clinic.sent()
    result = run(clinic, "replay", RULEBOOK_PATH, "--rebuild")
    assert (result.exit_code, result.stdout.splitlines()[:2]) == (
        0, ["1 intakes added to the archive", "1 intakes, 0 change"],
    )  # fmt: skip


def test_long_lists_are_cut_and_say_so(clinic: Clinic, changed: Path) -> None:
    for _ in range(3):
        clinic.sent({"wants_needling": "no"})
    assert "  and 2 more (--most 0 lists all)" in run(clinic, "replay", changed, "--most", "1").stdout
    assert "more (" not in run(clinic, "replay", changed, "--most", "0").stdout


@pytest.mark.parametrize("command", ["compare", "replay", "prove"])
def test_a_faulty_file_is_refused_with_its_line(faulty: Path, command: str) -> None:
    words = (faulty, RULEBOOK_PATH) if command == "compare" else (faulty,)
    result = run(None, command, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "faulty.yaml:" in result.stderr
