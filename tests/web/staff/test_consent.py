"""Plan and consent on the practitioner's page: marked, read, signed on paper or phone, signed again, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from intake.errors import DataFileError
from intake.workflow.review.consent import signing
from tests.support.consents import BORN, DRAWN, Given, at_the_visit, planned, prepared, signature, signed
from tests.support.desk import at_the_desk
from tests.support.lint import text_of
from tests.support.practice import open_practice

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

BIRTH = dict(zip(("date_of_birth-year", "date_of_birth-month", "date_of_birth-day"), BORN.split("-"), strict=True))


def home(given: Given) -> str:
    return f"/review/{given.intake_id}/consent"


def mark(visitor: Visitor, given: Given, *regions: str, stimulation: str = "no") -> Page:
    page = visitor.get(home(given))
    return visitor.send(page, f"{home(given)}/plan", regions=list(regions), stimulation=stimulation)


def sheet(visitor: Visitor, given: Given, way: str, **more: str) -> Page:
    return visitor.send(visitor.get(home(given)), f"{home(given)}/sheet", talked="1", way=way, **more)


def action(page: Page, end: str) -> str:
    """Where the form goes whose address ends so."""
    return next(form.get("action", "") for form in page.tree.iter("form") if form.get("action", "").endswith(end))


def test_from_the_map_to_both_signatures_on_paper_and_back(practice: Practice) -> None:
    given = at_the_visit(practice)
    visitor = practice.practitioner()
    assert "Consent: not given" in visitor.get(f"/review/{given.intake_id}").main
    page = mark(visitor, given, "shoulder_top_right", "low_back_left")
    assert "Where: Top of right shoulder, Left low back." in page.main
    assert "You take a blood thinner." in page.main
    assert "Top of right shoulder: It is near the lung." in page.main
    page = sheet(visitor, given, "paper")
    assert "Print the sheet" in page.main
    pdf = visitor.client.get(page.links["Print the sheet"])
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    page = visitor.send(page, action(page, "/paper"), name="Alex Morgan", say="agree", copy="print")
    assert "The patient has signed: now you" in page.main
    assert "Consent: not given" in page.main
    page = visitor.send(page, action(page, "/countersign"), own_name="Rita Patel", handed="print")
    assert "Consent: given" in page.main
    assert visitor.client.get(page.links["Open or print the signed sheet"]).data[:5] == b"%PDF-"
    assert "Consent: given" in visitor.get(f"/review/{given.intake_id}").main
    assert "Consent given" in visitor.get("/review/").main
    page = visitor.send(visitor.get(home(given)), action(page, "/withdraw"))
    assert "Consent: taken back" in page.main


def test_a_change_of_the_plan_makes_it_void_for_everybody_who_looks(practice: Practice) -> None:
    given = at_the_visit(practice)
    planned(practice, given)
    signed(practice, given)
    desk, visitor = at_the_desk(practice), practice.practitioner()
    assert "Consent given" in desk.get("/desk?day=2026-11-23").main
    mark(visitor, given, "neck_left")
    assert "An answer or the plan changed since it was signed" in visitor.get(home(given)).main
    assert "Consent: void" in visitor.get(f"/review/{given.intake_id}").main
    assert "Consent void" in visitor.get("/review/").main
    page = desk.get("/desk?day=2026-11-23")
    assert "Consent void" in page.main
    for word in ("thinner", "lung", "shoulder"):
        assert word not in page.main


def test_what_is_missing_is_said_and_nothing_is_saved(practice: Practice) -> None:
    given = at_the_visit(practice)
    visitor = practice.practitioner()
    page = visitor.send(visitor.get(home(given)), f"{home(given)}/plan")
    assert page.status == 422
    assert "Mark at least one place." in page.main
    assert "Say whether you use electrical stimulation." in page.main
    mark(visitor, given, "neck_left")
    page = visitor.send(visitor.get(home(given)), f"{home(given)}/sheet")
    assert (page.status, "Say that you have talked it over" in page.main) == (422, True)
    page = sheet(visitor, given, "paper")
    wrong = visitor.send(page, action(page, "/paper"), say="agree")
    assert wrong.status == 422
    assert "Type your name, or draw it." in wrong.main
    page = visitor.send(visitor.get(home(given)), action(page, "/paper"), say="agree", name="Alex", copy="none")
    wrong = visitor.send(page, action(page, "/countersign"), own_name="Rita", handed="none")
    assert (wrong.status, "Say why there is no copy" in wrong.main) == (422, True)
    assert "Consent: not given" in wrong.main


def test_stimulation_is_on_the_sheet_only_where_it_is_planned(practice: Practice) -> None:
    given = at_the_visit(practice)
    visitor = practice.practitioner()
    assert "weak current" not in mark(visitor, given, "neck_left").main
    assert "weak current" in mark(visitor, given, "neck_left", stimulation="yes").main


def test_on_the_patients_phone_it_is_signed_copied_and_taken_back_behind_the_birth_date(practice: Practice) -> None:
    given = at_the_visit(practice)
    planned(practice, given)
    staff = practice.practitioner()
    page = sheet(staff, given, "phone")
    link = next(field.get("value", "") for field in page.tree.iter("input") if field.get("id") == "link")
    phone = practice.visitor()
    page = phone.get("/l/" + link.rpartition("/")[2])
    assert "blood thinner" not in page.main
    page = phone.send(page, "/l", **BIRTH)
    assert "You take a blood thinner." in page.main
    wrong = phone.send(page, "/l/consent", say="agree")
    assert (wrong.status, "Choose how you want your copy." in wrong.main) == (422, True)
    page = phone.send(wrong, "/l/consent", say="agree", name="Alex Morgan", copy="download", helper="Sam")
    assert "Your practitioner signs next" in page.main
    assert phone.client.get("/l/consent/copy.pdf").data[:5] == b"%PDF-"
    page = staff.get(home(given))
    staff.send(page, action(page, "/countersign"), own_name="Rita Patel", handed="download")
    page = phone.get("/l/consent")
    assert "You agreed, and your practitioner has signed." in page.main
    assert phone.client.get(page.links["Save my copy (PDF)"]).data[:5] == b"%PDF-"
    page = phone.send(page, "/l/consent/withdraw")
    assert "You took your consent back." in page.main
    assert "Consent: taken back" in staff.get(home(given)).main


def test_a_concept_without_a_sentence_is_told_to_the_practitioner(practice: Practice) -> None:
    given = at_the_visit(practice, {})
    planned(practice, given)
    assert "No sentence of the table fits" not in practice.practitioner().get(home(given)).main


def test_the_signature_is_shown_as_drawn(practice: Practice) -> None:
    given = at_the_visit(practice)
    planned(practice, given)
    signing.sign(practice.clinic, prepared(practice, given), signature(name="", drawing=DRAWN))
    page = practice.practitioner().get(home(given))
    assert (
        any(path.get("d") == DRAWN for path in page.tree.iter("{http://www.w3.org/2000/svg}path")) or DRAWN in page.text
    )
    assert "Drawn signature" in text_of(page.tree)


def test_the_desk_takes_it_back_for_a_patient_who_calls(practice: Practice) -> None:
    given = at_the_visit(practice)
    planned(practice, given)
    desk = at_the_desk(practice)
    assert "takes the consent back" not in desk.get(f"/desk/visits/{given.visit_id}").main
    signed(practice, given)
    page = desk.get(f"/desk/visits/{given.visit_id}")
    page = desk.send(page, f"/desk/visits/{given.visit_id}/consent/withdraw")
    assert "Consent taken back." in page.main
    assert "Consent taken back" in desk.get("/desk?day=2026-11-23").main


def test_the_clinics_own_words_stand_on_the_sheet_and_one_that_loses_a_risk_stops_the_start(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    own = instance / "consent.yaml"
    own.write_text('add:\n- {id: rest, part: choices, say: "You can rest here as long as you like."}\n')
    practice = open_practice(instance, f"sqlite:///{tmp_path / 'intake.sqlite3'}")
    given = at_the_visit(practice)
    planned(practice, given)
    assert "You can rest here as long as you like." in practice.practitioner().get(home(given)).main
    practice.clinic.database.close()
    own.write_text('wording:\n  lung: {say: "All is well. Breathe."}\n')
    with pytest.raises(DataFileError) as refused:
        open_practice(instance, f"sqlite:///{tmp_path / 'intake.sqlite3'}")
    assert [(problem.line, "would lose a risk" in str(problem)) for problem in refused.value.problems] == [(2, True)]
