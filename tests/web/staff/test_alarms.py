"""An open alarm stands on every page of staff until a practitioner takes it by a form; then the patient reads so."""

from __future__ import annotations

import re

import pytest

from intake.storage import outbox
from intake.storage.outbox import Channel, NewMessage
from tests.support.apps import MakeApp, parts
from tests.support.client import Visitor
from tests.support.journeys import begin, walk
from tests.support.practice import EMAIL, PASSWORD, Practice, sign_in
from tests.support.small_clinic import MINUTE

BANNER = "1 alarm open"
LIST = "on the clinic's list"
SIGN = {"danger_signs": ("chest_pressure",)}
PAGES = ("/review/", "/review/unsent", "/review/alarms", "/review/rules", "/review/rules/try", "/review/?list=decided")


def patient(practice: Practice) -> Visitor:
    """A patient who has just named a danger sign, and stands before its card."""
    practice.clinic.tick()
    visitor = practice.visitor()
    assert visitor.send(begin(visitor), danger_signs=["chest_pressure"]).path == "/q/danger/stop"
    return visitor


@pytest.fixture
def open_to_patients(practice: Practice) -> Practice:
    """A practice that has a phone, so that patients may begin."""
    details = parts(practice.app).details
    object.__setattr__(details, "phone", "01234 000 000")
    return practice


def test_every_page_of_staff_counts_the_open_alarms(practice: Practice) -> None:
    draft, receipt = practice.unsent(), practice.sent()
    visitor = practice.practitioner()
    for path in (*PAGES, f"/review/unsent/{draft}", f"/review/{receipt.intake_id}"):
        page = visitor.get(path)
        assert BANNER in page.text, path
        assert "no practitioner has taken it" in page.text
        assert "/review/alarms" in page.links.values() or path == "/review/alarms"
    practice.unsent("Second")
    assert "2 alarms open" in visitor.get("/review/").text


def test_nobody_who_is_not_signed_in_learns_of_it(practice: Practice) -> None:
    practice.unsent()
    visitor = practice.visitor()
    for path in ("/staff/login", "/", "/review/"):
        assert "alarm" not in visitor.get(path).text


def test_no_page_that_is_opened_takes_an_alarm(practice: Practice) -> None:
    practice.unsent()
    receipt = practice.sent(SIGN)
    visitor = practice.practitioner()
    intake = f"/review/{receipt.intake_id}"
    for path in (*PAGES, intake, f"{intake}/print", f"{intake}/next"):
        visitor.get(path)
    assert visitor.client.get(f"{intake}/alarm").status_code == 405
    assert "2 alarms open" in visitor.get("/review/").text


def test_a_practitioner_takes_the_alarm_of_a_sent_intake_before_deciding(practice: Practice) -> None:
    receipt = practice.sent(SIGN)
    visitor = practice.practitioner()
    listed = visitor.get("/review/alarms")
    page = visitor.get(listed.links["Ada Lovelace"])
    taken = visitor.send(page, f"/review/{receipt.intake_id}/alarm")
    assert BANNER not in taken.text
    assert "I take this alarm" not in taken.text
    assert "took the alarm" in taken.text
    assert "No alarm is open." in visitor.get("/review/alarms").main
    assert visitor.send(page, f"/review/{receipt.intake_id}/alarm").status == 404


def test_a_form_of_another_site_takes_nothing(practice: Practice) -> None:
    receipt = practice.sent(SIGN)
    visitor = practice.practitioner()
    address = f"/review/{receipt.intake_id}/alarm"
    assert visitor.post(address, [("csrf_token", "made-up")]).status == 400
    assert BANNER in visitor.get("/review/").text


def test_the_patient_reads_when_somebody_has_seen_it(open_to_patients: Practice) -> None:
    practice = open_to_patients
    visitor = patient(practice)
    assert LIST in visitor.get("/q/danger/stop").main
    assert visitor.client.get("/seen").status_code == 204
    staff = practice.practitioner()
    (draft,) = re.findall(r"/review/unsent/(\w+)", staff.get("/review/alarms").text)
    practice.clinic.tick()
    staff.send(staff.get(f"/review/unsent/{draft}"), f"/review/unsent/{draft}/taken", what="I call now")
    seen = f"Somebody at the clinic has seen this at {practice.clinic.now:%H:%M}."
    page = visitor.get("/q/danger/stop")
    assert seen in page.main
    assert LIST not in page.main
    told = visitor.client.get("/seen")
    assert (told.status_code, told.mimetype, told.text) == (200, "text/plain", seen)
    practice.clock.now += 24 * 60 * MINUTE
    assert f"{seen[:-1]} on {practice.clinic.now - 24 * 60 * MINUTE:%-d %B %Y}." in visitor.get("/q/danger/stop").main
    staff = practice.practitioner()
    staff.send(staff.get(f"/review/unsent/{draft}"), f"/review/unsent/{draft}/back")
    assert LIST in visitor.get("/q/danger/stop").main


