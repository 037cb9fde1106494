"""Which questions apply: the generated Python says what the trees say."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from intake.engine.book.vocabulary import Answers, Vocabulary
from intake.engine.decide.applying import applying
from intake.engine.decide.decide import applies
from intake.engine.read.answers import parse_answers
from intake.engine.read.load import load_vocabulary
from intake.settings import VOCABULARY_PATH
from tests.engine import strategies
from tests.engine.small import vocabulary
from tests.support import random_intakes


def by_tree(words: Vocabulary, answers: Answers) -> set[str]:
    """The same, read from the tree of each fact."""
    return {name for name in words.facts if applies(words, name, answers)}


@given(strategies.answers())
@settings(deadline=None)
def test_any_answers_to_the_small_vocabulary(raw: dict[str, Any]) -> None:
    words = vocabulary()
    answers = parse_answers(words, raw)
    assert applying(words, answers) == by_tree(words, answers)


def test_random_intakes_of_the_product() -> None:
    words = load_vocabulary(VOCABULARY_PATH)
    dice = random_intakes.seeded(7)
    for _intake in range(60):
        answers = random_intakes.answers(words, dice)
        assert applying(words, answers) == by_tree(words, answers)


def test_nothing_answered_leaves_what_depends_on_an_answer_unasked() -> None:
    words = load_vocabulary(VOCABULARY_PATH)
    asked = applying(words, {})
    assert "danger_signs" in asked
    assert not {"danger_signs_unsure", "inr_status", "guardian_present"} & asked
    assert "danger_signs_unsure" in applying(words, {"danger_signs": ("not_sure",)})
