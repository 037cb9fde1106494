"""The words of a rule: they never state what was perhaps not answered."""

from __future__ import annotations

import pytest

from intake.engine.read.texts import faulty_texts
from tests.engine.small import book, note, rule
from tests.test_cases import book as shipped

FEVER = {"danger": "fever"}


def test_the_rule_book_states_nothing_that_was_not_said() -> None:
    assert [fault.message for fault in faulty_texts(shipped())] == []


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("because", "The patient has a fever.", "The patient has"),
        ("because", "Steroids weaken the defences a little.", "a little"),
        ("do", "You told us of a fever; postpone.", "You told us"),
        ("do", "Postpone; the figures were not read.", "were not read"),
    ],
)
def test_a_text_that_states_an_answer_is_a_fault(key: str, text: str, words: str) -> None:
    (fault,) = faulty_texts(book(rule(FEVER) | {key: text}))
    assert words in fault.message
    assert f"`{key}`" in fault.message


@pytest.mark.parametrize("text", ["You have an aneurysm. Call now.", "Call now. You had cancer."])
def test_advice_that_states_an_illness_is_a_fault(text: str) -> None:
    (fault,) = faulty_texts(book(rule(FEVER, urgency="same_day") | {"tell": text}))
    assert "`tell`" in fault.message


@pytest.mark.parametrize(
    "text", ["You may have a clot. Call now.", "Call if you have chest pain.", "You told us of a fever."]
)
def test_advice_that_says_may_or_if_or_names_the_answer_stands(text: str) -> None:
    assert list(faulty_texts(book(rule(FEVER, urgency="same_day") | {"tell": text}))) == []


def test_a_note_says_nothing_of_our_own_reading() -> None:
    (fault,) = faulty_texts(book(rule(FEVER), note(FEVER) | {"text": "A review exists; it was not read."}))
    assert "was not read" in fault.message