def test_a_new_sign_is_not_yet_seen_because_the_one_before_was(open_to_patients: Practice) -> None:
    practice = open_to_patients
    visitor = patient(practice)
    staff = practice.practitioner()
    (draft,) = re.findall(r"/review/unsent/(\w+)", staff.get("/review/alarms").text)
    staff.send(staff.get(f"/review/unsent/{draft}"), f"/review/unsent/{draft}/taken", what="I call now")
    visitor.send(visitor.get("/q/danger/stop"))
    page = visitor.send(visitor.get("/q/danger"), danger_signs=["chest_pressure", "saddle_numbness"])
    assert page.path == "/q/danger/stop"
    assert LIST in page.main


def test_what_was_marked_as_not_real_tells_the_patient_nothing(open_to_patients: Practice) -> None:
    practice = open_to_patients
    visitor = patient(practice)
    staff = practice.practitioner()
    (draft,) = re.findall(r"/review/unsent/(\w+)", staff.get("/review/alarms").text)
    staff.send(staff.get("/review/unsent"), "/review/unsent", draft=[draft])
    assert BANNER not in staff.get("/review/").text
    assert "has seen this" not in visitor.get("/q/danger/stop").main
    assert visitor.client.get("/seen").status_code == 204


def test_the_last_page_says_so_too_when_it_is_opened_again(open_to_patients: Practice) -> None:
    practice = open_to_patients
    visitor = practice.visitor()
    page = visitor.send(walk(visitor, danger={"danger_signs": ["chest_pressure"]}), "/send")
    assert "It is on the clinic's list." in page.main
    staff = practice.practitioner()
    intake = staff.get(staff.get("/review/alarms").links["Ada Example"])
    staff.send(intake, f"{intake.path}/alarm")
    whose = visitor.get("/done")
    born = {"date_of_birth-day": "27", "date_of_birth-month": "March", "date_of_birth-year": "1985"}
    again = visitor.send(whose, **born)
    assert f"Somebody at the clinic has seen this at {practice.clinic.now:%H:%M}." in again.main


def test_a_calm_patient_is_told_of_nobody(open_to_patients: Practice) -> None:
    visitor = open_to_patients.visitor()
    page = visitor.send(walk(visitor), "/send")
    assert LIST not in page.main
    assert visitor.client.get("/seen").status_code == 204


def test_messages_that_do_not_get_out_are_on_every_page_and_for_the_machine_in_front(practice: Practice) -> None:
    visitor = practice.practitioner()
    with practice.clinic.database.begin() as connection:
        new = NewMessage("a" * 32, Channel.MAIL, "alarm", "duty@clinic.example", {})
        outbox.add(connection, practice.clinic.keys, [new], practice.clinic.now)
    assert "does not get out" not in visitor.get("/review/").text
    assert visitor.client.get("/healthz").text == "ok\n"
    practice.clock.now += 10 * MINUTE
    for path in PAGES:
        assert "1 message does not get out." in visitor.get(path).text
    told = visitor.client.get("/healthz")
    assert (told.status_code, told.text) == (200, "ok\nmessages stuck: 1\n")


def test_an_instance_with_patients_has_no_page_of_mails(practice: Practice) -> None:
    assert practice.practitioner().get("/staff/mail").status == 404


def test_the_mails_of_a_demonstration_are_on_a_page(make_app: MakeApp) -> None:
    app = make_app(demo="true")
    visitor = Visitor(app.test_client(), "Harbour Lane Clinic")
    begun = begin(visitor)
    visitor.send(begun, danger_signs=["chest_pressure"])
    told = app.test_cli_runner().invoke(args=["accounts", "add", EMAIL, "--password-stdin"], input=f"{PASSWORD}\n")
    assert told.exit_code == 0, told.output
    staff = Visitor(app.test_client(), "Harbour Lane Clinic")
    sign_in(staff)
    page = staff.get("/staff/mail")
    assert "Alarm: please look now - Harbour Lane Clinic" in page.main
    assert "duty@demo.example" in page.main
    assert page.links["http://127.0.0.1:8000/review/alarms"] == "/review/alarms"
