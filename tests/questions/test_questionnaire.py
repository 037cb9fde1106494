"""The questionnaire asks each fact once or is refused; every page is a step; saving one touches what was on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from intake import settings
from intake.app import build, rules
from intake.engine.book.vocabulary import Vocabulary
from intake.errors import NotFoundError, QuestionnaireError
from intake.questions.checks import Checks
from intake.questions.pages import new_page
from intake.questions.questionnaire import Questionnaire
from intake.questions.wording import danger, person
from tests.support.visitor import Visitor, bare_app, questionnaire, vocabulary

CHECK = questionnaire().check


@pytest.fixture(scope="module", autouse=True)
def app() -> Iterator[Flask]:
    """Forms need a request."""
    made = bare_app()
    with made.test_request_context():
        yield made


def test_every_page_is_a_step_in_the_same_order() -> None:
    steps, pages = questionnaire().steps, questionnaire().pages
    assert [step.name for step in steps] == [page.name for page in pages]
    assert [step.gate for step in steps if step.gate] == [page.gate for page in pages if page.gate]


def test_a_page_that_may_be_passed_over_is_an_optional_step() -> None:
    assert [step.name for step in questionnaire().steps if step.optional] == ["claim", "mood"]


def test_a_question_that_was_not_on_the_page_is_not_touched_by_saving_it() -> None:
    visitor = Visitor(stored={"gate_warning": ("limb",), "limb_signs": ("none",), "danger_signs": ("breathless",)})
    page = visitor.page("limb_which")
    assert questionnaire().step_of(page).facts == ("clot_risks",)
    assert questionnaire().step("limb_which").facts == ("limb_signs_limbs", "clot_risks")


def test_saving_a_gate_touches_the_gate_alone() -> None:
    step = questionnaire().step_of(Visitor().page("warning"))
    assert (step.gate, step.facts) == ("gate_warning", ())


def test_a_page_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        questionnaire().page("elsewhere")


def refusal(vocabulary: Vocabulary, pages: int | None = None, *more: str) -> list[str]:
    """The lines of the refusal of the product's first pages, with a page more for each fact named."""
    added = tuple(new_page(f"again_{name}", (1, "Once more"), **{name: Checks(person.GOALS)}) for name in more)
    with pytest.raises(QuestionnaireError) as refused:
        Questionnaire(vocabulary, (*questionnaire().pages[:pages], *added), CHECK)
    return str(refused.value).splitlines()


def test_a_fact_or_gate_that_no_page_asks_is_refused_by_name() -> None:
    asked = {name for page in (*questionnaire().pages[:-1], CHECK) for name in page.facts}
    left_out = [name for name in vocabulary().facts if name not in asked]
    assert len(left_out) > 1
    assert [line.split("`")[1] for line in refusal(vocabulary(), -1)] == left_out
    assert any("`gate_visit` of the vocabulary is asked on no page" in line for line in refusal(vocabulary(), -10))


def test_a_fact_that_two_pages_ask_is_refused_with_both() -> None:
    (line,) = refusal(vocabulary(), None, "goals")
    assert "`goals` of the vocabulary is asked on the pages `therapies` and `again_goals`" in line


def test_a_fact_that_the_vocabulary_does_not_have_is_refused_with_the_nearest_word() -> None:
    (line,) = refusal(vocabulary(), None, "gaols")
    assert line == "page `again_gaols` asks `gaols`, which the vocabulary does not have; did you mean `goals`?"


def test_a_clinics_own_question_joins_with_its_page_and_its_words() -> None:
    shipped = vocabulary()
    own = replace(shipped, facts={**shipped.facts, "own_signs": shipped.facts["joint_signs"]})
    page = new_page("own", (1, "Your safety first"), own_signs=Checks(danger.JOINT))
    made = Questionnaire(own, (*questionnaire().pages, page), CHECK)
    assert made.steps[-1].facts == ("own_signs",)
    assert made.words.asked("own_signs") == str(danger.JOINT.legend)
    assert "own" not in {step.name for step in questionnaire().steps}


def test_the_product_does_not_start_with_a_vocabulary_that_its_pages_do_not_ask(tmp_path: Path) -> None:
    shipped = rules()
    facts = {**shipped.vocabulary.facts, "tail_signs": shipped.vocabulary.facts["joint_signs"]}
    book = replace(shipped, vocabulary=replace(shipped.vocabulary, facts=facts))
    with pytest.raises(QuestionnaireError, match="`tail_signs` of the vocabulary is asked on no page"):
        build(settings.load({}, tmp_path), shipped=book)
