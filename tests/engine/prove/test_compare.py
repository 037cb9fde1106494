"""What is proved equal is equal on every patient tried; who is shown differs, and is confirmed by the interpreter."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from bench.patients import patients
from intake.engine.book.levels import Label
from intake.engine.book.rulebook import Rulebook
from intake.engine.decide.decide import decide
from intake.engine.prove.compare import EquivalenceResult, compare
from tests.engine import strategies
from tests.engine.small import book, note, rule, vocabulary

TRIED = list(patients(vocabulary(), 40, missing=0.2))
STOP = {"needling": "do_not_needle"}
STOPS, SWOLLEN = "fires: do_not_needle, none, everywhere", {"lymph": ("swollen",)}
ASKS: dict[str, Any] = {**STOP, "if_unknown": {"needling": "review_before", "urgency": "none"}}


def results_of(old: Rulebook, new: Rulebook) -> dict[str, EquivalenceResult]:
    return {result.subject: result for result in compare(old, new)}


def one(old: dict[str, Any], new: dict[str, Any]) -> EquivalenceResult:
    return results_of(book(old), book(new))["one"]


@settings(max_examples=20, deadline=None)
@given(strategies.rulebooks(), strategies.rulebooks())
def test_labels_proved_equal_are_equal_and_shown_patients_differ(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    old, new = book(*before), book(*after)
    results = results_of(old, new)
    assert all(witness.confirmed for result in results.values() for witness in result.witnesses)
    for answers in TRIED:
        was, now = decide(old, answers), decide(new, answers)
        for label in Label:
            assert results[label.code].witnesses or (was.label is label) is (now.label is label)
        for rule_id in {each.id for each in old.rules} & {each.id for each in new.rules}:
            outcomes = [{f.rule.id: (f.status, f.levels, f.where) for f in each.findings} for each in (was, now)]
            assert outcomes[0].get(rule_id) == outcomes[1].get(rule_id) or results[rule_id].witnesses


def test_a_threshold_that_moves_shows_the_patient_between() -> None:
    result = one(rule({"fear": {"min": 7}}, **ASKS), rule({"fear": {"min": 8}}, **ASKS))
    assert result.text.startswith("judges otherwise; changed: when")
    assert {witness.at for witness in result.witnesses} == {
        "fires", "quiet", "precaution", "review_before", "avoid_area", "do_not_needle",
    }  # fmt: skip
    assert all(witness.patient == {"fear": 7} for witness in result.witnesses)
    assert {(witness.before, witness.after) for witness in result.witnesses} == {
        ("fires: do_not_needle, none, everywhere", "quiet")
    }


def test_another_spelling_of_the_same_condition_is_proved_equal() -> None:
    either = {"any": [{"reason": "pain"}, {"reason": "headache"}]}
    old, new = book(rule({"reason": {"in": ["pain", "headache"]}}, **STOP)), book(rule(either, **STOP))
    results = results_of(old, new)
    assert results["one"].text == "proved equal; changed: when"
    assert all(not result.witnesses for result in results.values())


def test_a_change_of_wording_only_says_so() -> None:
    old, new = rule({"reason": "pain"}, **STOP), rule({"reason": "pain"}, **STOP, title="Another", because="Other.")
    results = results_of(book(old), book(new))
    assert results["one"] == EquivalenceResult("one", "judges as before; changed: title, because")
    assert {results[label.code].text for label in Label} == {"proved equal: no rule judges otherwise"}


def test_equal_books_have_nothing_to_say_but_their_labels() -> None:
    assert set(results_of(book(rule({"fear": {"min": 7}})), book(rule({"fear": {"min": 7}})))) == {
        label.code for label in Label
    }


def test_added_and_removed_rules_are_named_and_their_labels_shown() -> None:
    kept = rule({"reason": "pain"}, "kept")
    results = results_of(
        book(kept, rule({"lymph": "swollen"}, "gone", **STOP)), book(kept, note({"reason": "pain"}, "new"))
    )
    assert (results["gone"].text, results["new"].text) == ("removed", "added")
    assert [(witness.at, witness.patient, witness.before, witness.after) for witness in results["gone"].witnesses] == [
        ("fires", SWOLLEN, STOPS, "quiet"),
        ("quiet", {}, "asks: ok, none, everywhere", "quiet"),
        *((level, SWOLLEN, STOPS, "quiet") for level in ("precaution", "review_before", "avoid_area", "do_not_needle")),
    ]
    assert [(witness.at, witness.before, witness.after) for witness in results["new"].witnesses] == [
        ("shown", "not shown", "shown")
    ]
    assert "kept" not in results
    (witness,) = results["do_not_needle"].witnesses
    assert (witness.before, witness.patient) == ("do_not_needle", {"lymph": ("swollen",)})
    assert results["emergency"].text == "proved equal"


def test_a_place_that_moves_is_a_change_even_at_the_same_level() -> None:
    local = {"needling": "precaution"}
    result = one(rule({"lung": "once"}, **local, where="arm"), rule({"lung": "once"}, **local, where="leg"))
    assert [witness.at for witness in result.witnesses] == ["precaution on the body"]
    assert result.witnesses[0].patient == {"lung": "once"}


def test_electrical_stimulation_is_part_of_the_outcome() -> None:
    result = one(rule({"lung": "once"}), rule({"lung": "once"}, electrical_stimulation="avoid"))
    assert [witness.at for witness in result.witnesses] == ["electrical stimulation"]


def test_a_note_shown_to_others_shows_one_of_them() -> None:
    results = results_of(book(note({"reason": "pain"})), book(note({"reason": "headache"})))
    (witness,) = results["note"].witnesses
    assert witness.patient["reason"] in {"pain", "headache"}
    assert {witness.before, witness.after} == {"shown", "not shown"}


def test_a_rule_that_became_a_note_or_is_new_shows_who_hears_of_it() -> None:
    stop = rule({"lymph": "swollen"}, "new", **STOP)
    added = results_of(book(), book(stop))["new"]
    assert {witness.at for witness in added.witnesses} >= {"fires", "quiet", "do_not_needle"}
    assert all(witness.before == "quiet" and witness.confirmed for witness in added.witnesses)
    assert results_of(book(stop), book(note({"reason": "pain"}, "new")))["new"].text == (
        "was a rule and a note: another kind now"
    )
