"""Which pages stand before a patient, what gates say, what is missing, what was withdrawn: one example each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.engine.book.vocabulary import Answer
from intake.workflow.patient import interview
from tests.support.visitor import questionnaire, vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

V = vocabulary()
STEPS = questionnaire().steps
WARNING_ITEMS = tuple(V.gates["gate_warning"])
Stored = dict[str, Answer]


def gate(name: str, *ticked: str, seen: tuple[str, ...] | None = None) -> Stored:
    """A gate's answer, with all of its items on the page unless told otherwise."""
    return {name: ticked, f"{name}_seen": tuple(V.gates[name]) if seen is None else seen}


def resolve(stored: Mapping[str, Answer]) -> dict[str, Answer]:
    return interview.resolve(V, stored)


def waits(name: str, stored: Stored) -> bool:
    """A step that was passed stands before the patient again."""
    return interview.route(V, (questionnaire().step(name),), stored, (name,)).waiting == name


def test_an_item_seen_and_left_unticked_sets_its_fact_to_benign() -> None:
    facts = resolve(gate("gate_warning", "none"))
    assert facts["new_weakness"] == "none"
    assert facts["limb_signs"] == ("none",)
    assert facts["feels_today"] == "well"


def test_an_item_with_several_facts_sets_each_to_its_own_benign() -> None:
    facts = resolve(gate("gate_skin", "none"))
    assert facts["past_needling"] == ("none",)
    assert facts["last_needling"] == "never"


def test_a_ticked_item_leaves_its_fact_to_its_own_page() -> None:
    stored = gate("gate_warning", "weakness")
    assert "new_weakness" not in resolve(stored)
    assert resolve({**stored, "new_weakness": "one_limb"})["new_weakness"] == "one_limb"


def test_not_sure_on_a_gate_opens_its_items_and_answers_none_of_them() -> None:
    stored = {**gate("gate_warning", "weakness", "not_sure"), "new_weakness": "one_limb", "recent_fall": "none"}
    facts = resolve(stored)
    assert (facts["new_weakness"], facts["recent_fall"]) == ("one_limb", "none")
    assert "joint_signs" not in facts
    assert {"weakness", "limb", "joint", "unwell", "fall"} <= {*interview.route(V, STEPS, stored, ()).path}


def test_declining_a_gate_declines_its_facts() -> None:
    assert resolve(gate("gate_visit", "declined"))["blood_health"] == "declined"


def test_an_item_that_was_not_on_the_page_says_nothing() -> None:
    seen = tuple(item for item in WARNING_ITEMS if item != "fall")
    assert "recent_fall" not in resolve(gate("gate_warning", "none", seen=seen))


@pytest.mark.parametrize("stored", [{}, {"gate_warning": ()}, {"gate_warning_seen": WARNING_ITEMS}])
def test_an_unanswered_gate_says_nothing(stored: Stored) -> None:
    assert not {"new_weakness", "recent_fall", "feels_today"} & set(resolve(stored))


def test_an_answer_behind_a_closed_gate_is_not_read_and_is_called_withdrawn() -> None:
    stored = {**gate("gate_warning", "none"), "new_weakness": "two_or_more_limbs"}
    assert resolve(stored)["new_weakness"] == "none"
    assert interview.withdrawn(V, stored) == {"new_weakness": "two_or_more_limbs"}


def test_an_answer_to_a_question_that_no_longer_applies_is_not_read_and_is_called_withdrawn() -> None:
    stored: Stored = {"pregnancy": "no", "pregnancy_weeks": 9}
    assert resolve(stored) == {"pregnancy": "no"}
    assert interview.withdrawn(V, stored) == {"pregnancy_weeks": 9}


def test_one_marked_place_is_the_main_one() -> None:
    assert resolve({"pain_regions": ("knee_left",)})["main_region"] == "knee_left"


def test_the_main_place_is_open_again_when_it_is_no_longer_marked() -> None:
    stored: Stored = {"pain_regions": ("knee_left", "calf_left"), "main_region": "hand_left"}
    assert "main_region" not in resolve(stored)
    rest: Stored = {"main_reason": "other", "pain_duration": "over_5_years"}
    assert waits("reason", {**stored, **rest})
    assert not waits("reason", {**stored, **rest, "main_region": "calf_left"})
    assert interview.withdrawn(V, stored) == {"main_region": "hand_left"}


ONE_ITEM: Stored = {"pain_regions": ("knee_left",), "pain_pattern": ("none",), "pain_spread": "stays"}


