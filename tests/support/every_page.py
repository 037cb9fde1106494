"""Every page there is, as somebody walks to it: a patient, staff, the desk, a tablet, the invited; refused ones too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.app import pages_about_needling
from intake.storage import devices, visit_forms
from intake.storage.links import Purpose
from intake.workflow.desk import invitations
from intake.workflow.desk.identity import Identity
from intake.workflow.keeping import accounts
from intake.workflow.review.consent.signing import SigningWay
from intake.workflow.review.people import Practitioner
from intake.workflow.review.treatment import sending
from tests.support.consents import at_the_visit, planned, prepared, signed
from tests.support.desk import at_the_desk, book, booked
from tests.support.invited import come_in, invited, path_of
from tests.support.journeys import CALM, everything, name_of
from tests.support.journeys import begin as begin_at_home
from tests.support.links import asked_back, linked
from tests.support.links import come_in as come_in_by_link
from tests.support.practice import EMAIL, PASSWORD, sign_in, ticks_everything
from tests.support.tablets import BORN, begin, enrolled, page_form, step, without_visit
from tests.support.treated import arrive, treat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice
    from tests.support.visitor import Posted

DAY_LIST = "09:00;Katarzyna Wojcik;07/04/1982\n"


def of_a_patient(practice: Practice) -> Iterator[Page]:
    """Start, every question as met, refused and filled in, and all the pages beside them."""
    visitor = practice.visitor()
    yield visitor.get("/")
    yield visitor.get("/nowhere")
    yield from about(visitor)
    page = first = begin_at_home(visitor)
    while page.path != "/check":
        yield page
        if page.path.endswith("/stop"):
            page = visitor.send(page)
            continue
        path = page.path
        if path != "/q/mood":
            yield visitor.post(path, [pair for pair in page.form().fields if pair[0] in {"csrf_token", "draft", "end"}])
        page = visitor.send(page, **everything(page))
        yield visitor.get(path)
    yield page
    stale = visitor.get("/q/needles")
    visitor.send(visitor.get("/q/needles"), needle_fear="2", wants_needling="yes")
    yield visitor.send(stale, needle_fear="9", wants_needling="no")
    yield visitor.get("/later")
    yield from about(visitor)
    yield visitor.send(visitor.get("/check"), "/send", anything_else="x" * 501)
    yield visitor.send(visitor.get("/check"), "/send")
    yield visitor.get("/done")
    yield visitor.send(visitor.get("/"), "/start")
    yield visitor.post(first.path, first.form().fill({"danger_signs": ["fever"]}))


def of_a_first_run(practice: Practice) -> Iterator[Page]:
    """The set-up link, every step of the first run, and its end."""
    visitor = practice.visitor()
    assert accounts.offer_setup(practice.clinic, "a-link")
    page = visitor.get("/staff/setup/a-link")
    yield page
    visitor.send(page, email=EMAIL, password=PASSWORD)
    sign_in(visitor)
    steps = "/staff/first-run"
    for place in ("clinic", "country", "country?country=GB", "country?country=", "phone", "duty", "check"):
        yield visitor.get(f"{steps}/{place}")
    yield visitor.send(visitor.get(f"{steps}/clinic"), f"{steps}/clinic", clinic_name="")
    visitor.send(visitor.get(f"{steps}/clinic"), f"{steps}/clinic", clinic_name="Harbour Lane Clinic")
    visitor.send(visitor.get(f"{steps}/country?country=GB"), f"{steps}/country/confirmed")
    visitor.send(visitor.get(f"{steps}/phone"), f"{steps}/phone", phone="01632 960 001")
    yield visitor.send(visitor.get(f"{steps}/check"), f"{steps}/check")


def about(visitor: Visitor) -> Iterator[Page]:
    """What there is to read about needling."""
    yield visitor.get("/about/")
    for page in pages_about_needling().pages:
        yield visitor.get(f"/about/{page.name}")


def of_staff(practice: Practice) -> Iterator[Page]:
    """Signing in, the queue, an intake with all there is, its sheet, an unfinished one, alarms, the rule book."""
    yield from of_a_first_run(practice)
    yield practice.visitor().get("/staff/login")
    yield practice.visitor().send(practice.visitor().get("/staff/login"), email=EMAIL, password="")
    receipts = (practice.sent(patient=ticks_everything()), practice.sent(name="Calm Person"))
    draft = practice.unsent()
    visitor = practice.practitioner()
    yield visitor.get("/review/")
    for receipt in receipts:
        yield visitor.get(f"/review/{receipt.intake_id}")
        yield visitor.get(f"/review/{receipt.intake_id}/print")
    yield visitor.get(f"/review/unsent/{draft}")
    for path in ("/review/alarms", "/review/rules", "/review/rules/fever-now", "/review/rules/try"):
        yield visitor.get(path)
    yield from of_a_treatment(practice, visitor)


def of_a_treatment(practice: Practice, visitor: Visitor) -> Iterator[Page]:
    """The record of a treatment, empty, refused and kept, an event, the list of check-ins; what the patient reads."""
    intake_id = practice.sent(name="Nina Needled").intake_id
    arrive(practice.clinic, intake_id)
    by = Practitioner(practice.account("n.edle@harbour.example"))
    page = visitor.get(f"/review/{intake_id}/treatment")
    yield page
    yield visitor.send(page, page.path)
    treat(practice.clinic, intake_id, by)
    for end in ("", "/treatment", "/event"):
        yield visitor.get(f"/review/{intake_id}{end}")
    page = visitor.get(f"/review/{intake_id}/event")
    yield visitor.send(page, page.path)
    yield visitor.send(visitor.get(f"/review/{intake_id}"), f"/review/{intake_id}/after", what="aftercare")
    yield visitor.get("/review/check-ins")
    for purpose in (Purpose.AFTERCARE, Purpose.CHECKIN):
        link = sending.show(practice.clinic, intake_id, purpose, by).removeprefix(practice.clinic.duty.base)
        yield come_in_by_link(practice.visitor(), link)


def of_the_desk(practice: Practice) -> Iterator[Page]:
    """The day, a visit as it is planned, refused and moved, a day list as it is sent, refused, open and ready."""
    book(practice, "Katarsyna Wojcik", born="1982-04-07", phone="07700 900212")
    visit, visitor = book(practice, "Ada Byron", born="1985-12-10"), at_the_desk(practice)
    for path in ("/desk?day=2026-11-23", "/desk?q=nobody", f"/desk/visits/{visit}", "/desk/visits/nothing", "/review/"):
        yield visitor.get(path)
    new, sending = visitor.get("/desk/visits/new"), visitor.get("/desk/import")
    yield new
    yield visitor.send(new, "/desk/visits/new", name="")
    yield sending
    yield visitor.send(sending, "/desk/import", text="nothing")
    yield visitor.send(sending, "/desk/import", text=f"Time;Name;DOB\n{DAY_LIST}")
    ready = visitor.send(sending, "/desk/import", text=f"Day;Time;Name;DOB\n2026-11-24;{DAY_LIST}")
    yield ready
    yield visitor.send(ready, ready.path, what="save")
    yield visitor.get("/desk/people")
    yield visitor.get("/desk/paper")
    part = visitor.send(visitor.get(f"/desk/visits/{visit}"), "/desk/paper/begin")
    yield visitor.send(part, part.path, new_weakness="nothing")
    for number in range(1, 10):
        part = visitor.get(f"{part.path.rpartition('/')[0]}/{number}")
        yield part
        yield visitor.send(part, part.path)
    yield visitor.get("/desk/paper")


def of_a_tablet(practice: Practice) -> Iterator[Page]:
    """Enrolling, the start page, a form from the first page to the last with faults, a card, and who is unclear."""
    tablet = practice.visitor()
    yield tablet.get("/tablet")
    tablet = enrolled(practice)
    yield tablet.get("/tablet")
    yield begin(tablet)
    page = without_visit(tablet)
    page = tablet.send(page, page_form(page), danger_signs=None)
    yield page
    yield step(tablet, page)
    yield tablet.get("/tablet")
    desk = at_the_desk(practice)
    yield desk.get("/desk/tablets")
    page = without_visit(tablet)
    page = step(tablet, page, danger={"danger_signs": ["chest_pressure"]})
    yield page
    while page_form(page) != "/tablet/finish":
        page = step(tablet, page)
        yield page


def of_the_invited(practice: Practice) -> Iterator[Page]:
    """A link, a slip's code, four words: as met and refused; the form of a visit at the desk, a link and a slip."""
    visit, link = invited(practice)
    visitor, desk = practice.visitor(), at_the_desk(practice)
    for path in ("/i", link, "/l", linked(practice.clinic, practice.sent().intake_id), "/code", "/move/in"):
        page = visitor.get(path)
        yield page
        if page.status == 200:
            yield visitor.send(page, page.path)
    come_in(visitor, link)
    for path in ("/later", "/move"):
        yield visitor.get(path)
    yield visitor.send(visitor.get("/move"), "/move")
    page = desk.get(f"/desk/visits/{visit}")
    yield page
    for way in ("link", "slip"):
        yield desk.send(page, f"/desk/visits/{visit}/{way}")


