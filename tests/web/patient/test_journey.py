"""The patient's journey: what is asked, kept, corrected, sent once and never lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, ClassVar

import pytest

from intake.workflow.patient import drafts
from tests.support import lint
from tests.support.apps import CLINIC, PHONE, Clock, MakeApp, parts
from tests.support.client import Visitor
from tests.support.journeys import CALM, NONE, Answers, begin, walk

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from intake.workflow.patient.drafts import Draft
    from tests.support.client import Page

PARALLEL = 50
THINNERS: dict[str, Answers] = {
    "medicines": {"gate_medicines": ["thinners"]},
    "thinners": {"blood_thinners": ["apixaban"]},
}


def stored(app: Flask, visitor: Visitor) -> Draft:
    """The visitor's draft as it is stored."""
    cookie = visitor.client.get_cookie("intake_draft")
    assert cookie is not None
    return drafts.load(parts(app).clinic, cookie.value)


def test_a_patient_with_nothing_to_report_meets_21_pages(visitor: Visitor) -> None:
    page, met = begin(visitor), []
    while page.path != "/check":
        met.append(page.path.removeprefix("/q/"))
        page = visitor.send(page, **CALM[met[-1]])
    assert met == list(CALM)
    assert len(met) == 21


def test_the_start_page_names_the_emergency_number_and_where_to_ask(visitor: Visitor) -> None:
    page = visitor.get("/")
    assert "In an emergency, call 112 now" in page.main
    assert "This form is not read at once" in page.main
    assert page.links[PHONE] == "tel:01234000000"


def test_nothing_is_chosen_before_the_patient_chooses(visitor: Visitor) -> None:
    page = begin(visitor)
    while page.path != "/check":
        assert lint.ticked(page.tree) == [], page.path
        page = visitor.send(page, **CALM[page.path.removeprefix("/q/")])


def test_what_may_be_passed_over_says_so_and_nothing_else_does(visitor: Visitor) -> None:
    page = begin(visitor)
    said: dict[str, Answers] = {**CALM, "visit": {"gate_visit": ["claim"]}}
    marked: dict[str, int] = {}
    while page.path != "/done":
        marks = [lint.text_of(mark) for mark in page.tree.iter("span") if mark.get("class") == "optional"]
        assert set(marks) <= {"(optional)"}
        marked |= {page.path.removeprefix("/q/"): len(marks)} if marks else {}
        page = visitor.send(page, **said.get(page.path.removeprefix("/q/"), {}))
    assert marked == {"feel": 2, "therapies": 1, "claim": 1, "mood": 2, "/check": 1}


def test_an_empty_page_is_refused_with_a_summary_that_leads_to_the_question(visitor: Visitor) -> None:
    page = visitor.send(begin(visitor))
    assert page.status == 422
    assert page.errors == ["Tick what applies to you, or tick “None of these now”."]
    assert page.links[page.errors[0]] == "#danger_signs-bladder_or_bowel_change"


def test_what_was_typed_stays_beside_its_error(visitor: Visitor) -> None:
    page = walk(visitor, "/q/about")
    wrong = visitor.send(page, **{**CALM["about"], "date_of_birth-year": "85", "full_name": 'Ada "<b>" Example'})
    assert wrong.status == 422
    assert wrong.errors == ["Type the year with 4 numbers, for example 1985."]
    values = dict(wrong.form().fields)
    assert values["full_name"] == 'Ada "<b>" Example'
    assert values["date_of_birth-year"] == "85"


def test_an_answer_and_none_of_these_together_are_refused(visitor: Visitor) -> None:
    page = visitor.send(begin(visitor), danger_signs=["fever", "none"])
    assert page.status == 422
    assert lint.ticked(page.tree) == ["danger_signs", "danger_signs"]


def test_not_sure_is_stored_as_not_sure_and_never_as_no(app: Flask, visitor: Visitor) -> None:
    walk(visitor, "/q/therapies", needles={"needle_fear": "not_sure", "wants_needling": "unsure"})
    assert stored(app, visitor).answers["needle_fear"] == "not_sure"


def test_not_sure_on_a_checklist_opens_its_items_and_answers_none(app: Flask, visitor: Visitor) -> None:
    assert walk(visitor, "/q/device_kind", devices={"gate_devices": ["not_sure"]}).path == "/q/device_kind"
    answers = stored(app, visitor).answers
    assert answers["gate_devices"] == ("not_sure",)
    assert "devices" not in answers


