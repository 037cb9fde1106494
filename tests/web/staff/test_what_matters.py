"""The practitioner sees what matters: what was taken back, own words, places, outcomes; nothing typed is lost."""

from __future__ import annotations

import pytest

from intake.engine.book.vocabulary import Answers
from intake.workflow.patient import saving
from tests.support.client import Page
from tests.support.practice import EMAIL, PASSWORD, Practice, sign_in, walked
from tests.support.small_clinic import DANGER
from tests.support.visitor import Posted
from tests.web.staff.test_review import SIGNED_OUT, URGENT, decide, form_of, rows

STRANGE = "Last time my arm felt strange for two days."


def took_back(practice: Practice, name: str = "Mat Back", *, card: bool = False) -> str:
    """The intake of a calm patient who had said that the saddle was numb, and perhaps read the card about it."""
    stored = walked({}).stored
    said: Answers = {"danger_signs": ("saddle_numbness",)}
    draft = practice.clinic.save(
        practice.clinic.start(f"cookie-{practice.clinic.number()}"), DANGER, said, book=practice.rulebook
    )
    if card:
        draft = saving.note_card(practice.clinic, draft, ["cauda-equina-signs"])
    everything = type(DANGER)("all", tuple(stored), None, optional=False)
    draft = practice.clinic.save(draft, everything, stored, {"name": name, "born": "1983-09-13"})
    return practice.clinic.send(draft, practice.rulebook).intake_id


def test_a_sign_that_was_taken_back_leads_the_queue_until_it_is_closed_with_words(practice: Practice) -> None:
    practice.sent({"wants_needling": "no"}, "Chi Refuses")
    back = took_back(practice)
    visitor = practice.practitioner()
    page = visitor.get("/review/")
    assert rows(page)[0].startswith("Mat Back")
    assert "Now Taken back Numb between the legs Said Sun" in rows(page)[0]
    intake = visitor.get(f"/review/{back}")
    top = intake.main.partition("Danger signs: 17 asked")[0]
    assert "Now Taken back Numb between the legs" in top, "above the fold"
    assert "0 yes, 0 not sure or not answered, 1 taken back, 16 denied" in intake.main
    assert "Taken back Numb between the legs" in visitor.get(f"/review/{back}/print").main
    refused = visitor.send(intake, f"/review/{back}/close", said="")
    assert (refused.status, len(refused.errors)) == (422, 1)
    done = visitor.send(refused, f"/review/{back}/close", said="A slip of the thumb.")
    assert "Closed, with your words." in done.main
    assert "“A slip of the thumb.”" in done.main
    assert rows(visitor.get("/review/"))[0].startswith("Chi")


def test_it_says_whether_the_patient_had_read_the_card(practice: Practice) -> None:
    read, unread = took_back(practice, "Rea Read", card=True), took_back(practice, "Una Unread")
    visitor = practice.practitioner()
    lines = {line.split()[0]: line for line in rows(visitor.get("/review/"))}
    assert ("the card was shown" in lines["Rea"], "the card was shown" in lines["Una"]) == (True, False)
    assert "the card was shown" in visitor.get(f"/review/{read}").main
    assert "the card was shown" not in visitor.get(f"/review/{unread}").main


def test_own_words_stand_on_top_and_never_under_no_finding(practice: Practice) -> None:
    receipt = practice.sent({}, "Ines Words", texts={"anything_else": STRANGE})
    visitor = practice.practitioner()
    (line,) = rows(visitor.get("/review/"))
    assert "Own words, not read" in line
    assert f"“{STRANGE}”" in line
    assert "No finding" not in line
    page = visitor.get(f"/review/{receipt.intake_id}")
    assert "No finding" not in page.main
    assert page.main.index(STRANGE) < page.main.index("Danger signs: 17 asked")
    refused = decide(visitor, page, outcome="ready")
    assert refused.errors == ["Tick “Read” beside the patient’s own words first."]  # noqa: RUF001 - typographic
    decide(visitor, refused, outcome="ready", read="1")
    assert "Own words, not read" not in visitor.get(f"/review/{receipt.intake_id}").main


