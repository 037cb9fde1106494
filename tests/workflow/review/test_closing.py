"""What was taken back, and what a decision asks for, stays on the list until a person closes it, with words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intake.engine.book.levels import Urgency
from intake.errors import NotFoundError
from intake.storage import audit, intakes
from intake.storage.closings import decision_item
from intake.storage.intakes import QueueLine
from intake.storage.ranks import levels_of
from intake.workflow.review import closing, queue, verdicts
from intake.workflow.review import intake as reading
from intake.workflow.review.findings import Terms
from intake.workflow.review.intake_view import ReviewView
from intake.workflow.review.outcomes import Outcome, Reason
from intake.workflow.review.people import Practitioner
from intake.workflow.review.queue import Listing, Wanted
from intake.workflow.review.verdicts import Verdict
from tests.support.small_clinic import CALM_ANSWERS, DANGER, ELSE, SmallClinic, rulebook
from tests.workflow.review.test_story import Plain

ALL = replace(DANGER, facts=tuple(CALM_ANSWERS))
CALL = Verdict(1, Outcome.CALL_FIRST, (Reason.PATIENT_WISH,))


@pytest.fixture
def practitioner(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def took_back(clinic: SmallClinic) -> str:
    """The intake of somebody who took chest pressure back."""
    draft = clinic.save(clinic.start("back"), ALL, {**CALM_ANSWERS, "danger_signs": ("chest_pressure",)})
    return clinic.send(clinic.save(draft, DANGER, {"danger_signs": ("none",)})).intake_id


def line(clinic: SmallClinic, intake_id: str) -> QueueLine:
    with clinic.database.read() as connection:
        return intakes.by_id(connection, intake_id).line


def listed(clinic: SmallClinic, practitioner: Practitioner, listing: Listing) -> list[str]:
    return [row.id for row in queue.page(clinic, Wanted(listing=listing), practitioner).rows]


def view(clinic: SmallClinic, intake_id: str, practitioner: Practitioner) -> ReviewView:
    return reading.load(clinic, Terms(rulebook(), Plain()), intake_id, practitioner)


def test_a_sign_that_was_taken_back_keeps_its_urgency_until_it_is_closed(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    refuses, back = clinic.sent({"wants_needling": "no"}).intake_id, took_back(clinic)
    assert listed(clinic, practitioner, Listing.OPEN) == [back, refuses]
    assert [sign.rule for sign in view(clinic, back, practitioner).open_signs] == ["chest"]
    assert not closing.close(clinic, back, "chest", " \n", practitioner)
    assert closing.close(clinic, back, "chest", "Ticked by mistake, she says.", practitioner)
    assert listed(clinic, practitioner, Listing.OPEN) == [refuses, back]
    levels = levels_of(line(clinic, back).position.rank)
    assert levels is not None
    assert levels.urgency is Urgency.NONE
    (sign,) = view(clinic, back, practitioner).signs
    assert sign.closed is not None
    assert sign.closed.note == "Ticked by mistake, she says."


def test_closing_is_told_once_and_without_a_word_of_it(clinic: SmallClinic, practitioner: Practitioner) -> None:
    back = took_back(clinic)
    closing.close(clinic, back, "chest", "Ticked by mistake.", practitioner)
    with pytest.raises(NotFoundError):
        closing.close(clinic, back, "chest", "Twice.", practitioner)
    with clinic.database.read() as connection:
        entries = audit.of_object(connection, "intake", back)
    (told,) = [entry for entry in entries if entry.action == "closed"]
    assert (told.actor, told.details) == (practitioner.actor, {"item": "chest"})


def test_only_a_call_or_a_referral_may_be_decided_before(clinic: SmallClinic, practitioner: Practitioner) -> None:
    back = took_back(clinic)
    refused = verdicts.decide(clinic, back, Verdict(1, Outcome.READY), practitioner)
    assert [wrong.field for wrong in refused] == ["signs"]
    assert verdicts.decide(clinic, back, CALL, practitioner) == ()
    assert listed(clinic, practitioner, Listing.TO_DO) == [back]
    assert closing.close(clinic, back, decision_item(1), "Rang: no pain at all.", practitioner)
    assert listed(clinic, practitioner, Listing.OPEN) == [back], "the sign itself is still open"
    closing.close(clinic, back, "chest", "No pain at all.", practitioner)
    assert (listed(clinic, practitioner, Listing.OPEN), listed(clinic, practitioner, Listing.DECIDED)) == ([], [back])


def test_what_a_decision_asks_for_stays_on_the_list_with_who_does_it(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    intake_id, other = clinic.sent().intake_id, clinic.practitioner()
    verdict = Verdict(1, Outcome.REFER, (Reason.NEEDS_MEDICAL_REVIEW,), doer=other)
    verdicts.decide(clinic, intake_id, verdict, practitioner)
    (row,) = queue.page(clinic, Wanted(listing=Listing.TO_DO), practitioner).rows
    assert (row.outcome, row.doer.partition("@")[2], row.open) == (Outcome.REFER, "clinic.example", True)
    todo = view(clinic, intake_id, practitioner).todo
    assert todo is not None
    assert todo.item == decision_item(1)
    assert closing.close(clinic, intake_id, todo.item, "Letter sent.", practitioner)
    (decided,) = view(clinic, intake_id, practitioner).decisions
    assert decided.closed is not None
    assert (decided.closed.note, view(clinic, intake_id, practitioner).todo) == ("Letter sent.", None)
    assert listed(clinic, practitioner, Listing.TO_DO) == []
    page = queue.page(clinic, Wanted(listing=Listing.DECIDED, outcome=Outcome.REFER), practitioner)
    assert [row.id for row in page.rows] == [intake_id]
    assert queue.page(clinic, Wanted(listing=Listing.DECIDED, outcome=Outcome.READY), practitioner).rows == ()


def test_a_new_decision_takes_the_place_of_what_the_last_one_asked_for(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    intake_id = clinic.sent().intake_id
    verdicts.decide(clinic, intake_id, CALL, practitioner)
    verdicts.decide(clinic, intake_id, Verdict(2, Outcome.READY), practitioner)
    assert listed(clinic, practitioner, Listing.OPEN) == []
    with pytest.raises(NotFoundError):
        closing.close(clinic, intake_id, decision_item(1), "Too late.", practitioner)


def test_own_words_are_unread_until_a_decision_says_that_they_were(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    draft = clinic.save(clinic.start(), ALL, CALM_ANSWERS)
    intake_id = clinic.send(clinic.save(draft, ELSE, texts={"anything_else": "My arm felt strange."})).intake_id
    (row,) = queue.page(clinic, Wanted(), practitioner).rows
    assert row.quote == "My arm felt strange."
    refused = verdicts.decide(clinic, intake_id, Verdict(1, Outcome.READY), practitioner)
    assert [wrong.field for wrong in refused] == ["read"]
    assert verdicts.decide(clinic, intake_id, Verdict(1, Outcome.READY, read=True), practitioner) == ()
    assert not line(clinic, intake_id).unread_words
    (row,) = queue.page(clinic, Wanted(listing=Listing.DECIDED), practitioner).rows
    assert row.quote == ""


def test_two_intakes_of_one_name_and_birth_date_name_each_other(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    first, second = clinic.sent(name="José  Núñez"), clinic.sent(name="nunez jose")
    clinic.sent(name="José Núñez", born="1985-12-11")
    clinic.sent(name="José María Núñez")
    for one, other in ((first, second), (second, first)):
        named = view(clinic, one.intake_id, practitioner).namesakes
        assert [each.reference for each in named] == [other.reference]
