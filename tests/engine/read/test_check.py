"""Lints of a rule book that loads."""

from __future__ import annotations

from datetime import date

from intake.engine.read import check
from tests.engine.small import book, note, rule

FEVER = {"danger": "fever"}
HOLD = {"fires": [{"danger": ["fever"]}], "quiet": [{"danger": ["none"]}], "asks": [{}]}


def test_examples_that_hold() -> None:
    assert list(check.broken_examples(book(rule(FEVER, examples=HOLD), note(FEVER) | {"examples": HOLD}))) == []


def test_each_example_that_does_not_hold_is_named() -> None:
    wrong = {"fires": [{"danger": ["fever"]}, {"danger": ["none"]}], "quiet": [{}], "asks": [{"danger": ["fever"]}]}
    assert [one.message for one in check.broken_examples(book(rule(FEVER, examples=wrong)))] == [
        "rule `one`: example 2 of `fires` does not hold: it stays quiet",
        "rule `one`: example 1 of `quiet` does not hold: it asks",
        "rule `one`: example 1 of `asks` does not hold: it fires",
    ]


def test_reviews_fall_due_the_day_after() -> None:
    rules = book(rule(FEVER))
    assert list(check.overdue_reviews(rules, date(2027, 1, 1))) == []
    (overdue,) = check.overdue_reviews(rules, date(2027, 1, 2))
    assert (overdue.entry.line, overdue.message) == (1, "rule `one` was to be reviewed again by 2027-01-01")


def messages(when: object, *concepts: str) -> list[str]:
    return [message for _, message in check.warnings(book(rule(when), concepts=["danger", *concepts]))]


def test_reading_an_answer_twice_deserves_a_look() -> None:
    twice = {"any": [FEVER, {"all": [{"danger": {"any_of": ["fever", "numb"]}}, {"age": {"min": 9}}]}]}
    assert "rule `one` reads the same answer of `danger` twice" in messages(twice)
    assert "rule `one` reads the same answer of `danger` twice" not in messages({"any": [FEVER, {"danger": "numb"}]})
    assert "rule `one` reads the same answer of `age` twice" in messages(
        {"any": [{"age": {"min": 9}}, {"age": {"below": 3}}]}
    )


def test_what_no_rule_reads_deserves_a_look() -> None:
    warnings = messages(FEVER, "lonely")
    assert "concept `lonely` has no rule" in warnings
    assert "fact `fear` is read by no rule" in warnings
    assert "fact `danger`: no rule reads `numb`, `weak`" in warnings
    assert not any("`pregnant` is" in message or "`words`" in message or "unsure" in message for message in warnings)
