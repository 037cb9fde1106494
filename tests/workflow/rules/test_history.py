"""When a rule changed: also where what it names, or its policy, changed and its own words did not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from intake.engine.book.rulebook import Rulebook
from intake.engine.read.overlay import read_overlay
from intake.storage import rulebooks
from intake.workflow.rules import history
from tests.support.books import HEADACHE, MILD, REFUSES, book
from tests.support.small_clinic import SmallClinic

LOW = {key: MILD[key] for key in ("needling", "if_unknown")}
ID = "wants-needling-no"


def steps(clinic: SmallClinic, *books: Rulebook) -> dict[str, list[tuple[str, str]]]:
    with clinic.database.begin() as connection:
        for each in books:
            rulebooks.keep(connection, each.sha256, each.version, each.content, clinic.tick())
        changes = history.history(connection)
    return {rule: [(one.step.value, one.version) for one in life] for rule, life in changes.items()}


def test_a_rule_comes_changes_and_goes(clinic: SmallClinic) -> None:
    first, third = book(REFUSES), book(HEADACHE, version="3")
    second = book({**REFUSES, "title": "Other words"}, HEADACHE, version="2")
    assert steps(clinic, first, second, third) == {
        ID: [("added", "1"), ("changed", "2"), ("removed", "3")],
        "main-reason-headache": [("added", "2")],
    }


@pytest.mark.parametrize("when", [{"condition": "thinned"}, {"blood_thinners": {"any_of": "strong"}}])
def test_what_a_rule_names_is_the_rule(clinic: SmallClinic, when: dict[str, Any]) -> None:
    rules = ({**REFUSES, "when": when}, HEADACHE)
    conditions = {"thinned": {"blood_thinners": {"any_of": "strong"}}} if "condition" in when else {}
    first = book(*rules, lists={"strong": ["warfarin"]}, conditions=conditions)
    second = book(*rules, lists={"strong": ["warfarin", "apixaban"]}, conditions=conditions, version="2")
    told = {ID: [("added", "1"), ("changed", "2")], "main-reason-headache": [("added", "1")]}
    assert steps(clinic, first, second) == told


@pytest.mark.parametrize(("narrowed", "changed"), [("", [ID, "main-reason-headache"]), (f", rules: [{ID}]", [ID])])
def test_a_policy_changes_the_rules_that_it_covers(
    clinic: SmallClinic, tmp_path: Path, narrowed: str, changed: list[str]
) -> None:
    base = book({**MILD, "policy": "wishes"}, {**HEADACHE, **LOW, "policy": "wishes"})
    file = tmp_path / "overlay.yaml"
    file.write_text(f"policies: {{wishes: {{needling: do_not_needle{narrowed}}}}}\n", encoding="utf-8")
    changes = steps(clinic, base, read_overlay(file).over(base))
    assert sorted(rule for rule, life in changes.items() if ("changed", "1+overlay") in life) == sorted(changed)
