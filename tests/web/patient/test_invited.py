"""Invitations over HTTP: a link is out of the address at once, spends nothing, and opens one form on any device."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from intake.storage import invitations as rows
from intake.storage import visit_forms
from intake.workflow.desk import invitations, visits
from intake.workflow.desk.visits import Moved, Practitioner
from intake.workflow.shared.duty import Duty
from tests.support.desk import at_the_desk, book, rows_of
from tests.support.invited import DAY, OTHER_DAY, come_in, invited, mails, path_of
from tests.support.journeys import CALM, Answers, name_of

if TYPE_CHECKING:
    from intake.workflow.shared.clinic import Clinic
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice
    from tests.support.small_clinic import SmallClinic

DESK = Practitioner(0)
ABOUT: dict[str, Answers] = {"about": {**CALM["about"], **DAY}}


def answer_all(visitor: Visitor, page: Page) -> Page:
    """Go on, calm, up to the check page."""
    while page.path != "/check":
        page = visitor.send(page, **ABOUT.get(name_of(page.path), CALM[name_of(page.path)]))
    return page


def mailing(clinic: SmallClinic) -> Clinic:
    """The clinic as one that sends mail."""
    return replace(clinic, duty=Duty(sender="desk@clinic.example", base="https://form.example", clinic="Harbour Lane"))


def form_of(practice: Practice, visit: str) -> visit_forms.Form | None:
    with practice.clinic.database.read() as connection:
        return visit_forms.forms(connection, [visit]).get(visit)


def test_a_link_leaves_the_address_at_once_and_asks_for_the_birth_date(practice: Practice) -> None:
    _visit, link = invited(practice)
    visitor = practice.visitor()
    first = visitor.client.get(link)
    assert (first.status_code, first.headers["Location"]) == (303, "/i")
    page = visitor.get("/i")
    assert link.rpartition("/")[2] not in page.text
    assert "Ada B." in page.main
    assert "Byron" not in page.text
    assert "Monday, 23 November 2026" in page.main
    assert come_in(visitor, link).path == "/q/danger"


def test_a_mail_scanner_spends_nothing(practice: Practice) -> None:
    visit, link = invited(practice)
    for _look in range(20):
        scanner = practice.visitor()
        assert scanner.client.head(link).status_code == 303
        assert scanner.get(link).path == "/i"
    assert form_of(practice, visit) is None
    assert come_in(practice.visitor(), link).path == "/q/danger"


def test_the_invitation_leads_to_what_there_is_to_read_without_the_birth_date(practice: Practice) -> None:
    _visit, link = invited(practice)
    visitor = practice.visitor()
    (address,) = {to for words, to in visitor.get(link).links.items() if words.startswith("Read about needling")}
    assert visitor.get(address).status == 200


def test_five_wrong_dates_lead_to_the_desk_which_opens_it_again(practice: Practice) -> None:
    visit, link = invited(practice)
    for number in range(5):
        page = come_in(practice.visitor(), link, **OTHER_DAY)
        assert (page.status, page.path) == (422, "/i")
        assert "did not arrive whole" not in page.main
        assert ("Too many wrong dates" in page.main) is (number == 4)
    locked = practice.visitor().get(link)
    assert "Too many wrong dates" in locked.main
    assert not list(locked.tree.iter("form"))
    desk = at_the_desk(practice)
    page = desk.get(f"/desk/visits/{visit}")
    assert "Locked: five wrong birth dates" in page.main
    desk.post(f"/desk/visits/{visit}/invitation", [("csrf_token", token_of(page)), ("how", "again")])
    assert come_in(practice.visitor(), link).path == "/q/danger"


def token_of(page: Page) -> str:
    return dict(page.form().fields)["csrf_token"]


def test_a_right_date_after_the_lock_opens_nothing(practice: Practice) -> None:
    _visit, link = invited(practice)
    before = practice.visitor()
    page = before.get(link)
    for _number in range(5):
        come_in(practice.visitor(), link, **OTHER_DAY)
    assert before.send(page, "/i", **DAY).status == 422
    assert before.get("/check").path == "/"


@pytest.mark.both_databases
def test_two_devices_fill_in_one_form(practice: Practice) -> None:
    visit, link = invited(practice)
    phone, laptop = practice.visitor(), practice.visitor()
    page = phone.send(come_in(phone, link), **CALM["danger"])
    assert page.path == "/q/warning"
    assert come_in(laptop, link).path == "/q/warning"
    form = form_of(practice, visit)
    assert form is not None
    assert form.answers["danger_signs"] == ["none"]
    assert laptop.send(laptop.get("/resume"), **CALM["warning"]).path == "/q/about"
    assert phone.get("/resume").path == "/q/about"
    with practice.clinic.database.read() as connection:
        assert len([*connection.exec_driver_sql("SELECT id FROM drafts")]) == 1


def test_who_leaves_one_device_goes_on_with_another(practice: Practice) -> None:
    _visit, link = invited(practice)
    phone, shared = practice.visitor(), practice.visitor()
    come_in(phone, link)
    page = come_in(shared, link)
    later = shared.get("/later")
    assert "open your link again, on this or any other device" in later.main
    cookie = shared.client.get_cookie("intake_draft")
    assert cookie is not None
    shared.send(later, "/leave")
    shared.client.set_cookie("intake_draft", cookie.value)
    assert shared.get("/resume").path == "/"
    assert phone.get("/resume").path == page.path
    assert come_in(shared, link).path == page.path


def test_it_ends_with_the_day_of_the_visit_and_follows_a_visit_that_moves(practice: Practice) -> None:
    visit, link = invited(practice)
    visitor = practice.visitor()
    come_in(visitor, link)
    practice.clock.now = practice.clock.now.replace(day=23, hour=23, minute=58)
    assert visitor.get("/resume").path == "/q/danger"
    assert practice.visitor().get(link).status == 200
    practice.clock.now = practice.clock.now.replace(day=24, hour=0, minute=0)
    assert visitor.get("/resume").path == "/"
    assert practice.visitor().get(link).status == 404
    stored, _who = visits.load(practice.clinic, visit, DESK)
    later = replace(stored.plan, starts_at=stored.plan.starts_at.replace(day=26))
    visits.move(practice.clinic, Moved(visit, stored.version, later), DESK)
    assert visitor.get("/resume").path == "/q/danger"
    assert "Thursday, 26 November 2026" in practice.visitor().get(link).main


def test_what_is_taken_back_looks_like_what_never_was(practice: Practice) -> None:
    visit, link = invited(practice)
    visitor = practice.visitor()
    come_in(visitor, link)
    never = practice.visitor().get(f"/i/{secrets.token_urlsafe(20)}")
    desk = at_the_desk(practice)
    page = desk.get(f"/desk/visits/{visit}")
    page = desk.post(f"/desk/visits/{visit}/invitation", [("csrf_token", token_of(page)), ("how", "revoke")])
    assert "is taken back" in page.main
    gone = practice.visitor().get(link)
    assert (gone.status, gone.text) == (404, never.text)
    assert visitor.get("/resume").path == "/"
    again = path_of(invitations.link(practice.clinic, visit, DESK))
    assert come_in(visitor, again).path == "/q/danger"
    assert practice.visitor().get(link).status == 404


def test_only_sending_spends_it_and_then_the_link_opens_what_was_sent(practice: Practice) -> None:
    visit, link = invited(practice)
    visitor = practice.visitor()
    page = answer_all(visitor, come_in(visitor, link))
    with practice.clinic.database.read() as connection:
        before = rows.of_visit(connection, visit)
    assert before is not None
    assert before.spent_at is None
    assert visitor.send(page, "/send").path == "/done"
    with practice.clinic.database.read() as connection:
        after = rows.of_visit(connection, visit)
    assert after is not None
    assert after.spent_at is not None
    other = practice.visitor()
    assert other.get(link).heading == "Your form is sent"
    assert come_in(other, link).path == "/copy"
    assert other.get("/q/danger").path == "/done"
    form = form_of(practice, visit)
    assert form is not None
    assert form.sent_at is not None


def test_the_clinic_knows_name_and_birth_date_and_the_patient_confirms_them(practice: Practice) -> None:
    _visit, link = invited(practice)
    visitor = practice.visitor()
    page = come_in(visitor, link)
    while page.path != "/q/about":
        page = visitor.send(page, **CALM[name_of(page.path)])
    fields = dict(page.form().fields)
    assert (fields["full_name"], fields["date_of_birth-year"]) == ("Ada Byron", "1985")


def test_the_day_tells_how_far_a_form_is_and_never_what_it_says(practice: Practice) -> None:
    visit, link = invited(practice)
    desk = at_the_desk(practice)
    day = "/desk?day=2026-11-23"
    assert "Invited" in rows_of(desk.get(day))[0]
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), **CALM["danger"])
    assert "%" in rows_of(desk.get(day))[0]
    visitor.send(answer_all(visitor, page), "/send")
    assert "Sent" in rows_of(desk.get(day))[0]
    assert "copy" in desk.get(f"/desk/visits/{visit}").main


def test_a_slips_code_opens_the_form_with_the_birth_date_only(practice: Practice) -> None:
    visit = book(practice, "Ada Byron", born="1985-12-10")
    desk = at_the_desk(practice)
    slip = desk.send(desk.get(f"/desk/visits/{visit}"), f"/desk/visits/{visit}/slip")
    code = next("".join(part.itertext()) for part in slip.tree.iter() if part.get("class") == "ref")
    assert len(code) == 11
    assert "<svg" in slip.text
    for typed, day in ((code, OTHER_DAY), ("23456 789AB", DAY), ("", DAY)):
        page = practice.visitor()
        refused = page.send(page.get("/code"), code=typed, **day)
        assert (refused.status, refused.path, len(refused.errors)) == (422, "/code", 1)
    visitor = practice.visitor()
    assert visitor.send(visitor.get("/code"), code=code.lower(), **DAY).path == "/q/danger"


def test_guesses_at_codes_are_limited(practice: Practice) -> None:
    visitor = practice.visitor()
    page = visitor.get("/code")
    statuses = [visitor.send(page, code="23456789AB", **DAY).status for _guess in range(31)]
    assert statuses == [422] * 30 + [429]


def test_an_invitation_by_mail_goes_to_the_patient_and_is_sealed(practice: Practice) -> None:
    clinic = mailing(practice.clinic)
    visit = book(practice, "Ada Byron", born="1985-12-10", email="ada@mail.example")
    invitations.mail(clinic, visit, DESK)
    (mail,) = mails(practice)
    text, subject = str(mail["text"]), str(mail["subject"])
    assert mail["to"] == "ada@mail.example"
    assert "Ada" not in subject
    assert "Byron" not in text
    link = path_of(text)
    token = link.rpartition("/")[2].encode()
    with clinic.database.read() as connection:
        for table in ("outbox", "invitations", "invitation_tokens", "audit"):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):  # noqa: S608 - names of ours
                assert all(token not in (value if isinstance(value, bytes) else str(value).encode()) for value in row)
    assert come_in(practice.visitor(), link).path == "/q/danger"


def test_one_reminder_goes_to_whoever_has_not_sent(practice: Practice) -> None:
    clinic = mailing(practice.clinic)
    practice.clock.now = practice.clock.now.replace(day=20)
    visit = book(practice, "Ada Byron", born="1985-12-10", email="ada@mail.example")
    invitations.mail(clinic, visit, DESK)
    assert invitations.remind(clinic) == 0
    practice.clock.now = practice.clock.now.replace(day=22, hour=9, minute=1)
    assert invitations.remind(clinic) == 1
    assert invitations.remind(clinic) == 0
    again, first = mails(practice)
    assert str(again["subject"]).startswith("Reminder")
    links = {path_of(str(mail["text"])) for mail in (again, first)}
    assert len(links) == 2
    assert {come_in(practice.visitor(), link).path for link in links} == {"/q/danger"}


@pytest.mark.parametrize("ended", ["sent", "revoked"])
def test_nobody_is_reminded_who_sent_or_is_invited_no_more(practice: Practice, ended: str) -> None:
    clinic = mailing(practice.clinic)
    practice.clock.now = practice.clock.now.replace(day=20)
    visit = book(practice, "Ada Byron", born="1985-12-10", email="ada@mail.example")
    invitations.mail(clinic, visit, DESK)
    if ended == "revoked":
        invitations.revoke(clinic, visit, DESK)
    else:
        visitor = practice.visitor()
        page = come_in(visitor, path_of(str(mails(practice)[0]["text"])))
        visitor.send(answer_all(visitor, page), "/send")
    practice.clock.now = practice.clock.now.replace(day=22, hour=10)
    invitations.remind(clinic)
    assert len(mails(practice)) == 1


def test_the_visit_goes_into_a_calendar_without_a_word_of_the_form(practice: Practice) -> None:
    _visit, link = invited(practice)
    visitor = practice.visitor()
    come_in(visitor, link)
    response = visitor.client.get("/visit.ics")
    assert response.mimetype == "text/calendar"
    lines = response.text.split("\r\n")
    assert "DTSTART:20261123T090000Z" in lines
    assert "LOCATION:Room 1" in lines
    assert "Ada" not in response.text


def test_a_visit_that_is_over_invites_nobody(practice: Practice) -> None:
    visit = book(practice, "Ada Byron")
    practice.clock.now = practice.clock.now.replace(day=24)
    desk = at_the_desk(practice)
    page = desk.send(desk.get(f"/desk/visits/{visit}"), f"/desk/visits/{visit}/link")
    assert page.status == 404


def sent_by_link(practice: Practice) -> tuple[str, str]:
    """A visit whose form was sent, and the path of its link."""
    visit, link = invited(practice)
    visitor = practice.visitor()
    assert visitor.send(answer_all(visitor, come_in(visitor, link)), "/send").path == "/done"
    return visit, link


def test_the_copy_is_shown_once_for_each_right_date(practice: Practice) -> None:
    _visit, link = sent_by_link(practice)
    visitor = practice.visitor()
    page = come_in(visitor, link)
    assert page.heading == "Your answers, as you sent them"
    assert "Lifting my son" in page.main
    assert "Ada Example" in page.main
    again = visitor.get("/copy")
    assert again.heading == "See your answers again"
    assert "Lifting my son" not in again.text
    assert visitor.send(again, "/copy", **OTHER_DAY).status == 422
    assert "Lifting my son" in visitor.send(visitor.get("/copy"), "/copy", **DAY).main


def test_wrong_dates_at_the_copy_count_for_the_invitation_whatever_the_browser_forgets(practice: Practice) -> None:
    _visit, link = sent_by_link(practice)
    visitor = practice.visitor()
    come_in(visitor, link)
    for _number in range(5):
        visitor.client.delete_cookie("intake_session")
        assert visitor.send(visitor.get("/copy"), "/copy", **OTHER_DAY).status == 422
    assert "Too many wrong dates" in practice.visitor().get(link).main
    assert "Too many wrong dates" in visitor.send(visitor.get("/copy"), "/copy", **DAY).main


def test_a_browser_that_did_not_see_the_copy_corrects_nothing(practice: Practice) -> None:
    _visit, link = sent_by_link(practice)
    visitor = practice.visitor()
    copy = come_in(visitor, link)
    visitor.get("/copy")
    visitor.client.delete_cookie("intake_session")
    again = visitor.get("/copy")
    fields = [("csrf_token", token_of(again)), ("draft", dict(again.form().fields)["draft"]), ("end", "1")]
    assert visitor.post("/copy/change", fields).path == "/copy"
    assert copy.path == "/copy"
    with practice.clinic.database.read() as connection:
        assert len([*connection.exec_driver_sql("SELECT id FROM drafts")]) == 1


@pytest.mark.both_databases
def test_a_correction_is_a_new_version_judged_again_and_the_old_one_stays(practice: Practice) -> None:
    visit, link = sent_by_link(practice)
    visitor = practice.visitor()
    check = visitor.send(come_in(visitor, link), "/copy/change")
    assert check.path == "/check"
    assert practice.visitor().get(link).heading == "Your form is sent"
    page = visitor.send(visitor.get("/q/danger"), danger_signs=["saddle_numbness"])
    assert page.path.endswith("/stop")
    visitor.send(visitor.send(page), "/send")
    form = form_of(practice, visit)
    assert form is not None
    assert form.answers["danger_signs"] == ["saddle_numbness"]
    staff = practice.practitioner()
    with practice.clinic.database.read() as connection:
        ids = [row.id for row in connection.exec_driver_sql("SELECT id FROM intakes ORDER BY id")]
    pages = [staff.get(f"/review/{each}") for each in ids]
    assert sorted("The patient has corrected this" in each.main for each in pages) == [False, True]
    assert sorted("This corrects" in each.main for each in pages) == [False, True]
    assert "Ada Example" in come_in(practice.visitor(), link).main


def test_a_danger_sign_that_a_correction_takes_back_is_asked_about(practice: Practice) -> None:
    _visit, link = invited(practice)
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), danger_signs=["saddle_numbness"])
    visitor.send(answer_all(visitor, visitor.send(page)), "/send")
    practice.clinic.tick()
    other = practice.visitor()
    other.send(come_in(other, link), "/copy/change")
    page = other.send(other.get("/q/danger"), danger_signs=["none"])
    assert "You took this answer back" in page.main
    other.send(other.send(page), "/send")
    with practice.clinic.database.read() as connection:
        taken = [*connection.exec_driver_sql("SELECT rule FROM taken_back")]
    assert len(taken) == 1