def test_the_only_item_of_a_gate_is_asked_by_its_own_question() -> None:
    now = interview.asked(V, {**ONE_ITEM, "main_reason": "prevention"})
    assert (now.items["gate_region"], "weight_bearing" in now.required) == ((), True)
    two = interview.asked(V, {**ONE_ITEM, "main_reason": "other"})
    assert (two.items["gate_region"], "weight_bearing" in two.facts) == (("weight", "hands"), False)


def test_a_gate_that_was_answered_stays_one_where_one_item_is_left() -> None:
    answered: Stored = {"gate_region": ("none",), "gate_region_seen": ("hands", "weight")}
    now = interview.asked(V, {**ONE_ITEM, "main_reason": "prevention", **answered})
    assert (now.items["gate_region"], now.answers["weight_bearing"]) == (("weight",), "normal")


def test_a_main_place_that_the_patient_cannot_name_stays_said() -> None:
    stored: Stored = {"pain_regions": ("knee_left", "calf_left"), "main_region": "not_sure"}
    assert resolve(stored)["main_region"] == "not_sure"


def test_who_tried_no_therapy_has_none_now() -> None:
    assert resolve({"therapies_tried": ("none",)})["therapies_now"] == ("none",)
    assert resolve({"therapies_tried": ("not_sure",)})["therapies_now"] == ("not_sure",)


EFFECTS: Stored = {
    "therapies_tried": ("massage", "ims"),
    "therapies_helped": ("massage",),
    "therapies_no_change": ("ims",),
    "therapies_worse": ("none",),
    "therapies_now": ("ims",),
    "gate_therapies_seen": ("massage", "ims"),
}


def test_a_therapy_that_was_unticked_loses_its_effect() -> None:
    facts = resolve({**EFFECTS, "therapies_tried": ("massage",)})
    assert facts["therapies_helped"] == ("massage",)
    assert facts["therapies_no_change"] == ("none",)
    assert facts["therapies_now"] == ("none",)


def test_a_therapy_that_was_ticked_later_opens_the_effects_again() -> None:
    stored = {**EFFECTS, "therapies_tried": ("massage", "ims", "surgery")}
    assert "therapies_helped" not in resolve(stored)
    assert "therapies_detail" in interview.route(V, STEPS, stored, ()).path
    assert waits("therapies_detail", stored)
    assert not waits("therapies_detail", EFFECTS)
    again = {**stored, "gate_therapies_seen": stored["therapies_tried"]}
    for name in ("therapies_helped", "therapies_no_change", "therapies_worse", "therapies_now"):
        assert name not in resolve(stored)
        assert waits("therapies_detail", {other: answer for other, answer in again.items() if other != name})
    assert not waits("therapies_detail", again)


def test_a_new_item_opens_its_gate_page_again() -> None:
    knee: Stored = {"pain_regions": ("knee_left",), "pain_pattern": ("none",), "pain_spread": "stays"}
    stored = {**knee, "main_reason": "prevention", **gate("gate_region", "none", seen=("weight",))}
    assert not waits("region", stored)
    moved = {**stored, "pain_regions": ("knee_left", "head")}
    assert waits("region", moved)
    assert "headache_features" not in resolve(moved)


def test_a_gate_without_an_item_for_this_patient_is_no_page() -> None:
    stored: Stored = {
        "pain_regions": (),
        "main_reason": "prevention",
        **gate("gate_warning", "none"),
    }
    assert "region" not in interview.route(V, STEPS, stored, ()).path


def test_a_page_that_was_never_passed_comes_next_even_if_nothing_on_it_is_required() -> None:
    only_mood = (questionnaire().step("mood"),)
    assert interview.next_step(V, only_mood, {}, ()) == "mood"
    assert interview.next_step(V, only_mood, {}, ("mood",)) is None


def test_an_optional_follow_up_stands_behind_its_gate() -> None:
    assert "claim" not in interview.route(V, STEPS, gate("gate_visit", "none"), ()).path
    assert "claim" in interview.route(V, STEPS, gate("gate_visit", "claim"), ()).path


def test_free_text_alone_puts_no_page_on_the_path() -> None:
    assert "other_medicines" not in interview.route(V, STEPS, gate("gate_medicines", "none"), ()).path


def test_the_same_limb_answer_holds_when_leg_pain_comes_later() -> None:
    stored = gate("gate_warning", "none")
    assert "leg_signs" not in resolve(stored)
    assert resolve({**stored, "pain_regions": ("calf_left",)})["leg_signs"] == ("none",)


def test_a_later_danger_answer_leads_back_to_the_question_about_clots() -> None:
    stored: Stored = {"pain_regions": ("chest_left",), "pain_pattern": ("worse_breathing",)}
    assert "limb_which" in interview.route(V, STEPS, stored, ()).path
    assert waits("limb_which", stored)
    assert not waits("limb_which", {**stored, "clot_risks": ("none",)})
