"""Many invented danger signs hide no real one: counted by patient, the newest in view, all within reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from intake.storage import audit
from intake.workflow.patient import drafts, saving
from intake.workflow.patient.drafts import Draft, Post, StartLimit
from intake.workflow.review import queue, unsent
from intake.workflow.review.people import Practitioner
from intake.workflow.review.queue import Wanted
from tests.support.small_clinic import DANGER, SmallClinic, rulebook

EVERYTHING = ("chest_pressure", "fever")
PRANK = "203.0.113.7"


@pytest.fixture
def practitioner(clinic: SmallClinic) -> Practitioner:
    return Practitioner(clinic.practitioner())


def tells(clinic: SmallClinic, name: str, signs: tuple[str, ...] = EVERYTHING, network: str = PRANK) -> Draft:
    """Somebody begins in a network, ticks danger signs and goes away."""
    clinic.tick()
    number = clinic.number()
    draft = drafts.start(clinic, draft_id=f"draft-{number:04}", token=f"cookie-{number}", visit=StartLimit(network, 40))
    return saving.save_page(clinic, rulebook(), draft, Post(DANGER, {"danger_signs": signs}, {"name": name}, {}))


def names(waiting: tuple[unsent.UnsentIntake, ...]) -> list[str]:
    return [each.person.name for each in waiting]


def test_a_crowd_hides_nobody_who_has_just_come(clinic: SmallClinic, practitioner: Practitioner) -> None:
    for number in range(30):
        tells(clinic, f"Prank {number}")
    tells(clinic, "Grace", ("fever",), "198.51.100.9")

    page = queue.page(clinic, Wanted(), practitioner)

    assert "Grace" in names(page.waiting)
    assert len(page.waiting) == unsent.WORST + unsent.NEWEST
    assert page.unsent == 31


def test_one_that_ticks_everything_counts_once(clinic: SmallClinic, practitioner: Practitioner) -> None:
    for number in range(unsent.WORST):
        tells(clinic, f"Prank {number}")
    tells(clinic, "Grace", ("fever",))

    page = queue.page(clinic, Wanted(), practitioner)

    assert (page.unsent, len(page.waiting)) == (11, 11)
    assert [len(each.alerts) for each in page.waiting] == [2] * 10 + [1]


def test_all_are_within_reach_a_page_at_a_time(clinic: SmallClinic, practitioner: Practitioner) -> None:
    for number in range(unsent.PAGE + 3):
        tells(clinic, f"Prank {number}", network=f"198.51.100.{number}")

    first, second = (unsent.listed(clinic, practitioner, begin) for begin in (0, unsent.PAGE))

    assert {first.total, second.total} == {unsent.PAGE + 3}
    assert len({*names(first.waiting), *names(second.waiting)}) == unsent.PAGE + 3
    assert set(first.by_source.values()) == {1}


def test_a_batch_that_nobody_is_behind_leaves_with_a_name_to_it(
    clinic: SmallClinic, practitioner: Practitioner
) -> None:
    pranks = [tells(clinic, f"Prank {number}") for number in range(20)]
    other = tells(clinic, "Prank 20", network="198.51.100.1")
    grace = tells(clinic, "Grace", network="198.51.100.9")
    listed = unsent.listed(clinic, practitioner)
    source = next(source for source, count in listed.by_source.items() if count == 20)

    assert unsent.not_real(clinic, [other.id, "nobody"], source, practitioner) == 21

    left = unsent.listed(clinic, practitioner)
    assert [each.draft_id for each in left.waiting] == [grace.id]
    with clinic.database.read() as connection:
        (told,) = [entry for entry in audit.of_object(connection, "draft", pranks[0].id) if entry.action == "not_real"]
    assert told.actor == practitioner.actor


def test_one_that_was_not_real_and_goes_on_is_back(clinic: SmallClinic, practitioner: Practitioner) -> None:
    draft = tells(clinic, "Grace", ("fever",))
    unsent.not_real(clinic, [draft.id], "", practitioner)
    draft = drafts.load(clinic, "cookie-2")

    clinic.save(draft, DANGER, {"danger_signs": EVERYTHING})

    assert names(unsent.listed(clinic, practitioner).waiting) == ["Grace"]


def test_the_network_is_nowhere_in_the_database(clinic: SmallClinic) -> None:
    tells(clinic, "Grace")
    with clinic.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT source FROM drafts").all()
        keys = connection.exec_driver_sql("SELECT key FROM tallies").all()
    assert rows
    assert keys
    assert PRANK not in f"{rows} {keys}"


def test_a_sign_that_came_long_ago_still_waits(clinic: SmallClinic, practitioner: Practitioner) -> None:
    tells(clinic, "Grace", ("fever",))
    clinic.clock.now += timedelta(days=30)
    for number in range(20):
        tells(clinic, f"Prank {number}")

    listed = unsent.listed(clinic, practitioner)

    assert listed.total == 21
    assert "Grace" in names(listed.waiting)