def test_each_page_names_its_section_or_has_a_heading_above_its_questions(visitor: Visitor) -> None:
    page, named = begin(visitor), []
    while page.path != "/check":
        (progress,) = (part for part in page.tree.iter("nav") if part.get("class") == "crumb")
        words = lint.text_of(progress).removeprefix("Back")
        assert not re.search(r"\d", words), page.path
        several = not any(lint.text_of(legend) == page.heading for legend in page.tree.iter("legend"))
        assert bool(words) != several, page.path
        named.append(words)
        page = visitor.send(page, **CALM[page.path.removeprefix("/q/")])
    assert named[0] == "Safety"


def test_the_parts_of_the_maps_list_that_hold_a_tick_are_open(visitor: Visitor) -> None:
    page = walk(visitor, "/q/pain_where")
    assert open_parts(page) == []
    assert open_parts(visitor.send(page)) == ["Head and neck"]
    visitor.send(page, pain_regions=["low_back_right", "knee_left"])
    assert open_parts(visitor.get("/q/pain_where")) == ["Back", "Hip and leg"]


def open_parts(page: Page) -> list[str]:
    """The parts of the body whose list is open."""
    parts = [part for part in page.tree.iter("details") if part.find("summary/h2") is not None]
    return [lint.text_of(part.find("summary")) for part in parts if part.get("open") is not None]  # type: ignore[arg-type] # found above


def test_what_was_asked_alone_is_ticked_on_its_list_once_there_is_one(visitor: Visitor) -> None:
    knee: dict[str, Answers] = {"pain_where": {"pain_regions": ["knee_left"]}, "weight": {"weight_bearing": "painful"}}
    page = walk(visitor, reason={**CALM["reason"], "main_reason": "prevention"}, **knee)
    assert not page.path.endswith("/region")
    page = visitor.send(visitor.get("/q/reason"), main_reason="other")
    ticked = [box.get("value") for box in lint.controls(page.tree) if box.get("checked") is not None]
    assert (page.path, ticked) == ("/q/region", ["weight"])
    page = visitor.send(page)
    assert "Yes, but it hurts" in page.text


def start_anew(app: Flask) -> TestResponse:
    """The answer to a start from a browser that was not here before."""
    other = Visitor(app.test_client(), CLINIC)
    return other.client.post("/start", data=dict(other.get("/").form("/start").fields))


class TestSomebodyElseAnswers:
    """A helper or a parent reads for whom the answers are."""

    LINE = "You answer for the patient"

    def test_every_page_after_it_says_so_and_own_words_ask(self, visitor: Visitor) -> None:
        page = walk(visitor, "/q/who")
        assert self.LINE not in page.main
        page, legends = visitor.send(page, **{**CALM["who"], "filled_by": "guardian"}), list[str]()
        while page.path != "/check":
            assert self.LINE in page.main, page.path
            legends += [lint.text_of(legend) for legend in page.tree.iter("legend")]
            page = visitor.send(page, **CALM[page.path.removeprefix("/q/")])
        assert self.LINE in page.main
        assert "Is the patient pregnant, or could they be?" in legends
        assert any(words.startswith("Has the patient said that they would be better off dead") for words in legends)
        assert "you say that the patient agrees" in page.main
        assert "Are you pregnant" not in page.main

    def test_a_patient_reads_you(self, visitor: Visitor) -> None:
        page = walk(visitor)
        assert self.LINE not in page.main
        assert "Are you pregnant, or could you be?" in page.main
        assert "you agree that the clinic uses these answers" in page.main


def test_back_leads_to_the_page_before_with_its_answers(visitor: Visitor) -> None:
    page = walk(visitor, "/q/reason")
    assert page.links["Back"] == "/q/pain_where"
    assert lint.ticked(visitor.get("/q/pain_where").tree) == ["pain_regions"]


def test_back_from_the_first_question_leads_to_the_start(visitor: Visitor) -> None:
    assert begin(visitor).links["Back"] == "/"


def test_a_page_ahead_of_the_first_open_one_leads_back_to_it(visitor: Visitor) -> None:
    walk(visitor, "/q/about")
    for ahead in ("/q/needles", "/check", "/done", "/q/thinners", "/q/no_such_page", "/q/needles/stop"):
        assert visitor.get(ahead).path == "/q/about", ahead


