"""The order of pages for somebody who comes again: what changed comes first, and every page is there as before."""

from __future__ import annotations

from itertools import combinations

import pytest

from intake.questions.control import Known
from intake.questions.last_time import CONFIRMED, LAST_TIME, STILL, TOPICS, OldAnswer, first_topics, page_of
from intake.questions.wording.last_time import SAME
from intake.questions.wording.short import QUESTIONS
from tests.support.small_clinic import vocabulary
from tests.support.visitor import TODAY, bare_app, multi, questionnaire

SOME = [frozenset(each) for size in range(len(TOPICS) + 1) for each in combinations(TOPICS, size)]


def section_of(name: str) -> int:
    """The number of the section that a page stands in."""
    return questionnaire().section(name)[0]


@pytest.mark.parametrize("first", SOME, ids=lambda first: "+".join(sorted(first)) or "none")
def test_an_order_leaves_no_page_out_and_safety_and_the_person_stay_in_front(first: frozenset[str]) -> None:
    steps, ordered = questionnaire().steps, questionnaire().in_order(first)
    assert sorted(step.name for step in ordered) == sorted(step.name for step in steps)
    assert set(ordered) == set(steps)
    in_front = [step.name for step in steps if section_of(step.name) <= 2]
    assert [step.name for step in ordered[: len(in_front)]] == in_front
    for number in range(1, 10):
        of_section = [step.name for step in ordered if section_of(step.name) == number]
        assert of_section == [step.name for step in steps if section_of(step.name) == number]


def test_what_changed_stands_before_every_other_topic() -> None:
    ordered = [step.name for step in questionnaire().in_order({"since-medicines", "since-needles"})]
    assert ordered.index("bleeding_history") < ordered.index("skin_needles") < ordered.index("pain_where")
    assert ordered.index("needles") < ordered.index("heart_lungs") < ordered.index("pregnancy")


def test_each_topic_is_a_section_of_the_form() -> None:
    for topic in TOPICS:
        assert questionnaire().in_order({topic}) != questionnaire().steps or topic == TOPICS[0]


def test_changed_and_not_sure_come_first_and_nothing_else_does() -> None:
    said = {TOPICS[0]: SAME, TOPICS[1]: "changed", TOPICS[2]: "not_sure"}
    assert first_topics(said) == {TOPICS[1], TOPICS[2]}
    assert first_topics({}) == frozenset()


def test_nothing_is_chosen_beforehand_and_every_row_may_be_left_alone() -> None:
    rows = [OldAnswer("about", "Name", ("Ada",)), OldAnswer("therapies", "Tried", ("Massage",))]
    with bare_app().test_request_context():
        made = page_of(rows, "1 May")
        known = Known(TODAY, frozenset(made.facts))
        view = made(known).view()
        in_rows = [option for field in view.fields for row in field.rows for option in row.options]
        options = [*in_rows, *(option for field in view.fields for option in field.options)]
        assert (view.name, len(options)) == (LAST_TIME, 2 * len(rows) + 3 * len(TOPICS))
        assert not [option.id for option in options if option.checked]
        assert made(known, multi({})).validate()
        assert not made(known, multi({f"{STILL}about": "no"})).validate()


def test_what_is_stored_beside_the_answers_is_no_fact() -> None:
    rows = (f"{STILL}{page.name}" for page in questionnaire().pages)
    names = (*TOPICS, *rows, *(f"{CONFIRMED}{name}" for name in vocabulary().facts))
    assert not vocabulary().facts.keys() & set(names)
    assert not vocabulary().gates.keys() & set(names)


def test_practitioners_have_a_word_for_each_of_them() -> None:
    assert {*TOPICS, *(f"{CONFIRMED}{name}" for name in vocabulary().roles.lasting)} <= QUESTIONS.keys()
