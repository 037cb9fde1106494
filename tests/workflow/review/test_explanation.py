"""What would have to be different, and what to ask by phone, as a practitioner reads it of the shipped rules."""

from __future__ import annotations

from typing import Any

import pytest

from intake.engine.read.answers import parse_answers
from intake.engine.read.load import load_rulebook
from intake.settings import RULEBOOK_PATH
from intake.workflow.review.explanation import Explainer
from tests.support.small_clinic import vocabulary

BOOK = load_rulebook(RULEBOOK_PATH, vocabulary())


class Plain:
    """Words that are the codes themselves."""

    def question(self, fact: str) -> str:
        return fact

    def code(self, _fact: str, code: str) -> str:
        return code


def explainer(raw: dict[str, Any]) -> Explainer:
    return Explainer(BOOK, parse_answers(BOOK.vocabulary, raw), Plain())


BACK = {"pain_regions": ["upper_back_right"], "main_region": "upper_back_right"}


@pytest.mark.parametrize(
    ("rule", "raw", "told"),
    [
        ("mental-crisis-past", {"mental_crisis": "past"}, "mental_crisis: “no”"),
        ("cancer-recent", {"cancer": "1_to_5_years_ago"}, "cancer: “never” or “over_5_years_ago”"),
        ("needling-unsure", {"wants_needling": "unsure"}, "wants_needling: “yes”"),
        ("young-person-12-to-17", {"age_years": 12}, "age_years: 18 or more"),
        ("needle-fear-moderate", {"needle_fear": 5}, "needle_fear: 3 or less"),
        ("needle-fear-moderate", {"needle_fear": "declined"}, "needle_fear: 3 or less"),
        ("antiplatelet-single", {"blood_thinners": ["not_sure"]}, "blood_thinners: none"),
        ("antiplatelet-single", {"blood_thinners": ["clopidogrel"]}, "blood_thinners: none"),
        ("lung-disease", {**BACK, "lung_conditions": ["copd_or_emphysema"]}, "lung_conditions: none"),
        ("thorax-region", BACK, "pain_regions: anywhere but right upper back"),
        ("thorax-region", {}, "pain_regions: anywhere but chest wall, upper back or neck (over the lungs)"),
        (
            "bleeding-history-positive",
            {"bleeding_history": ["big_bruises", "after_tooth_removal"]},
            "bleeding_history: without “after_tooth_removal”",
        ),
    ],
)
def test_no_change_is_told_that_is_for_the_worse_or_that_nobody_could_make(
    rule: str, raw: dict[str, Any], told: str
) -> None:
    assert "; and ".join(f"{question}: {answer}" for question, answer in explainer(raw).unless(rule)) == told


def test_a_question_that_only_must_be_answered_says_so() -> None:
    """Every sign that it would bring up is denied already."""
    denied = {"headache_features": ["none"], "since_needling_signs": ["none"]}
    assert ("last_needling", "any answer") in explainer(denied).unless("fever-now")


def test_a_question_to_ask_by_phone_names_every_answer_that_matters() -> None:
    (counted,) = explainer({"danger_signs": ["heart_racing"]}).questions("heart-racing", ["clot_risks"])
    assert counted.codes == ("long_travel", "bed_rest_or_cast", "hormone_pill_or_hrt", "pregnant_or_birth_last_6_weeks")
    (read,) = explainer({}).questions("cancer-recent", ["cancer"])
    assert read.codes == ("1_to_5_years_ago",)
    (number,) = explainer({}).questions("needle-fear-moderate", ["needle_fear"])
    assert number.codes == ()
