"""What no browser of ours sends to the staff pages: a clear page with a correct status, and nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from intake.storage import intakes
from intake.storage.intakes import State
from tests.support.practice import EMAIL, PASSWORD, Practice, sign_in

if TYPE_CHECKING:
    from tests.support.client import Visitor

LONG = "9" * 4000
LONGER = "9" * 10_000
MOMENT = "2026-01-01T00:00:00+00:00"
ADDRESSES = (
    *(f"/review/?day={day}" for day in ("0001-01-01", "9999-12-31", "2026-13-45", LONGER)),
    *(f"/review/?from={first}" for first in ("-5", "x", LONG, LONGER, str(2**63))),
    *(f"/review/?after={quote(f'{rank}_{MOMENT}_x', safe='')}" for rank in (LONG, LONGER, -(2**31) - 1, 2**63)),
    *(f"/review/?after={quote(f'1_{moment}_x', safe='')}" for moment in ("0001-01-01T00:00:00+14:00", f"{LONG}-01-01")),
    f"/review/?after={quote('1_9999-12-31T23:59:59-14:00_x', safe='')}",
    *(f"/review/{quote(name, safe='')}" for name in ("\x00", "\x07", "x" * 5000, "' or 1=1 --")),
    *(f"/review/{quote(name, safe='')}/print" for name in ("\x00", "x" * 5000)),
    *(f"/review/unsent/{quote(name, safe='')}" for name in ("\x00", "x" * 5000)),
    *(f"/review/rules/{quote(name, safe='')}" for name in ("\x00", "x" * 5000)),
    "/review/%ff",
    "/review/%ed%a0%80",
    f"/review/rules?from={LONGER}",
    "/staff/setup/%00",
)


@pytest.fixture
def reader(practice: Practice) -> Visitor:
    """Somebody who is signed in."""
    practice.sent()
    return practice.practitioner()


def test_an_address_that_leads_nowhere_is_a_page_of_ours(reader: Visitor) -> None:
    answers = [(address[:60], reader.get(address).status) for address in ADDRESSES]

    assert [answer for answer in answers if answer[1] not in {200, 404, 422}] == []


@pytest.mark.parametrize("version", ["", "-1", "x", str(2**31), str(2**63), LONG, LONGER])
def test_a_version_that_nobody_was_shown_decides_nothing(practice: Practice, reader: Visitor, version: str) -> None:
    path = f"/review/{practice.sent().intake_id}"

    answer = reader.send(reader.get(path), f"{path}/decision", version=version, outcome="ready")

    assert answer.status in {409, 422}


def test_a_number_without_end_is_no_answer(reader: Visitor) -> None:
    page = reader.get("/review/rules/try")

    answer = reader.send(page, "/review/rules/try", age_years=LONGER)

    assert answer.status == 422
    assert answer.errors == ["Age: type a whole number from 0 to 120."]


@pytest.mark.parametrize("password", ["x" * 5000, "y" * 60_000, "\ufdfa" * 3000])
def test_a_password_that_is_too_long_to_be_one_is_wrong_like_any_other(practice: Practice, password: str) -> None:
    practice.account()

    answer = sign_in(practice.visitor(), EMAIL, password)

    assert answer.status == 422
    assert answer.errors == ["The email or the password is not right."]


@pytest.mark.parametrize("origin", ["http://[bad", "null", "http://", "http://evil.example"])
def test_an_origin_that_is_not_ours_is_refused_however_it_is_written(reader: Visitor, origin: str) -> None:
    answer = reader.client.post("/review/unsent/draft-1/back", data={"text": "x"}, headers={"Origin": origin})

    assert answer.status_code == 403


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "TRACE", "FOO"])
def test_a_method_that_a_page_does_not_take_is_named_as_that(reader: Visitor, method: str) -> None:
    assert reader.client.open("/review/", method=method).status_code == 405
    assert reader.client.open("/nothing", method=method).status_code == 404


FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/review/unsent", {"source": "x"}),
    ("/review/unsent/draft-1/taken", {"who": "1", "what": "x"}),
    ("/review/unsent/draft-1/back", {}),
    ("/review/{id}/close", {"item": "x", "said": "x"}),
    ("/review/rules/try", {}),
    ("/staff/login", {"email": EMAIL, "password": "wrong password 1"}),
    ("/review/{id}/decision", {"version": "1", "outcome": "ready"}),
    ("/staff/logout", {}),
)


@pytest.mark.parametrize(("path", "fields"), FORMS)
@pytest.mark.parametrize("extra", [[("role", "admin")], [("active", "1"), ("id", "2")]])
def test_a_field_that_is_not_on_the_page_is_refused(
    practice: Practice, reader: Visitor, path: str, fields: dict[str, str], extra: list[tuple[str, str]]
) -> None:
    path = path.replace("{id}", practice.sent().intake_id)
    token = dict(reader.get("/review/").form().fields)["csrf_token"]

    answer = reader.post(path, [("csrf_token", token), *fields.items(), *extra])

    assert answer.status == 422
    assert reader.get("/review/").heading == "Intakes"


def test_a_field_that_comes_twice_is_refused(practice: Practice, reader: Visitor) -> None:
    path = f"/review/{practice.sent().intake_id}"
    sent = reader.get(path).form(f"{path}/decision").fill({"outcome": ["ready", "refer"], "reason": "other"})

    assert reader.post(f"{path}/decision", sent).status == 422


@pytest.mark.parametrize(
    "chosen",
    [{"reason": "because"}, {"outcome": "cured"}, {"outcome": "ready", "override-x": "because"}, {"reason": "OTHER"}],
)
def test_a_choice_that_no_page_offers_is_refused(practice: Practice, reader: Visitor, chosen: dict[str, str]) -> None:
    intake_id = practice.sent().intake_id
    path = f"/review/{intake_id}"

    answer = reader.send(reader.get(path), f"{path}/decision", **{"outcome": "ready", **chosen})

    assert answer.status == 400
    with practice.clinic.database.read() as connection:
        assert intakes.by_id(connection, intake_id).line.state is State.SEEN


@pytest.mark.parametrize(
    "back", ["/review/%0a", "/review/%0d%0aSet-Cookie:x", "/review/%09", "/review/%00", "/review/\xe9"]
)
def test_after_sign_in_no_address_with_a_line_break_is_gone_to(practice: Practice, back: str) -> None:
    practice.account()
    visitor = practice.visitor()
    fields = visitor.get("/staff/login").form().fill({"email": EMAIL, "password": PASSWORD})

    answer = visitor.client.post(f"/staff/login?back={back}", data=dict(fields))

    assert answer.status_code in {303, 422}
    assert answer.headers.get("Location", "/review/") == "/review/"
