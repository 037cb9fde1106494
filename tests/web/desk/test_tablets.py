"""Tablets at the desk: enrolled by a code that counts ten minutes and five tries, revoked, called from."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from intake.storage.devices import DEVICES
from tests.support.desk import at_the_desk
from tests.support.tablets import enrolled, new_code

if TYPE_CHECKING:
    from tests.support.practice import Practice


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_tablet_is_enrolled_by_the_code_of_the_desk_once(practice: Practice) -> None:
    code = new_code(at_the_desk(practice))
    tablet = practice.visitor()
    assert tablet.get("/tablet").heading == "Enrol this tablet"
    assert tablet.send(tablet.get("/tablet/enrol"), code=f"{code[:3]} {code[3:]}").path == "/tablet"
    again = practice.visitor()
    page = again.send(again.get("/tablet/enrol"), code=code)
    assert page.errors == ["This code is not known, or its 10 minutes are over."]
    assert again.get("/tablet").path == "/tablet/enrol"


def test_a_code_is_over_after_ten_minutes(practice: Practice) -> None:
    code = new_code(at_the_desk(practice))
    practice.clock.late = timedelta(minutes=10)
    tablet = practice.visitor()
    assert tablet.send(tablet.get("/tablet/enrol"), code=code).path == "/tablet/enrol"


def test_five_wrong_tries_end_every_code_that_waits(practice: Practice) -> None:
    code = new_code(at_the_desk(practice))
    tablet = practice.visitor()
    for _try in range(5):
        assert tablet.send(tablet.get("/tablet/enrol"), code=other(code)).errors
    assert tablet.send(tablet.get("/tablet/enrol"), code=code).status == 429
    practice.clock.late = timedelta(minutes=9)
    later = practice.visitor()
    later.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert later.send(later.get("/tablet/enrol"), code=code).errors


def test_no_key_and_no_code_is_stored_in_a_form_that_can_be_used(practice: Practice) -> None:
    code = new_code(at_the_desk(practice), "Second")
    tablet = enrolled(practice)
    cookie = tablet.client.get_cookie("intake_device")
    assert cookie is not None
    assert (len(cookie.value), cookie.http_only, cookie.same_site) == (40, True, "Strict")
    with practice.clinic.database.read() as connection:
        stored = repr(connection.execute(select(DEVICES)).all())
    assert code not in stored
    assert cookie.value not in stored


def test_a_revoked_tablet_opens_nothing_and_forgets_its_key(practice: Practice) -> None:
    tablet, desk = enrolled(practice), at_the_desk(practice)
    page = desk.get("/desk/tablets")
    action = next(f.get("action", "") for f in page.tree.iter("form") if f.get("action", "").endswith("/revoke"))
    assert "No tablet is enrolled." in desk.send(page, action).main
    assert tablet.get("/tablet").heading == "Enrol this tablet"
    assert tablet.client.get_cookie("intake_device") is None


def test_a_tablet_without_a_name_is_refused(practice: Practice) -> None:
    desk = at_the_desk(practice)
    page = desk.send(desk.get("/desk/tablets"), "/desk/tablets", name=" ")
    assert (page.status, page.errors) == (422, ["Give the tablet a name, for example: waiting room."])


def test_who_calls_stands_on_the_day_at_once_until_somebody_goes(practice: Practice) -> None:
    tablet, desk = enrolled(practice, "Blue tablet"), at_the_desk(practice)
    assert "send a person" not in desk.get("/desk").main
    said = tablet.send(tablet.get("/tablet"), "/tablet/help")
    assert "We have told the desk." in said.main
    page = desk.get("/desk")
    assert "Blue tablet: please send a person" in page.main
    assert "Blue tablet" in desk.client.get("/desk/tablets/asked").text
    action = next(f.get("action", "") for f in page.tree.iter("form") if f.get("action", "").endswith("/going"))
    assert "send a person" not in desk.send(page, action).main