def test_a_forged_post_ahead_stores_nothing(app: Flask, visitor: Visitor) -> None:
    page = walk(visitor, "/q/about")
    forged = [*page.form().fill({"needle_fear": "0", "wants_needling": "yes"})]
    assert visitor.post("/q/needles", forged).path == "/q/about"
    assert visitor.post("/send", forged).path == "/q/about"
    assert "needle_fear" not in stored(app, visitor).answers


@pytest.mark.parametrize("path", ["/q/danger", "/check", "/later", "/resume", "/done", "/q/danger/stop"])
def test_without_a_draft_every_page_is_the_start_page(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).path == "/"


def test_a_stranger_meets_nothing_of_somebody_elses_answers(app: Flask, visitor: Visitor) -> None:
    walk(visitor, "/q/who")
    stranger = Visitor(app.test_client(), CLINIC)
    assert "Ada Example" not in begin(stranger).text
    assert stranger.get("/q/about").path == "/q/danger"


class TestAnswersThatChangeTheVisit:
    """No adult comes along, or the patient does not agree: a word back, and the way on stays open."""

    YOUNG: ClassVar[Answers] = {**CALM["about"], "date_of_birth-year": "2012"}

    def test_a_young_patient_without_an_adult_reads_what_to_do(self, visitor: Visitor) -> None:
        walk(visitor, "/q/guardian", about=self.YOUNG)
        page = visitor.send(visitor.get("/q/guardian"), guardian_present="no")
        assert page.path == "/q/who"
        assert f"If nobody can come, call us first: {PHONE}." in page.main
        page = visitor.send(page, **CALM["who"])
        assert "call us first" not in page.main

    def test_it_is_said_again_before_sending(self, visitor: Visitor) -> None:
        page = walk(visitor, about=self.YOUNG, guardian={"guardian_present": "no"})
        assert "call us first" in page.main

    def test_who_does_not_agree_reads_that_nobody_is_seen_against_their_will(self, visitor: Visitor) -> None:
        refusing = {**CALM["who"], "understands_and_agrees": "no"}
        assert "Nobody is seen who does not agree" in walk(visitor, "/q/pain_where", who=refusing).main

    def test_nothing_is_said_to_who_answered_otherwise(self, visitor: Visitor) -> None:
        page = walk(visitor, about=self.YOUNG, guardian={"guardian_present": "not_sure"})
        assert "call us first" not in page.main
        assert "does not agree" not in page.main


