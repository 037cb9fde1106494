"""One cause is one card; nothing is dropped, and no card says less than its worst finding."""

from __future__ import annotations

from statistics import median
from typing import Any

import pytest

from intake.engine.book.levels import Levels, Needling, Tier, Urgency
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import to_dict
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from intake.workflow.review.folding import Card, Circumstances, circumstances, entries, fold, tier
from tests.test_cases import baselines, book, cases

MOST_CARDS = 6
WHERE_IT_HURTS = book().vocabulary.roles.where_it_hurts


def row(rule: str, status: str = "fires", **more: Any) -> dict[str, object]:  # noqa: ANN401 - JSON
    found = {"rule": rule, "title": rule, "status": status, "needling": "precaution", "urgency": "none", "answers": {}}
    return found | more


def folded(*rows: dict[str, object], gates: dict[str, str] | None = None) -> list[tuple[str, ...]]:
    return [card.rules for card in cards(*rows, gates=gates)]


def cards(*rows: dict[str, object], gates: dict[str, str] | None = None) -> tuple[Card, ...]:
    return fold(entries({"findings": list(rows)}), Circumstances(gates or {}, WHERE_IT_HURTS))


def asks(rule: str, *questions: str, **more: Any) -> dict[str, object]:  # noqa: ANN401 - JSON
    return row(rule, "asks", open=list(questions), answers=dict.fromkeys(questions), **more)


def test_equal_deciding_answers_are_one_card_with_the_worst_first() -> None:
    mild = row("mild", answers={"blood_thinners": ["warfarin", "apixaban"]})
    grave = row("grave", answers={"blood_thinners": ["apixaban", "warfarin"]}, needling="do_not_needle")
    (card,) = cards(mild, grave)
    assert (card.rules, card.tier, card.key) == (("grave", "mild"), Tier.DO_NOT_NEEDLE_YET, "grave")


def test_the_same_question_with_another_code_stays_apart() -> None:
    one, two = row("one", answers={"vessels": ["clot_now"]}), row("two", answers={"vessels": ["clot_past"]})
    assert folded(one, two) == [("one",), ("two",)]


def test_an_open_raise_does_not_part_equal_causes() -> None:
    settled = row("settled", answers={"pregnancy": "yes"})
    raised = row("raised", answers={"pregnancy": "yes", "pregnancy_high_risk": None})
    assert folded(settled, raised) == [("settled", "raised")]


def test_one_open_question_is_one_card() -> None:
    assert folded(asks("one", "epilepsy"), asks("two", "epilepsy")) == [("one", "two")]


def test_one_open_checklist_is_one_card() -> None:
    gates = {"platelets": "gate_medicines", "blood_thinners": "gate_medicines"}
    (card,) = cards(asks("one", "platelets"), asks("two", "blood_thinners"), gates=gates)
    assert (card.rules, card.questions) == (("one", "two"), ("gate_medicines",))


def test_several_questions_join_the_most_dangerous_one_that_is_asked_anyway() -> None:
    both = asks("both", "epilepsy", "danger_signs")
    found = folded(asks("epilepsy", "epilepsy"), both, asks("danger", "danger_signs", urgency="same_day"))
    assert found == [("danger", "both"), ("epilepsy",)]


def test_what_fires_and_what_asks_never_share_a_card() -> None:
    assert len(folded(row("fires", answers={"epilepsy": "active"}), asks("asks", "epilepsy"))) == 2


def test_where_it_hurts_is_one_question_that_counts_review_before() -> None:
    quiet = [asks(name, WHERE_IT_HURTS, needling="ok") for name in ("one", "two")]
    loud = [asks(name, WHERE_IT_HURTS, urgency="same_day") for name in ("spine", "neck")]
    found = cards(*quiet, *loud, asks("other", WHERE_IT_HURTS, "epilepsy"))
    assert [card.rules for card in found] == [("spine",), ("neck",), ("one", "two"), ("other",)]
    assert found[2].levels == Levels(Needling.REVIEW_BEFORE, Urgency.NONE)


