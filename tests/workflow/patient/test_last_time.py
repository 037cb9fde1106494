"""Which form is that of last time, and which of its answers may be offered: what stays, was said, denies nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.engine.book.calm import saying
from intake.engine.book.vocabulary import UNKNOWN_WORDS
from intake.questions.last_time import LAST_TIME, TOPICS
from intake.questions.steps import Step
from intake.storage import devices, intakes, visits
from intake.workflow.desk import people
from intake.workflow.desk.identity import Identity
from intake.workflow.patient import drafts, interview, last_time
from intake.workflow.patient.aftercare import check_in
from intake.workflow.patient.last_time import Confirmed
from intake.workflow.review.people import Practitioner
from tests.support.desk import booked
from tests.support.small_clinic import ELSE, rulebook, vocabulary
from tests.support.treated import treat

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Answers
    from intake.workflow.patient.drafts import Draft
    from tests.support.small_clinic import SmallClinic

BOOK = vocabulary()
STEPS = (Step("since_needling", ("since_needling_signs",), None, optional=False), ELSE)
OPERATED: Answers = {
    "gate_devices": ("spine_surgery",),
    "gate_devices_seen": ("spine_surgery", "devices"),
    "spine_surgery": "fusion_or_rods",
    "spine_surgery_regions": ("low_back_left",),
    "therapies_tried": ("massage",),
}


@pytest.fixture
def practitioner(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def next_visit(clinic: SmallClinic, practitioner: Practitioner, first: str) -> str:
    """A visit of the same person, who is joined to an intake."""
    visit = booked(clinic, Identity("Ada Lovelace", "1985-12-10"), clinic.now + timedelta(days=28))
    with clinic.database.read() as connection:
        one = intakes.by_id(connection, first).line.subject.id
        other = visits.by_id(connection, visit).subject.id
    people.decide(clinic, one, other, practitioner, same=True)
    return visit


def found(clinic: SmallClinic, visit: str) -> str | None:
    with clinic.database.read() as connection:
        return last_time.find(connection, clinic, visits.by_id(connection, visit))


def test_it_is_the_newest_form_of_the_person_for_another_visit(clinic: SmallClinic, practitioner: Practitioner) -> None:
    first = clinic.sent(visit_at=clinic.now + timedelta(days=1)).intake_id
    visit = next_visit(clinic, practitioner, first)
    assert found(clinic, visit) == first


def test_a_stranger_and_somebody_who_was_only_like_have_none(clinic: SmallClinic, practitioner: Practitioner) -> None:
    first = clinic.sent(visit_at=clinic.now + timedelta(days=1)).intake_id
    alike = clinic.sent(visit_at=clinic.now + timedelta(days=1)).intake_id
    visit = next_visit(clinic, practitioner, first)
    assert found(clinic, visit) == first != alike


def test_another_birth_date_in_the_form_is_another_person(clinic: SmallClinic, practitioner: Practitioner) -> None:
    first = clinic.sent(visit_at=clinic.now + timedelta(days=1), born="1985-12-11").intake_id
    assert found(clinic, next_visit(clinic, practitioner, first)) is None


def test_a_check_in_is_not_the_form_of_last_time(clinic: SmallClinic, practitioner: Practitioner) -> None:
    first = clinic.sent(visit_at=clinic.now + timedelta(days=1)).intake_id
    visit_id = treat(clinic, first, practitioner)
    clinic.clock.now += timedelta(hours=50)
    check_in.begin(clinic, rulebook(), STEPS, visit_id, ("a-key", "d" * 32))
    later = clinic.send(drafts.load(clinic, "a-key")).intake_id
    visit = next_visit(clinic, practitioner, first)
    with clinic.database.read() as connection:
        one, other = (intakes.by_id(connection, each).line.subject.id for each in (first, later))
    people.decide(clinic, one, other, practitioner, same=True)
    assert found(clinic, visit) == first


def test_a_form_of_which_it_is_unclear_whose_it_is_is_offered_to_nobody(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    first = clinic.sent(visit_at=clinic.now + timedelta(days=1)).intake_id
    visit = next_visit(clinic, practitioner, first)
    with clinic.database.begin() as connection:
        draft_id = intakes.by_id(connection, first).line.draft_id
        device = {"id": "a" * 32, "name": "Room", "added_by": practitioner.id, "added_at": clinic.now}
        devices.add(connection, device)
        devices.carry(connection, draft_id, "a" * 32, clinic.now, day_only=False)
        devices.set_sitting(connection, draft_id, {"unclear_at": clinic.now})
    assert found(clinic, visit) is None


@pytest.mark.parametrize(
    "said",
    [
        {"therapies_tried": ("none",)},
        {"therapies_tried": ("not_sure",)},
        {"therapies_tried": ("massage", "not_sure")},
        {**OPERATED, "gate_devices": ("none",), "therapies_tried": ("declined",)},
        {"gate_heart": ("none",), "gate_heart_seen": ("collapsed_lung",)},
        {"gate_heart": ("collapsed_lung",), "gate_heart_seen": ("collapsed_lung",), "pneumothorax": "never"},
    ],
)
def test_a_denial_a_doubt_and_what_no_longer_counted_are_not_offered(said: Answers) -> None:
    assert last_time.lasting(BOOK, said, {}) == frozenset()


def test_what_was_answered_anew_is_not_offered() -> None:
    assert last_time.lasting(BOOK, OPERATED, {}) == {"spine_surgery", "spine_surgery_regions", "therapies_tried"}
    assert "spine_surgery" not in last_time.lasting(BOOK, OPERATED, {"spine_surgery": "none"})


def test_nothing_that_lasts_is_a_sign_of_today_a_medicine_or_a_pregnancy() -> None:
    roles = BOOK.roles
    fleeting = {roles.danger_signs, roles.since_needled, roles.last_needled, roles.pregnancy, roles.agrees}
    assert not {*roles.at_arrival, *roles.medicines, *fleeting} & set(roles.lasting)
    assert not {name for name in roles.lasting if BOOK.facts[name].runs_out}


@pytest.mark.parametrize("name", [each for each in BOOK.roles.lasting if BOOK.facts[each].codes])
def test_no_lasting_fact_is_offered_as_denied(name: str) -> None:
    fact = BOOK.facts[name]
    for code in filter(None, {fact.none, fact.benign, *UNKNOWN_WORDS}):
        said: Answers = {**OPERATED, "gate_heart": ("collapsed_lung",), "gate_heart_seen": ("collapsed_lung",)}
        assert name not in last_time.lasting(BOOK, {**said, "pneumothorax": "once", name: saying(fact, code)}, {})


def empty(clinic: SmallClinic) -> Draft:
    return clinic.start(f"cookie-{clinic.number()}")


def test_what_is_confirmed_counts_and_what_was_answered_meanwhile_is_not_written_over(clinic: SmallClinic) -> None:
    lung: Answers = {"pneumothorax": "once", "pneumothorax_side": ("left",)}
    rows = [Confirmed("collapsed_lung", lung, {}), Confirmed("therapies", {"therapies_tried": ("massage",)}, {})]
    draft = clinic.save(empty(clinic), Step("therapies", ("therapies_tried",)), {"therapies_tried": ("exercise",)})
    post = last_time.post(BOOK, draft, {TOPICS[0]: "same"}, rows, None)
    saved = clinic.save(draft, post.step, post.answers)
    assert saved.answers["therapies_tried"] == ("exercise",)
    assert interview.resolve(BOOK, saved.answers)["pneumothorax"] == "once"
    assert saved.answers["gate_heart"] == ("collapsed_lung",)
    assert "confirmed-therapies_tried" not in saved.answers
    assert "lung_conditions" not in interview.resolve(BOOK, saved.answers)


def test_the_same_settles_no_question_and_passes_no_page(clinic: SmallClinic) -> None:
    draft, marks = empty(clinic), dict.fromkeys(TOPICS, "same")
    post = last_time.passed_by(last_time.post(BOOK, draft, marks, [], None), [Step("reason", ("main_reason",))])
    saved = clinic.save(draft, post.step, post.answers)
    assert saved.passed == (LAST_TIME,)
    assert interview.resolve(BOOK, saved.answers) == interview.resolve(BOOK, draft.answers)


def test_a_page_of_which_something_is_left_to_ask_is_not_passed(clinic: SmallClinic) -> None:
    post = last_time.post(
        BOOK, empty(clinic), {}, [Confirmed("therapies", {"therapies_tried": ("massage",)}, {})], None
    )
    steps = (Step("therapies", ("therapies_tried", "goals")), Step("alone", ("therapies_tried",)))
    assert last_time.passed_by(post, steps).step.passes == ("alone", LAST_TIME)
