"""How it went from form to form: points are what was asked then, a gap is a gap, a check-in repeats and is no point."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.questions.steps import Step
from intake.storage import check_ins, intakes
from intake.workflow.desk import people
from intake.workflow.patient import drafts
from intake.workflow.patient.aftercare import check_in, course
from intake.workflow.patient.aftercare.course import ScoreLine
from intake.workflow.review.people import Practitioner
from intake.workflow.review.vanished import Vanished
from tests.support.small_clinic import ELSE, rulebook
from tests.support.treated import treat
from tests.workflow.review.test_story import Plain

if TYPE_CHECKING:
    from intake.workflow.patient.aftercare.course import ScoreCourse
    from tests.support.small_clinic import SmallClinic

PAIN = {"pain_regions": ("low_back_left",)}
STEPS = (Step("since_needling", ("since_needling_signs",), None, optional=False), ELSE)


@pytest.fixture
def practitioner(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def another(clinic: SmallClinic, practitioner: Practitioner, first: str, **said: object) -> str:
    """A later form of the same person, who is joined to the one before."""
    clinic.clock.now += timedelta(days=7)
    later = clinic.sent({**PAIN, **said}).intake_id  # type: ignore[dict-item]  # answers
    join(clinic, practitioner, first, later)
    return later


def join(clinic: SmallClinic, practitioner: Practitioner, first: str, second: str) -> None:
    """Say that two intakes are of one person."""
    with clinic.database.read() as connection:
        one, other = (intakes.by_id(connection, each).line.subject.id for each in (first, second))
    people.decide(clinic, one, other, practitioner, same=True)


def read(clinic: SmallClinic, intake_id: str) -> ScoreCourse | None:
    return course.read(clinic, Plain(), intake_id)


def given(clinic: SmallClinic, intake_id: str) -> list[tuple[float | None, ...]]:
    found = read(clinic, intake_id)
    assert found is not None
    return [line.given for line in found.lines]


def test_one_form_has_no_course(clinic: SmallClinic) -> None:
    assert read(clinic, clinic.sent({**PAIN, "pain_average": 6}).intake_id) is None


def test_a_score_that_nobody_gave_is_a_gap(clinic: SmallClinic, practitioner: Practitioner) -> None:
    first = clinic.sent({**PAIN, "pain_average": 6}).intake_id
    second = another(clinic, practitioner, first, pain_average="not_sure")
    third = another(clinic, practitioner, second, pain_average=0)
    assert given(clinic, third) == [(6.0, None, 0.0)]
    assert given(clinic, second) == [(6.0, None)]


def test_what_was_found_before_and_not_now_stands_out(clinic: SmallClinic, practitioner: Practitioner) -> None:
    first = clinic.sent({**PAIN, "wants_needling": "unsure"}).intake_id
    found = read(clinic, another(clinic, practitioner, first, pain_average=4))
    assert found is not None
    assert found.gone == (Vanished("Title of undecided", asked=False, ran_out=False),)


def test_the_peg_is_the_mean_of_its_three_and_none_where_one_is_missing(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    whole = {"pain_average": 6, "peg_enjoyment": 5, "peg_activity": 5}
    first = clinic.sent({**PAIN, **whole}).intake_id
    second = another(clinic, practitioner, first, **{**whole, "peg_activity": "not_sure"})
    third = another(clinic, practitioner, second, pain_average=3, peg_enjoyment=0, peg_activity=1)
    found = read(clinic, third)
    assert found is not None
    assert found.lines[0].words == "peg"
    assert [line.given for line in found.lines] == [
        (5.3, None, 1.3),
        (6.0, 6.0, 3.0),
        (5.0, 5.0, 0.0),
        (5.0, None, 1.0),
    ]
    assert found.peg_change is None
    last = read(clinic, another(clinic, practitioner, third, pain_average=2, peg_enjoyment=0, peg_activity=0))
    assert last is not None
    assert last.peg_change == pytest.approx(-50)


def test_a_check_in_repeats_what_was_given_and_is_no_point(clinic: SmallClinic, practitioner: Practitioner) -> None:
    first = clinic.sent({**PAIN, "pain_average": 6}).intake_id
    visit_id = treat(clinic, first, practitioner)
    clinic.clock.now += timedelta(hours=50)
    check_in.begin(clinic, rulebook(), STEPS, visit_id, ("a-key", "d" * 32))
    clinic.send(drafts.load(clinic, "a-key"))
    with clinic.database.read() as connection:
        asked = check_ins.of_visit(connection, visit_id)
    assert asked is not None
    assert asked.answered_by is not None
    join(clinic, practitioner, first, asked.answered_by)
    assert read(clinic, asked.answered_by) is None
    later = another(clinic, practitioner, first, pain_average=3)
    assert given(clinic, later) == [(6.0, 3.0)]
    found = read(clinic, later)
    assert found is not None
    with clinic.database.read() as connection:
        assert found.days[0] == intakes.by_id(connection, first).line.sent_at


def test_a_line_is_drawn_upwards_and_broken_at_a_gap() -> None:
    line = ScoreLine("Average", (10, 0, None, 5, 5))
    heights = [y for _x, y in line.points]
    assert heights[0] < heights[2] < heights[1]
    assert [len(stroke) for stroke in line.strokes] == [2, 2]