class TestCheck:
    """The page with every answer before sending."""

    def test_it_shows_every_answer_in_words_with_a_way_back(self, visitor: Visitor) -> None:
        page = walk(visitor)
        for words in ("27 March 1985", "Ada Example", "Right low back", "Lifting my son", "Worst: 6"):
            assert words in page.text, words
        assert page.links["Change Where is your pain?"] == "/q/pain_where"

    def test_every_way_back_shows_the_same_answers_and_returns(self, visitor: Visitor) -> None:
        page = walk(visitor, **THINNERS)
        before = page.main
        for words, path in page.links.items():
            if not words.startswith("Change"):
                continue
            question = visitor.get(path)
            assert question.path == path
            assert question.links["Back"] == "/check"
            again = visitor.send(question)
            assert again.path == "/check", f"{path} leads to {again.path}"
            assert again.main == before

    def test_what_was_denied_folds_to_its_names(self, visitor: Visitor) -> None:
        page = walk(visitor, **THINNERS)
        assert folded(page, "You said no to") == {
            "danger_signs": "Change Danger signs: None of these now",
            "gate_warning": "Change Warning signs: None of these",
            "gate_region": "Change Signs there: None of these",
            "gate_medicines": "Change Medicines, bleeding: the rest",
            "gate_heart": "Change Heart, vessels, lungs: None of these",
            "gate_conditions": "Change Illnesses: None of these",
            "gate_devices": "Change Implants, operations: None of these",
            "gate_skin": "Change Skin, allergies, needles: None of these",
            "therapies_tried": "Change Treatment so far: Nothing so far",
            "gate_visit": "Change Visit plans: None of these",
        }
        assert "Blood thinner Apixaban" in page.main

    def test_an_unsure_answer_stands_as_a_row_of_its_own_and_what_was_passed_over_is_named_apart(
        self, visitor: Visitor
    ) -> None:
        page = walk(
            visitor, therapies={"therapies_tried": ["not_sure"], "goals": ["work"]}, feel={"pain_quality": ["ache"]}
        )
        gaps = {row.get("id") for row in page.tree.iter("div") if row.find("dd[@class='gap']") is not None}
        assert gaps == {"row-therapies_tried"}
        assert folded(page, "Not provided")["psfs_activity"] == "Change Hard to do"
        assert not {"psfs_activity", "therapies_tried"} & folded(page, "You said no to").keys()

    def test_change_returns_to_the_row_which_says_that_it_was_changed(self, visitor: Visitor) -> None:
        walk(visitor)
        page = visitor.send(visitor.get("/q/began"), pain_course="better")
        assert (page.path, page.fragment) == ("/check", "row-pain_course")
        assert [row.get("id") for row in page.tree.iter("div") if row.get("class") == "changed"] == ["row-pain_course"]
        assert page.text.count("Changed just now") == 1

    def test_what_came_back_as_it_was_is_not_called_changed(self, visitor: Visitor) -> None:
        assert "Changed just now" not in walk(visitor).text
        page = visitor.send(visitor.get("/q/began"))
        assert (page.fragment, "Changed just now" in page.text) == ("row-pain_onset", False)

    def test_a_list_that_is_denied_just_now_does_not_fold(self, visitor: Visitor) -> None:
        walk(visitor, **THINNERS)
        page = visitor.send(visitor.get("/q/medicines"), gate_medicines=NONE)
        assert "gate_medicines" not in folded(page, "You said no to")

    def test_a_change_that_opens_a_question_asks_it_first(self, visitor: Visitor) -> None:
        walk(visitor)
        page = visitor.send(visitor.get("/q/medicines"), gate_medicines=["thinners"])
        assert page.path == "/q/thinners"
        page = visitor.send(page, blood_thinners=["warfarin"])
        assert page.path == "/q/inr"
        page = visitor.send(page, inr_status="in_target")
        assert page.path == "/check"
        assert "Warfarin" in page.text

    def test_a_question_that_no_longer_applies_is_neither_shown_nor_lost(self, app: Flask, visitor: Visitor) -> None:
        walk(visitor, **THINNERS)
        page = visitor.send(visitor.get("/q/medicines"), gate_medicines=NONE)
        assert page.path == "/check"
        assert "apixaban" not in page.text.lower()
        assert stored(app, visitor).answers["blood_thinners"] == ("apixaban",)

    def test_the_last_words_are_kept_when_they_are_too_long(self, visitor: Visitor) -> None:
        page = visitor.send(walk(visitor), "/send", anything_else="x" * 501)
        assert page.status == 422
        assert page.errors == ["Please use 500 letters or fewer."]
        assert "x" * 501 in page.text


def folded(page: Page, heading: str) -> dict[str, str]:
    """What the check page only names under a heading, by control: what each name says to somebody who hears it."""
    elements = list(page.tree.iter())
    under = next(i for i, each in enumerate(elements) if each.tag == "h2" and lint.text_of(each) == heading)
    names = next(each for each in elements[under:] if each.tag == "ul")
    lines = [line for line in names.iter("li") if (line.get("id") or "").startswith("row-")]
    return {(line.get("id") or "").removeprefix("row-"): lint.text_of(line) for line in lines}


