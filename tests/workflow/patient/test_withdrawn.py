"""A danger sign that was taken back is an item of its own, with its times; no finding, and nothing else is one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.engine.book.decision import Status
from intake.engine.book.levels import Urgency
from intake.engine.book.vocabulary import Answers
from intake.storage import intakes, ranks, taken_back
from intake.storage.taken_back import TakenBack
from tests.support.small_clinic import CALM_ANSWERS, DANGER, MINUTE, NEEDLES, REASON, UNSURE, SmallClinic

NONE: Answers = {"danger_signs": ("none",)}
CHEST_PAIN: Answers = {"danger_signs": ("chest_pressure",)}


def sent(clinic: SmallClinic, *saves: Answers) -> tuple[TakenBack, ...]:
    """What is kept of a patient who answered the page of danger signs so, one save after the other."""
    draft = clinic.start(f"cookie-{clinic.number()}")
    for answers in saves:
        step = UNSURE if "danger_signs_unsure" in answers else REASON if "main_reason" in answers else DANGER
        draft = clinic.save(draft, step, answers)
    receipt = clinic.send(draft)
    with clinic.database.read() as connection:
        told = taken_back.of_lineages(connection, [receipt.intake_id]).get(receipt.intake_id, ())
    return tuple(each.sign for each in told)


def test_a_sign_that_was_taken_back_is_kept_with_its_times(clinic: SmallClinic) -> None:
    begun = clinic.now
    (sign,) = sent(clinic, CHEST_PAIN, NONE)
    assert (sign.rule, sign.title, sign.status) == ("chest", "Title of chest", Status.FIRES)
    assert (sign.urgency, sign.answers) == (Urgency.EMERGENCY_NOW, {"danger_signs": ["chest_pressure"]})
    assert (sign.said_at, sign.taken_at) == (begun + 2 * MINUTE, begun + 3 * MINUTE)


def test_it_is_no_finding_and_leads_the_queue_by_its_urgency(clinic: SmallClinic) -> None:
    calm = clinic.sent({"wants_needling": "no"})
    everything = replace(DANGER, facts=tuple(CALM_ANSWERS))
    draft = clinic.save(clinic.start("back"), everything, {**CALM_ANSWERS, **CHEST_PAIN})
    draft = clinic.save(draft, DANGER, NONE)
    receipt = clinic.send(draft)
    with clinic.database.read() as connection:
        stored = intakes.by_id(connection, receipt.intake_id)
        other = intakes.by_id(connection, calm.intake_id)
    assert stored.decision is not None
    assert (stored.decision["label"], stored.decision["findings"]) == ("routine", [])
    assert (stored.line.urgency, stored.line.top) == (Urgency.NONE, None)
    assert stored.line.position.rank < other.line.position.rank
    levels = ranks.levels_of(stored.line.position.rank)
    assert levels is not None
    assert levels.urgency is Urgency.EMERGENCY_NOW


@pytest.mark.parametrize(
    ("saves", "why"),
    [
        ((NONE,), "never said"),
        ((CHEST_PAIN,), "still said"),
        ((CHEST_PAIN, NONE, CHEST_PAIN), "said again"),
        ((CHEST_PAIN, {"danger_signs": ("chest_pressure", "fever")}), "more was said"),
        (({"wants_needling": "no"}, {"wants_needling": "yes"}), "not urgent"),
        (({"danger_signs": ("not_sure",)}, NONE), "no sign was named"),
    ],
)
def test_what_is_not_taken_back(clinic: SmallClinic, saves: tuple[Answers, ...], why: str) -> None:
    if "wants_needling" in saves[0]:
        draft = clinic.start()
        for answers in saves:
            draft = clinic.save(draft, NEEDLES, answers)
        receipt = clinic.send(draft)
        with clinic.database.read() as connection:
            assert taken_back.of_lineages(connection, [receipt.intake_id]) == {}, why
        return
    assert sent(clinic, *saves) == (), why


def test_each_of_several_is_kept_the_most_urgent_first(clinic: SmallClinic) -> None:
    signs = sent(clinic, {"danger_signs": ("fever", "chest_pressure")}, {"main_reason": "headache"}, NONE)
    assert [sign.rule for sign in signs] == ["chest", "fever"]


def test_one_answer_is_one_sign_whatever_rules_it_moved(clinic: SmallClinic) -> None:
    signs = sent(clinic, {"main_reason": "headache"}, {"main_reason": "not_sure"})
    assert [(sign.rule, sign.answers) for sign in signs] == [("headache", {"main_reason": "headache"})]


def test_a_sign_of_which_the_patient_was_not_sure_by_name_is_kept_as_such(clinic: SmallClinic) -> None:
    named: Answers = {"danger_signs_unsure": ("chest_pressure",)}
    (sign,) = sent(clinic, {"danger_signs": ("not_sure",)}, named, NONE)
    assert (sign.rule, sign.status) == ("chest", Status.ASKS)
    assert sign.answers == {"danger_signs": ["chest_pressure"]}
    assert sent(clinic, {"danger_signs": ("not_sure",)}, named) == ()


def test_own_words_and_a_name_on_the_trail_change_nothing(clinic: SmallClinic) -> None:
    draft = clinic.save(clinic.start(), DANGER, CHEST_PAIN, {"name": "Ada"}, {"anything_else": "Please ring."})
    draft = clinic.save(draft, replace(DANGER, facts=("danger_signs", "anything_else")), NONE)
    receipt = clinic.send(draft)
    with clinic.database.read() as connection:
        (told,) = taken_back.of_lineages(connection, [receipt.intake_id])[receipt.intake_id]
    assert told.sign.rule == "chest"