def test_a_line_names_the_answer_and_the_place(practice: Practice) -> None:
    warfarin: Posted = {"gate_medicines": ("thinners",), "blood_thinners": ("warfarin",), "inr_status": "unstable"}
    veins: Posted = {"gate_heart": ("vessels",), "vessels": ("varicose_veins",), "varicose_regions": ("calf_left",)}
    practice.sent({**warfarin, **veins}, "Eli Many")
    practice.sent(veins, "Col Calf")
    visitor = practice.practitioner()
    lines = {line.split()[0]: line for line in rows(visitor.get("/review/"))}
    assert "Warfarin; " in lines["Eli"]
    assert "left calf" in lines["Col"]
    assert "Caution" in lines["Col"], "no needle there, but the calf does not hurt"
    page = visitor.get(visitor.get("/review/").links["Eli Many"])
    assert ": left calf" in page.main, "also where another finding covers the whole body"


def test_urgency_words_differ(practice: Practice) -> None:
    practice.sent(URGENT, "Ann Now")
    practice.sent({"danger_signs": ("fever",)}, "Flo Fever")
    page = practice.practitioner().get("/review/")
    marks = {tag.get("class"): "".join(tag.itertext()) for tag in page.tree.iter("strong")}
    assert marks["tag t1"] == "Now"
    assert marks["tag u2"] == "Today"


def test_current_is_not_allowed_where_no_needle_is(practice: Practice) -> None:
    receipt = practice.sent({"wants_needling": "no"}, "Chi Refuses")
    page = practice.practitioner().get(f"/review/{receipt.intake_id}")
    assert "Do not needle: the whole body" in page.main
    assert "Electrical stimulation: avoid" in page.main


def test_what_was_decided_stays_to_do_and_is_filtered_by_outcome(practice: Practice) -> None:
    first, second = practice.sent(URGENT, "Ann Urgent"), practice.sent({}, "Fay Calm")
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{first.intake_id}")
    seen = {"seen-cauda-equina-signs": "1"}
    decide(visitor, page, outcome="call_first", reason="urgent_signs", note="Rang.", **seen)
    decide(visitor, visitor.get(f"/review/{second.intake_id}"), outcome="ready")
    assert [line.split()[0] for line in rows(visitor.get("/review/"))] == ["Ann"], "it stays open"
    (line,) = rows(visitor.get("/review/?list=to_do"))
    assert f"Call first {EMAIL}, since" in line
    assert [line.split()[0] for line in rows(visitor.get("/review/?list=all&outcome=ready"))] == ["Fay"]
    assert len(rows(visitor.get("/review/?list=all"))) == 2
    again = visitor.get(f"/review/{first.intake_id}")
    done = visitor.send(again, f"/review/{first.intake_id}/close", item="decision:1", said="She is in hospital.")
    assert "Done: “She is in hospital.”" in done.main
    assert rows(visitor.get("/review/?list=to_do")) == []


def test_next_follows_the_filter(practice: Practice) -> None:
    first = practice.sent({"wants_needling": "no"}, "Chi Refuses")
    practice.sent({"gate_medicines": ("thinners",), "blood_thinners": ("apixaban",)}, "Bo Caution")
    last = practice.sent({"wants_needling": "no"}, "Dee Refuses")
    visitor = practice.practitioner()
    page = visitor.get(visitor.get("/review/?tier=do_not_needle_yet").links["Chi Refuses"])
    assert "1 of 2 ·" in page.main
    assert visitor.get(page.links["Next"]).path.startswith(f"/review/{last.intake_id}")
    done = decide(visitor, page, outcome="not_suitable_now", reason="patient_wish")
    assert done.path == f"/review/{last.intake_id}"
    assert done.query == f"tier=do_not_needle_yet&saved={first.intake_id}"
    assert "Saved: Chi Refuses, not suitable now." in done.main


def test_reasons_and_notes_can_be_read_again_on_page_and_sheet(practice: Practice) -> None:
    receipt = practice.sent(URGENT, "Ann Urgent")
    visitor = practice.practitioner()
    said = {"seen-cauda-equina-signs": "1", "override-cauda-equina-signs": "checked_with_doctor"}
    refused = decide(visitor, visitor.get(f"/review/{receipt.intake_id}"), outcome="ready", **said)
    assert "Say in the note, in your own words, why the emergency does not stand." in refused.errors
    decide(visitor, refused, outcome="ready", note="Scanned this morning: clear.", **said)
    page = visitor.get(f"/review/{receipt.intake_id}")
    decide(visitor, page, outcome="refer", reason="patient_wish", **{"seen-cauda-equina-signs": "1"})
    for path in (f"/review/{receipt.intake_id}", f"/review/{receipt.intake_id}/print"):
        read = visitor.get(path).main
        assert "Set aside: Bladder, bowel, saddle, sexual or two-leg change (checked with a doctor)." in read
        assert "“Scanned this morning: clear.”" in read
        assert "Refer, The patient’s wish." in read  # noqa: RUF001 - typographic quotes


