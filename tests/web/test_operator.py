"""What an operator sets up meets its patients: proxies, cookies, a clock that is put back, a clinic without a phone."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from flask import request

from tests.support.apps import CLINIC, MakeApp
from tests.support.client import FORM, Page, Visitor
from tests.support.journeys import CALM, begin
from tests.support.practice import Practice, open_practice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PUBLIC = "https://intake.example:8443"
CANDIDATES = {
    "the host as it was asked for": {"Host": "intake.example:8443"},
    "the host without its port": {"Host": "intake.example"},
    "the product's own address": {"Host": "127.0.0.1:8000"},
    "the host beside": {"Host": "127.0.0.1:8000", "X-Forwarded-Host": "intake.example"},
}


@pytest.mark.parametrize("headers", CANDIDATES.values(), ids=CANDIDATES)
def test_a_form_arrives_through_a_proxy_however_it_names_the_host(
    make_app: MakeApp, headers: Mapping[str, str]
) -> None:
    client = make_app(public_url=PUBLIC).test_client()
    forwarded = {**headers, "X-Forwarded-Proto": "https"}
    base = f"https://{headers['Host']}"
    page = client.get("/", headers=forwarded, base_url=base)
    assert page.status_code == 200
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    sent = client.post(
        "/start",
        data={"csrf_token": token, "end": "1"},
        headers={**forwarded, "Origin": PUBLIC},
        base_url=base,
        content_type=FORM,
    )
    assert (sent.status_code, sent.headers["Location"]) == (303, "/q/danger")
    foreign = client.post(
        "/start", data={"csrf_token": token}, headers={**forwarded, "Origin": "https://evil.example"}, base_url=base
    )
    assert foreign.status_code == 403


@pytest.mark.parametrize(("proxies", "address"), [("1", "10.0.0.2"), ("2", "203.0.113.9")])
def test_the_address_of_a_client_is_the_one_before_the_proxies(make_app: MakeApp, proxies: str, address: str) -> None:
    app = make_app(public_url="https://intake.example", proxies=proxies)
    seen = []
    app.before_request_funcs[None].append(lambda: seen.append(request.remote_addr))
    app.test_client().get("/", headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.0.0.2"})
    assert seen == [address]


def test_a_browser_that_keeps_no_cookies_is_told_so(make_app: MakeApp) -> None:
    app = make_app()
    for path in ("/", "/staff/login"):
        form = Visitor(app.test_client(), CLINIC).get(path).form()
        forgetful = Visitor(app.test_client(use_cookies=False), CLINIC)
        page = forgetful.post(form.action, form.fill({}))
        assert (page.status, page.heading) == (400, "Your browser keeps no cookies")


@pytest.fixture
def put_back(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Put the machine's clock back by three hours."""

    def put() -> None:
        now = time.time()
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now - 3 * 3600)

    return put


def test_a_clock_that_is_put_back_loses_no_patient_s_page(make_app: MakeApp, put_back: Callable[[], None]) -> None:
    patient = Visitor(make_app().test_client(), CLINIC)
    page = begin(patient)
    put_back()
    sent = patient.send(page, **CALM["danger"])
    assert (sent.errors, sent.path == page.path) == ([], False)


def test_a_clock_that_is_put_back_signs_nobody_out(practice: Practice, put_back: Callable[[], None]) -> None:
    staff = practice.practitioner()
    put_back()
    practice.clock.now -= timedelta(hours=3)
    page = staff.get("/review/")
    assert page.heading == "Intakes"
    assert staff.send(page, "/staff/logout").heading == "Sign in"


def test_a_session_is_no_longer_for_a_clock_that_was_put_back(practice: Practice) -> None:
    staff = practice.practitioner()
    practice.clock.now -= timedelta(hours=3)
    assert staff.get("/review/").heading == "Intakes"
    practice.clock.now += timedelta(minutes=16)
    assert staff.get("/review/").heading == "Sign in"


def is_at_work(practice: Practice, staff: Visitor, hours: float, *, lost: timedelta = timedelta()) -> bool:
    """Whether somebody still is who looks at the queue every ten minutes; the clock loses time each hour."""
    for look in range(int(hours * 6)):
        practice.clock.now += timedelta(minutes=10)
        page = staff.get("/review/")
        if page.heading != "Intakes":
            assert (page.heading, "because a session lasts ten hours at most" in page.main) == ("Sign in", True)
            return False
        practice.clock.now -= lost if look % 6 == 0 else timedelta()
    return True


@pytest.mark.parametrize("hours", [1, 3, 24])
def test_a_day_at_work_is_as_long_under_a_clock_that_was_put_back(practice: Practice, hours: int) -> None:
    staff = practice.practitioner()
    assert is_at_work(practice, staff, 5)
    practice.clock.now -= timedelta(hours=hours)
    assert is_at_work(practice, staff, 4.8)
    assert not is_at_work(practice, staff, 1)


@pytest.mark.parametrize("hours", [1, 2])
def test_no_session_lives_for_ever_by_a_clock_that_goes_back_again_and_again(practice: Practice, hours: int) -> None:
    staff = practice.practitioner()
    assert is_at_work(practice, staff, 10, lost=timedelta(hours=hours))
    assert not is_at_work(practice, staff, 3, lost=timedelta(hours=hours))


def refused(page: Page) -> bool:
    return (page.status, page.heading) == (503, "This form is not ready yet")


def test_nobody_begins_before_the_clinic_has_set_its_phone(make_app: MakeApp) -> None:
    before, visitor = (Visitor(make_app(phone=phone).test_client(), CLINIC) for phone in ("1", ""))
    form, kept = before.get("/").form("/start"), before.client.get_cookie("intake_session")
    assert kept is not None
    visitor.client.set_cookie(kept.key, kept.value)
    assert refused(visitor.get("/"))
    assert refused(visitor.post("/start", form.fill({})))


def test_a_demonstration_has_a_phone_of_its_own(make_app: MakeApp) -> None:
    page = Visitor(make_app(phone="", demo="true").test_client(), CLINIC).get("/")
    assert (page.status, "01632 960 123" in page.text) == (200, True)


def test_staff_are_told_what_keeps_patients_out(tmp_path: Path, database_url: str) -> None:
    practice = open_practice(tmp_path / "practice", database_url, phone="")
    queue = practice.practitioner().get("/review/")
    assert "Patients cannot begin yet. Set phone in settings.toml" in queue.text.replace("</b>", "")
    practice.clinic.database.close()
