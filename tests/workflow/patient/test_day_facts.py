"""What holds on the day alone: nothing that was said before settles it, and what is asked then counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from intake.engine.read.load import load_vocabulary
from intake.settings import VOCABULARY_PATH
from intake.storage.day_answers import AskedAt, DayAnswer
from intake.workflow.patient import day_facts

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Answers

V = load_vocabulary(VOCABULARY_PATH)
AT_HOME: Answers = {"feels_today": "well", "state_today": ("none",), "age_years": 40, "blood_thinners": ("none",)}
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def said(**answers: object) -> dict[str, DayAnswer]:
    return {name: DayAnswer(answer, NOW, AskedAt.DESK) for name, answer in answers.items()}  # type: ignore[arg-type] # spelled as answers


def test_before_arrival_the_facts_stay_as_they_are() -> None:
    assert day_facts.judged(V, AT_HOME, {}, arrived=False) == AT_HOME


def test_from_arrival_what_was_not_asked_is_open() -> None:
    assert day_facts.judged(V, AT_HOME, {}, arrived=True) == {"age_years": 40, "blood_thinners": ("none",)}


def test_what_is_asked_counts_and_the_rest_stays_open() -> None:
    facts = day_facts.judged(V, AT_HOME, said(state_today=("not_eaten",)), arrived=True)
    assert facts == {"state_today": ("not_eaten",), "age_years": 40, "blood_thinners": ("none",)}


def test_the_form_counts_where_its_page_was_answered_in_the_clinic() -> None:
    asked = said(feels_today=None, state_today=None)
    assert day_facts.judged(V, AT_HOME, asked, arrived=True) == AT_HOME


@pytest.mark.parametrize(("feels", "kept"), [("very_unwell", True), ("slightly_unwell", False), ("not_sure", False)])
def test_only_the_worst_stays_until_it_is_asked_again(feels: str, kept: bool) -> None:
    facts = day_facts.judged(V, {"feels_today": feels}, {}, arrived=True)
    assert facts == ({"feels_today": feels} if kept else {})


@pytest.mark.parametrize(("answer", "opens"), [("yes", True), ("not_sure", True), ("no", False)])
def test_a_new_medicine_opens_denials_and_keeps_what_was_told(answer: str, opens: bool) -> None:
    home: Answers = {"blood_thinners": ("none",), "supplements": ("fish_oil",), "age_years": 40}
    facts = day_facts.judged(V, home, said(new_medicine=answer), arrived=True)
    assert facts == ({"supplements": ("fish_oil",), "age_years": 40} if opens else home)


def test_a_page_settles_its_own_fact_and_the_one_behind_its_gate() -> None:
    assert day_facts.settled_by(V, ("gate_visit",)) == ("state_today",)
    assert day_facts.settled_by(V, ("feels_today", "unwell_signs")) == ("feels_today",)
    assert day_facts.settled_by(V, ("gate_medicines",)) == ()


def test_a_medicine_is_asked_about_where_the_form_is_of_before() -> None:
    assert day_facts.still_open(V, ()) == ("feels_today", "state_today", "new_medicine")
    assert day_facts.still_open(V, ("feels_today", "state_today")) == ()
