"""The form of last time: only behind an invitation and the birth date, confirmed row by row, never a "no" of then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from intake.storage import intakes, matches, visit_forms, visits
from intake.storage.subjects import SUBJECTS
from intake.workflow.desk import people
from intake.workflow.desk.identity import Identity
from intake.workflow.patient import drafts
from intake.workflow.review.people import Practitioner
from tests.support.again import ADA, FORM, PAGE, STILL, invited_again, sent_before
from tests.support.client import Visitor
from tests.support.desk import at_the_desk
from tests.support.invited import OTHER_DAY, come_in, path_of
from tests.support.journeys import CALM, Answers, begin, name_of
from tests.support.tablets import begin as sit_down
from tests.support.tablets import enrolled, page_form, without_visit
from tests.support.tablets import step as tablet_step

if TYPE_CHECKING:
    from intake.workflow.patient.drafts import Draft
    from tests.support.client import Page
    from tests.support.practice import Practice
    from tests.support.visitor import Posted

CONFIRMED: Answers = {**STILL, "since-medicines": "changed", "since-needles": "not_sure", "since-pain": "same"}
OWN: dict[str, Answers] = {
    **CALM,
    "about": {
        "full_name": "Ada Lovelace",
        "date_of_birth-day": "10",
        "date_of_birth-month": "12",
        "date_of_birth-year": "1985",
        "contact-phone": "01234 555 123",
        "contact-email": "ada@mail.example",
    },
    "therapies": {"therapies_tried": ["physiotherapy"], "goals": ["less_pain"]},
    "therapies_detail": {"effects-physiotherapy": "helped", "therapies_now": ["none"]},
}
OLD = ("01234 555 123", "Fusion", "Physiotherapy", FORM)


def draft_of(practice: Practice, visit: str) -> Draft:
    with practice.clinic.database.read() as connection:
        form = visit_forms.forms(connection, [visit])[visit]
    return drafts.load_by_id(practice.clinic, form.draft_id)


def on_to_the_end(visitor: Visitor, page: Page) -> list[str]:
    """Answer page after page, up to the check page; the pages that were met."""
    met = []
    while page.path != "/check":
        met.append(name_of(page.path))
        page = visitor.send(page, **OWN[met[-1]])
        assert not page.errors, (page.path, page.errors)
    return met


@pytest.mark.both_databases
def test_one_page_stands_before_the_questions_with_nothing_chosen(practice: Practice) -> None:
    sent_before(practice)
    _visit, link = invited_again(practice)
    visitor = practice.visitor()
    page = come_in(visitor, link)
    assert (page.path, page.heading) == (PAGE, "Welcome back")
    assert all(words in page.main for words in (*OLD, "Left low back", "Massage"))
    assert [name for name, _value in page.form().fields] == ["csrf_token", "draft", "version", "end"]
    assert visitor.get("/q/danger").path == PAGE
    assert visitor.get("/check").path == PAGE


def test_no_denial_and_no_doubt_of_last_time_is_offered(practice: Practice) -> None:
    sent_before(
        practice, {"therapies_tried": ("not_sure",), "gate_heart": ("collapsed_lung",), "pneumothorax": "never"}
    )
    _visit, link = invited_again(practice)
    page = come_in(practice.visitor(), link)
    rows = {box.get("name") for box in page.tree.iter("input") if (box.get("name") or "").startswith("still-")}
    assert rows == {"still-about"}


def test_what_is_confirmed_is_an_answer_given_now_and_the_trail_says_of_which_form(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), **CONFIRMED)
    assert page.path == "/q/danger"
    draft = draft_of(practice, visit)
    said = {name: draft.answers[name] for name in ("spine_surgery", "spine_surgery_regions", "therapies_tried")}
    assert said == {
        "spine_surgery": "fusion_or_rods",
        "spine_surgery_regions": ("low_back_left",),
        "therapies_tried": ("physiotherapy", "massage"),
    }
    assert draft.answers["age_years"] == 40
    trail = {change.key: change for change in drafts.history(practice.clinic, draft.id)}
    assert trail["spine_surgery"].new == "fusion_or_rods"
    for name in ("age_years", "spine_surgery", "spine_surgery_regions", "therapies_tried"):
        assert str(trail[f"confirmed-{name}"].new).startswith("2026-11-1"), name
        assert trail[f"confirmed-{name}"].at == practice.now()
    assert trail["since-medicines"].new == "changed"
    assert "since-health" not in trail


def test_a_confirmed_answer_is_not_asked_again_and_the_list_in_front_asks_all_the_rest(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), **CONFIRMED)
    met = []
    while page.path != "/check":
        met.append(name_of(page.path))
        if met[-1] == "devices":
            assert "Spine operation" not in page.main.replace("Spine operation or injection", "")
            assert visitor.send(page, gate_devices=None).errors
        answers = OWN.get(met[-1], {"effects-physiotherapy": "helped", "effects-massage": "helped"})
        answers = {name: given for name, given in answers.items() if name != "therapies_tried"}
        if met[-1] == "therapies_detail":
            answers["effects-massage"] = "no_change"
        page = visitor.send(page, **answers)
        assert not page.errors, (page.path, page.errors)
    assert not {"about", "spine_surgery", "spine_surgery_where"} & set(met)
    assert "devices" in met
    assert "Fusion, rods or screws" in page.main
    visitor.send(page, "/send")
    draft = draft_of(practice, visit)
    assert draft.sent
    assert draft.answers["gate_devices"] == ("spine_surgery",)
    assert set(draft.answers["gate_devices_seen"]) >= {"spine_surgery", "devices"}  # type: ignore[arg-type]  # a list


def test_a_row_left_alone_and_one_to_be_answered_again_are_asked_on_their_pages(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), **{"still-spine_surgery": "again"})
    assert not {"spine_surgery", "therapies_tried", "age_years"} & draft_of(practice, visit).answers.keys()
    met = on_to_the_end(visitor, page)
    assert {"about", "therapies", "devices"} <= set(met)


def test_what_changed_comes_first_and_the_same_skips_nothing(practice: Practice) -> None:
    sent_before(practice)
    _visit, link = invited_again(practice)
    visitor = practice.visitor()
    met = on_to_the_end(visitor, visitor.send(come_in(visitor, link), **{"since-medicines": "changed"}))
    assert met[:2] == ["danger", "warning"]
    assert met.index("medicines") < met.index("pain_where") < met.index("heart_lungs")
    other_visit, other_link = invited_again(practice)
    assert other_visit
    other = practice.visitor()
    same = dict.fromkeys(("since-pain", "since-medicines", "since-health", "since-implants", "since-needles"), "same")
    as_ever = on_to_the_end(other, other.send(come_in(other, other_link), **same))
    assert sorted(as_ever) == sorted(met)
    assert as_ever.index("pain_where") < as_ever.index("medicines")


def test_the_practitioner_reads_what_has_changed_and_what_was_not_said_and_the_desk_nothing(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    marks = {name: given for name, given in CONFIRMED.items() if name != "still-therapies"}
    page = visitor.send(come_in(visitor, link), **marks)
    assert on_to_the_end(visitor, page)
    check = visitor.get("/check")
    assert "Medicines: Changed" in check.main
    visitor.send(check, "/send")
    with practice.clinic.database.read() as connection:
        intake_id = visit_forms.forms(connection, [visit])[visit].intake_id
    said = practice.practitioner().get(f"/review/{intake_id}").main
    assert "The patient says changed since 12 Nov 2026: medicines." in said
    assert "Not sure: skin, allergies, needles." in said
    assert "The same: pain." in said
    assert "Not answered: illnesses, implants, operations, treatment." in said
    assert "Confirmed from that form: name, birth date, contact, spine operation, its place." in said
    desk = at_the_desk(practice)
    for path in (f"/desk/visits/{visit}", "/desk?day=2026-11-23"):
        assert "hanged" not in desk.get(path).main.replace("unchanged", "")
    assert "Medicines: Changed" in come_in(practice.visitor(), link).main


def test_what_was_confirmed_and_changed_afterwards_is_not_told_as_confirmed(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), **{"still-spine_surgery": "right", "still-about": "right"})
    practice.clinic.tick()
    assert on_to_the_end(visitor, page)
    visitor.send(visitor.get("/q/spine_surgery"), spine_surgery="disc_or_laminectomy")
    visitor.send(visitor.get("/check"), "/send")
    with practice.clinic.database.read() as connection:
        intake_id = visit_forms.forms(connection, [visit])[visit].intake_id
    said = practice.practitioner().get(f"/review/{intake_id}").main
    assert "Confirmed from that form: name, birth date, contact, its place." in said
    assert "The patient names no change since 12 Nov 2026." in said


def test_risks_that_vanished_or_ran_out_stand_above_the_findings(practice: Practice) -> None:
    gone: Posted = {"gate_medicines": ("thinners",), "blood_thinners": ("apixaban",)}
    over: Posted = {"gate_devices": ("recent_injections",), "recent_injections": ("steroid_6_weeks",)}
    open_then: Posted = {"gate_conditions": ("epilepsy",), "epilepsy": "not_sure"}
    sent_before(practice, {**gone, **over, **open_then})
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    on_to_the_end(visitor, visitor.send(come_in(visitor, link)))
    visitor.send(visitor.get("/check"), "/send")
    with practice.clinic.database.read() as connection:
        intake_id = visit_forms.forms(connection, [visit])[visit].intake_id
    page = practice.practitioner().get(f"/review/{intake_id}")
    note = next("".join(part.itertext()) for part in page.tree.iter() if part.get("id") == "vanished")
    found, _, rest = note.partition("Ran out since 12 Nov 2026:")
    ran_out, _, asked = rest.partition("Open on 12 Nov 2026, and not now:")
    assert "Found on 12 Nov 2026, and not now:" in found
    assert "anticoagulant" in found
    assert "Injection or vaccine not long ago" in ran_out
    assert "ask for the date" in ran_out
    assert "pilep" in asked
    assert "pilep" not in found
    assert page.main.index("and not now") < page.main.index("Safety map")


def test_nothing_of_last_time_stands_before_the_birth_date_is_given(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    before, wrong = visitor.get(link), come_in(visitor, link, **OTHER_DAY)
    for page in (before, wrong, visitor.get(PAGE), visitor.get("/resume")):
        assert page.path in ("/i", "/")
        assert not [words for words in OLD if words in page.text]
    with practice.clinic.database.read() as connection:
        assert visit not in visit_forms.forms(connection, [visit])


def test_where_no_birth_date_is_known_nothing_of_last_time_is_shown(practice: Practice) -> None:
    first = sent_before(practice)
    nameless = replace(ADA, born="")
    visit, link = invited_again(practice, nameless)
    with practice.clinic.database.read() as connection:
        one = intakes.by_id(connection, first).line.subject.id
        other = visits.by_id(connection, visit).subject.id
    people.decide(practice.clinic, one, other, Practitioner(practice.account("k@harbour.example")), same=True)
    visitor = practice.visitor()
    page = visitor.send(visitor.get(link), "/i")
    assert page.path == "/q/danger"
    assert visitor.get(PAGE).path == "/q/danger"


def test_the_open_link_and_its_four_words_show_nothing_of_last_time(practice: Practice) -> None:
    sent_before(practice)
    visitor, other = practice.visitor(), practice.visitor()
    page = begin(visitor)
    while page.path != "/q/who":
        page = visitor.send(page, **OWN[name_of(page.path)])
    assert visitor.get(PAGE).path == "/q/who"
    words = visitor.send(visitor.get("/move"), "/move")
    typed = next("".join(part.itertext()) for part in words.tree.iter() if part.get("class") == "ref")
    page = other.get("/move/in")
    page = other.send(
        page, "/move/in", words=typed, **{key: OWN["about"][key] for key in OWN["about"] if "date" in key}
    )
    assert page.path == "/q/who"
    assert other.get(PAGE).path == "/q/who"
    assert not [words for words in OLD[1:] if words in page.text]


def test_another_person_of_that_birth_date_reads_nothing_of_it(practice: Practice) -> None:
    sent_before(practice)
    _visit, link = invited_again(practice, Identity("Bea Lovelace", "1985-12-10", "01234 555 123", "ada@mail.example"))
    assert come_in(practice.visitor(), link).path == "/q/danger"


def test_a_join_that_was_undone_shows_nothing_any_more(practice: Practice) -> None:
    first = sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    assert "Fusion" in come_in(visitor, link).main
    with practice.clinic.database.read() as connection:
        one = intakes.by_id(connection, first).line.subject.id
        joined = [(match.subject_id, match.other_id) for match in matches.of_subjects(connection, [one])]
    who = Practitioner(practice.account("k@harbour.example"))
    for pair in joined:
        people.undo(practice.clinic, *pair, who)
    again = visitor.get(PAGE)
    assert again.path == PAGE
    assert not [words for words in OLD if words in again.text]
    page = visitor.send(again, **{"since-pain": "changed"})
    assert page.path == "/q/danger"
    assert "spine_surgery" not in draft_of(practice, visit).answers


def test_a_form_of_last_time_that_is_damaged_keeps_nobody_from_the_questions(practice: Practice) -> None:
    first = sent_before(practice)
    _visit, link = invited_again(practice)
    visitor = practice.visitor()
    assert "Fusion" in come_in(visitor, link).main
    with practice.clinic.database.begin() as connection:
        of_form = intakes.by_id(connection, first).line.subject.id
        connection.execute(update(SUBJECTS).where(SUBJECTS.c.id == of_form).values(identity=b"damaged"))
    page = visitor.get(PAGE)
    assert (page.path, page.status) == (PAGE, 200)
    assert not [words for words in OLD if words in page.text]
    assert visitor.send(page).path == "/q/danger"


def test_what_was_answered_is_shown_no_second_time(practice: Practice) -> None:
    sent_before(practice)
    _visit, link = invited_again(practice)
    visitor = practice.visitor()
    danger = visitor.send(come_in(visitor, link), **{"since-pain": "changed"})
    back = visitor.get(danger.links["Back"])
    assert back.path == PAGE
    assert not [words for words in OLD if words in back.text]
    assert ("since-pain", "changed") in back.form().fields
    assert visitor.send(back, **{"since-pain": None, "since-health": "same"}).path == "/q/danger"
    assert dict(visitor.get(PAGE).form().fields)["since-health"] == "same"
    assert "since-pain" not in dict(visitor.get(PAGE).form().fields)


def test_a_page_that_was_answered_in_another_window_writes_over_nothing(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    stale = come_in(visitor, link)
    visitor.send(stale, **{"since-pain": "changed"})
    refused = visitor.send(stale, **CONFIRMED)
    assert refused.status == 422
    assert "has changed since you opened it" in refused.main
    draft = draft_of(practice, visit)
    assert draft.answers["since-pain"] == "changed"
    assert "spine_surgery" not in draft.answers


def test_two_windows_that_say_different_things_of_what_changed_end_in_a_choice(practice: Practice) -> None:
    sent_before(practice)
    visit, link = invited_again(practice)
    visitor = practice.visitor()
    visitor.send(come_in(visitor, link))
    one, other = visitor.get(PAGE), visitor.get(PAGE)
    visitor.send(one, **{"since-pain": "changed"})
    both = visitor.send(other, **{"since-pain": "same"})
    assert both.status == 409
    assert all(words in both.main for words in ("Your pain: Changed", "Your pain: The same"))
    assert draft_of(practice, visit).answers["since-pain"] == "changed"
    assert visitor.send(both).path == "/q/danger"
    assert draft_of(practice, visit).answers["since-pain"] == "same"


def test_the_page_of_another_draft_tells_nothing(practice: Practice) -> None:
    sent_before(practice)
    _visit, link = invited_again(practice)
    visitor = practice.visitor()
    page = come_in(visitor, link)
    visitor.send(visitor.get("/"), "/start")
    other = visitor.send(page, **CONFIRMED)
    assert (other.status, other.heading) == (409, "This page belongs to other answers")
    assert not [words for words in OLD if words in other.text]


def slip_of(practice: Practice, visit: str) -> str:
    desk = at_the_desk(practice)
    slip = desk.send(desk.get(f"/desk/visits/{visit}"), f"/desk/visits/{visit}/slip")
    return next("".join(part.itertext()) for part in slip.tree.iter() if part.get("class") == "ref")


BORN = {"date_of_birth-day": "10", "date_of_birth-month": "12", "date_of_birth-year": "1985"}


def test_a_walk_in_on_the_tablet_begins_with_nothing_of_last_time(practice: Practice) -> None:
    sent_before(practice)
    practice.clock.now = practice.clock.now.replace(day=23, hour=8)
    invited_again(practice)
    practice.clock.now = practice.clock.now.replace(day=24)
    for name, sit in (("Room 1", sit_down), ("Room 2", without_visit)):
        tablet = enrolled(practice, name)
        page = sit(tablet)
        assert page_form(page) == "/tablet/q/danger"
        assert not [words for words in OLD if words in page.text]
        page = tablet.send(page, "/tablet/go", to="last_time")
        assert page_form(page) == "/tablet/q/danger"
        posted = page.form("/tablet/q/danger").fill({"danger_signs": None, **STILL})
        assert page_form(tablet.post("/tablet/q/last_time", posted)) == "/tablet/q/danger"


def test_a_slips_code_and_the_birth_date_show_it_on_the_tablet_once(practice: Practice) -> None:
    sent_before(practice)
    visit, _link = invited_again(practice)
    code, tablet = slip_of(practice, visit), enrolled(practice)
    page = tablet.send(tablet.get("/tablet"), "/tablet/begin", code=code, **BORN)
    assert page_form(page) == "/tablet/q/last_time"
    assert "Fusion, rods or screws" in page.main
    page = tablet.send(page, page_form(page), **CONFIRMED)
    assert page_form(page) == "/tablet/q/danger"
    back = tablet.send(page, "/tablet/go", to="last_time")
    assert page_form(back) == "/tablet/q/last_time"
    assert not [words for words in OLD if words in back.text]
    assert page_form(tablet_step(tablet, tablet.send(back, page_form(back)))) == "/tablet/q/warning"


@pytest.mark.parametrize("way", ["birth date", "staff"])
def test_a_locked_form_that_is_opened_without_a_code_shows_nothing_of_it(practice: Practice, way: str) -> None:
    sent_before(practice)
    visit, _link = invited_again(practice)
    code, tablet = slip_of(practice, visit), enrolled(practice)
    assert "Fusion" in tablet.send(tablet.get("/tablet"), "/tablet/begin", code=code, **BORN).main
    start = tablet.get("/tablet")
    if way == "birth date":
        page = tablet.send(start, "/tablet/begin", letters="Ad", **BORN)
    else:
        desk = at_the_desk(practice)
        desk.send(desk.get("/desk/tablets"), opening(desk.get("/desk/tablets")))
        page = tablet.send(tablet.get("/tablet"), "/tablet/again")
    assert page_form(page) == "/tablet/q/danger"
    assert not [words for words in OLD if words in page.text]
    back = tablet.send(page, "/tablet/go", to="last_time")
    assert not [words for words in OLD if words in back.text]


def opening(page: Page) -> str:
    """Where the button goes that opens a locked form again."""
    return next(form.get("action", "") for form in page.tree.iter("form") if "open" in form.get("action", ""))


def test_a_correction_keeps_what_was_said_and_a_new_link_offers_the_newest_form(practice: Practice) -> None:
    sent_before(practice)
    _visit, link = invited_again(practice)
    visitor = practice.visitor()
    page = visitor.send(come_in(visitor, link), **{"since-pain": "changed"})
    on_to_the_end(visitor, page)
    visitor.send(visitor.get("/check"), "/send")
    other = practice.visitor()
    check = other.send(come_in(other, link), "/copy/change")
    assert check.path == "/check"
    assert "Your pain: Changed" in check.main
    other.send(check, "/send")
    practice.clock.now = practice.clock.now.replace(day=30)
    _next, next_link = invited_again(practice)
    assert "22 November 2026" in come_in(practice.visitor(), next_link).main


def test_a_link_of_a_letter_is_no_invitation_to_read_it(practice: Practice) -> None:
    sent_before(practice)
    _visit, link = invited_again(practice)
    stranger = practice.visitor()
    assert path_of(link) == link
    for path in (PAGE, f"{PAGE}/stop"):
        assert stranger.get(path).path == "/"
