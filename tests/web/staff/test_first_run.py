"""The first run in the browser: from the set-up link to a clinic whose patients can begin, in any order."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.web.services import EXTENSION, Services
from intake.workflow.keeping import accounts, first_run
from tests.support.practice import EMAIL, PASSWORD, Practice, sign_in

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor
    from tests.support.mail import Inbox

RUN = "/staff/first-run"
SECRET = "a secret of ours"  # noqa: S105 - of a test
TOKEN = "a-link"  # noqa: S105 - of a test


@pytest.fixture
def owner(practice: Practice) -> Visitor:
    """Whoever followed the set-up link and signed in."""
    return set_up(practice)


def set_up(practice: Practice) -> Visitor:
    assert accounts.offer_setup(practice.clinic, TOKEN)
    visitor = practice.visitor()
    visitor.send(visitor.get(f"/staff/setup/{TOKEN}"), email=EMAIL, password=PASSWORD)
    sign_in(visitor)
    return visitor


def settings_of(practice: Practice) -> dict[str, object]:
    return tomllib.loads(file_of(practice).read_text(encoding="utf-8"))


def file_of(practice: Practice) -> Path:
    services: Services = practice.app.extensions[EXTENSION]
    return Path(getattr(services.settings_file, "path"))  # noqa: B009 - the views' protocol does not name it


def mail_fields(inbox: Inbox) -> dict[str, str]:
    return {
        "duty_address": "duty@harbour.example",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(inbox.port),
        "mail_from": "intake@harbour.example",
    }


def confirm(visitor: Visitor, code: str, **changes: str) -> Page:
    page = visitor.get(f"{RUN}/country?country={code}")
    return visitor.send(page, f"{RUN}/country/confirmed", **changes)


def value(page: Page, action: str, name: str) -> str:
    return dict(page.form(action).fields)[name]


def text_of(inbox: Inbox) -> str:
    return str(inbox.mails[-1].get_content())


def test_the_set_up_link_leads_through_every_step_to_a_readable_file(practice: Practice, inbox: Inbox) -> None:
    visitor = set_up(practice)
    page = visitor.get("/staff")
    assert page.path == f"{RUN}/clinic"
    page = visitor.send(page, f"{RUN}/clinic", clinic_name="Harbour  Lane Clinic")
    assert page.path == f"{RUN}/country"
    page = confirm(visitor, "CA", time_zone="America/Vancouver")
    assert page.path == f"{RUN}/phone"
    page = visitor.send(page, f"{RUN}/phone", phone="01632 960 001")
    assert page.path == f"{RUN}/duty"
    page = visitor.send(page, f"{RUN}/duty", **mail_fields(inbox))
    digits = text_of(inbox).split("page:")[1].split()[0]
    page = visitor.send(page, f"{RUN}/duty/arrived", digits=digits)
    assert page.path == f"{RUN}/check"
    assert "a test mail arrived" in page.main
    page = visitor.send(page, f"{RUN}/check")
    assert "The clinic is set up" in page.main
    assert "Patients cannot begin yet" not in page.text
    assert settings_of(practice) == {
        "clinic_name": "Harbour Lane Clinic",
        "country": "CA",
        "emergency_number": "911",
        "crisis_line": "988",
        "time_zone": "America/Vancouver",
        "language": "en-CA",
        "phone": "01632 960 001",
        **mail_fields(inbox),
        "smtp_port": inbox.port,
        "smtp_user": "",
        "smtp_password": "",
    }
    text = file_of(practice).read_text(encoding="utf-8")
    assert "# What the red cards tell patients to call." in text
    assert file_of(practice).stat().st_mode & 0o077 == 0


def test_a_step_can_be_left_and_taken_up_again_by_whoever_signs_in_next(practice: Practice) -> None:
    first = set_up(practice)
    first.send(first.get(f"{RUN}/phone"), f"{RUN}/phone", phone="01632 960 001")
    first.send(first.get(f"{RUN}/clinic"), f"{RUN}/clinic", clinic_name="Harbour Lane")
    practice.account("second@harbour.example")
    second = practice.visitor()
    page = sign_in(second, "second@harbour.example")
    assert page.path == f"{RUN}/country", "the first step that is not answered"
    assert value(second.get(f"{RUN}/phone"), f"{RUN}/phone", "phone") == "01632 960 001"
    assert "The set-up is not finished." in second.get("/review/").text


def test_nothing_of_a_country_counts_before_it_is_confirmed(owner: Visitor, practice: Practice) -> None:
    page = owner.get(f"{RUN}/country?country=GB")
    assert 'value="999"' in page.text
    assert not file_of(practice).exists()


@pytest.mark.parametrize("number", ["911", "998"])
def test_a_number_that_is_no_emergency_number_there_is_not_kept_without_a_tick(
    owner: Visitor, practice: Practice, number: str
) -> None:
    page = confirm(owner, "GB", emergency_number=number)
    assert page.status == 422
    assert f"We do not know {number} as an emergency number there" in page.main
    assert not file_of(practice).exists()
    page = owner.send(page, f"{RUN}/country/confirmed", sure="1")
    assert settings_of(practice)["emergency_number"] == number


def test_another_country_has_no_number_until_somebody_types_one(owner: Visitor, practice: Practice) -> None:
    page = owner.get(f"{RUN}/country?country=")
    assert value(page, f"{RUN}/country/confirmed", "emergency_number") == ""
    page = confirm(owner, "", emergency_number="118", time_zone="Asia/Jakarta", sure="1")
    assert page.path == f"{RUN}/phone"
    assert settings_of(practice)["time_zone"] == "Asia/Jakarta"


def test_a_country_of_several_zones_sets_none_by_itself(owner: Visitor) -> None:
    page = confirm(owner, "US")
    assert "Choose the time zone whose clock is yours." in page.main


def test_it_cannot_be_finished_while_patients_could_not_begin(owner: Visitor, practice: Practice) -> None:
    page = owner.get(f"{RUN}/check")
    assert "Still needed before patients can begin: Clinic, Country, Phone." in " ".join(page.main.split())
    token = dict(owner.get(f"{RUN}/clinic").form(f"{RUN}/clinic").fields)["csrf_token"]
    owner.post(f"{RUN}/check", [("csrf_token", token)])
    assert first_run.is_open(practice.clinic)


def test_it_is_gone_once_it_is_finished(practice: Practice) -> None:
    visitor = set_up(practice)
    visitor.send(visitor.get(f"{RUN}/clinic"), f"{RUN}/clinic", clinic_name="Harbour Lane")
    confirm(visitor, "GB")
    visitor.send(visitor.get(f"{RUN}/phone"), f"{RUN}/phone", phone="01632 960 001")
    assert visitor.send(visitor.get(f"{RUN}/check"), f"{RUN}/check").status == 200
    assert visitor.get("/staff").path == "/review/"
    for step in ("", "clinic", "country", "phone", "duty", "check"):
        assert visitor.get(f"{RUN}/{step}").status == 404


def test_there_is_none_where_the_first_account_was_made_otherwise(practice: Practice) -> None:
    visitor = practice.practitioner()
    assert visitor.get(f"{RUN}/clinic").status == 404
    assert "The set-up is not finished." not in visitor.get("/review/").text


def test_a_mail_server_that_refuses_is_told_and_what_was_typed_is_kept(owner: Visitor, inbox: Inbox) -> None:
    inbox.reply = lambda step: "550 no such user" if step == "RCPT" else None
    page = owner.send(owner.get(f"{RUN}/duty"), f"{RUN}/duty", **mail_fields(inbox))
    assert "The test mail was not taken: recipient refused (550)" in page.main
    assert value(owner.get(f"{RUN}/duty"), f"{RUN}/duty", "mail_from") == "intake@harbour.example"
    assert "4 digits" not in page.main


def test_other_digits_do_not_count(owner: Visitor, inbox: Inbox) -> None:
    page = owner.send(owner.get(f"{RUN}/duty"), f"{RUN}/duty", **mail_fields(inbox))
    page = owner.send(page, f"{RUN}/duty/arrived", digits="12345")
    assert page.status == 422
    assert "no test mail has arrived yet" in owner.get(f"{RUN}/check").main


def test_a_password_is_never_shown_and_kept_where_none_is_typed(
    owner: Visitor, practice: Practice, inbox: Inbox
) -> None:
    fields = {**mail_fields(inbox), "smtp_user": "clinic"}
    owner.send(owner.get(f"{RUN}/duty"), f"{RUN}/duty", **fields, smtp_password=SECRET)
    page = owner.send(owner.get(f"{RUN}/duty"), f"{RUN}/duty", **fields)
    assert settings_of(practice)["smtp_password"] == SECRET
    assert SECRET not in page.text


def test_what_would_keep_the_program_from_starting_is_refused(owner: Visitor, practice: Practice, inbox: Inbox) -> None:
    fields = {**mail_fields(inbox), "mail_from": "nobody"}
    page = owner.send(owner.get(f"{RUN}/duty"), f"{RUN}/duty", **fields)
    assert "mail_from must be one mail address" in page.main
    assert not file_of(practice).exists()


def test_every_change_is_in_the_audit_by_name_without_its_value(owner: Visitor, practice: Practice) -> None:
    owner.send(owner.get(f"{RUN}/phone"), f"{RUN}/phone", phone="01632 960 001")
    with practice.clinic.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT action, details FROM audit ORDER BY seq").all()
    assert "settings_changed" in {row[0] for row in rows}
    assert "01632" not in str(rows)


def test_what_a_variable_sets_is_said_and_not_written(
    owner: Visitor, practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAKE_PHONE", "01632 960 999")
    page = owner.get(f"{RUN}/phone")
    assert "INTAKE_PHONE sets this on the machine" in page.main
    owner.send(page, f"{RUN}/phone", phone="01632 960 001")
    assert not file_of(practice).exists() or "phone" not in settings_of(practice)
    assert "01632 960 999" in owner.get(f"{RUN}/check").main


def test_a_country_that_nobody_offers_is_another_one(owner: Visitor) -> None:
    page = owner.get(f"{RUN}/country?country=Atlantis")
    assert "We know nothing of this country." in page.main
    assert value(page, f"{RUN}/country/confirmed", "country") == ""


def test_what_was_confirmed_stands_there_when_the_step_is_opened_again(owner: Visitor) -> None:
    confirm(owner, "", emergency_number="118", time_zone="Asia/Jakarta", sure="1")
    page = owner.get(f"{RUN}/country")
    assert value(page, f"{RUN}/country/confirmed", "emergency_number") == "118"
    confirm(owner, "GB", crisis_line="")
    assert value(owner.get(f"{RUN}/country"), f"{RUN}/country/confirmed", "crisis_line") == ""
