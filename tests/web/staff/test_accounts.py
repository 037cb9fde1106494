"""Staff sign-in: nobody without an account, no hint which part was wrong, sessions that end, one first account."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from flask_security import hash_password

from intake.storage import audit
from intake.web.sessions import STAFF_COOKIE
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import Act
from tests.support.client import Page, Visitor
from tests.support.practice import EMAIL, PASSWORD, Practice, open_practice, sign_in

ONCE = "a-token-for-one-time"


def at_sign_in(page: Page) -> bool:
    return page.heading == "Sign in"


def cookie(visitor: Visitor) -> str:
    found = visitor.client.get_cookie(STAFF_COOKIE)
    return found.value if found else ""


def test_signing_in_leads_to_the_queue_and_out_again(practice: Practice) -> None:
    visitor = practice.practitioner()
    page = visitor.get("/review/")
    assert page.heading == "Intakes"
    assert at_sign_in(visitor.send(page, "/staff/logout"))
    assert at_sign_in(visitor.get("/review/"))


def test_a_wrong_address_and_a_wrong_password_read_the_same(practice: Practice) -> None:
    practice.account()
    pages = []
    for email, password in ((EMAIL, "wrong password 1"), ("nobody@harbour.example", PASSWORD), ("", "")):
        page = sign_in(practice.visitor(), email, password)
        assert (page.status, page.errors) == (422, ["The email or the password is not right."])
        pages.append(re.sub(r'value="[^"]*"', "", page.text))
    assert len(set(pages)) == 1


def test_an_unknown_address_costs_as_much_work(earnest: Practice) -> None:
    earnest.account()

    def seconds(email: str) -> float:
        visitor = earnest.visitor()
        page = visitor.get("/staff/login")
        start = perf_counter()
        visitor.send(page, email=email, password="wrong password 1")  # noqa: S106 - a wrong one
        return perf_counter() - start

    known = median(seconds(EMAIL) for _ in range(5))
    unknown = median(seconds("nobody@harbour.example") for _ in range(5))
    assert unknown > known / 2, "an unknown address is answered without the work of a password"


def test_a_disabled_account_is_out_at_once_and_cannot_tell_why(practice: Practice) -> None:
    visitor = practice.practitioner()
    accounts.set_active(practice.clinic, EMAIL, Act("test", "new"), active=False)
    assert at_sign_in(visitor.get("/review/"))
    page = sign_in(practice.visitor())
    assert page.errors == ["The email or the password is not right."]


def test_signing_out_ends_copied_sessions_too(practice: Practice) -> None:
    visitor = practice.practitioner()
    thief = practice.visitor()
    thief.client.set_cookie(STAFF_COOKIE, cookie(visitor))
    assert thief.get("/review/").heading == "Intakes"
    visitor.send(visitor.get("/review/"), "/staff/logout")
    assert at_sign_in(thief.get("/review/"))


@pytest.mark.both_databases
def test_a_new_password_ends_the_sessions_of_the_old_one(practice: Practice) -> None:
    visitor = practice.practitioner()
    with practice.app.app_context():
        stored = hash_password("seven quiet herons")
    accounts.set_password(practice.clinic, EMAIL, stored, Act("test", "new"))
    assert at_sign_in(visitor.get("/review/"))
    assert sign_in(practice.visitor(), password="seven quiet herons").heading == "Intakes"  # noqa: S106 - a test's


@pytest.mark.parametrize(("pause", "times", "ended"), [(14, 1, False), (16, 1, True), (14, 60, True)])
def test_a_session_ends_when_idle_and_after_a_day_at_work(
    practice: Practice, pause: int, times: int, ended: bool
) -> None:
    visitor = practice.practitioner()
    for _ in range(times):
        practice.clock.late += timedelta(minutes=pause)
        page = visitor.get("/review/")
    assert at_sign_in(page) is ended


def test_a_session_that_was_prepared_by_another_is_dropped(practice: Practice) -> None:
    practice.account()
    visitor = practice.visitor()
    planted = dict(visitor.get("/staff/login").form().fields)
    before = cookie(visitor)
    sign_in(visitor)
    assert visitor.client.post("/review/unsent/draft-1/back", data=planted | {"text": "x"}).status_code == 400
    stale = practice.visitor()
    stale.client.set_cookie(STAFF_COOKIE, before)
    assert at_sign_in(stale.get("/review/"))


def test_the_cookies_of_patients_and_staff_are_apart(practice: Practice) -> None:
    visitor = practice.practitioner()
    response = visitor.client.get("/review/")
    assert STAFF_COOKIE in response.headers["Set-Cookie"]
    assert all(word in response.headers["Set-Cookie"] for word in ("HttpOnly", "SameSite=Strict"))
    patient = visitor.client.get("/")
    assert STAFF_COOKIE not in patient.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/review/unsent/abc", "/review/unsent/abc"),
        ("//evil.example/review/", "/review/"),
        ("https://evil.example/review/", "/review/"),
        ("/review//evil.example", "/review/"),
        ("/review/\\evil.example", "/review/"),
        ("/staff/logout", "/review/"),
    ],
)
def test_after_sign_in_one_stays_inside_the_review(practice: Practice, wanted: str, led_to: str) -> None:
    practice.account()
    visitor = practice.visitor()
    form = visitor.get("/staff/login").form()
    fields = form.fill({"email": EMAIL, "password": PASSWORD})
    response = visitor.client.post("/staff/login", query_string={"back": wanted}, data=dict(fields))
    assert (response.status_code, response.headers["Location"]) == (303, led_to)


def guess(practice: Practice, email: str = EMAIL, password: str = "wrong password 1", network: str = "10.0.0.9") -> int:  # noqa: S107 - a wrong one
    """The status of one try from a network."""
    visitor = practice.visitor()
    fields = visitor.get("/staff/login").form().fill({"email": email, "password": password})
    there = {"REMOTE_ADDR": network}
    return visitor.client.post("/staff/login", data=dict(fields), environ_overrides=there).status_code


def test_guessing_is_slowed_more_and_more_and_goes_on_after_the_wait(practice: Practice) -> None:
    practice.account()
    assert [guess(practice) for _ in range(7)] == [422] * 5 + [429] * 2
    practice.clock.late += timedelta(seconds=1)
    assert [guess(practice), guess(practice)] == [422, 429]
    practice.clock.late += timedelta(seconds=1)
    assert guess(practice) == 429
    practice.clock.late += timedelta(seconds=1)
    assert guess(practice, password=PASSWORD) == 303
    assert guess(practice) == 422


def test_two_processes_count_together(practice: Practice, tmp_path: Path, database_url: str) -> None:
    practice.account()
    other = open_practice(tmp_path / "practice", database_url)
    tries = [guess(each) for _ in range(3) for each in (practice, other)]
    other.clinic.database.close()
    assert tries == [422] * 5 + [429]


def test_one_network_tries_many_accounts_only_so_often(practice: Practice) -> None:
    tries = [guess(practice, f"{number}@x.example") for number in range(40)]
    assert tries == [422] * 30 + [429] * 10
    assert guess(practice, "31@x.example", network="10.0.0.10") == 422


def test_no_stranger_locks_a_member_of_staff_out(practice: Practice) -> None:
    visitor = practice.practitioner()  # signed in from 127.0.0.1 once
    tries = [guess(practice, network=f"10.0.{number}.1") for number in range(50)]
    assert tries.count(422) == 30
    assert sign_in(practice.visitor()).path == "/review/"
    assert visitor.get("/review/").heading == "Intakes"


def test_right_sign_ins_use_nothing_up(practice: Practice) -> None:
    practice.account()
    assert [guess(practice, password=PASSWORD) for _ in range(40)] == [303] * 40


def test_what_failed_is_in_the_audit_without_what_was_typed(practice: Practice) -> None:
    number = practice.account()
    for email in (EMAIL, "my password by mistake"):
        guess(practice, email)
    practice.visitor().get("/staff/setup/guessed")
    with practice.clinic.database.read() as connection:
        known = audit.of_object(connection, "staff", str(number))
        unknown = audit.of_object(connection, "staff", "")
        setup = audit.of_object(connection, "installation", "setup")
    assert [entry.action for entry in known] == ["account_added", "sign_in_failed"]
    assert [entry.action for entry in unknown] == ["sign_in_failed"]
    assert [entry.action for entry in setup] == ["setup_refused"]
    assert "mistake" not in str(unknown)
    assert "10.0.0.9" not in str([*known, *unknown, *setup])


def test_guessing_at_the_set_up_link_ends(practice: Practice) -> None:
    accounts.offer_setup(practice.clinic, ONCE)
    visitor = practice.visitor()
    tries = [visitor.client.get(f"/staff/setup/{number}").status_code for number in range(32)]
    assert tries == [404] * 30 + [429] * 2
    assert visitor.get(f"/staff/setup/{ONCE}").status == 200


def test_a_decision_that_waits_survives_the_page_that_says_wait(practice: Practice) -> None:
    visitor = practice.practitioner()
    path = f"/review/{practice.sent().intake_id}"
    page = visitor.get(path)
    practice.clock.late += timedelta(minutes=16)
    page = visitor.send(page, f"{path}/decision", outcome="refer", reason="other", note="Call the surgeon")
    for _try in range(6):
        page = visitor.send(page, email=EMAIL, password="wrong password 1")  # noqa: S106 - a wrong one
    assert (page.status, page.errors) == (429, ["Too many tries. Wait 1 second, then sign in again."])
    practice.clock.late += timedelta(seconds=2)
    page = visitor.send(page, email=EMAIL, password=PASSWORD)
    assert "Call the surgeon" in page.main
    assert page.path.endswith("/staff/login") or path in page.path


@pytest.mark.parametrize("path", ["/staff/login", "/staff/logout", "/review/unsent/draft-1/back"])
def test_a_form_without_its_token_is_refused(practice: Practice, path: str) -> None:
    visitor = practice.practitioner()
    response = visitor.client.post(path, data={"email": EMAIL, "password": PASSWORD})
    assert response.status_code == 400
    assert visitor.get("/review/").heading == "Intakes"


@pytest.mark.both_databases
def test_the_first_account_is_made_once_by_its_link(practice: Practice) -> None:
    accounts.offer_setup(practice.clinic, ONCE)
    visitor = practice.visitor()
    page = visitor.get(f"/staff/setup/{ONCE}")
    weak = visitor.send(page, email=EMAIL, password="password12345678")  # noqa: S106 - refused
    assert weak.errors == ["This password is soon guessed: three or four words that do not go together are not."]
    assert "password12345678" not in weak.text
    assert visitor.send(weak, email="", password="short").status == 422  # noqa: S106 - refused
    assert at_sign_in(visitor.send(page, email=EMAIL, password=PASSWORD))
    assert sign_in(visitor).heading == "What is your clinic called?"
    assert practice.visitor().get(f"/staff/setup/{ONCE}").status == 404


@pytest.mark.parametrize(("token", "late"), [("wrong", 0), (ONCE, 31)])
def test_a_wrong_or_old_link_is_not_there(practice: Practice, token: str, late: int) -> None:
    accounts.offer_setup(practice.clinic, ONCE)
    practice.clock.late = timedelta(minutes=late)
    assert practice.visitor().get(f"/staff/setup/{token}").status == 404


def test_no_page_of_the_library_itself_is_served(practice: Practice) -> None:
    for path in ("/login", "/logout", "/verify", "/register", "/reset", "/change"):
        assert practice.visitor().client.get(path).status_code == 404


def test_the_password_is_kept_as_argon2id_only(earnest: Practice) -> None:
    earnest.account()
    (account,) = accounts.everyone(earnest.clinic)
    assert account.password.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