class TestSend:
    """Sending, once."""

    def test_it_gives_a_reference_and_says_what_happens_next(self, app: Flask, visitor: Visitor) -> None:
        page = visitor.send(walk(visitor), "/send", anything_else="I had a hard year")
        assert page.path == "/done"
        assert page.heading == "Answers sent"
        reference = stored(app, visitor).sent
        assert reference is not None
        assert reference in page.text
        assert "already sent" not in page.text

    @pytest.mark.both_databases
    def test_sent_twice_it_is_stored_once(self, visitor: Visitor) -> None:
        check = walk(visitor)
        first = visitor.send(check, "/send")
        second = visitor.send(check, "/send")
        assert "Nothing was sent twice" in second.text
        found = re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", first.text + second.text)
        assert len(found) == 2
        assert len(set(found)) == 1

    def test_of_fifty_at_once_each_gets_the_receipt(self, app: Flask, visitor: Visitor) -> None:
        check = walk(visitor)
        fields, together = check.form("/send").fill({"anything_else": "I had a hard year"}), Barrier(PARALLEL)

        def send(_place: int) -> str:
            again = Visitor(app.test_client(), CLINIC)
            for name in ("intake_draft", "intake_session"):
                cookie = visitor.client.get_cookie(name)
                assert cookie is not None
                again.client.set_cookie(name, cookie.value)
            together.wait()
            return again.post("/send", fields).text

        with ThreadPoolExecutor(PARALLEL) as pool:
            pages = list(pool.map(send, range(PARALLEL)))
        found = [re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text) for text in pages]
        assert {tuple(each) for each in found} == {(stored(app, visitor).sent,)}

    def test_afterwards_every_page_says_that_it_was_sent(self, visitor: Visitor) -> None:
        visitor.send(walk(visitor), "/send")
        for path in ("/check", "/q/danger", "/q/about", "/resume"):
            page = visitor.get(path)
            assert (page.path, page.query) == ("/done", "again=1")
            assert "already sent" in page.text
            assert "Ada Example" not in page.text

    def test_a_check_page_that_is_out_of_date_is_shown_again(self, visitor: Visitor) -> None:
        check = walk(visitor)
        visitor.send(visitor.get("/q/needles"), needle_fear="9", wants_needling="unsure")
        again = visitor.send(check, "/send", anything_else="Keep this")
        assert again.status == 409
        assert again.heading == "Check your answers"
        assert "An answer was changed in another window" in again.main
        assert dict(again.form("/send").fields)["anything_else"] == "Keep this"
        assert visitor.send(again, "/send").path == "/done"


