"""Who is one person: joined by the program only where it is sure, offered where it is not, and undone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from intake.errors import NotFoundError
from intake.storage import audit, intakes, visits
from intake.workflow.desk import people, records
from intake.workflow.desk import visits as desk
from intake.workflow.desk.identity import BornIs, ContactIs, Identity, NameIs, compare
from intake.workflow.desk.visits import NewVisit, Practitioner, VisitKind, VisitPlan
from tests.support import people as invented
from tests.support.desk import booked

if TYPE_CHECKING:
    from intake.storage.intakes import Receipt
    from tests.support.campaigns import Campaign
    from tests.support.small_clinic import SmallClinic

ADA = Identity("Ada Byron", "1985-12-10", "+44 7700 900123", "ada@mail.example")
SOMEBODY = Practitioner(0)
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("other", "name", "born", "equal", "near"),
    [
        (ADA, NameIs.EQUAL, BornIs.EQUAL, True, True),
        (Identity(" ada  BYRON", "1985-12-10", "07700 900123"), NameIs.EQUAL, BornIs.EQUAL, True, True),
        (Identity("Ada Byron", "1985-12-10", "", "ADA@mail.example"), NameIs.EQUAL, BornIs.EQUAL, True, True),
        (Identity("Ada Byron", "1985-12-10", "07700 900999"), NameIs.EQUAL, BornIs.EQUAL, False, True),
        (Identity("Ada Byron", "1985-12-10"), NameIs.EQUAL, BornIs.EQUAL, False, True),
        (Identity("Byron Ada", "1985-12-10", "07700 900123"), NameIs.REORDERED, BornIs.EQUAL, False, True),
        (Identity("Ada Byrn", "1985-12-10", "07700 900123"), NameIs.ALIKE, BornIs.EQUAL, False, True),
        (Identity("Ada King", "1985-12-10", "07700 900123"), NameIs.PARTLY, BornIs.EQUAL, False, True),
        (Identity("Ada Byron", "1985-10-12", "07700 900123"), NameIs.EQUAL, BornIs.SWAPPED, False, True),
        (Identity("Ada Byron", "1985-12-11", "07700 900123"), NameIs.EQUAL, BornIs.ONE_DIGIT, False, True),
        (Identity("Ada Byron", "", "07700 900123"), NameIs.EQUAL, BornIs.MISSING, False, True),
        (Identity("Ida Byron", "1985-12-10", "07700 900123"), NameIs.PARTLY, BornIs.EQUAL, False, True),
        (Identity("Tom Byron", "2015-03-01", "07700 900123"), NameIs.PARTLY, BornIs.OTHER, False, False),
        (Identity("Tom Jones", "1950-03-01", "07700 900999"), NameIs.OTHER, BornIs.OTHER, False, False),
        (Identity("", "1985-12-10", "07700 900123"), NameIs.OTHER, BornIs.EQUAL, False, True),
    ],
)
def test_what_is_equal_and_what_is_only_near(
    other: Identity, name: NameIs, born: BornIs, equal: bool, near: bool
) -> None:
    found = compare(ADA, other, "GB")
    assert (found.name, found.born, found.equal, found.near) == (name, born, equal, near)
    assert compare(other, ADA, "GB") == found


def test_nothing_known_equals_nothing_known() -> None:
    assert not compare(Identity(""), Identity(""), "GB").near
    assert compare(Identity("A B"), Identity("A B"), "GB").phone is ContactIs.MISSING


def fill(clinic: SmallClinic, everyone: list[Identity]) -> None:
    sealed = []
    for number, who in enumerate(everyone):
        plan = VisitPlan(MONDAY, "", "", VisitKind.FIRST)
        sealed.append(desk.seal(clinic, NewVisit(f"{number:032x}", f"known-{number}", who, plan), clinic.now))
    with clinic.database.begin() as connection:
        desk.store(connection, sealed)


def judge(clinic: SmallClinic, dice: random.Random, count: int) -> None:
    """Every join by the program is right; all exact ones are found, and nearly all others offered."""
    everyone = invented.known(dice, count)
    told = invented.cases(dice, everyone)
    fill(clinic, everyone)
    with clinic.database.read() as connection:
        found = records.near(connection, clinic, {str(number): case.who for number, case in enumerate(told)})
    joined, offered = set[int](), set[int]()
    for number, case in enumerate(told):
        alike = found[str(number)]
        for subject_id, _who, likeness in alike:
            if likeness.equal:
                assert case.truth is not None, case
                assert subject_id == f"known-{case.truth}", case
                joined.add(number)
        offered.update({number} if any(subject_id == f"known-{number}" for subject_id, *_rest in alike) else ())
    kinds = {kind: [n for n, case in enumerate(told) if case.kind == kind] for kind in invented.SAME + invented.OTHERS}
    assert len(kinds["stranger_of_same_name_and_date"]) > count / 20
    for kind in ("exact", "contact_written_otherwise"):
        assert joined >= set(kinds[kind]), kind
    for kind in ("typo", "order", "maiden", "swapped", "moved", "stranger_of_same_name_and_date", "twin"):
        share = len(offered & set(kinds[kind])) / len(kinds[kind])
        assert share > 0.9, (kind, share)
    assert len(offered & set(kinds["stranger"])) < max(3, len(kinds["stranger"]) / 20)


def test_the_program_joins_nobody_wrongly(clinic: SmallClinic, campaign: Campaign) -> None:
    count = campaign.rounds(500, 5_000)
    judge(clinic, campaign.random, count)
    campaign.tried("records held against as many known people", count)


def subject_of(clinic: SmallClinic, visit_id: str) -> str:
    with clinic.database.read() as connection:
        return visits.by_id(connection, visit_id).subject.id


def visit_of(clinic: SmallClinic, intake_id: str) -> datetime | None:
    with clinic.database.read() as connection:
        return intakes.by_id(connection, intake_id).line.visit_at


def sent(
    clinic: SmallClinic, name: str = "Ada Byron", born: str = "1985-12-10", phone: str = "07700 900123"
) -> Receipt:
    return clinic.sent(None, None, name=name, born=born, phone=phone)


def test_a_form_of_somebody_equal_becomes_that_of_the_visit(clinic: SmallClinic) -> None:
    booked(clinic, ADA, MONDAY)
    assert visit_of(clinic, sent(clinic).intake_id) == MONDAY


def test_a_visit_of_somebody_equal_takes_the_form_that_waits(clinic: SmallClinic) -> None:
    intake = sent(clinic).intake_id
    assert visit_of(clinic, intake) is None
    booked(clinic, ADA, MONDAY)
    assert visit_of(clinic, intake) == MONDAY


@pytest.mark.parametrize(
    "said", [{"phone": "07700 900999"}, {"born": "1985-10-12"}, {"name": "Byron Ada"}, {"born": ""}, {"phone": ""}]
)
def test_a_form_of_somebody_alike_waits_for_a_person(clinic: SmallClinic, said: dict[str, str]) -> None:
    visit = booked(clinic, ADA, MONDAY)
    intake = sent(clinic, **said).intake_id
    assert visit_of(clinic, intake) is None
    pair = people.to_decide(clinic, SOMEBODY)[0]
    by = Practitioner(clinic.practitioner())
    people.decide(clinic, pair.new.subject_id, pair.known.subject_id, by, same=True)
    assert visit_of(clinic, intake) == MONDAY
    assert people.to_decide(clinic, SOMEBODY) == ()
    joined = people.newest_joins(clinic)[0]
    assert joined.by == by.id
    people.undo(clinic, joined.one.subject_id, joined.other.subject_id, by)
    assert (visit_of(clinic, intake), len(people.to_decide(clinic, SOMEBODY))) == (None, 1)
    assert subject_of(clinic, visit) in {pair.new.subject_id, pair.known.subject_id}


def test_two_people_are_asked_about_once(clinic: SmallClinic) -> None:
    booked(clinic, ADA, MONDAY)
    sent(clinic, phone="07700 900999")
    pair = people.to_decide(clinic, SOMEBODY)[0]
    people.decide(clinic, pair.new.subject_id, pair.known.subject_id, Practitioner(clinic.practitioner()), same=False)
    assert people.to_decide(clinic, SOMEBODY) == ()


def test_a_join_by_the_program_is_undone_too(clinic: SmallClinic) -> None:
    booked(clinic, ADA, MONDAY)
    intake = sent(clinic).intake_id
    joined = people.newest_joins(clinic)[0]
    assert joined.by is None
    people.undo(clinic, joined.one.subject_id, joined.other.subject_id, Practitioner(clinic.practitioner()))
    assert visit_of(clinic, intake) is None


def test_a_moved_visit_takes_its_form_along_and_the_form_goes_to_the_next_one(clinic: SmallClinic) -> None:
    visit = booked(clinic, ADA, MONDAY)
    intake = sent(clinic).intake_id
    later = MONDAY + timedelta(days=1, hours=2)
    by = Practitioner(clinic.practitioner())
    desk.move(clinic, desk.Moved(visit, 1, VisitPlan(later, "Dr Patel", "", VisitKind.FIRST)), by)
    assert visit_of(clinic, intake) == later


def test_an_old_form_is_not_taken_for_a_new_visit(clinic: SmallClinic) -> None:
    intake = sent(clinic).intake_id
    clinic.clock.now += timedelta(days=61)
    booked(clinic, ADA, clinic.now + timedelta(days=1))
    assert visit_of(clinic, intake) is None


def test_what_is_decided_is_in_the_audit_by_ids(clinic: SmallClinic) -> None:
    booked(clinic, ADA, MONDAY)
    sent(clinic)
    joined = people.newest_joins(clinic)[0]
    with clinic.database.read() as connection:
        entries = audit.of_object(connection, "subject", joined.one.subject_id)
        assert [(entry.actor, entry.action) for entry in entries] == [("system", "joined")]
        assert audit.first_broken(connection, clinic.keys) is None


@pytest.mark.parametrize("pair", [("nobody", "no one"), ("", ""), ("same", "same")])
def test_who_is_not_there_is_not_joined(clinic: SmallClinic, pair: tuple[str, str]) -> None:
    with pytest.raises(NotFoundError):
        people.decide(clinic, *pair, Practitioner(clinic.practitioner()), same=True)
