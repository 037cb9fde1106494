"""The exported logic as it is written, for a reader who checks a rule by eye."""

from __future__ import annotations

from intake.engine.read.load import load_rulebook
from intake.interop import elm, feel
from tests.engine.small import RULEBOOKS, condition, vocabulary

SMALL = load_rulebook(RULEBOOKS / "good" / "everything.yaml", vocabulary())


def test_feel_of_a_question_that_is_asked_of_some() -> None:
    exported = feel.expression(vocabulary(), condition({"weeks": {"min": 13, "below": 28}}))
    assert exported.reads == ("pregnant", "weeks")
    assert (
        exported.text
        == """{
  open_pregnant: pregnant = null or not(list contains(["no", "yes"], pregnant)),
  holds_pregnant: if pregnant != null then [pregnant] else [],
  asked_weeks: (if some code in ["yes"] satisfies list contains(holds_pregnant, code)\
 then true else if open_pregnant then null else false),
  open_weeks: if asked_weeks = null then true else asked_weeks and (not(weeks instance of number)),
  result: (if open_weeks then null else (asked_weeks and weeks >= 13 and weeks < 28))
}.result"""
    )


def test_feel_lists_inputs_rules_and_notes() -> None:
    exported = feel.export(SMALL)
    assert exported["rulebook"] == {"version": "2026.1", "sha256": SMALL.sha256}
    inputs = exported["inputs"]
    assert isinstance(inputs, dict)
    assert inputs["inr"] == "choice"
    assert "words" not in inputs
    rules, notes = exported["rules"], exported["notes"]
    assert isinstance(rules, list)
    assert isinstance(notes, list)
    assert [(each["id"], len(each.get("raise", ()))) for each in rules] == [("bleeds", 2), ("fever", 0)]
    assert [(each["id"], each["reads"]) for each in notes] == [("helps", ["pain_regions"])]


def test_elm_names_every_rule_raise_and_note() -> None:
    library = elm.library(SMALL)["library"]
    assert isinstance(library, dict)
    names = [each["name"] for each in library["statements"]["def"]]
    assert len(names) == len(set(names))
    assert {"bleeds", "bleeds raise 1", "bleeds raise 2", "fever", "helps"} <= set(names)


def test_a_number_that_is_not_known_is_no_parameter() -> None:
    given = elm.parameters(
        vocabulary(), {"age": "not_sure", "reason": "declined", "danger": ("not_sure",), "words": "x"}
    )
    assert given == {"reason": "declined", "danger": ["not_sure"]}