class TestDangerSigns:
    """A danger sign is answered at once, on its own page."""

    def test_the_patient_reads_what_to_do_now_and_may_go_on(self, visitor: Visitor) -> None:
        page = visitor.send(begin(visitor), danger_signs=["chest_pressure"])
        assert page.path == "/q/danger/stop"
        assert page.links["Call 112"] == "tel:112"
        assert "You told us: chest pressure or tightness" in page.main
        assert "This is on the clinic's list. It is not read at once." in page.main
        assert visitor.send(page).path == "/q/warning"

    def test_each_is_told_once(self, visitor: Visitor) -> None:
        stop = visitor.send(begin(visitor), danger_signs=["chest_pressure"])
        visitor.send(stop)
        assert visitor.send(visitor.get("/q/danger"), danger_signs=["chest_pressure"]).path == "/q/warning"

    def test_not_sure_interrupts_at_once_and_again_once_it_is_clear_what_it_is_about(self, visitor: Visitor) -> None:
        stop = visitor.send(begin(visitor), danger_signs=["not_sure"])
        assert stop.path == "/q/danger/stop"
        assert "Call 112 now if:" in stop.main
        assert "You told us" not in stop.main
        which = visitor.send(stop)
        assert which.path == "/q/danger_unsure"
        named = visitor.send(which, danger_signs_unsure=["saddle_numbness"])
        assert named.path == "/q/danger_unsure/stop"
        assert "you are newly numb between your legs" in named.main

    def test_a_sign_that_is_ticked_after_a_not_sure_is_told_for_sure(self, visitor: Visitor) -> None:
        which = visitor.send(visitor.send(begin(visitor), danger_signs=["not_sure"]))
        visitor.send(visitor.send(which, danger_signs_unsure=["breathless"]))
        page = visitor.send(visitor.get("/q/danger"), danger_signs=["breathless"])
        assert "You told us: new shortness of breath" in page.main

    def test_a_card_is_owed_until_the_patient_goes_on_from_it(self, app: Flask, visitor: Visitor) -> None:
        visitor.send(begin(visitor), danger_signs=["chest_pressure"])
        assert visitor.get("/resume").path == "/q/danger/stop"
        assert visitor.get("/check").path == "/q/danger/stop"
        assert [each.owed for each in stored(app, visitor).alarms.values()] == [True]
        assert visitor.send(visitor.get("/resume")).path == "/q/warning"
        assert [each.owed for each in stored(app, visitor).alarms.values()] == [False]
        assert visitor.get("/resume").path == "/q/warning"

    def test_going_on_from_a_card_settles_what_it_said_and_nothing_newer(self, visitor: Visitor) -> None:
        first = visitor.send(begin(visitor), danger_signs=["heart_racing"])
        visitor.send(visitor.get("/q/danger"), danger_signs=["heart_racing", "saddle_numbness"])
        again = visitor.send(first)
        assert again.path == "/q/danger/stop"
        assert "numb between the legs" in again.main
        assert visitor.send(again).path == "/q/warning"

    def test_several_signs_are_one_card_with_the_worst_first(self, visitor: Visitor) -> None:
        page = visitor.send(begin(visitor), danger_signs=["heart_racing", "saddle_numbness", "fever"])
        assert "You told us: numb between the legs, racing heart" in page.main
        assert "Call 112 or go to an emergency department now" in page.main
        assert page.main.count("Urgent:") == 1

    def test_what_is_taken_back_says_so_once_and_stays_with_the_clinic(self, app: Flask, visitor: Visitor) -> None:
        visitor.send(visitor.send(begin(visitor), danger_signs=["saddle_numbness"]))
        page = visitor.send(visitor.get("/q/danger"), danger_signs=["none"])
        assert page.path == "/q/danger/stop"
        assert "You took this answer back. If it is true, call 112." in page.main
        assert "numb" not in page.main
        assert visitor.send(page).path == "/q/warning"
        alarm = stored(app, visitor).alarms["cauda-equina-signs"]
        assert (alarm.withdrawn, alarm.owed) == (True, False)
        said_again = visitor.send(visitor.get("/q/danger"), danger_signs=["saddle_numbness"])
        assert "You told us: numb between the legs" in said_again.main

    def test_thoughts_of_self_harm_and_a_not_sure_get_kind_words_and_the_crisis_line(self, make_app: MakeApp) -> None:
        for code, words in (("considering", "Thank you for telling us"), ("not_sure", "at any time to talk")):
            visitor = Visitor(make_app(emergency_number="999", crisis_line="116 123").test_client(), CLINIC)
            page = walk(visitor, "/q/mood", gate_visit={"gate_visit": ["none"]})
            page = visitor.send(page, self_harm_thoughts=code)
            assert page.path == "/q/mood/stop"
            assert "You do not have to face this alone" in page.main
            assert page.links["Call 116 123"] == "tel:116123"
            assert words in page.main
            assert "emergency department" not in page.main
            assert "Urgent" not in page.main

    @pytest.mark.both_databases
    def test_the_clinic_has_the_alert_before_anything_is_sent(self, app: Flask, visitor: Visitor) -> None:
        visitor.send(begin(visitor), danger_signs=["chest_pressure"])
        assert stored(app, visitor).alarms

    def test_the_end_says_it_again_in_place_of_the_green_panel(self, visitor: Visitor) -> None:
        page = visitor.send(walk(visitor, danger={"danger_signs": ["chest_pressure"]}), "/send")
        assert page.heading == "Get help now"
        assert page.links["Call 112"] == "tel:112"

    def test_a_later_answer_that_makes_it_an_emergency_stops_the_patient_again(self, visitor: Visitor) -> None:
        page = visitor.send(begin(visitor), danger_signs=["heart_racing"])
        assert "Speak to a doctor today" in page.main
        page = visitor.send(visitor.send(page), gate_warning=["limb"])
        page = visitor.send(page, limb_signs=["leg_swollen"])
        assert page.path == "/q/limb/stop"
        assert "Call 112 or go to an emergency department now" in page.main

    def test_the_clinics_own_numbers_stand_in_the_fixed_words(self, make_app: MakeApp) -> None:
        visitor = Visitor(make_app(emergency_number="999", urgent_line="111").test_client(), CLINIC)
        page = visitor.send(begin(visitor), danger_signs=["chest_pressure"])
        assert "{" not in page.main
        assert page.links["Call 999"] == "tel:999"
        assert "112" not in page.main

    def test_without_an_urgent_line_the_words_send_to_a_doctor_and_not_to_the_emergency_number(
        self, visitor: Visitor
    ) -> None:
        page = visitor.send(begin(visitor), danger_signs=["heart_racing"])
        assert "Please call your doctor now" in page.main
        assert "Speak to a doctor today" in page.main