def of_a_consent(practice: Practice) -> Iterator[Page]:
    """A plan and a sheet: without one, refused, to be signed on paper, tablet and phone, and signed."""
    given, staff = at_the_visit(practice), practice.practitioner()
    home = f"/review/{given.intake_id}/consent"
    yield staff.get(home)
    yield staff.send(staff.get(home), f"{home}/plan")
    planned(practice, given, stimulation=True)
    yield staff.send(staff.get(home), f"{home}/sheet")
    tablet = enrolled(practice, "Room 2")
    with practice.clinic.database.read() as connection:
        device = next(each.id for each in devices.every(connection) if each.name == "Room 2")
    prepared(practice, given, SigningWay.TABLET, device)
    page = tablet.get("/tablet/consent")
    yield page
    yield tablet.send(page, "/tablet/consent", **{**BORN, "date_of_birth-year": "1901"})
    page = tablet.send(tablet.get("/tablet/consent"), "/tablet/consent", **BORN)
    yield page
    page = tablet.send(page, page_form(page), say="agree", name="Alex")
    yield page
    yield tablet.send(page, page_form(page), say="agree", name="Alex", copy="print")
    page = tablet.send(tablet.get("/tablet/consent"), "/tablet/consent", **BORN)
    yield page
    yield tablet.send(page, page_form(page))
    yield staff.get(home)
    sheet = staff.send(staff.get(home), f"{home}/sheet", talked="1", way="phone")
    yield sheet
    link = next(field.get("value", "") for field in sheet.tree.iter("input") if field.get("id") == "link")
    phone = practice.visitor()
    page = phone.send(phone.get("/l/" + link.rpartition("/")[2]), "/l", **BORN)
    yield page
    yield phone.send(page, "/l/consent", say="agree")
    yield phone.send(page, "/l/consent", say="agree", name="Alex", copy="download")
    prepared(practice, given, SigningWay.PAPER)
    yield staff.get(home)
    signed(practice, given)
    yield staff.get(home)
    yield staff.get("/review/?list=all")
    yield at_the_desk(practice).get(f"/desk/visits/{given.visit_id}")


