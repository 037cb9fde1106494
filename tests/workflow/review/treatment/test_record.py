"""The record of a treatment: for somebody who arrived, needles counted, nothing assumed, nothing rewritten."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from intake.errors import NotFoundError, StaleError, StorageError
from intake.storage import treatments
from intake.storage.visits import VisitState
from intake.workflow.review.people import Practitioner
from intake.workflow.review.treatment import record, shown
from intake.workflow.review.treatment.record import Reaction, TreatmentDone
from intake.workflow.review.treatment.shown import CheckInReply
from tests.support.small_clinic import SmallClinic
from tests.support.treated import DONE, arrive, treat


@pytest.fixture
def practitioner(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def wrong(clinic: SmallClinic, done: TreatmentDone) -> list[str]:
    return [each.field for each in record.problems(clinic.vocabulary, done, clinic.today)]


def test_nothing_that_was_not_said_is_taken_as_a_no(clinic: SmallClinic) -> None:
    assert wrong(clinic, TreatmentDone(0)) == ["regions", "needles_in", "needles_out", "stimulation", "reactions"]
    assert wrong(clinic, DONE) == []


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"needles_out": 5}, ["difference"]),
        ({"needles_out": 5, "difference": " \n"}, ["difference"]),
        ({"needles_out": 5, "difference": "One fell out in the sheet; found."}, []),
        ({"needles_out": 7}, ["difference"]),
        ({"needles_in": 0, "needles_out": 0}, ["needles_in"]),
        ({"regions": ("shoulder_top_right", "nowhere")}, ["regions"]),
        ({"reactions": (Reaction.NONE, Reaction.FAINT)}, ["reactions"]),
        ({"reactions": (Reaction.OTHER,)}, ["reaction"]),
        ({"reactions": (Reaction.OTHER,), "reaction": "Hiccups."}, []),
    ],
)
def test_what_a_record_lacks(clinic: SmallClinic, change: dict[str, object], fields: list[str]) -> None:
    assert wrong(clinic, replace(DONE, **change)) == fields  # type: ignore[arg-type]  # each change fits its field


def test_needles_that_do_not_add_up_stand_with_their_reason(clinic: SmallClinic, practitioner: Practitioner) -> None:
    intake_id = clinic.sent().intake_id
    treat(clinic, intake_id, practitioner, replace(DONE, needles_out=5, difference="One fell out; found."))
    treated = shown.load(clinic, intake_id)
    assert treated is not None
    assert treated.last is not None
    assert (treated.last.needles_in, treated.last.needles_out) == (6, 5)
    assert treated.last.difference == "One fell out; found."


@pytest.mark.parametrize("state", [VisitState.PLANNED, VisitState.MISSED])
def test_who_has_not_arrived_was_not_needled(
    clinic: SmallClinic, practitioner: Practitioner, state: VisitState
) -> None:
    intake_id = clinic.sent().intake_id
    arrive(clinic, intake_id, state)
    assert shown.load(clinic, intake_id) is None
    with pytest.raises(NotFoundError):
        record.record(clinic, intake_id, DONE, practitioner)


def test_a_correction_is_a_new_version_and_the_old_one_stands(clinic: SmallClinic, practitioner: Practitioner) -> None:
    intake_id = clinic.sent().intake_id
    treat(clinic, intake_id, practitioner)
    clinic.tick()
    assert record.record(clinic, intake_id, replace(DONE, version=1, regions=("calf_left",)), practitioner) == ()
    with pytest.raises(StaleError):
        record.record(clinic, intake_id, replace(DONE, version=1, regions=("calf_right",)), practitioner)
    treated = shown.load(clinic, intake_id)
    assert treated is not None
    assert [each.regions for each in treated.versions] == [("calf_left",), DONE.regions]
    assert treated.versions[0].needled_at == treated.versions[1].needled_at


def test_the_database_refuses_to_rewrite_a_record(clinic: SmallClinic, practitioner: Practitioner) -> None:
    visit_id = treat(clinic, clinic.sent().intake_id, practitioner)
    with pytest.raises(StorageError), clinic.database.begin() as connection:
        connection.execute(text("UPDATE treatments SET needles_out = 1"))
    with clinic.database.read() as connection:
        last = treatments.last(connection, visit_id)
    assert last is not None
    assert last.needles_out == 6


def test_the_words_of_a_record_are_sealed(clinic: SmallClinic, practitioner: Practitioner) -> None:
    words = "Held her breath, then laughed."
    done = replace(DONE, reactions=(Reaction.OTHER,), reaction=words)
    visit_id = treat(clinic, clinic.sent().intake_id, practitioner, done)
    with clinic.database.read() as connection:
        last = treatments.last(connection, visit_id)
        rows = connection.execute(text("SELECT * FROM treatments, audit")).all()
    assert last is not None
    assert last.words is not None
    assert "laughed" not in str(rows)


def test_recording_plans_one_check_in_which_is_not_answered_until_it_is(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    intake_id = clinic.sent().intake_id
    treat(clinic, intake_id, practitioner)
    record.record(clinic, intake_id, replace(DONE, version=1), practitioner)
    treated = shown.load(clinic, intake_id)
    assert treated is not None
    assert treated.asking is not None
    assert treated.asking.reply is CheckInReply.PLANNED
    hours = (treated.asking.due_at - treated.versions[0].needled_at).total_seconds() / 3600
    assert 24 <= hours <= 72
