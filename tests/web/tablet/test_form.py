"""A form on the tablet: begun by birth date, each page shown once, else locked; wiped only where it is nobody's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from intake.storage.alerts import ALERTS
from intake.storage.devices import SITTINGS
from intake.storage.drafts import DRAFTS
from intake.workflow.desk.identity import Identity
from tests.support.desk import at_the_desk, booked
from tests.support.journeys import CALM
from tests.support.small_clinic import NOW
from tests.support.tablets import BORN, begin, enrolled, name_of, page_form, step, walk, without_visit

if TYPE_CHECKING:
    from tests.support.practice import Practice

ADA = Identity("Ada Lovelace", "1985-12-10", "01234 555 123")
OWN = {"about": {**CALM["about"], "full_name": "Ada Lovelace", **BORN}}
OTHER = {"about": {**CALM["about"], "full_name": "Grace Hopper", **BORN}}
DANGER = {"danger": {"danger_signs": ["chest_pressure"]}}


def come(practice: Practice, who: Identity = ADA) -> str:
    return booked(practice.clinic, who, NOW + timedelta(hours=1))


def drafts(practice: Practice) -> list[tuple[str, str | None, int]]:
    with practice.clinic.database.read() as connection:
        query = select(DRAFTS.c.id, DRAFTS.c.visit_id, DRAFTS.c.version).order_by(DRAFTS.c.started_at)
        return [tuple(row) for row in connection.execute(query)]


def test_the_start_page_names_nobody_and_one_tap_begins_an_empty_form_for_the_visit(practice: Practice) -> None:
    visit, tablet = come(practice), enrolled(practice)
    start = tablet.get("/tablet")
    assert "Lovelace" not in start.text
    page = begin(tablet)
    assert (page.path, name_of(page)) == ("/tablet/form", "danger")
    assert [row[1:] for row in drafts(practice)] == [(visit, 1)]
    assert tablet.client.get_cookie("intake_draft") is None


@pytest.mark.parametrize(
    ("letters", "born"),
    [("Gr", BORN), ("A", BORN), ("", BORN), ("Ad", {**BORN, "date_of_birth-year": "1986"})],
)
def test_another_name_or_date_finds_nobody(practice: Practice, letters: str, born: dict[str, str]) -> None:
    come(practice)
    tablet = enrolled(practice)
    page = begin(tablet, letters, born)
    assert page.errors[0].startswith("We do not find you among today")
    assert drafts(practice) == []
    assert tablet.get("/tablet").errors == []


def test_a_script_that_asks_for_the_next_page_meets_the_same_word(practice: Practice) -> None:
    tablet = enrolled(practice)
    fields = tablet.get("/tablet").form("/tablet/begin").fill({**BORN, "letters": "Xy"})
    assert tablet.client.post("/tablet/begin", data=dict(fields)).status_code == 303
    assert tablet.get("/tablet/form").errors[0].startswith("We do not find you")


def test_a_second_name_finds_the_visit_too(practice: Practice) -> None:
    come(practice)
    assert name_of(begin(enrolled(practice), "love")) == "danger"


def test_two_of_one_date_and_letters_are_asked_to_fetch_a_person(practice: Practice) -> None:
    come(practice)
    come(practice, Identity("Adam Twin", "1985-12-10"))
    assert begin(enrolled(practice)).errors
    assert drafts(practice) == []


def test_guessing_ends(practice: Practice) -> None:
    tablet = enrolled(practice)
    for _try in range(10):
        assert "We do not find you" in begin(tablet).errors[0]
    assert begin(tablet).errors == ["That was tried too often. Please fetch a person."]


def test_a_whole_form_is_sent_who_helped_is_kept_and_the_start_page_ends_it(practice: Practice) -> None:
    visit, tablet = come(practice), enrolled(practice)
    done = walk(tablet, begin(tablet), "/tablet/finish", **OWN)
    assert done.heading == "Answers sent"
    done = tablet.send(done, "/tablet/helped", helper="interpreter")
    assert "We have noted who helped" in done.main
    with practice.clinic.database.read() as connection:
        assert connection.scalars(select(SITTINGS.c.helper)).all() == ["interpreter"]
    end = tablet.send(done, "/tablet/finish")
    assert (end.path, drafts(practice)[0][1]) == ("/tablet", visit)
    assert tablet.get("/tablet/form").path == "/tablet"
    assert "sent" in at_the_desk(practice).get("/desk").main.lower()


@pytest.mark.parametrize("way", ["leave", "clear"])
def test_the_page_after_the_end_clears_the_browser_and_no_redirect_does_which_webkit_would_hang_on(
    practice: Practice, way: str
) -> None:
    come(practice)
    tablet = enrolled(practice)
    start = tablet.get("/tablet").form("/tablet/begin").fill({**BORN, "letters": "Ad"})
    begun = tablet.client.post("/tablet/begin", data=dict(start))
    page = tablet.get("/tablet/form")
    left = tablet.client.post(f"/tablet/{way}", data=dict(page.form(f"/tablet/{way}").fill({})))
    for response in (begun, left):
        assert (response.status_code, response.headers.get("Clear-Site-Data")) == (303, None)
    assert tablet.client.get("/tablet").headers["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("address", ["/tablet/form", "/tablet", "/tablet/idle", "/tablet/over", "/"])
def test_any_other_way_to_a_page_locks_the_form_until_the_birth_date(practice: Practice, address: str) -> None:
    come(practice)
    tablet = enrolled(practice)
    page = step(tablet, begin(tablet))
    assert name_of(page) == "warning"
    assert tablet.get(address).path == "/tablet"
    assert tablet.get("/tablet/form").path == "/tablet"
    late = tablet.send(page, page_form(page), gate_warning=["none"])
    assert late.path == "/tablet"
    assert drafts(practice)[0][2] == 2
    wrong = begin(tablet, "Ad", {**BORN, "date_of_birth-day": "11"})
    assert wrong.path == "/tablet"
    assert name_of(begin(tablet)) == "warning"
    assert len(drafts(practice)) == 1


def test_another_person_begins_anew_and_the_form_before_stays(practice: Practice) -> None:
    come(practice)
    come(practice, Identity("Bob Next", "1970-01-02"))
    tablet = enrolled(practice)
    first = step(tablet, begin(tablet))
    born = {"date_of_birth-day": "2", "date_of_birth-month": "1", "date_of_birth-year": "1970"}
    second = begin(tablet, "Bo", born)
    assert name_of(second) == "danger"
    stale = tablet.send(first, page_form(first), gate_warning=["none"])
    assert stale.path == "/tablet"
    assert [row[2] for row in drafts(practice)] == [2, 1]


def test_back_change_and_faults_are_answered_by_a_page_that_is_shown_once(practice: Practice) -> None:
    come(practice)
    tablet = enrolled(practice)
    page = step(tablet, begin(tablet))
    fields = page.form("/tablet/q/warning").fill({"gate_warning": None})
    assert tablet.client.post("/tablet/q/warning", data=dict(fields)).status_code == 303
    refused = tablet.get("/tablet/form")
    assert (refused.status, len(refused.errors)) == (422, 1)
    back = tablet.send(refused, "/tablet/go", to="danger")
    assert (back.path, name_of(back)) == ("/tablet/form", "danger")
    assert ("danger_signs", "none") in back.form("/tablet/q/danger").fields


def test_what_was_typed_on_a_refused_page_is_shown_once_and_sealed(practice: Practice) -> None:
    come(practice)
    tablet = enrolled(practice)
    page = walk(tablet, begin(tablet), "/tablet/q/about")
    told = {**OWN["about"], "full_name": "Zebulon Quagga", "date_of_birth-year": ""}
    tablet.client.post("/tablet/q/about", data=dict(page.form("/tablet/q/about").fill(told)))
    with practice.clinic.database.read() as connection:
        kept = connection.scalar(select(SITTINGS.c.refused))
    assert kept is not None
    assert b"Quagga" not in kept
    assert "Zebulon Quagga" in tablet.get("/tablet/form").text
    with practice.clinic.database.read() as connection:
        assert connection.scalar(select(SITTINGS.c.refused)) is None


def test_every_typed_box_keeps_the_browser_from_remembering(practice: Practice) -> None:
    come(practice)
    tablet, page = enrolled(practice), None
    page = begin(tablet)
    while page_form(page) != "/tablet/finish":
        boxes = [box for box in page.tree.iter("input") if box.get("type") in ("text", "tel", "email", None)]
        assert all(box.get("autocomplete") == "off" for box in [*boxes, *page.tree.iter("textarea")]), page.text
        assert all(form.get("autocomplete") == "off" for form in page.tree.iter("form"))
        page = step(tablet, page, **OWN)


def test_a_wipe_forgets_what_is_nobodys(practice: Practice) -> None:
    tablet = enrolled(practice)
    page = step(tablet, without_visit(tablet))
    assert tablet.send(page, "/tablet/clear").path == "/tablet"
    assert drafts(practice) == []


@pytest.mark.parametrize("signs", [["chest_pressure"], ["not_sure"]])
def test_a_wipe_keeps_what_ever_alarmed(practice: Practice, signs: list[str]) -> None:
    tablet = enrolled(practice)
    page = step(tablet, without_visit(tablet), danger={"danger_signs": signs})
    if "/stop/" in page_form(page):
        page = tablet.send(page, page_form(page))
    page = tablet.send(page, "/tablet/go", to="danger")
    page = step(tablet, page)
    with practice.clinic.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(ALERTS))
    assert tablet.send(page, "/tablet/clear").path == "/tablet"
    assert len(drafts(practice)) == 1


def test_a_wipe_keeps_the_form_of_a_visit(practice: Practice) -> None:
    come(practice)
    tablet = enrolled(practice)
    page = step(tablet, begin(tablet))
    assert tablet.send(page, "/tablet/clear").path == "/tablet"
    assert [row[2] for row in drafts(practice)] == [2]
    assert name_of(begin(tablet)) == "warning"


def test_without_scripts_an_empty_room_clears_the_tablet(practice: Practice) -> None:
    tablet = enrolled(practice)
    page = step(tablet, without_visit(tablet))
    assert '<meta http-equiv="refresh" content="90; url=/tablet/idle">' in page.text
    practice.clock.late += timedelta(seconds=90)
    idle = tablet.get("/tablet/idle")
    assert idle.heading == "Are you still there?"
    page = tablet.send(idle, "/tablet/go", more="1")
    assert (name_of(page), 'content="600; url=' in page.text) == ("warning", True)
    practice.clock.late += timedelta(seconds=600)
    assert tablet.get("/tablet/idle").heading == "Are you still there?"
    practice.clock.late += timedelta(seconds=30)
    assert tablet.get("/tablet/over").path == "/tablet"
    assert drafts(practice) == []


def test_another_person_than_the_visits_is_unclear_and_staff_say_whose_it_is(practice: Practice) -> None:
    visit, tablet = come(practice), enrolled(practice)
    page = walk(tablet, begin(tablet), "/tablet/q/about", **DANGER)
    page = step(tablet, page, **OTHER)
    assert name_of(page) == "who"
    assert drafts(practice)[0][1] is None
    desk = at_the_desk(practice)
    today = desk.get("/desk")
    assert "1 form on a tablet: person unclear" in today.main
    assert "please send a person" in today.main
    listed = desk.get("/desk/tablets")
    assert "Grace Hopper" in listed.main
    assert "begun as Ada Lovelace" in listed.main
    assert "chest" not in listed.text.lower()
    assert tablet.send(page, "/tablet/clear").path == "/tablet"
    with practice.clinic.database.read() as connection:
        assert connection.scalars(select(ALERTS.c.rule)).all()
    after = desk.send(listed, "/desk/tablets/attach", visit=visit)
    assert "Person unclear" not in after.main
    assert drafts(practice)[0][1] == visit


def test_the_same_person_stays_with_the_visit(practice: Practice) -> None:
    visit, tablet = come(practice), enrolled(practice)
    maiden = {"about": {**OWN["about"], "full_name": "Byron, Ada"}}
    step(tablet, walk(tablet, begin(tablet), "/tablet/q/about"), **maiden)
    assert drafts(practice)[0][1] == visit


def test_staff_open_a_locked_form_again_once(practice: Practice) -> None:
    tablet, desk = enrolled(practice), at_the_desk(practice)
    step(tablet, without_visit(tablet))
    assert "Go on with your form" not in tablet.get("/tablet").main
    page = desk.get("/desk/tablets")
    action = next(f.get("action", "") for f in page.tree.iter("form") if f.get("action", "").endswith("/open"))
    desk.send(page, action)
    start = tablet.get("/tablet")
    assert name_of(tablet.send(start, "/tablet/again")) == "warning"
    assert tablet.get("/tablet/form").path == "/tablet"
    assert "Go on with your form" not in tablet.get("/tablet").main


def test_the_key_of_a_tablet_opens_nothing_else(practice: Practice) -> None:
    sent = practice.sent().intake_id
    tablet = enrolled(practice)
    for path in ("/review/", f"/review/{sent}", "/desk", "/desk/tablets"):
        assert tablet.client.get(path).headers["Location"].startswith("/staff/login"), path
    for path in ("/", "/q/danger", "/check", "/done", "/resume", "/later"):
        assert tablet.client.get(path).headers["Location"] == "/tablet", path
    for path in ("/tablet/form", "/tablet/q/danger"):
        assert practice.visitor().client.get(path).status_code in (303, 405)


def test_the_look_is_that_of_one_person(practice: Practice) -> None:
    tablet = enrolled(practice)
    page = tablet.send(tablet.get("/tablet"), "/tablet/look", look="shield")
    assert page.tree.get("data-shield") is not None
    page = without_visit(tablet)
    tablet.send(page, "/tablet/clear")
    assert tablet.get("/tablet").tree.get("data-shield") is None


def test_the_manifest_makes_it_a_full_screen_application(practice: Practice) -> None:
    found = practice.visitor().client.get("/tablet/app.webmanifest")
    told = json.loads(found.text)
    assert (found.mimetype, told["display"]) == ("application/manifest+json", "fullscreen")
    assert told["start_url"] == "/tablet"
