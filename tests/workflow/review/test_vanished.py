"""What the form before found and this one does not: gone, run out, or a question that was answered since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.tree import AnyOf, OneOf
from intake.questions.steps import Step
from intake.storage import intakes
from intake.workflow.review.vanished import Vanished, vanished
from tests.support.small_clinic import rule, rulebook, vocabulary

if TYPE_CHECKING:
    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answers
    from intake.storage.intakes import Stored
    from tests.support.small_clinic import SmallClinic

CARE = Levels(Needling.PRECAUTION, Urgency.NONE)
SURGERY = rule("surgery", OneOf("recent_surgery", ("under_6_weeks", "6_to_12_weeks")), CARE, if_unknown=CARE)
THINNER = rule("thinner", AnyOf("blood_thinners", ("apixaban",)), CARE, if_unknown=CARE)
DENIED: Answers = {
    "gate_devices": ("none",),
    "gate_devices_seen": ("recent_surgery",),
    "gate_medicines": ("none",),
    "gate_medicines_seen": ("thinners",),
}
OPERATED: Answers = {
    "gate_devices": ("recent_surgery",),
    "gate_devices_seen": ("recent_surgery",),
    "recent_surgery": "under_6_weeks",
}
THINNED: Answers = {
    "gate_medicines": ("thinners",),
    "gate_medicines_seen": ("thinners",),
    "blood_thinners": ("apixaban",),
}


def stored(clinic: SmallClinic, answers: Answers, book: Rulebook) -> Stored:
    draft = clinic.start(f"cookie-{clinic.number()}")
    draft = clinic.save(draft, Step("all", tuple(answers), None, optional=False), answers, book=book)
    receipt = clinic.send(draft, book)
    with clinic.database.read() as connection:
        return intakes.by_id(connection, receipt.intake_id)


def compared(clinic: SmallClinic, before: Answers, now: Answers) -> tuple[Vanished, ...]:
    book = rulebook(SURGERY, THINNER)
    return vanished(vocabulary(), stored(clinic, before, book), stored(clinic, now, book))


def test_what_was_found_and_is_denied_now_is_gone(clinic: SmallClinic) -> None:
    assert compared(clinic, {**DENIED, **THINNED}, DENIED) == (
        Vanished("Title of thinner", asked=False, ran_out=False),
    )


def test_what_rests_on_an_answer_that_holds_for_a_time_has_run_out(clinic: SmallClinic) -> None:
    assert compared(clinic, {**DENIED, **OPERATED}, DENIED) == (
        Vanished("Title of surgery", asked=False, ran_out=True),
    )


def test_what_was_only_a_question_is_told_apart(clinic: SmallClinic) -> None:
    unasked = {name: answer for name, answer in DENIED.items() if not name.startswith("gate_medicines")}
    assert compared(clinic, unasked, DENIED) == (Vanished("Title of thinner", asked=True, ran_out=False),)


def test_what_is_only_a_question_now_has_not_vanished(clinic: SmallClinic) -> None:
    unasked = {name: answer for name, answer in DENIED.items() if not name.startswith("gate_medicines")}
    assert compared(clinic, {**DENIED, **THINNED}, unasked) == ()


def test_a_form_that_was_not_evaluated_is_compared_with_nothing(clinic: SmallClinic) -> None:
    book = rulebook(SURGERY, THINNER)
    found = stored(clinic, {**DENIED, **THINNED}, book)
    assert vanished(vocabulary(), found, replace(found, decision=None)) == ()
    assert vanished(vocabulary(), replace(found, decision=None), found) == ()
