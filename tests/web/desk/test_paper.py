"""Forms on paper at the desk: printed blank and for a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.storage import audit
from tests.support.desk import at_the_desk, book

if TYPE_CHECKING:
    from tests.support.practice import Practice


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


def test_nobody_else_prints(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    stranger = practice.visitor().client
    for path in ("/desk/paper", "/desk/paper/form.pdf", f"/desk/paper/{visit}/form.pdf"):
        assert "/staff/login" in stranger.get(path).headers["Location"], path