def test_two_intakes_of_one_person_name_each_other(practice: Practice) -> None:
    first, second = practice.sent({}, "Ada Twice"), practice.sent({}, "Ada Twice")
    visitor = practice.practitioner()
    for one, other in ((first, second), (second, first)):
        page = visitor.get(f"/review/{one.intake_id}")
        assert "Same name and birth date:" in page.main
        assert page.links[other.reference] == f"/review/{other.intake_id}"


def test_names_are_isolated_and_a_phone_number_is_dialled_by_a_tap(practice: Practice) -> None:
    receipt = practice.sent({}, "دانيال Cohen")
    visitor = practice.practitioner()
    for path in ("/review/", f"/review/{receipt.intake_id}", f"/review/{receipt.intake_id}/print"):
        page = visitor.get(path)
        assert "دانيال Cohen" in ["".join(each.itertext()) for each in page.tree.iter("bdi")], path
    assert visitor.get(f"/review/{receipt.intake_id}").links["01234 555 123"] == "tel:01234555123"


def test_staff_find_the_door(practice: Practice) -> None:
    visitor = practice.visitor()
    for path in ("/staff", "/staff/"):
        assert visitor.get(path).heading == "Sign in"
    assert practice.practitioner().get("/staff").heading == "Intakes"


@pytest.mark.parametrize("path", ["/review/ffff", "/review/no/such/page", "/staff/nothing"])
def test_what_is_not_found_speaks_to_staff(practice: Practice, path: str) -> None:
    page = practice.practitioner().get(path)
    assert (page.status, page.links["Go to the list of intakes"]) == (404, "/review/")
    assert "unwell" not in page.main


def sent_from_an_old_page(practice: Practice, receipt_id: str, *, in_again: bool) -> Page:
    """A decision typed on a page that was open while another window signed out, and perhaps in again."""
    visitor = practice.practitioner()
    page = visitor.get(f"/review/{receipt_id}")
    visitor.send(visitor.get("/review/"), "/staff/logout")
    if in_again:
        sign_in(visitor)
    late = decide(visitor, page, outcome="ready", note="Half an hour of typing.")
    return late if in_again else visitor.send(late, email=EMAIL, password=PASSWORD)


@pytest.mark.parametrize("in_again", [False, True])
def test_a_note_waits_where_another_window_signed_out(practice: Practice, in_again: bool) -> None:
    receipt = practice.sent({}, "Fay Calm")
    again = sent_from_an_old_page(practice, receipt.intake_id, in_again=in_again)
    assert again.errors == [SIGNED_OUT]
    assert ("note", "Half an hour of typing.") in form_of(again, "decision")
    assert "New decision" not in again.main, "nothing of it is saved"


def test_rather_not_say_to_self_harm_is_an_open_question_that_counts(practice: Practice) -> None:
    practice.sent({"self_harm_thoughts": "declined"}, "Sam Silent")
    visitor = practice.practitioner()
    (line,) = rows(visitor.get("/review/"))
    assert "Caution Thoughts of death or self-harm" in line
    assert "Not ruled out" in line


def test_an_unfinished_intake_folds_by_cause(practice: Practice) -> None:
    unsure: Answers = {"danger_signs": ("not_sure",), "danger_signs_unsure": ("not_sure",)}
    draft = practice.clinic.start("unsure")
    draft = practice.clinic.save(
        draft, type(DANGER)("all", tuple(unsure), None, optional=False), unsure, book=practice.rulebook
    )
    page = practice.practitioner().get(f"/review/unsent/{draft.id}")
    assert len(list(page.tree.iter("article"))) <= 2


def test_the_printed_queue_is_the_list(practice: Practice) -> None:
    practice.sent({}, "Fay Calm")
    page = practice.practitioner().get("/review/")
    forms = [form for form in page.tree.iter("form") if form.get("action") == "/review/"]
    hidden = [each for each in page.tree.iter() if "noprint" in (each.get("class") or "")]
    assert forms
    assert all(any(form in list(each.iter()) for each in hidden) for form in forms)