def of_those_asked_back(practice: Practice) -> Iterator[Page]:
    """What was asked back, as met, refused and answered; an answer that staff enter, as met, refused and saved."""
    unsure: Posted = {"gate_medicines": ("thinners",), "blood_thinners": ("not_sure",)}
    intake_id, link = asked_back(practice, unsure, "blood_thinners")
    patient, staff = practice.visitor(), practice.practitioner()
    page = come_in_by_link(patient, link)
    yield page
    yield patient.send(page, page.path, blood_thinners=None)
    yield staff.get(f"/review/{intake_id}")
    yield patient.send(page, page.path, blood_thinners=["none"])
    yield staff.get(f"/review/{intake_id}")
    yield staff.get(f"/review/{intake_id}/answer")
    path = f"/review/{intake_id}/answer"
    page = staff.get(f"{path}?question=blood_thinners")
    yield page
    yield staff.send(page, path)
    said = {"said-who": "doctor", "said-how": "letter"}
    yield staff.send(page, path, blood_thinners=["apixaban"], **said)


def of_those_who_come_again(practice: Practice) -> Iterator[Page]:
    """The form of last time, as met, refused and seen again; the check page, the copy, what the practitioner reads."""
    practice.clock.now -= timedelta(days=12)
    said: Posted = {"gate_devices": ("spine_surgery",), "spine_surgery": "fusion_or_rods"}
    practice.sent(said, "Ida Again", practice.clock.now + timedelta(days=1), email="ida@mail.example")
    practice.clock.now += timedelta(days=12)
    who = Identity("Ida Again", "1985-12-10", "01234 555 123", "ida@mail.example")
    visit = booked(practice.clinic, who, practice.clock.now + timedelta(days=1))
    link = path_of(invitations.link(practice.clinic, visit, Practitioner(0)))
    visitor = practice.visitor()
    page = come_in(visitor, link)
    yield page
    yield visitor.send(page, **{"still-about": "nothing"})
    page = visitor.send(page, **{"still-about": "right", "still-spine_surgery": "right", "since-pain": "changed"})
    yield page
    yield visitor.get(page.links["Back"])
    while page.path != "/check":
        page = visitor.send(page, **CALM[name_of(page.path)])
    yield page
    visitor.send(page, "/send")
    yield come_in(practice.visitor(), link)
    with practice.clinic.database.read() as connection:
        intake_id = visit_forms.forms(connection, [visit])[visit].intake_id
    yield practice.practitioner().get(f"/review/{intake_id}")


WALKS = (
    of_a_patient,
    of_staff,
    of_the_desk,
    of_a_tablet,
    of_the_invited,
    of_those_who_come_again,
    of_a_consent,
    of_those_asked_back,
)
