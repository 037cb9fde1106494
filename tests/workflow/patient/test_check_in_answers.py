"""What a check-in begins with: the last answers, the treatment in place of older needling, nothing that is asked."""

from __future__ import annotations

import pytest

from intake.engine.book.vocabulary import Answers
from intake.workflow.patient.aftercare import answers
from tests.support.small_clinic import vocabulary

LAST: Answers = {
    "pregnancy": "no",
    "gate_skin": ("none",),
    "gate_skin_seen": ("skin", "allergies", "had_needling", "reaction", "faint"),
    "since_needling_signs": ("fever",),
    "last_needling": "2_to_12_weeks",
    "last_needling_regions": ("calf_left",),
}


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, "within_48_hours"), (2, "within_48_hours"), (3, "3_to_14_days"), (14, "3_to_14_days"), (15, "2_to_12_weeks")],
)
def test_when_the_last_needling_was_follows_from_the_treatment(days: int, code: str) -> None:
    begun = answers.begin(vocabulary(), LAST, days, ["chest_left"])
    assert begun["last_needling"] == code
    assert code in vocabulary().facts["last_needling"].codes
    assert begun["last_needling_regions"] == ("chest_left",)


def test_what_is_asked_again_keeps_no_old_answer_and_the_rest_is_as_it_was() -> None:
    begun = answers.begin(vocabulary(), LAST, 2, ["chest_left"])
    assert "since_needling_signs" not in begun
    assert begun["pregnancy"] == "no"
    assert begun["gate_skin"] == ("had_needling",)
    assert set(begun["gate_skin_seen"]) == set(LAST["gate_skin_seen"])  # type: ignore[arg-type]  # tuples of codes
    assert answers.since(365) in vocabulary().facts["last_needling"].codes
    assert set(answers.KIND) <= set(vocabulary().facts["past_needling"].codes)


@pytest.mark.parametrize(
    ("said", "kept"),
    [(("acupuncture",), ("acupuncture",)), (("none",), answers.KIND), (("not_sure",), answers.KIND)],
)
def test_a_kind_of_needling_that_was_named_stays(said: tuple[str, ...], kept: tuple[str, ...]) -> None:
    begun = answers.begin(vocabulary(), {**LAST, "past_needling": said}, 2, ["chest_left"])
    assert begun["past_needling"] == kept
