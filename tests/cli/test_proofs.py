"""`rules prove` and `rules compare` say what holds and whom a book judges otherwise, with a status for scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from intake.engine.read.load import load_rulebook
from intake.settings import RULEBOOK_PATH
from intake.workflow.rules import extra
from tests.support import terminal
from tests.support.small_clinic import vocabulary

SHIPPED = load_rulebook(RULEBOOK_PATH, vocabulary())
REFUSED = "needling-refused"


def run(*words: str | Path) -> Result:
    return terminal.run("rules", *words, books=terminal.own(SHIPPED))


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
    result = run("prove", twins)
    assert result.exit_code == 1, result.output
    lines = dict(line.split(maxsplit=1) for line in result.stdout.splitlines() if line[0] in "LPpt")
    assert {*lines} == {*(f"L{n}" for n in range(1, 6)), *(f"P{n}" for n in range(1, 18)), "placed", "told"}
    assert lines["P3"] == "no duplicate: 1 refuted"
    assert "first: fires exactly when twin does" in result.stdout
    assert lines["P7"].startswith("exact: proved over ")


def test_the_examples_that_proving_writes_are_those_that_were_missing(tmp_path: Path) -> None:
    """One rule without its twin, for two answers, with an example of one of them."""
    either = 'when: {wants_needling: {in: ["no", unsure]}}'
    thin = TWINS[: TWINS.index("- id: twin")].replace('when: {wants_needling: "no"}', either)
    file = tmp_path / "thin.yaml"
    file.write_text(thin, encoding="utf-8")
    result = run("prove", file, "--write-examples")
    assert (result.exit_code, "adequacy of the examples: 1 refuted" in result.stdout) == (1, True)
    head, example = result.stdout.splitlines()[-2:]
    assert (head, example) == ("first / fires:", '    - {"wants_needling": "unsure"}')
    file.write_text(thin.replace("fires: [", f"fires: [{example.strip(' -')}, "), encoding="utf-8")
    again = run("prove", file, "--write-examples")
    assert "adequacy of the examples: 3 mutants told apart, 0 of them proved equivalent" in again.stdout
    assert "/ fires" not in again.stdout


def test_comparing_a_book_with_itself_finds_nothing() -> None:
    result = run("compare", RULEBOOK_PATH, RULEBOOK_PATH)
    assert result.exit_code == 0
    assert "routine: proved equal" in result.stdout


def test_comparing_shows_a_patient_for_each_label_that_is_given_to_others(changed: Path) -> None:
    result = run("compare", RULEBOOK_PATH, changed)
    assert result.exit_code == 1
    assert f"{REFUSED}: removed" in result.stdout
    assert "do_not_needle: given to others" in result.stdout
    assert '"wants_needling": "no"' in result.stdout
    assert "emergency: proved equal" in result.stdout


@pytest.mark.parametrize("command", ["compare", "replay", "prove"])
def test_a_faulty_file_is_refused_with_its_line(faulty: Path, command: str) -> None:
    words = (faulty, RULEBOOK_PATH) if command == "compare" else (faulty,)
    result = run(command, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "faulty.yaml:" in result.stderr


@pytest.mark.parametrize("command", ["compare", "replay", "prove"])
def test_without_the_extra_one_sentence_says_how_to_get_it(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "find_spec", lambda _name: None)
    result = run(command, *[RULEBOOK_PATH] * (2 if command == "compare" else 1))
    assert (result.exit_code, result.stdout) == (2, "")
    sentence = "This needs the extra `rules`: `pip install 'needling-intake[rules]'` or `make rules`.\n"
    assert result.stderr == sentence
