"""The PlanDefinition: an action a rule, with citations and the condition in words; valid FHIR; its logic is in it."""

from __future__ import annotations

import base64
import json
from typing import Any

from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.interop import elm
from intake.interop.plan_definition import plan_definition
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from tests.engine.small import RULEBOOKS, vocabulary
from tests.support import engines

SMALL = load_rulebook(RULEBOOKS / "good" / "everything.yaml", vocabulary())


def exported() -> dict[str, Any]:
    return plan_definition(SMALL)


def levels(action: dict[str, Any]) -> tuple[str, str, str]:
    needling, urgency = (each["coding"][0]["code"] for each in action["code"])
    return needling, urgency, action["priority"]


def expression(action: dict[str, Any]) -> str:
    (condition,) = action["condition"]
    assert condition["expression"]["language"] == "text/cql-identifier"
    name: str = condition["expression"]["expression"]
    return name


def test_a_rule_is_an_action_that_applies_where_it_fires_or_asks() -> None:
    bleeds = exported()["action"][0]
    assert expression(bleeds) == "bleeds counts"
    assert bleeds["title"] == "Bleeds easily"
    assert bleeds["description"] == "thinners: “warfarin”, or inr: “high” or “unstable”"
    assert bleeds["documentation"] == [
        {"type": "citation", "label": "book2020", "citation": "A Book, 2020", "url": "https://doi.org/10.1000/1"}
    ]
    assert bleeds["textEquivalent"].startswith("Blood does not clot. Press. Where: the places named under")


def test_each_status_and_each_raise_has_its_levels() -> None:
    by_expression = {expression(action): levels(action) for action in exported()["action"][0]["action"]}
    assert by_expression == {
        "bleeds fires": ("review_before", "none", "routine"),
        "bleeds asks": ("review_before", "none", "routine"),
        "bleeds raise 1 fires": ("do_not_needle", "none", "routine"),
        "bleeds raise 1 asks": ("do_not_needle", "none", "routine"),
        "bleeds raise 2 fires": ("do_not_needle", "same_day", "asap"),
        "bleeds raise 2 asks": ("ok", "none", "routine"),
    }


def test_a_note_applies_only_where_it_holds() -> None:
    note = exported()["action"][-1]
    assert (note["id"], expression(note), note["textEquivalent"]) == ("helps", "helps fires", "It may help.")


def test_the_library_inside_carries_the_logic_that_the_conditions_name() -> None:
    plan = exported()
    (library,) = plan["contained"]
    logic = json.loads(base64.b64decode(library["content"][0]["data"]))
    assert plan["library"] == [f"#{library['id']}"]
    assert logic == elm.library(SMALL)
    names = {each["name"] for each in logic["library"]["statements"]["def"]}
    outer = plan["action"]
    assert {expression(action) for each in outer for action in (each, *each.get("action", ()))} <= names
    asked = [(each["name"], each["type"], each["max"]) for each in library["parameter"]]
    assert asked[:5] == [
        ("age", "decimal", "1"),
        ("fear", "decimal", "1"),
        ("filled_by", "string", "1"),
        ("reason", "string", "1"),
        ("danger", "string", "*"),
    ]
    assert "words" not in {name for name, *_ in asked}


def test_the_shipped_rule_book_is_valid_fhir() -> None:
    plan = plan_definition(load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH)))
    assert [wrong for wrong in engines.run("fhir", plan) if wrong["severity"] in {"error", "fatal"}] == []
    broken = engines.run("fhir", plan | {"status": "good", "needles": 2})
    assert {wrong["message"] for wrong in broken if wrong["severity"] == "error"} == {
        'Code "good" not found in value set',
        "Unexpected property",
    }
