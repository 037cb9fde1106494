"""The printed form asks every question once, with its words and its arrows; its size is what the docs say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from flask import Flask
from flask_babel import Babel

from intake.app import rules
from intake.forms import questionnaire
from intake.questions.questionnaire import Questionnaire
from intake.workflow.patient.paper import printing, sheet
from intake.workflow.patient.paper.printing import Comer, Head

DAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
HEAD = Head("Harbour Lane Clinic", "01234 000 000", "https://intake.example/desk/paper", "999", "en-GB")
DOCS = Path(__file__).parents[4] / "docs" / "paper.md"


@pytest.fixture
def questions() -> Iterator[Questionnaire]:
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        yield questionnaire(rules().vocabulary)


def printed(questions: Questionnaire) -> dict[str, dict[str, Any]]:
    """Every printed question by its name."""
    shown = [each for section in sheet.sections(questions, DAY) for each in cast("list[Any]", section["questions"])]
    return {each.printed.name: told for each, told in zip(sheet.placed(questions, DAY), shown, strict=True)}


def labels(told: dict[str, Any]) -> dict[str, str]:
    return {option["label"]: option["goto"] for group in told["groups"] for option in group["options"]}


def test_each_question_of_the_screen_is_printed_once_with_all_its_answers(questions: Questionnaire) -> None:
    pages = (*questions.pages, questions.check)
    asked = [name for page in pages for name, _question, _facts in page.questions()]
    form = printed(questions)
    assert list(form) == asked
    assert [told["number"] for told in form.values()] == list(range(1, len(asked) + 1))
    for page in pages:
        for name, question, _facts in page.questions():
            told = form[name]
            assert told["legend"] == str(question.legend)
            if told["kind"] != "places" and name != "main_region":
                assert {str(option.label) for option in question.options} <= {*labels(told), *told["marks"]}, name


def test_arrows_lead_both_ways(questions: Questionnaire) -> None:
    form = printed(questions)
    numbers = {name: told["number"] for name, told in form.items()}
    assert labels(form["diabetes"])["Yes"] == f"{numbers['diabetes_control']}\N{EN DASH}{numbers['diabetes_feet']}"
    assert form["diabetes_control"]["only"] == f"Only if you ticked “Yes” at {numbers['diabetes']}."
    assert labels(form["gate_conditions"])["Diabetes"] == str(numbers["diabetes"])
    assert form["diabetes"]["only"] == f"Only if you ticked “Diabetes” or “Not sure” at {numbers['gate_conditions']}."
    assert form["guardian_present"]["only"] == "Only if you are under 18."
    assert form["danger_signs"]["only"] == ""
    assert form["full_name"]["only"] == ""
    assert "you marked a place at" in form["pain_duration"]["only"]


def test_every_number_in_an_arrow_is_that_of_a_question_that_the_answer_opens(questions: Questionnaire) -> None:
    form = printed(questions)
    last = len(form)
    for told in form.values():
        named = [int(number) for number in re.findall(r" at (\d+)", told["only"])]
        assert all(1 <= number <= last for number in named), told["legend"]
        assert told["number"] not in named


def test_regions_stand_in_three_columns_with_their_sides(questions: Questionnaire) -> None:
    columns = printed(questions)["pain_regions"]["places"]
    assert [[part["heading"] for part in column] for column in columns] == [
        ["Head and neck", "Shoulder and arm"],
        ["Back", "Chest and belly"],
        ["Hip and leg"],
    ]
    boxes = [len(each["sides"]) or 1 for column in columns for part in column for each in part["places"]]
    assert sum(boxes) == len(questions.vocabulary.regions)


def test_numbers_in_short() -> None:
    assert sheet.ranges((1, 2, 3, 5)) == "1\N{EN DASH}3, 5"
    assert sheet.ranges(()) == ""


def test_the_form_has_the_pages_that_the_docs_name(questions: Questionnaire) -> None:
    pdf = printing.form(questions, HEAD, NOW, UTC)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert f"**{pages} pages**" in DOCS.read_text(encoding="utf-8")


def test_a_form_for_a_visit_is_as_long_and_the_same_each_time(questions: Questionnaire) -> None:
    who = Comer("Ada " + "B" * 56, "10 Dec 1985", "Mon 23 Nov, 09:30", "0" * 32)
    pdf = printing.form(questions, HEAD, NOW, UTC, who)
    assert pdf == printing.form(questions, HEAD, NOW, UTC, who)
    blank = printing.form(questions, HEAD, NOW, UTC)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == len(re.findall(rb"/Type\s*/Page\b", blank))
