"""`triage`: JSON in, JSON out; what is refused, with which exit status, nothing being printed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from intake.engine.book.rulebook import Rulebook
from intake.engine.book.tree import AllOf
from intake.engine.read.load import load_rulebook
from tests.engine.small import RULEBOOKS, vocabulary
from tests.support import terminal

GOOD = RULEBOOKS / "good" / "everything.yaml"
BOOK = load_rulebook(GOOD, vocabulary())


def run(*arguments: str, text: str | bytes = "", rulebook: Rulebook = BOOK) -> Result:
    return terminal.run(*arguments, books=terminal.own(rulebook), text=text)


def triage(raw: dict[str, Any]) -> dict[str, Any]:
    result = run("triage", "-", text=json.dumps(raw))
    assert (result.exit_code, result.stderr) == (0, "")
    decision: dict[str, Any] = json.loads(result.stdout)
    return decision


def test_the_decision_as_json() -> None:
    decision = triage({"thinners": ["warfarin"], "inr": "unstable", "pain_regions": ["hand_left"], "danger": ["none"]})
    assert decision["label"] == "do_not_needle"
    assert (decision["needling"], decision["urgency"], decision["electrical_stimulation"]) == (
        "do_not_needle",
        "none",
        "avoid",
    )
    assert decision["at_most"] == {"needling": "do_not_needle", "urgency": "within_days"}
    assert decision["rulebook"] == {"version": "2026.1", "sha256": BOOK.sha256}
    assert decision["regions"] == dict.fromkeys(vocabulary().regions, "ok") | {"hand_left": "do_not_needle"}
    assert decision["notes"] == []
    assert [finding["rule"] for finding in decision["findings"]] == ["bleeds", "fever"]
    assert decision["findings"][0] == {
        "rule": "bleeds", "concept": "bleeding", "title": "Bleeds easily", "status": "fires",
        "needling": "do_not_needle", "urgency": "none", "at_most": {"needling": "do_not_needle", "urgency": "none"},
        "where": ["hand_left"], "depth": "superficial", "electrical_stimulation": "avoid",
        "because": "Blood does not clot.", "do": "Press.", "tell": "Call us.", "answers": {"thinners": ["warfarin"]},
        "raised_by": {"thinners": ["warfarin"], "inr": "unstable"}, "open": [], "sources": ["book2020"],
        "strength": "guideline", "policy": "anticoagulants", "version": "2026.1",
        "reviewed": {"by": "B. Tester", "on": "2026-02-01", "again_by": "2026-12-01"},
    }  # fmt: skip


def test_open_facts_are_null() -> None:
    asking = triage({})["findings"][0]
    assert (asking["status"], asking["answers"], asking["open"]) == (
        "asks",
        {"danger": None, "thinners": None},
        ["danger", "thinners"],
    )
    assert asking["where"] == ["head", "shoulder_right", "shoulder_left", "hand_right", "hand_left"]


def test_a_note_informs() -> None:
    assert triage({"pain_regions": ["head"], "thinners": ["none"]})["notes"][0] | {"reviewed": None} == {
        "rule": "helps", "title": "May help", "text": "It may help.", "certainty": "low", "sources": ["book2020"],
        "strength": "review", "reviewed": None,
    }  # fmt: skip


def test_a_file_and_standard_input_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "intake.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"danger": ["fever"], "words": "grüezi"}).encode())
    assert json.loads(run("triage", str(path)).stdout) == triage({"danger": ["fever"], "words": "grüezi"})


def test_one_decision_a_line() -> None:
    words = "a line\u2028of text"
    text = "\n".join([json.dumps({"words": words}, ensure_ascii=False), "", json.dumps({"danger": ["fever"]}), ""])
    lines = run("triage", "-", "--jsonl", text=text).stdout.splitlines()
    assert [json.loads(line) for line in lines] == [triage({}), triage({"danger": ["fever"]})]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"dangr": ["fever"]}', "unknown fact `dangr`; did you mean `danger`?"),
        ('{"danger": ["fevr"]}', "`danger`: unknown code `fevr`; did you mean `fever`?"),
        ('{"danger": "fever"}', "`danger` takes a list of codes, not a text"),
        ('{"age": "forty"}', "`age` takes a number, not a text"),
        ('{"danger": ["fever"', "not JSON: Expecting ',' delimiter (line 1, column 20)"),
        ("", "not JSON: Expecting value (line 1, column 1)"),
        ("[]", "the input must be one JSON object of facts"),
        ("null", "the input must be one JSON object of facts"),
        ('{"age": 1, "age": 2}', 'the fact "age" is given twice'),
        ('{"age": NaN}', "NaN is not a JSON number"),
        ('{"age": -Infinity}', "-Infinity is not a JSON number"),
        ('{"age": 1e999}', "`age` takes a finite number"),
        ('{"age": ' + "9" * 5000 + "}", "not JSON that can be read: a number is too long or the nesting too deep"),
        ('{"age": ' + "[" * 100_000 + "}", "not JSON that can be read: a number is too long or the nesting too deep"),
        (b'{"words": "\xff"}', "the input is not UTF-8 (byte 11)"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_printed(text: str | bytes, message: str) -> None:
    result = run("triage", "-", text=text)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"triage: {message}\n")


def test_a_wrong_line_is_named_and_the_lines_before_it_are_not_printed() -> None:
    result = run("triage", "-", "--jsonl", text='{"age": 40}\n\n{"age": 40, "dangr": [], "fear": 99}\n')
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "triage: line 3: unknown fact `dangr`; did you mean `danger`?",
        "triage: line 3: `fear` lies between 0 and 10",
    ]


def test_a_text_is_never_repeated() -> None:
    result = run("triage", "-", text='{"words": ["a secret"], "fear": 99}')
    assert result.exit_code == 2
    assert "secret" not in result.output


def test_a_missing_file_is_wrong_input(tmp_path: Path) -> None:
    result = run("triage", str(tmp_path / "none.json"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "No such file" in result.stderr


def test_a_failure_of_the_engine_has_its_own_status() -> None:
    facts = {name: fact for name, fact in vocabulary().facts.items() if name != "inr"}
    broken = replace(BOOK, vocabulary=replace(vocabulary(), facts=facts))
    result = run("triage", "-", "--jsonl", text='{"danger": ["fever"]}', rulebook=broken)
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr == "triage: line 1: `bleeds` could not be evaluated (KeyError)\n"


def test_evidence_that_cannot_be_drawn_is_a_failure_of_the_engine() -> None:
    always = replace(BOOK.rules[0], when=AllOf("danger", ()))
    result = run("triage", "-", text="{}", rulebook=replace(BOOK, rules=(always,)))
    assert (result.exit_code, result.stdout) == (3, "")
    assert f"`{always.id}` could not be evaluated (KeyError)" in result.stderr