@pytest.mark.parametrize(
    ("needling", "urgency", "expected"),
    [
        (Needling.OK, Urgency.WITHIN_DAYS, Tier.URGENT),
        (Needling.DO_NOT_NEEDLE, Urgency.NONE, Tier.DO_NOT_NEEDLE_YET),
        (Needling.AVOID_AREA, Urgency.NONE, Tier.DO_NOT_NEEDLE_YET),
        (Needling.REVIEW_BEFORE, Urgency.NONE, Tier.CAUTION),
        (Needling.PRECAUTION, Urgency.NONE, Tier.CAUTION),
        (Needling.OK, Urgency.NONE, Tier.NOTE),
    ],
)
def test_four_tiers(needling: Needling, urgency: Urgency, expected: Tier) -> None:
    assert tier(Levels(needling, urgency)) is expected


def of_case(case: dict[str, Any]) -> tuple[dict[str, object], tuple[Card, ...]]:
    raw = {**(baselines()[case["base"]] if "base" in case else {}), **case.get("facts", {})}
    answers = parse_answers(book().vocabulary, {fact: value for fact, value in raw.items() if value is not None})
    decision = to_dict(decide(book(), answers), Intake(book().vocabulary, answers))
    return decision, fold(entries(decision), circumstances(book().vocabulary, answers))


def test_every_finding_of_every_case_is_on_exactly_one_card_that_says_no_less() -> None:
    for name, case in {**cases(), "nothing answered": {}}.items():
        decision, found = of_case(case)
        on_cards = [entry for card in found for entry in card.entries]
        assert sorted(entry.rule for entry in on_cards) == sorted(each.rule for each in entries(decision)), name
        assert all(
            card.levels.needling >= entry.levels.needling and card.levels.urgency >= entry.levels.urgency
            for card in found
            for entry in card.entries
        ), name
        ranks = [(card.counted.urgency, card.tier) for card in found]
        assert ranks == sorted(ranks, reverse=True), name


def test_a_practitioner_meets_few_cards() -> None:
    counts = {name: len(of_case(case)[1]) for name, case in cases().items()}
    assert median(counts.values()) <= 3
    assert not [name for name, count in counts.items() if count > MOST_CARDS and not cases()[name].get("many")]


def test_no_needle_in_an_area_that_does_not_hurt_is_a_precaution_for_the_intake() -> None:
    lump = row("skin", needling="avoid_area", where=["calf_right"])
    for marked, expected in (("calf_right", Tier.DO_NOT_NEEDLE_YET), ("neck_right", Tier.CAUTION)):
        (card,) = fold(entries({"findings": [lump]}), Circumstances(marked=frozenset({marked})))
        assert card.tier is expected
    (card,) = fold(entries({"findings": [lump]}), Circumstances())
    assert card.tier is Tier.DO_NOT_NEEDLE_YET, "no place was marked: it may be there"


def test_a_device_that_current_harms_comes_before_other_precautions() -> None:
    mild = [row(f"mild {number}", answers={f"fact {number}": "x"}) for number in range(3)]
    stops = row("stops", answers={"wants": "no"}, needling="do_not_needle")
    pacemaker = row("pacemaker", answers={"devices": ["pacemaker"]}, electrical_stimulation="avoid")
    asked = asks("asked", "epilepsy", needling="review_before")
    assert folded(*mild, asked, pacemaker, stops)[:3] == [("stops",), ("pacemaker",), ("asked",)]


def test_a_question_about_an_emergency_that_was_left_open_by_word_counts() -> None:
    quiet = asks("harm", "harm", needling="ok", at_most={"needling": "ok", "urgency": "same_day"})
    (skipped,) = fold(entries({"findings": [quiet]}), Circumstances())
    (declined,) = fold(entries({"findings": [quiet]}), Circumstances(left_open=frozenset({"harm"})))
    assert (skipped.tier, declined.tier) == (Tier.NOTE, Tier.CAUTION)
