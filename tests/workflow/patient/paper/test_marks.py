"""A part as it was typed: no mark is no answer, no mark goes unread, and what does not agree is kept and asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from intake.app import rules
from intake.forms import questionnaire
from intake.questions.questionnaire import Questionnaire
from intake.workflow.patient.interview import resolve
from intake.workflow.patient.paper import marks
from intake.workflow.patient.paper.marks import Part, ReadPart

DAY = date(2026, 11, 30)
ADA = [("full_name", "Ada Byron")]


@pytest.fixture
def questions() -> Iterator[Questionnaire]:
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield questionnaire(rules().vocabulary)


def part_of(questions: Questionnaire, page: str) -> Part:
    return next(part for part in marks.parts(questions) if page in part.names)


def typed(questions: Questionnaire, page: str, *pairs: tuple[str, str]) -> ReadPart:
    return marks.read(questions, part_of(questions, page), MultiDict(pairs), DAY)


def test_the_parts_are_the_sections_in_paper_order_with_every_page(questions: Questionnaire) -> None:
    parts = marks.parts(questions)
    assert [part.title for part in parts][:3] == ["Safety", "You", "Pain"]
    assert [name for part in parts for name in part.names] == [
        page.name for page in (*questions.pages, questions.check)
    ]


def test_a_part_without_a_mark_answers_nothing_gates_included(questions: Questionnaire) -> None:
    for part in marks.parts(questions):
        empty = marks.read(questions, part, MultiDict(ADA), DAY)
        assert (empty.problems, empty.answers, empty.contradicting) == ((), {}, ()), part.title


def test_radios_without_a_mark_are_sent_and_say_nothing(questions: Questionnaire) -> None:
    said = typed(questions, "weakness", ("new_weakness", ""), ("danger_signs", "none"))
    assert said.answers == {"danger_signs": ("none",)}


def test_unmarked_items_of_a_marked_checklist_read_as_on_the_screen(questions: Questionnaire) -> None:
    said = typed(questions, "conditions", ("gate_conditions", "epilepsy"))
    facts = resolve(questions.vocabulary, said.answers)
    assert facts["diabetes"] == "no"
    assert "epilepsy" not in facts


def test_a_mark_behind_an_untouched_checklist_is_read_and_the_rest_of_it_stays_open(questions: Questionnaire) -> None:
    said = typed(questions, "thinners", ("blood_thinners", "warfarin"))
    facts = resolve(questions.vocabulary, said.answers)
    assert facts["blood_thinners"] == ("warfarin",)
    assert "platelets" not in facts


def test_a_mark_behind_an_item_left_unticked_ticks_it(questions: Questionnaire) -> None:
    said = typed(questions, "thinners", ("gate_medicines", "supplements"), ("blood_thinners", "warfarin"))
    assert resolve(questions.vocabulary, said.answers)["blood_thinners"] == ("warfarin",)
    denied = typed(questions, "conditions", ("gate_conditions", "none"), ("diabetes", "no"))
    assert (denied.problems, denied.contradicting, denied.answers["gate_conditions"]) == ((), (), ("none",))


def test_none_beside_a_mark_is_kept_and_asks(questions: Questionnaire) -> None:
    said = typed(questions, "danger", ("danger_signs", "saddle_numbness"), ("danger_signs", "none"))
    assert said.answers["danger_signs"] == ("saddle_numbness", "not_sure")
    assert said.contradicting == ("danger_signs",)
    gate = typed(questions, "thinners", ("gate_medicines", "none"), ("blood_thinners", "warfarin"))
    assert resolve(questions.vocabulary, gate.answers)["blood_thinners"] == ("warfarin",)
    assert gate.contradicting == ("gate_medicines",)


def test_a_place_beside_none_keeps_the_place(questions: Questionnaire) -> None:
    said = typed(questions, "pain_where", ("pain_regions", "knee_left"), ("pain_regions", "none"))
    assert (said.answers["pain_regions"], said.contradicting) == (("knee_left",), ("pain_regions",))


def test_the_worst_place_that_was_not_marked_counts_as_marked(questions: Questionnaire) -> None:
    said = typed(questions, "reason", ("main_region", "calf_right"), ("pain_regions", "knee_left"))
    assert set(said.answers["pain_regions"]) == {"knee_left", "calf_right"}  # type: ignore[arg-type]  # regions
    assert said.answers["main_region"] == "calf_right"


def test_signs_marked_as_unsure_make_the_list_unsure(questions: Questionnaire) -> None:
    said = typed(questions, "danger_unsure", ("danger_signs_unsure", "fever"))
    assert said.answers["danger_signs"] == ("not_sure",)


def test_the_effect_of_one_therapy_is_kept_where_another_has_none(questions: Questionnaire) -> None:
    said = typed(questions, "therapies", ("therapies_tried", "massage"), ("effects-exercise", "helped"))
    assert set(said.answers["therapies_tried"]) == {"massage", "exercise"}  # type: ignore[arg-type]  # codes
    assert said.answers["therapies_helped"] == ("exercise",)
    assert "therapies_helped" not in resolve(questions.vocabulary, said.answers)


def test_a_form_has_a_name_and_a_date_that_can_be_read(questions: Questionnaire) -> None:
    nameless = typed(questions, "about", ("date_of_birth-day", "31"), ("date_of_birth-month", "2"))
    assert [problem.first_id for problem in nameless.problems] == ["full_name", "date_of_birth-day"]
    whole = typed(questions, "about", *ADA)
    assert (whole.problems, whole.identity, whole.answers) == ((), {"name": "Ada Byron"}, {})


def test_a_code_that_no_question_has_is_refused(questions: Questionnaire) -> None:
    assert typed(questions, "danger", ("danger_signs", "rubbish")).problems
    assert typed(questions, "weakness", ("new_weakness", "rubbish")).problems
