"""Links to what comes after the form, over HTTP: out of the address at once, the birth date is asked, five times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.invited import OTHER_DAY
from tests.support.links import come_in, linked

if TYPE_CHECKING:
    from tests.support.practice import Practice


def test_a_link_leaves_the_address_at_once_and_asks_for_the_birth_date(practice: Practice) -> None:
    link = linked(practice.clinic, practice.sent().intake_id)
    visitor = practice.visitor()
    for first in (visitor.client.get(link), visitor.client.head(link)):
        assert (first.status_code, first.headers["Location"]) == (303, "/l")
        assert "Path=/l" in first.headers["Set-Cookie"]
    page = visitor.get("/l")
    assert link.rpartition("/")[2] not in page.text
    assert "Ada L." in page.main
    assert "Lovelace" not in page.text


def test_a_day_that_does_not_exist_is_no_try(practice: Practice) -> None:
    link = linked(practice.clinic, practice.sent().intake_id)
    for _try in range(6):
        page = come_in(practice.visitor(), link, **{**OTHER_DAY, "date_of_birth-day": "31", "date_of_birth-month": "2"})
        assert page.status == 422
        assert "Too many" not in page.main


def test_five_wrong_dates_lead_to_a_call(practice: Practice) -> None:
    link = linked(practice.clinic, practice.sent().intake_id)
    for number in range(5):
        page = come_in(practice.visitor(), link, **OTHER_DAY)
        assert (page.status, page.path) == (422, "/l")
        assert "This is not the date of birth" in page.main or number == 4
        assert ("Too many wrong dates" in page.main) is (number == 4)
    locked = practice.visitor().get(link)
    assert "we send you a new link" in locked.main
    assert not list(locked.tree.iter("form"))


def test_a_link_that_is_none_says_the_same_as_one_that_is_over(practice: Practice) -> None:
    link = linked(practice.clinic, practice.sent().intake_id)
    never = practice.visitor().get("/l/never")
    practice.clock.now = practice.clock.now.replace(month=12, day=20)
    over = practice.visitor().get(link)
    assert never.status == over.status == 404
    assert never.main == over.main
    assert "opens nothing" in over.main
