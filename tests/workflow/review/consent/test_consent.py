"""A consent: signed twice, at the visit, after talking; none, given, withdrawn or void; nothing is changed unseen."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from intake.app import consent_table
from intake.errors import DamagedError, NotFoundError, StaleError
from intake.storage import audit, consents, corrections, intakes, plans, subjects, visits
from intake.storage.consents import CONSENTS
from intake.storage.corrections import By
from intake.storage.intakes import INTAKES
from intake.storage.plans import PLANS
from intake.storage.visits import VisitState
from intake.workflow.review.consent import opening, planning, signing, standing, taking_back, verify
from intake.workflow.review.consent.planning import Planned
from intake.workflow.review.consent.signatures import Copy, Countersignature, is_drawn
from intake.workflow.review.consent.signing import SheetRequest, SigningWay
from intake.workflow.review.consent.standing import ConsentState
from intake.workflow.shared.duty import Duty
from tests.support.consents import DRAWN, Given, at_the_visit, planned, prepared, signature, signed
from tests.support.invited import mails

if TYPE_CHECKING:
    from tests.support.practice import Practice


@pytest.fixture
def given(practice: Practice) -> Given:
    """An intake whose patient is in the house, with a plan."""
    at_visit = at_the_visit(practice)
    planned(practice, at_visit)
    return at_visit


def state(practice: Practice, given: Given) -> ConsentState:
    with practice.clinic.database.read() as connection:
        return standing.of_intake(connection, practice.clinic.keys, given.intake_id).state


def text(practice: Practice, given: Given) -> list[str]:
    with practice.clinic.database.read() as connection:
        sheet = opening.preview(connection, practice.clinic, consent_table(), given.intake_id)
    assert sheet is not None
    return [each.say for each in (*sheet.everywhere, *sheet.places, *sheet.answers)]


def correct(practice: Practice, given: Given, said: dict[str, tuple[str, ...]]) -> str:
    """A later version of the intake with other answers."""
    receipt = practice.sent(said, "Alex Morgan")
    with practice.clinic.database.begin() as connection:
        draft_id = intakes.by_id(connection, receipt.intake_id).line.draft_id
        corrections.add(connection, draft_id, given.intake_id, By.FORM, practice.clinic.now)
    return receipt.intake_id


def test_a_plan_is_kept_version_by_version_and_a_stale_one_is_refused(practice: Practice, given: Given) -> None:
    planned(practice, given, version=1)  # the same again is no new version
    planned(practice, given, "neck_left", version=1)
    with pytest.raises(StaleError):
        planned(practice, given, "head", version=1)
    with practice.clinic.database.read() as connection:
        kept = plans.of_intakes(connection, [given.intake_id])
        told = [each for each in audit.of_object(connection, "intake", given.intake_id) if each.action == "planned"]
    assert [(each.version, each.regions[0]) for each in kept] == [(1, "shoulder_top_right"), (2, "neck_left")]
    assert len(told) == 2


def test_the_sheet_says_the_risks_of_the_plan_and_of_the_answers(practice: Practice, given: Given) -> None:
    said = text(practice, given)
    assert any("hole in it" in each for each in said), "the top of the shoulder is near the lung"
    assert any(each.startswith("You take a blood thinner.") for each in said)
    planned(practice, given, "knee_left", version=1)
    assert not any("lung" in each for each in text(practice, given))


def test_it_is_none_until_both_have_signed_and_then_given(practice: Practice, given: Given) -> None:
    assert state(practice, given) is ConsentState.NONE
    name = prepared(practice, given)
    assert state(practice, given) is ConsentState.NONE
    with practice.app.test_request_context():
        assert signing.sign(practice.clinic, name, signature()) == ()
        assert state(practice, given) is ConsentState.NONE
        second = Countersignature("Rita Patel", Copy.PRINT, "")
        assert signing.countersign(practice.clinic, name, second, given.by, "r@x.example") == ()
    assert state(practice, given) is ConsentState.GIVEN


@pytest.mark.parametrize("visit", [VisitState.PLANNED, VisitState.DONE, VisitState.MISSED])
def test_nobody_signs_before_or_after_the_visit(practice: Practice, given: Given, visit: VisitState) -> None:
    name = prepared(practice, given)
    with practice.clinic.database.begin() as connection:
        found = visits.by_id(connection, given.visit_id)
        visits.change(connection, given.visit_id, found.version, {"state": visit})
    with pytest.raises(StaleError):
        signing.sign(practice.clinic, name, signature())
    with practice.app.test_request_context():
        request = SheetRequest("x" * 32, SigningWay.PAPER, "", 1, talked=True)
        wrong = signing.prepare(practice.clinic, consent_table(), given.intake_id, request, given.by)
    assert [each.field for each in wrong] == ["talked"]


def test_no_sheet_is_made_without_talking_or_a_way(practice: Practice, given: Given) -> None:
    with practice.app.test_request_context():
        request = SheetRequest("x" * 32, None, "", 1, talked=False)
        wrong = signing.prepare(practice.clinic, consent_table(), given.intake_id, request, given.by)
        stale = replace(request, way=SigningWay.PAPER, talked=True, plan_version=7)
        assert [each.field for each in wrong] == ["talked", "way"]
        with pytest.raises(StaleError):
            signing.prepare(practice.clinic, consent_table(), given.intake_id, stale, given.by)


def test_a_name_or_a_drawing_counts_the_same_and_nothing_else_does(practice: Practice, given: Given) -> None:
    name = prepared(practice, given)
    with practice.app.test_request_context():
        for empty in (signature(name=""), signature(name="", drawing="M1 1"), signature(said="maybe")):
            assert signing.sign(practice.clinic, name, empty)
        assert signing.sign(practice.clinic, name, signature(name="", drawing=DRAWN)) == ()
        with pytest.raises(StaleError):
            signing.sign(practice.clinic, name, signature())


@pytest.mark.parametrize(
    "path", ["", "M1 1L2 2", DRAWN + '"/><script>', DRAWN.replace("10", "999"), DRAWN * 2000, "m" + DRAWN, DRAWN + "L"]
)
def test_what_is_no_drawing_on_the_pad_is_refused(path: str) -> None:
    assert is_drawn(DRAWN)
    assert not is_drawn(path)


def test_to_refuse_is_kept_and_gives_nothing(practice: Practice, given: Given) -> None:
    name = prepared(practice, given)
    assert signing.sign(practice.clinic, name, signature(said="refuse", name="", copy="")) == ()
    assert state(practice, given) is ConsentState.NONE
    with practice.app.test_request_context(), pytest.raises(StaleError):
        signing.countersign(practice.clinic, name, Countersignature("R", Copy.PRINT, ""), given.by, "r@x.example")
    with practice.app.test_request_context(), pytest.raises(NotFoundError):
        taking_back.withdraw(practice.clinic, name, "patient")


def test_a_copy_is_part_of_signing_and_none_needs_its_reason(practice: Practice, given: Given) -> None:
    name = prepared(practice, given)
    with practice.app.test_request_context():
        assert signing.sign(practice.clinic, name, signature()) == ()
        for lacking in (
            Countersignature("", Copy.PRINT, ""),
            Countersignature("R", "", ""),
            Countersignature("R", Copy.NONE, ""),
        ):
            assert signing.countersign(practice.clinic, name, lacking, given.by, "r@x.example")
        with pytest.raises(NotFoundError):  # this clinic has no mail server
            signing.countersign(practice.clinic, name, Countersignature("R", Copy.MAIL, ""), given.by, "r@x.example")
    assert state(practice, given) is ConsentState.NONE, "what cannot be mailed is not signed"


def test_an_answer_or_a_plan_that_changes_makes_it_void_and_back_again(practice: Practice, given: Given) -> None:
    signed(practice, given)
    planned(practice, given, "neck_left", version=1)
    assert state(practice, given) is ConsentState.VOID
    planned(practice, given, version=2)
    assert state(practice, given) is ConsentState.GIVEN, "the plan is again what was agreed to"
    newer = correct(practice, given, {"pain_regions": ("neck_left",)})
    assert state(practice, given) is ConsentState.VOID
    with practice.clinic.database.read() as connection:
        assert standing.of_intake(connection, practice.clinic.keys, newer).state is ConsentState.VOID


def test_a_sheet_of_older_answers_can_no_longer_be_signed(practice: Practice, given: Given) -> None:
    name = prepared(practice, given)
    planned(practice, given, "neck_left", version=1)
    with pytest.raises(StaleError):
        signing.sign(practice.clinic, name, signature())
    fresh = prepared(practice, given, version=2)
    practice.clock.now += timedelta(hours=13)
    with pytest.raises(StaleError):
        signing.sign(practice.clinic, fresh, signature())


def test_taking_back_is_one_step_and_stays(practice: Practice, given: Given) -> None:
    name = signed(practice, given)
    taking_back.withdraw(practice.clinic, name, "patient")
    taking_back.withdraw(practice.clinic, name, "patient")
    assert state(practice, given) is ConsentState.WITHDRAWN
    with practice.clinic.database.read() as connection:
        told = [each.action for each in audit.of_object(connection, "consent", name)]
    assert told.count("consent_withdrawn") == 1
    signed(practice, given)
    assert state(practice, given) is ConsentState.GIVEN, "a new sheet may be signed"


def test_the_document_is_kept_as_pdf_a_and_is_handed_out_as_it_was(practice: Practice, given: Given) -> None:
    name = signed(practice, given, signature(name="", drawing=DRAWN, helper="Sam"))
    with practice.app.test_request_context():
        pdf = opening.document_of(practice.clinic, name, "patient")
        assert pdf == opening.document_of(practice.clinic, name, "patient")
    for mark in (b"<pdfaid:part>2", b"<pdfaid:conformance>A", b"pdfuaid", b"/OutputIntent"):
        assert mark in pdf, mark
    with practice.clinic.database.read() as connection:
        row = connection.execute(select(CONSENTS)).one()
    assert base64.b64encode(pdf)[:40] not in row.document, "it is sealed"


def test_verify_holds_what_was_not_touched(practice: Practice, given: Given) -> None:
    signed(practice, given)
    prepared(practice, given)
    assert verify.verify(practice.clinic) == verify.ConsentReport(2, (), None)


def test_a_consent_that_was_changed_from_outside_is_void_and_goes_no_step_further(
    practice: Practice, given: Given
) -> None:
    name = signed(practice, given)
    with practice.clinic.database.begin() as connection:
        connection.execute(update(CONSENTS).values(signed_at=practice.clinic.now - timedelta(days=1)))
    assert state(practice, given) is ConsentState.VOID
    with pytest.raises(DamagedError):
        taking_back.withdraw(practice.clinic, name, "patient")


def test_a_row_put_back_taken_out_or_slipped_in_is_told(practice: Practice, given: Given) -> None:
    name = signed(practice, given)
    with practice.clinic.database.read() as connection:
        before = connection.execute(select(CONSENTS)).mappings().one()
    taking_back.withdraw(practice.clinic, name, "patient")
    with practice.clinic.database.begin() as connection:
        connection.execute(update(CONSENTS).values(**before))
    assert [each.sentence for each in verify.verify(practice.clinic).faults] == [verify.PUT_BACK]
    with practice.clinic.database.begin() as connection:
        connection.execute(CONSENTS.delete())
    assert [each.sentence for each in verify.verify(practice.clinic).faults] == [verify.MISSING]
    with practice.clinic.database.begin() as connection:
        connection.execute(CONSENTS.insert().values({**before, "id": "f" * 32}))
    sentences = {each.sentence for each in verify.verify(practice.clinic).faults if each.consent_id == "f" * 32}
    assert sentences == {verify.CHANGED, verify.NOT_TOLD}


def test_other_answers_or_another_plan_under_a_consent_are_told(practice: Practice, given: Given) -> None:
    signed(practice, given)
    with practice.clinic.database.begin() as connection:
        connection.execute(update(PLANS).values(regions=["knee_left"]))
    assert [each.sentence for each in verify.verify(practice.clinic).faults] == [verify.OTHER_ANSWERS]
    with practice.clinic.database.begin() as connection:
        connection.execute(update(PLANS).values(regions=["shoulder_top_right", "low_back_left"]))
        answers = dict(connection.scalars(select(INTAKES.c.answers)).one())
        connection.execute(update(INTAKES).values(answers={**answers, "blood_thinners": ["none"]}))
    assert [each.sentence for each in verify.verify(practice.clinic).faults] == [verify.OTHER_ANSWERS]


def test_there_is_no_plan_without_an_intake(practice: Practice, given: Given) -> None:
    with pytest.raises(NotFoundError):
        planning.save(practice.clinic, "nobody", Planned(0, ("head",), stimulation=False), given.by)


def test_a_copy_goes_by_a_link_in_a_mail_without_a_clinical_word(practice: Practice, given: Given) -> None:
    duty = Duty(sender="desk@clinic.example", base="https://form.example", clinic="Harbour Lane", phone="0123")
    mailing = replace(practice.clinic, duty=duty)
    receipt = given.intake_id
    with mailing.database.begin() as connection:
        subject = intakes.by_id(connection, receipt).line.subject
        known = {**subject.read_identity(mailing.keys), "email": "alex@example.com"}
        sealed = subjects.seal_identity(subject.vault(mailing.keys), known)
        subjects.set_identity(connection, subject.id, sealed)
    name = prepared(practice, given)
    with practice.app.test_request_context():
        assert signing.sign(mailing, name, signature(copy=Copy.MAIL)) == ()
        second = Countersignature("Rita Patel", Copy.MAIL, "")
        assert signing.countersign(mailing, name, second, given.by, "r@x.example") == ()
    mail = mails(practice)[0]
    assert mail["to"] == "alex@example.com"
    assert "https://form.example/l/" in str(mail["text"])
    assert not [word for word in ("thinner", "lung", "shoulder", "bleed") if word in str(mail).lower()]
    assert state(practice, given) is ConsentState.GIVEN


def test_what_cannot_be_mailed_leaves_no_half_consent(practice: Practice, given: Given) -> None:
    name = prepared(practice, given)
    assert signing.sign(practice.clinic, name, signature()) == ()
    with practice.app.test_request_context(), pytest.raises(NotFoundError):
        signing.countersign(practice.clinic, name, Countersignature("R", Copy.MAIL, ""), given.by, "r@x.example")
    with practice.clinic.database.read() as connection:
        row = consents.by_id(connection, name)
    assert (row.countersigned_at, row.document) == (None, None)
    assert verify.verify(practice.clinic).sound
