"""Forms on paper at the desk: printed blank and for a visit, typed in part by part, never shown again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from intake.storage import alerts, audit
from tests.support.desk import DESK, at_the_desk, book, rows_of

if TYPE_CHECKING:
    from tests.support.client import Page, Value, Visitor
    from tests.support.practice import Practice

PARTS = 9
DAY = "2026-11-23"


def test_the_desk_prints_a_blank_form_and_one_for_a_visit(practice: Practice) -> None:
    visit = book(practice, "Ada Byron", born="1985-12-10")
    desk = at_the_desk(practice)
    page = desk.get(desk.get("/desk").links["Forms on paper"])
    blank = desk.client.get(page.links["Print a blank form"])
    of_visit = desk.client.get(desk.get(f"/desk/visits/{visit}").links["Print the form"])
    for answer in (blank, of_visit):
        assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "application/pdf", b"%PDF")
        assert answer.headers["Cache-Control"] == "no-store"
    assert blank.data != of_visit.data
    with practice.clinic.database.read() as connection:
        assert [entry.action for entry in audit.of_object(connection, "visit", visit)][-1] == "read"


def test_the_code_on_a_form_leads_to_where_it_is_typed_in(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    desk = at_the_desk(practice)
    page = desk.get(f"/desk/paper/{visit}")
    assert (page.path, page.fragment) == (f"/desk/visits/{visit}", "paper")
    assert page.form("/desk/paper/begin").fields[1] == ("visit", visit)


def test_nobody_else_prints(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    stranger = practice.visitor().client
    for path in ("/desk/paper", "/desk/paper/form.pdf", f"/desk/paper/{visit}/form.pdf"):
        assert "/staff/login" in stranger.get(path).headers["Location"], path


def begin(practice: Practice, visit: str) -> tuple[Visitor, Page]:
    """Somebody at the desk on the first part of the form of a visit."""
    desk = at_the_desk(practice)
    page = desk.send(desk.get(f"/desk/visits/{visit}"), "/desk/paper/begin")
    assert page.heading == "Part 1 of 9: Safety"
    assert "For Ada Byron" in page.main
    return desk, page


def type_parts(desk: Visitor, page: Page, parts: dict[int, dict[str, Value]]) -> Page:
    """Save every part, with these marks."""
    for number in range(1, PARTS + 1):
        page = desk.send(page, page.path, **parts.get(number, {}))
        assert page.status == 200, page.errors
    return page


def found(practice: Practice) -> Page:
    """The only intake, as the practitioner reads it."""
    practitioner = practice.practitioner()
    queue = practitioner.get("/review/")
    return practitioner.get(next(link for link in queue.links.values() if re.match("/review/[0-9a-f]{32}", link)))


@pytest.mark.both_databases
def test_a_form_is_typed_part_by_part_and_becomes_the_form_of_its_visit(practice: Practice) -> None:
    visit = book(practice, "Ada Byron", born="1985-12-10", phone="01234 555 123")
    desk, page = begin(practice, visit)
    who = dict(desk.get(f"{page.path[:-1]}2").form(f"{page.path[:-1]}2").fields)
    assert (who["full_name"], who["date_of_birth-year"]) == ("Ada Byron", "1985")
    page = type_parts(desk, page, {1: {"danger_signs": "none"}, 3: {"pain_regions": ["knee_left", "none"]}})
    assert page.heading == "A form from paper"
    page = desk.send(page, page.path)
    assert "The form is in." in page.main
    assert "Sent 22 Nov" in rows_of(desk.get(f"/desk?day={DAY}"))[0]
    review = found(practice)
    assert "Ada Byron" in review.main
    assert f"typed from paper by {DESK}" in review.main
    assert "On paper, “none” or “not sure” stands beside other marks: Where it hurts. Ask." in review.main
    assert "Visit Tomorrow 09:00" in review.main


def test_what_has_no_mark_is_not_answered_on_the_review(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    desk.send(type_parts(desk, page, {}), f"/desk/paper/typing/{page.path.split('/')[4]}")
    review = found(practice).main
    assert "No finding" not in review
    assert "Pregnancy" in review


def test_a_danger_sign_alarms_when_its_part_is_saved(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    draft = page.path.split("/")[4]
    page = desk.send(page, page.path, danger_signs=["saddle_numbness"])
    with practice.clinic.database.read() as connection:
        assert alerts.waiting(connection, [draft])
    page = desk.send(desk.get(f"/desk/paper/typing/{draft}/1"), f"/desk/paper/typing/{draft}/1", danger_signs=["none"])
    assert page.status == 200


def test_nothing_that_was_typed_is_shown_again(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    path = page.path
    desk.send(page, path, danger_signs=["saddle_numbness"], new_weakness="one_limb")
    again = desk.get(path)
    assert "This part is saved already." in again.main
    fields = dict(again.form(path).fields)
    assert "danger_signs" not in fields
    assert fields["new_weakness"] == ""


def test_after_sending_no_page_of_the_form_opens_and_no_patients_draft_does(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    path = page.path
    whole = type_parts(desk, page, {})
    desk.send(whole, whole.path)
    own = practice.unsent()
    for gone in (
        path,
        whole.path,
        f"/desk/paper/typing/{own}/1",
        f"/desk/paper/typing/{own}",
        "/desk/paper/typing/x/1",
    ):
        assert desk.get(gone).status == 404, gone


@pytest.mark.both_databases
def test_a_form_typed_half_is_found_again_until_it_is_sent(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    desk.send(page, page.path)
    practice.unsent("Own Phone")
    papers = desk.get("/desk/paper")
    assert "Ada Byron Sun 22 Nov, 09:30 1 of 9 parts" in papers.main
    assert "Own Phone" not in papers.main
    half = desk.get(next(link for words, link in papers.links.items() if words.startswith("Go on Ada Byron")))
    whole = type_parts(desk, desk.get(half.links["Type it again Safety"]), {})
    desk.send(whole, whole.path)
    assert "Ada Byron" not in desk.get("/desk/paper").main


def test_a_form_is_not_sent_before_every_part_is_saved(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    whole = page.path.rpartition("/")[0]
    desk.send(page, page.path)
    assert "Save every part" in desk.get(whole).main
    token = dict(page.form(page.path).fields)["csrf_token"]
    assert "Save every part" in desk.post(whole, [("csrf_token", token), ("end", "1")]).main


def test_a_wrong_date_is_refused_with_what_was_typed(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    page = desk.send(page, page.path)
    refused = desk.send(page, page.path, full_name="Ada B.", **{"date_of_birth-day": "31", "date_of_birth-month": "2"})
    assert (refused.status, refused.heading) == (422, "Part 2 of 9: You")
    assert dict(refused.form(page.path).fields)["full_name"] == "Ada B."
    assert refused.errors


def test_two_windows_do_not_overwrite_each_other(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    desk.send(page, page.path, danger_signs=["fever"])
    late = desk.send(page, page.path, danger_signs=["none"])
    assert (late.status, len(late.errors)) == (409, 1)
    assert ("danger_signs", "none") in late.form(page.path).fields


def test_a_form_without_a_visit_needs_a_name(practice: Practice) -> None:
    desk = at_the_desk(practice)
    page = desk.send(desk.get("/desk/paper"), "/desk/paper/begin")
    page = desk.send(page, page.path)
    assert desk.send(page, page.path).status == 422
    after = desk.send(page, page.path, full_name="Ada Byron", **{"contact-phone": "01234 555 123"})
    assert after.heading == "Part 3 of 9: Pain"
    again = desk.get(page.path)
    assert "For Ada Byron" in again.main
    assert dict(again.form(page.path).fields)["contact-phone"] == ""


def test_a_field_that_no_question_has_is_refused(practice: Practice) -> None:
    desk, page = begin(practice, book(practice, "Ada Byron"))
    assert desk.send(page, page.path, answer="42").status == 422
