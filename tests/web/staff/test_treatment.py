"""The treatment on the review page: recorded by tapping and counting, corrected, handed on; an event with its case."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from intake.storage.visits import VisitState
from intake.workflow.review.consent import planning
from intake.workflow.review.consent.planning import Planned
from intake.workflow.review.people import Practitioner
from intake.workflow.review.treatment import sending
from tests.support.invited import mails
from tests.support.practice import EMAIL, PASSWORD
from tests.support.treated import arrive, mailing

if TYPE_CHECKING:
    from tests.support.client import Page, Value, Visitor
    from tests.support.practice import Practice

FULL: dict[str, Value] = {
    "regions": ["shoulder_top_right", "low_back_left"],
    "needles_in": "6",
    "needles_out": "6",
    "stimulation": "no",
    "reactions": ["none"],
}


@pytest.fixture
def intake_id(practice: Practice) -> str:
    intake_id = practice.sent(email="ada@mail.example").intake_id
    arrive(practice.clinic, intake_id)
    return intake_id


def record(visitor: Visitor, intake_id: str, **change: Value) -> Page:
    page = visitor.get(f"/review/{intake_id}/treatment")
    return visitor.send(page, page.path, **{**FULL, **change})


def test_a_record_that_is_sent_after_the_session_waits(practice: Practice, intake_id: str) -> None:
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{intake_id}/treatment")
    practice.clock.late += timedelta(minutes=16)
    late = visitor.send(page, page.path, **{**FULL, "reactions": ["other"], "reaction": "Hiccups"})
    again = visitor.send(late, email=EMAIL, password=PASSWORD)
    assert again.status == 409
    assert [value for name, value in again.form(page.path).fields if name == "regions"] == FULL["regions"]
    assert ("reaction", "Hiccups") in [(name, text.strip()) for name, text in again.form(page.path).fields]
    assert "Recorded." in visitor.send(again, page.path).main


def test_nobody_is_treated_before_they_arrive(practice: Practice) -> None:
    intake_id = practice.sent().intake_id
    visitor = practice.practitioner()
    assert "What was done" not in visitor.get(f"/review/{intake_id}").main
    arrive(practice.clinic, intake_id, VisitState.PLANNED)
    assert visitor.get(f"/review/{intake_id}/treatment").status == 404


def test_what_was_done_is_recorded_and_read_on_the_intake(practice: Practice, intake_id: str) -> None:
    visitor = practice.practitioner()
    assert "Nothing is recorded yet" in visitor.get(f"/review/{intake_id}").main
    page = record(visitor, intake_id)
    assert page.path == f"/review/{intake_id}"
    assert "6 in, 6 out" in page.main
    assert "No reaction seen" in page.main
    assert "Not asked yet" in page.main
    assert "well" not in page.main.partition("Asked how it went")[2].partition("For the patient")[0].split()


def test_the_planned_regions_are_offered_and_ticked_only_by_a_tap(practice: Practice, intake_id: str) -> None:
    visitor = practice.practitioner()
    path = f"/review/{intake_id}/treatment"
    assert "As planned" not in visitor.get(path).main
    by = Practitioner(practice.clinic.practitioner())
    planning.save(practice.clinic, intake_id, Planned(0, ("shoulder_top_right", "neck_left"), stimulation=True), by)
    page = visitor.get(path)
    assert "As planned: Left neck, Top of right shoulder" in page.main
    assert ticked(page, path) == []
    refused = visitor.send(page, path, **{**FULL, "regions": []})
    assert refused.errors == ["Mark where needles went."], "what is only planned is not what was done"
    page = visitor.send(
        refused, path, as_planned="1", regions=["low_back_left"], needles_in="7", difference="One fell."
    )
    assert page.status == 200
    assert ticked(page, path) == ["neck_left", "shoulder_top_right", "low_back_left"]
    kept = {name: text.strip() for name, text in page.form(path).fields}
    assert (kept["needles_in"], kept["difference"], kept["reactions"]) == ("7", "One fell.", "none")
    assert kept["stimulation"] == "no", "what was said of it stands, whatever was planned"
    assert "As planned" not in page.main
    assert "Nothing is recorded yet" in visitor.get(f"/review/{intake_id}").main
    visitor.send(page, path)
    assert "Left neck, Top of right shoulder, Left low back" in visitor.get(f"/review/{intake_id}").main


def ticked(page: Page, path: str) -> list[str]:
    return [value for name, value in page.form(path).fields if name == "regions"]


def test_needles_that_differ_are_not_saved_without_a_reason_and_every_word_stays(
    practice: Practice, intake_id: str
) -> None:
    visitor = practice.practitioner()
    page = record(visitor, intake_id, needles_out="5", reactions=["other"], reaction="Hiccups")
    assert page.status == 422
    assert page.errors == ["Needles in and out differ. Count again, or say why in words."]
    fields = dict(page.form(page.path).fields)
    assert (fields["needles_out"], fields["reaction"]) == ("5", "Hiccups")
    assert [value for name, value in page.form(page.path).fields if name == "regions"] == FULL["regions"]
    page = visitor.send(page, f"/review/{intake_id}/treatment", difference="One fell out; found.")
    assert "Not the same" in page.main
    assert "One fell out; found." in page.main


def test_an_empty_record_is_told_what_it_lacks(practice: Practice, intake_id: str) -> None:
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{intake_id}/treatment")
    asked = {"regions", "stimulation", "reactions"}
    assert not [name for name, _value in page.form(page.path).fields if name in asked]
    assert len(visitor.send(page, page.path).errors) == 5


def test_a_correction_keeps_what_stood_there(practice: Practice, intake_id: str) -> None:
    visitor = practice.practitioner()
    record(visitor, intake_id)
    page = record(visitor, intake_id, needles_in="8", needles_out="8")
    assert "8 in, 8 out" in page.main
    assert "Corrected: earlier versions (1)" in page.main
    assert "6 in, 6 out" in page.main


def test_what_to_know_goes_by_mail_by_link_or_on_paper(practice: Practice, intake_id: str) -> None:
    visitor = practice.practitioner()
    page = record(visitor, intake_id)
    assert "Mail what to know" not in page.main, "this clinic sends no mail"
    sending.mail_aftercare(mailing(practice.clinic), intake_id, Practitioner(1))
    assert "What to know: mailed" in visitor.get(f"/review/{intake_id}").main
    (mail, *_others) = mails(practice)
    assert mail["to"] == "ada@mail.example"
    assert not [word for word in ("shoulder", "needle", "lung", "Lovelace") if word in str(mail["text"]).lower()]
    shown = visitor.send(page, f"/review/{intake_id}/after", what="aftercare")
    assert "/l/" in shown.main
    leaflet = visitor.client.get(f"/review/{intake_id}/leaflet.pdf")
    assert leaflet.mimetype == "application/pdf"
    assert leaflet.data.startswith(b"%PDF")
    assert b"Lovelace" not in leaflet.data


def test_an_adverse_event_is_graded_and_writes_a_failing_case(practice: Practice, intake_id: str) -> None:
    visitor = practice.practitioner()
    assert visitor.get(f"/review/{intake_id}/event").status == 404
    record(visitor, intake_id)
    page = visitor.get(f"/review/{intake_id}/event")
    assert len(visitor.send(page, page.path).errors) == 4
    said = {"kind": "lung", "grade": "3", "words": "Breathless at night, drain.", "concept": "prior_pneumothorax"}
    after = visitor.send(page, page.path, **said)
    assert "Severe: hospital, or harm that lasts" in after.main
    case = visitor.client.get(after.links["Failing case for the rule book"])
    written = case.get_data(as_text=True)
    assert "expect: {fires: [prior_pneumothorax]}" in written
    assert not [word for word in ("Ada", "Lovelace", "1985", "Breathless at night") if word in written]
