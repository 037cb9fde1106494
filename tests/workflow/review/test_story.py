"""The story says what the patient said: a gap is never a no, and both sides of a place are one."""

from __future__ import annotations

import pytest

from intake.engine.book.vocabulary import Answer, Answers
from intake.workflow.review import story
from tests.support.small_clinic import vocabulary


class Plain:
    """Words that are the codes themselves."""

    def question(self, fact: str) -> str:
        return fact

    def code(self, fact: str, code: str) -> str:
        return f"{fact}={code}"


WORDS = Plain()
SIGNS = len(vocabulary().facts["danger_signs"].codes) - 1


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("low_back_left",), ("L low back",)),
        (("knee_right", "knee_left", "head"), ("knee (both sides)", "head")),
        (("neck_front", "thigh_back_right"), ("front of neck", "R back of thigh")),
        ((), ()),
    ],
)
def test_places_in_few_words(codes: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert story.places(codes) == expected


def test_the_worst_place_comes_first() -> None:
    answers: Answers = {"pain_regions": ("knee_left", "head"), "main_region": "head"}
    assert story.marked(answers, vocabulary().roles) == ("head (worst)", "L knee")


@pytest.mark.parametrize(
    ("answers", "yes", "not_sure"),
    [
        ({}, 0, SIGNS),
        ({"danger_signs": ("declined",)}, 0, SIGNS),
        ({"danger_signs": ("none",)}, 0, 0),
        ({"danger_signs": ("fever",)}, 1, 0),
        ({"danger_signs": ("fever", "not_sure")}, 1, SIGNS - 1),
        ({"danger_signs": ("fever", "not_sure"), "danger_signs_unsure": ("confused",)}, 1, 1),
        ({"danger_signs": ("not_sure",), "danger_signs_unsure": ("not_sure",)}, 0, SIGNS),
    ],
)
def test_every_danger_sign_is_said_open_or_denied(answers: Answers, yes: int, not_sure: int) -> None:
    line = story.danger_line(vocabulary(), answers, WORDS)
    assert (len(line.yes), len(line.not_sure), line.denied) == (yes, not_sure, SIGNS - yes - not_sure)
    denied = story.denied(vocabulary(), answers, WORDS)
    assert len([words for words in denied if words.startswith("danger_signs=")]) == line.denied


@pytest.mark.parametrize("gap", ["not_sure", "declined", None])
def test_a_gap_is_listed_as_open_and_never_as_denied(gap: str | None) -> None:
    answers: Answers = {} if gap is None else {"epilepsy": gap}
    assert "epilepsy" not in story.denied(vocabulary(), answers, WORDS)
    found = story.not_known(vocabulary(), answers, WORDS, lambda fact: fact == "epilepsy", {})
    assert [said.question for said in found] == ["epilepsy"]


def test_what_stands_behind_an_open_checklist_is_one_line() -> None:
    gates = {"epilepsy": "gate_conditions", "cancer": "gate_conditions"}
    found = story.not_known(vocabulary(), {}, WORDS, lambda fact: fact in gates, gates)
    assert [said.question for said in found] == ["gate_conditions"]


def test_answers_in_words() -> None:
    facts = vocabulary().facts
    told: dict[str, tuple[Answer, str]] = {
        "needle_fear": (8, "8 of 10"),
        "pain_regions": (("low_back_left",), "L low back"),
        "danger_signs": (("fever", "not_sure"), "danger_signs=fever, I'm not sure"),
        "epilepsy": ("declined", "I'd rather not say"),
        "age_years": (44, "44"),
    }
    for fact, (answer, words) in told.items():
        assert story.in_words(facts[fact], answer, WORDS) == words


def test_the_line_of_the_story() -> None:
    answers: Answers = {
        "pain_duration": "3_to_12_months",
        "pain_average": 6,
        "pain_worst": 8,
        "therapies_tried": ("physiotherapy", "massage"),
        "therapies_worse": ("massage",),
        "sleep_unrefreshing": "yes",
        "goals": ("work",),
    }
    told = story.tell(vocabulary(), answers, WORDS)
    assert told.parts == (
        "pain_duration=3_to_12_months",
        "average 6, worst 8",
        "sleep not refreshing",
        "therapies_tried=physiotherapy: effect not known",
        "therapies_tried=massage: worse",
        "wants: goals=work",
    )
    assert [score.value for score in told.scores] == [6, 8]
