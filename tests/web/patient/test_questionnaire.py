"""The questionnaire as steps: every page is one, and saving a page touches only what was on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from intake.forms import PAGES
from intake.web.patient import questionnaire
from tests.support.visitor import Visitor, bare_app, vocabulary


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[Flask]:
    """Forms need a request."""
    made = bare_app()
    with made.test_request_context():
        yield made


def test_every_page_is_a_step_in_the_same_order() -> None:
    assert [step.name for step in questionnaire.STEPS] == [page.name for page in PAGES]
    assert [step.gate for step in questionnaire.STEPS if step.gate] == [page.gate for page in PAGES if page.gate]


def test_a_page_that_may_be_passed_over_is_an_optional_step() -> None:
    assert [step.name for step in questionnaire.STEPS if step.optional] == ["claim", "mood"]


def test_a_question_that_was_not_on_the_page_is_not_touched_by_saving_it() -> None:
    visitor = Visitor(stored={"gate_warning": ("limb",), "limb_signs": ("none",), "danger_signs": ("breathless",)})
    shown = visitor.page("limb_which")
    assert questionnaire.step_of(shown, vocabulary()).facts == ("clot_risks",)
    assert questionnaire.STEP_NAMED["limb_which"].facts == ("limb_signs_limbs", "clot_risks")


def test_saving_a_gate_touches_the_gate_alone() -> None:
    step = questionnaire.step_of(Visitor().page("warning"), vocabulary())
    assert (step.gate, step.facts) == ("gate_warning", ())
