"""A day list from the file to the day: nothing open is saved, what was shown is what happens, and twice is once."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from flask import request

from intake.web.desk.list_views import MOST_BYTES
from intake.workflow.keeping import retention
from tests.support.desk import at_the_desk, book, rows_of

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

HEAD = "Date,Time,Name,DOB,Phone,With\n"
LIST = (
    HEAD + "2026-11-23,09:00,Ada Byron,1985-12-10,07700 900123,Dr Patel\n"
    "2026-11-23,09:30,Bo Moss,1990-02-01,07700 900124,L. Moreau\n"
    "2026-11-23,,Cy Lost,1990-02-01,,\n"
)
DAY = "/desk?day=2026-11-23"


def sent(visitor: Visitor, content: bytes, name: str = "list.csv") -> Page:
    """Send a file."""
    fields = dict(visitor.get("/desk/import").form("/desk/import").fields)
    data = {**fields, "list": (BytesIO(content), name)}
    response = visitor.client.post("/desk/import", data=data, content_type="multipart/form-data")
    return visitor.follow("/desk/import", response)


def pasted(visitor: Visitor, text: str) -> Page:
    """Paste a list; without scripts the browser sends it in the same form."""
    return visitor.send(visitor.get("/desk/import"), "/desk/import", text=text)


def saved(visitor: Visitor, page: Page, **answers: str) -> Page:
    """Press the button that saves."""
    return visitor.send(page, page.path, what="save", **answers)


def test_a_file_is_shown_then_saved_and_the_second_time_nothing_changes(practice: Practice) -> None:
    desk = at_the_desk(practice)
    page = sent(desk, LIST.encode())
    assert page.heading == "Check the day list"
    assert "Added: 2. Changed: 0. The same: 0. Left out: 1." in page.main
    assert "No time. Add it by hand" in page.main
    assert rows_of(desk.get(DAY)) == [], "nothing is saved before somebody says so"
    page = saved(desk, page)
    assert "2 added, 0 changed" in page.main
    assert [row.split()[:3] for row in rows_of(page)] == [["09:00", "Ada", "Byron"], ["09:30", "Bo", "Moss"]]
    page = pasted(desk, LIST)
    assert "Added: 0. Changed: 0. The same: 2. Left out: 1." in page.main
    assert len(rows_of(saved(desk, page))) == 2


def test_what_changed_is_shown_beside_what_stood_there(practice: Practice) -> None:
    desk = at_the_desk(practice)
    saved(desk, pasted(desk, LIST))
    changed = LIST.replace("09:00", "10:15").replace("L. Moreau", "Dr Patel").replace("900124", "900142")
    page = pasted(desk, changed)
    assert "Added: 0. Changed: 2. The same: 0." in page.main
    assert "Time: 2026-11-23 09:00" in page.main
    assert "Phone: +44 7700 900142" in page.main
    told = rows_of(saved(desk, page))
    assert [row.split()[0] for row in told] == ["09:30", "10:15"]
    assert "The same: 2" in pasted(desk, changed).main


def test_an_open_date_is_asked_and_nothing_can_be_saved_before(practice: Practice) -> None:
    desk = at_the_desk(practice)
    page = pasted(desk, "Date,Time,Name\n03/12/2026,09:00,Ada Byron\n")
    assert "Which day is 03/12/2026?" in page.main
    assert "Thursday 3 December 2026 Day first" in page.main
    assert "Thursday 12 March 2026 Month first. This day has passed." in page.main
    refused = saved(desk, page)
    assert (refused.status, refused.errors) == (409, ["Nothing is saved yet: look at this again, then save it."])
    page = desk.send(page, f"{page.path}/reading", **{"order-day": "day_first"})
    assert "Thu 03 Dec 2026 09:00" in page.main
    assert saved(desk, page).heading == "Thursday 3 December 2026"


def test_what_changed_meanwhile_is_shown_again(practice: Practice) -> None:
    desk = at_the_desk(practice)
    page = pasted(desk, LIST)
    other = pasted(desk, LIST)
    saved(desk, other)
    again = saved(desk, page)
    assert again.status == 409
    assert "Added: 0. Changed: 0. The same: 2." in again.main
    assert len(rows_of(desk.get(DAY))) == 2
    assert desk.get(other.path).status == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04", "This is an Excel workbook"),
        (b"hello", "There is no table in this file"),
        (b"", "This file is empty"),
        (b"date,time,name\n" + b"2026-12-03,09:00,A\n" * 6000, "more than 5,000 rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_in_a_sentence(practice: Practice, content: bytes, words: str) -> None:
    page = sent(at_the_desk(practice), content)
    assert page.status == 422
    assert words in page.errors[0]


def test_a_hundred_thousand_rows_are_refused_before_they_are_read(practice: Practice) -> None:
    desk = at_the_desk(practice)
    for length in (MOST_BYTES + 1, 100_000 * 60):
        response = desk.client.post("/desk/import", data=b"x" * length, content_type="multipart/form-data; boundary=x")
        assert response.status_code == 413
        assert "larger than we can take" in response.text


def test_a_large_file_stays_in_memory(practice: Practice) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="list"; filename="a.csv"\r\n\r\n'
    body = head + b"y" * 900_000 + b"\r\n--x--\r\n"
    kind = "multipart/form-data; boundary=x"
    with practice.app.test_request_context("/desk/import", method="POST", data=body, content_type=kind):
        request.max_content_length = MOST_BYTES
        assert isinstance(request.files["list"].stream, BytesIO)


def test_no_other_page_takes_a_file_or_a_large_body(practice: Practice) -> None:
    desk = at_the_desk(practice)
    fields = dict(desk.get("/desk/visits/new").form("/desk/visits/new").fields)
    large = desk.client.post("/desk/visits/new", data={**fields, "name": "x" * 70_000})
    assert large.status_code == 413
    for client, path in ((desk.client, "/desk/visits/new"), (practice.visitor().client, "/start")):
        assert client.post(path, data=fields, content_type="multipart/form-data").status_code == 415


def test_bytes_that_are_no_text_are_taken_as_a_file_only(practice: Practice) -> None:
    desk = at_the_desk(practice)
    german = "Datum;Uhrzeit;Name\n14.12.2026;09:00;Jörg Müßig\n".encode("cp1252")
    page = sent(desk, german)
    assert "Windows-1252 (Western) “Jörg”, “Müßig”" in page.main
    token = dict(desk.get("/desk/import").form("/desk/import").fields)["csrf_token"]
    body = f"csrf_token={quote(token)}&end=1&text=".encode() + b"%FF%FE"
    response = desk.client.post("/desk/import", data=body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 422


def test_a_near_person_is_offered_and_the_answer_counts(practice: Practice) -> None:
    book(practice, "Katarsyna Wojcik", born="1982-04-07", phone="07700 900212", hour=15)
    desk = at_the_desk(practice)
    line = "2026-11-24,09:00,Katarzyna Wojcik,1982-07-04,07700 900212,\n"
    page = pasted(desk, HEAD + line)
    assert "The same person?" in page.main
    assert "A few letters differ" in page.main
    assert "Day and month swapped?" in page.main
    saved(desk, page, **{"row-2": "same"})
    people = desk.get("/desk/people")
    assert "Nobody to decide on." in people.main
    assert "By staff" in people.main
    undone = desk.send(people, "/desk/people", undo=undo_value(people))
    assert "The join is undone." in undone.main
    assert "A few letters differ" in undone.main


def test_an_equal_person_is_known_without_a_question(practice: Practice) -> None:
    book(practice, "Ada Byron", born="1985-12-10", phone="07700 900123", hour=15)
    desk = at_the_desk(practice)
    line = "2026-11-24,09:00,ada byron,1985-12-10,+44 7700 900123,\n"
    page = pasted(desk, HEAD + line)
    assert "1 of them are known" in page.main
    assert "The same person?" not in page.main
    saved(desk, page)
    assert "Equal" in desk.get("/desk/people").main


def test_a_number_of_another_system_follows_a_visit_but_never_to_another_person(practice: Practice) -> None:
    desk = at_the_desk(practice)
    head = "id,date,time,name,dob\n"
    saved(desk, pasted(desk, head + "bk-1001,2026-11-24,09:00,Ada Byron,1985-12-10\n"))
    page = pasted(desk, head + "bk-1001,2026-11-25,11:00,Ada Byron,1985-12-10\n")
    assert "Added: 0. Changed: 1." in page.main
    page = pasted(desk, head + "bk-1001,2026-11-24,09:00,Bo Moss,1990-02-01\n")
    assert "Added: 1. Changed: 0." in page.main


def test_two_of_one_name_on_one_day_stay_two(practice: Practice) -> None:
    desk = at_the_desk(practice)
    two = HEAD + (
        "2026-11-24,09:00,Ann Lee,1980-01-02,07700 900001,\n"
        "2026-11-24,10:00,Ann Lee,1980-01-02,07700 900002,\n"
        "2026-11-24,10:00,Ann Lee,1980-01-02,07700 900002,\n"
    )
    page = pasted(desk, two)
    assert "Added: 2." in page.main
    assert "The same visit as row 3." in page.main
    saved(desk, page)
    assert "Changed: 0. The same: 2." in pasted(desk, two).main


def test_a_list_is_left_or_forgotten_with_its_key(practice: Practice) -> None:
    desk = at_the_desk(practice)
    page = pasted(desk, LIST)
    assert desk.send(page, page.path, what="leave").path == "/desk"
    assert desk.get(page.path).status == 404
    page = pasted(desk, LIST)
    practice.clock.now += retention.DAY_LIST_LIFE + retention.DAY_LIST_LIFE
    retention.purge(practice.clinic)
    assert at_the_desk(practice).get(page.path).status == 404


def test_a_formula_is_text_on_the_page_and_a_reason(practice: Practice) -> None:
    page = pasted(at_the_desk(practice), HEAD + "2026-11-24,09:00,=HYPERLINK(1),1980-01-02,,\n")
    assert "A formula. It is shown as text and never run." in page.main
    assert "=HYPERLINK(1)" in page.main


def undo_value(page: Page) -> str:
    """What the first button that undoes a join sends."""
    return next(b.get("value", "") for b in page.tree.iter("button") if b.get("name") == "undo")
