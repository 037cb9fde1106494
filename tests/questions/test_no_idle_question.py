"""No question is asked for nothing: each feeds a rule, a note, a score or a line of the review page."""

from __future__ import annotations

import pytest

from intake.engine.book import tree
from intake.engine.book.rulebook import Named, Note, Rule
from intake.engine.book.vocabulary import Answer, Answers, Kind
from intake.workflow.review import story
from tests.support.visitor import vocabulary
from tests.test_cases import book
from tests.workflow.review.test_story import WORDS

FACTS = vocabulary().facts
IN_WORDS_OF_ONES_OWN = {name for name, fact in FACTS.items() if fact.kind is Kind.TEXT}
SAID: Answers = {"pain_regions": ("neck_left", "head"), "therapies_tried": ("massage",), "danger_signs": ("not_sure",)}
ANSWERS: dict[str, Answer] = {
    "danger_signs_unsure": ("fever",),
    "main_region": "head",
    "pain_average": 4.0,
    "peg_enjoyment": 3.0,
    "peg_activity": 3.0,
    "psfs_score": 5.0,
    "pain_quality": ("burning",),
    "seen_by_doctor": "this_pain",
    "therapies_tried": ("exercise",),
    "therapies_helped": ("massage",),
    "therapies_worse": ("massage",),
    "therapies_now": ("massage",),
    "past_needling": ("ims",),
    "visit_frequency": "weekly",
}


def read_by_the_book() -> set[str]:
    found: set[str] = set()
    entries: tuple[Rule | Note, ...] = (*book().rules, *book().notes)
    for entry in entries:
        found |= set(tree.facts_read(entry.when))
        if isinstance(entry, Rule):
            found |= set(entry.facts)
            found |= {entry.where.fact} if isinstance(entry.where, Named) else set()
    return found


def test_what_no_rule_reads_is_in_the_story() -> None:
    assert set(FACTS) - read_by_the_book() - IN_WORDS_OF_ONES_OWN <= set(ANSWERS)


@pytest.mark.parametrize("fact", ANSWERS)
def test_an_answer_changes_the_story(fact: str) -> None:
    without = story.tell(vocabulary(), SAID, WORDS)
    assert story.tell(vocabulary(), {**SAID, fact: ANSWERS[fact]}, WORDS) != without