class TestTwoWindows:
    """The same page answered in two windows: nothing is overwritten unseen."""

    @pytest.mark.both_databases
    def test_both_answers_are_shown_and_the_patient_chooses_the_new_one(self, app: Flask, visitor: Visitor) -> None:
        stale = walk(visitor, "/q/needles")
        visitor.send(visitor.get("/q/needles"), needle_fear="2", wants_needling="yes")
        page = visitor.send(stale, needle_fear="9", wants_needling="no")
        assert page.status == 409
        assert "Saved before2 Just sent from this page9" in page.main
        assert stored(app, visitor).answers["needle_fear"] == 2
        assert visitor.send(page).path == "/q/therapies"
        assert stored(app, visitor).answers["needle_fear"] == 9

    def test_or_keeps_the_old_one(self, app: Flask, visitor: Visitor) -> None:
        stale = walk(visitor, "/q/needles")
        visitor.send(visitor.get("/q/needles"), needle_fear="2", wants_needling="yes")
        page = visitor.send(stale, needle_fear="9", wants_needling="no")
        assert page.links["Keep what was saved before"] == "/q/needles"
        assert visitor.get("/q/needles").status == 200
        assert stored(app, visitor).answers["needle_fear"] == 2

    def test_the_same_answers_again_are_no_conflict(self, visitor: Visitor) -> None:
        stale = walk(visitor, "/q/needles")
        visitor.send(stale, needle_fear="2", wants_needling="yes")
        assert visitor.send(stale, needle_fear="2", wants_needling="yes").path == "/q/therapies"

    def test_another_page_in_the_other_window_is_no_conflict(self, visitor: Visitor) -> None:
        stale = walk(visitor, "/q/needles")
        visitor.send(visitor.get("/q/reason"), pain_duration="over_5_years")
        assert visitor.send(stale, needle_fear="2", wants_needling="yes").path == "/q/therapies"


class TestResume:
    """Going on later, in the same browser."""

    def test_the_start_page_offers_the_saved_answers(self, visitor: Visitor) -> None:
        walk(visitor, "/q/who")
        page = visitor.get("/")
        assert visitor.get(page.links["Go on with your saved answers"]).path == "/q/who"

    def test_they_live_for_seven_days(self, visitor: Visitor, clock: Clock) -> None:
        walk(visitor, "/q/who")
        clock.move(days=6, hours=23)
        assert visitor.get("/resume").path == "/q/who"
        clock.move(hours=2)
        assert visitor.get("/resume").path == "/"

    def test_the_page_for_later_says_until_when(self, visitor: Visitor) -> None:
        walk(visitor, "/q/who")
        assert "29 November 2026" in visitor.get("/later").main

    def test_clear_and_leave_takes_the_way_off_the_device(self, visitor: Visitor) -> None:
        walk(visitor, "/q/who")
        page = visitor.send(visitor.get("/later"), "/leave")
        assert page.path == "/"
        assert visitor.get("/q/about").path == "/"

    def test_a_network_that_starts_without_end_waits_and_the_drafts_that_were_begun_go_on(
        self, app: Flask, visitor: Visitor
    ) -> None:
        walk(visitor, "/q/who")
        for _try in range(39):
            assert start_anew(app).status_code == 303
        refused = start_anew(app)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "3600"
        lint.check(refused, CLINIC)
        assert visitor.send(visitor.get("/q/who"), **CALM["who"]).path == "/q/pain_where"

    @pytest.mark.parametrize("sent", [False, True])
    def test_clear_and_leave_ends_a_copy_of_the_cookie_too(self, app: Flask, visitor: Visitor, sent: bool) -> None:
        last = visitor.send(walk(visitor), "/send").path if sent else walk(visitor, "/q/who").path
        cookie = visitor.client.get_cookie("intake_draft")
        assert cookie is not None
        copy = Visitor(app.test_client(), CLINIC)
        copy.client.set_cookie("intake_draft", cookie.value)
        assert copy.get(last).path == last

        visitor.send(visitor.get("/later"), "/leave")

        assert copy.get(last).path == "/"

    def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(self, app: Flask) -> None:
        client = app.test_client()
        page = Visitor(client, CLINIC).get("/")
        sent = client.post("/start", data=dict(page.form("/start").fields))
        cookie = next(value for value in sent.headers.getlist("Set-Cookie") if value.startswith("intake_draft"))
        for part in ("HttpOnly", "SameSite=Lax", "Max-Age=604800", "Path=/"):
            assert part in cookie


def test_larger_text_goes_along_with_the_form_and_loses_nothing(visitor: Visitor) -> None:
    begin(visitor)
    visitor.client.set_cookie("big", "1")
    page = visitor.get("/q/danger")
    assert 'id="big" name="big" value="1" form="page" checked' in page.text
    assert 'form="page" checked' in visitor.send(page, danger_signs=NONE).text
    small = visitor.send(visitor.get("/q/danger"), danger_signs=NONE, big=None)
    assert 'form="page" checked' not in small.text
