"""The front desk's day: planned, moved, arrived; nothing clinical, and nothing of the review for who works there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.storage import audit, visit_forms
from intake.storage import visits as rows
from tests.support.desk import at_the_desk, book, rows_of

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

DAY = "2026-11-23"
ADA = {"name": "Ada Byron", "born": "1985-12-10", "phone": "01234 555123", "day": DAY, "time": "09:30"}


def test_the_desk_is_led_to_the_day_and_practitioners_to_the_intakes(practice: Practice) -> None:
    desk = at_the_desk(practice)
    assert desk.get("/staff").heading.startswith("Today, ")
    assert practice.practitioner().get("/staff").heading == "Intakes"
    assert practice.practitioner().get("/desk").heading.startswith("Today, ")


def test_nothing_of_the_review_answers_the_desk(practice: Practice) -> None:
    intake = practice.sent().intake_id
    desk = at_the_desk(practice)
    for path in ("/review/", f"/review/{intake}", "/review/ffff", f"/review/{intake}/print", "/review/rules"):
        page = desk.get(path)
        assert (page.status, page.heading) == (403, "You cannot open this page"), path
    page = desk.get("/desk")
    assert not any("/review" in link for link in page.links.values())
    token = dict(page.form("/desk/visits/step").fields)["csrf_token"]
    for path in (f"/review/{intake}/decision", f"/review/{intake}/close", "/review/unsent"):
        assert desk.client.post(path, data={"csrf_token": token}).status_code == 403, path


def test_a_visit_is_added_in_two_clicks_and_stands_at_its_time(practice: Practice) -> None:
    desk = at_the_desk(practice)
    book(practice, "Grace Late", hour=11)
    form = desk.get(desk.get(f"/desk?day={DAY}").links["Add a visit"])
    page = desk.send(form, "/desk/visits/new", **ADA, practitioner="Dr Patel", place="Room 1")
    assert (page.path, page.heading) == ("/desk", "Monday 23 November 2026")
    assert "The visit is planned." in page.main
    assert [row.split()[:3] for row in rows_of(page)] == [["09:30", "Ada", "Byron"], ["11:00", "Grace", "Late"]]


def test_a_visit_is_moved_in_two_clicks_and_its_intake_with_it(practice: Practice) -> None:
    visit = book(practice, "Ada Lovelace", born="1985-12-10", phone="01234 555 123", hour=9)
    intake = practice.sent(name="Ada Lovelace").intake_id
    desk = at_the_desk(practice)
    form = desk.get(desk.get(f"/desk?day={DAY}").links["Move Ada Lovelace"])
    page = desk.send(form, f"/desk/visits/{visit}", time="14:45", day="2026-11-24")
    assert page.heading == "Tuesday 24 November 2026"
    assert rows_of(page)[0].startswith("14:45 Ada Lovelace 1985")
    assert "Tue 24 Nov" in practice.practitioner().get(f"/review/{intake}").main


def test_arrival_goes_step_by_step_and_can_be_taken_back(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    desk = at_the_desk(practice)
    for button, told in (
        ("arrived", "Arrived"),
        ("with_practitioner", "With the practitioner"),
        ("done", "Done"),
        ("missed", "Missed"),
        ("planned", "Check in"),
    ):
        page = step(desk, practice, visit, button)
        assert told in rows_of(page)[0], button


def test_an_old_page_changes_nothing(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    desk = at_the_desk(practice)
    old = desk.get(f"/desk/visits/{visit}")
    step(desk, practice, visit, "arrived")
    page = desk.send(old, f"/desk/visits/{visit}", time="15:00")
    assert (page.status, page.heading) == (409, "This changed while you were reading it")
    assert rows_of(desk.get(f"/desk?day={DAY}"))[0].startswith("09:00")


def test_what_is_typed_wrong_is_said_beside_it_and_kept(practice: Practice) -> None:
    desk = at_the_desk(practice)
    wrong = {"name": " ", "born": "2030-01-01", "phone": "12", "email": "nobody", "day": "", "time": "25:00"}
    page = desk.send(desk.get("/desk/visits/new"), "/desk/visits/new", **wrong)
    assert page.status == 422
    assert len(page.errors) == 6
    assert dict(page.form("/desk/visits/new").fields)["email"] == "nobody"


def test_the_form_is_told_by_how_far_it_is_and_never_by_what_it_says(practice: Practice) -> None:
    book(practice, "Nora None")
    invited = book(practice, "Ina Invited")
    book(practice, "Sue Sent", born="1985-12-10", phone="01234 555 123")
    practice.sent({"danger_signs": ("saddle_numbness",)}, "Sue Sent", texts={"anything_else": "CANARY"})
    begun = book(practice, "Ben Begun")
    draft = practice.unsent("Ben Begun")
    with practice.clinic.database.begin() as connection:
        visit_forms.bind(connection, draft, begun, None)
    desk = at_the_desk(practice)
    step(desk, practice, invited, "invited")
    page = desk.get(f"/desk?day={DAY}")
    told = {row.split()[1]: row for row in rows_of(page)}
    assert "Not invited" in told["Nora"]
    assert "Invited" in told["Ina"].replace("Not invited", "")
    assert " %" in told["Ben"]
    assert "Sent 22 Nov" in told["Sue"]
    assert not any(word in page.text for word in ("CANARY", "saddle", "Urgent", "finding"))
    assert page.text.count('class="tag') == page.text.count("2 alarms open") == 1
    assert [row.split()[1] for row in rows_of(desk.get(f"/desk?day={DAY}&form=sent"))] == ["Sue"]


def test_who_looked_at_whom_is_in_the_audit(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    desk = at_the_desk(practice)
    desk.get(f"/desk?day={DAY}")
    desk.get(f"/desk/visits/{visit}")
    with practice.clinic.database.read() as connection:
        listed = audit.of_object(connection, "day", DAY)[-1]
        read = audit.of_object(connection, "visit", visit)[-1]
    assert (listed.action, listed.details) == ("listed", {"visits": [visit]})
    assert (read.action, read.actor) == ("read", listed.actor)


def test_filters_narrow_the_day_and_are_kept_by_a_step(practice: Practice) -> None:
    book(practice, "Ada Byron", practitioner="Dr Patel", place="Room 1")
    other = book(practice, "Bo Moss", practitioner="L. Moreau", place="Room 2", hour=10)
    desk = at_the_desk(practice)
    for narrowed in ("with=L.+Moreau", "place=Room+2", "q=moss", "q=MOS"):
        assert [row.split()[1] for row in rows_of(desk.get(f"/desk?day={DAY}&{narrowed}"))] == ["Bo"], narrowed
    page = step(desk, practice, other, "arrived", "&place=Room+2")
    assert [row.split()[1] for row in rows_of(page)] == ["Bo"]
    assert [row.split()[1] for row in rows_of(desk.get(f"/desk?day={DAY}&state=arrived"))] == ["Bo"]


def test_only_a_practitioner_asks_to_be_spoken_to_first(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    desk, practitioner = at_the_desk(practice), practice.practitioner()
    assert step(desk, practice, visit, "speak").status == 403
    step(practitioner, practice, visit, "speak")
    assert "r.patel@harbour.example: please speak to me first" in rows_of(desk.get(f"/desk?day={DAY}"))[0]
    assert "speak to me first" not in desk.get(f"/desk/visits/{visit}").main
    step(practitioner, practice, visit, "quiet")
    assert "speak to me" not in desk.get(f"/desk?day={DAY}").main


@pytest.mark.parametrize("day", ["", "nonsense", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_is_none_is_today(practice: Practice, day: str) -> None:
    assert at_the_desk(practice).get(f"/desk?day={day}").heading == "Today, Sunday 22 November 2026"


def test_any_day_is_one_click_or_a_date_away(practice: Practice) -> None:
    page = at_the_desk(practice).get("/desk?day=2026-11-20")
    assert page.links["Thu 19 Nov"] == "/desk?day=2026-11-19"
    assert page.links["Mon 23 Nov"] == "/desk?day=2026-11-23"
    assert page.links["Back to today"] == "/desk"


def step(visitor: Visitor, practice: Practice, visit_id: str, what: str, kept: str = "") -> Page:
    """Press a button of the day; the page that it leads to."""
    with practice.clinic.database.read() as connection:
        version = rows.by_id(connection, visit_id).version
    page = visitor.get(f"/desk?day={DAY}{kept}")
    form = next(form for form in page.tree.iter("form") if "/visits/step" in form.get("action", ""))
    return visitor.send(page, form.get("action", ""), step=f"{visit_id} {version} {what}")
