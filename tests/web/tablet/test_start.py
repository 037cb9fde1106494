"""The ways that begin on the tablet: a slip's code, four words, the phone, a person, paper; a second form."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from sqlalchemy import select

from intake import languages
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.workflow.desk import invitations
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import Practitioner
from intake.workflow.patient import handover, tablet_start
from tests.support import journeys
from tests.support.desk import at_the_desk, booked, rows_of
from tests.support.invited import DAY, OTHER_DAY, come_in, path_of
from tests.support.journeys import CALM
from tests.support.small_clinic import NOW
from tests.support.tablets import begin, enrolled, name_of, step, walk, without_visit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

ADA = Identity("Ada Lovelace", "1985-12-10", "01234 555 123")
OWN = {"about": {**CALM["about"], "full_name": "Ada Lovelace", **DAY}}
NO_DAY = dict.fromkeys(DAY, "")
CODE_WRONG = "This code and this date of birth do not open a form. Check both, or fetch a person."


def invited(practice: Practice) -> tuple[str, str, str]:
    """A visit of today, the path of a slip's link, and its code."""
    visit = booked(practice.clinic, ADA, NOW.replace(hour=NOW.hour + 1))
    slip = invitations.slip(practice.clinic, visit, Practitioner(0))
    return visit, path_of(slip.link), slip.code


def type_code(tablet: Visitor, code: str, **day: str) -> Page:
    """On the start page: a code or four words."""
    return tablet.send(tablet.get("/tablet"), "/tablet/begin", code=code, letters="", **(day or DAY))


def words_on(visitor: Visitor) -> str:
    """The words that a phone shows."""
    return reference(visitor.send(visitor.get("/move"), "/move"))


def reference(page: Page) -> str:
    return next("".join(part.itertext()) for part in page.tree.iter() if part.get("class") == "ref")


def drafts(practice: Practice) -> list[tuple[str | None, int, bool]]:
    """Of each draft its visit, its version and whether it was sent."""
    with practice.clinic.database.read() as connection:
        query = select(DRAFTS.c.visit_id, DRAFTS.c.version, DRAFTS.c.intake_id).order_by(DRAFTS.c.started_at)
        return [(row[0], row[1], row[2] is not None) for row in connection.execute(query)]


def test_a_slips_code_goes_on_with_the_form_begun_at_home(practice: Practice) -> None:
    visit, link, code = invited(practice)
    phone, tablet = practice.visitor(), enrolled(practice)
    phone.send(come_in(phone, link), **CALM["danger"])
    page = type_code(tablet, f" {code[:5].lower()} {code[5:]}")
    assert (page.path, name_of(page)) == ("/tablet/form", "warning")
    assert tablet.client.get_cookie("intake_draft") is None
    assert name_of(step(tablet, page)) == "about"
    assert phone.get("/resume").path == "/q/about"
    assert drafts(practice) == [(visit, 3, False)]


def test_a_code_begins_the_form_of_who_has_not_begun(practice: Practice) -> None:
    visit, _link, code = invited(practice)
    assert name_of(type_code(enrolled(practice), code)) == "danger"
    assert drafts(practice) == [(visit, 1, False)]


def test_five_wrong_dates_end_a_code_and_what_is_wrong_is_not_told(practice: Practice) -> None:
    _visit, _link, code = invited(practice)
    tablet = enrolled(practice)
    assert type_code(tablet, "ABCDE23456").errors == [CODE_WRONG]
    told = [type_code(tablet, code, **OTHER_DAY).errors for _guess in range(5)]
    assert told == [[CODE_WRONG]] * 4 + [["Too many wrong dates were typed. Please fetch a person."]]
    assert type_code(tablet, code).errors == ["Too many wrong dates were typed. Please fetch a person."]
    assert drafts(practice) == []


def test_a_code_without_a_date_opens_nothing(practice: Practice) -> None:
    _visit, _link, code = invited(practice)
    assert type_code(enrolled(practice), code, **NO_DAY).errors == [CODE_WRONG]


def test_guesses_at_codes_end_for_this_tablet_alone(practice: Practice) -> None:
    _visit, _link, code = invited(practice)
    tablet = enrolled(practice)
    for _guess in range(30):
        assert type_code(tablet, "ABCDE23456").errors == [CODE_WRONG]
    assert type_code(tablet, code).errors == ["That was tried too often. Please fetch a person."]
    assert name_of(type_code(enrolled(practice, "Second"), code)) == "danger"


def test_four_words_bring_the_form_of_a_phone_whole_and_a_wipe_leaves_it_there(practice: Practice) -> None:
    phone, tablet = practice.visitor(), enrolled(practice)
    phone.send(journeys.begin(phone), **CALM["danger"])
    page = type_code(tablet, words_on(phone), **NO_DAY)
    assert name_of(page) == "warning"
    page = step(tablet, page)
    assert tablet.send(page, "/tablet/clear").path == "/tablet"
    assert drafts(practice) == [(None, 3, False)]
    assert phone.get("/resume").path == "/q/about"


def test_the_words_of_a_form_that_knows_its_birth_date_want_it(practice: Practice) -> None:
    phone, tablet = practice.visitor(), enrolled(practice)
    journeys.walk(phone, "/q/who", **OWN)
    words = words_on(phone)
    assert type_code(tablet, words, **NO_DAY).errors == [CODE_WRONG]
    assert type_code(tablet, words, **OTHER_DAY).errors == [CODE_WRONG]
    assert name_of(type_code(tablet, words)) == "who"


def test_another_tablet_takes_a_form_from_the_one_before(practice: Practice) -> None:
    _visit, _link, code = invited(practice)
    first, second = enrolled(practice), enrolled(practice, "Second")
    page = type_code(first, code)
    assert name_of(type_code(second, code)) == "danger"
    assert first.send(page, "/tablet/q/danger", **CALM["danger"]).path == "/tablet"
    assert first.get("/tablet/form").path == "/tablet"
    assert drafts(practice)[0][1] == 1


def test_a_form_by_code_that_names_another_person_is_unclear(practice: Practice) -> None:
    _visit, _link, code = invited(practice)
    tablet = enrolled(practice)
    page = walk(tablet, type_code(tablet, code), "/tablet/q/about")
    step(tablet, page, about={**OWN["about"], "full_name": "Grace Hopper"})
    assert "1 form on a tablet: person unclear" in at_the_desk(practice).get("/desk").main
    assert drafts(practice)[0][0] is None


def test_from_the_tablet_to_the_phone(practice: Practice) -> None:
    phone, tablet = practice.visitor(), enrolled(practice)
    page = step(tablet, without_visit(tablet))
    shown = tablet.send(page, "/tablet/move")
    assert shown.path == "/tablet/form"
    assert "<svg" in shown.text
    words = reference(shown)
    assert words.split()[0] not in str(shown.links)
    assert name_of(tablet.send(shown, "/tablet/go", to="")) == "warning"
    assert words not in tablet.get("/tablet").text
    assert phone.send(phone.get("/move/in"), "/move/in", words=words, **NO_DAY).path == "/q/warning"


@pytest.mark.parametrize("taken", [True, False])
def test_a_wipe_keeps_what_a_phone_has_or_may_fetch(practice: Practice, *, taken: bool) -> None:
    phone, tablet = practice.visitor(), enrolled(practice)
    page = tablet.send(step(tablet, without_visit(tablet)), "/tablet/move")
    words = reference(page)
    if taken:
        assert phone.send(phone.get("/move/in"), "/move/in", words=words, **NO_DAY).path == "/q/warning"
    assert tablet.send(page, "/tablet/clear").path == "/tablet"
    if not taken:
        assert phone.send(phone.get("/move/in"), "/move/in", words=words, **NO_DAY).path == "/q/warning"
    assert phone.get("/resume").path == "/q/warning"
    practice.clock.now += handover.LIFE
    assert len(drafts(practice)) == 1


def test_four_ways_stand_beside_each_other_and_the_desk_hears_which(practice: Practice) -> None:
    tablet, desk = enrolled(practice), at_the_desk(practice)
    start = tablet.get("/tablet")
    assert start.main.count("On my phone") == 1
    assert "<svg" in start.text
    forms = [form for form in start.tree.iter("form") if form.get("action") == "/tablet/help"]
    wishes = [button.get("value") for form in forms for button in form.iter("button")]
    assert wishes == ["asked", "paper"]
    page = tablet.send(start, "/tablet/help", wish="paper")
    assert "We have told the desk" in page.main
    assert "Waiting room: wants the form on paper" in desk.get("/desk").main
    tablet.send(page, "/tablet/help", wish="asked")
    assert "Waiting room: wants to be asked by a person" in desk.get("/desk").main
    tablet.send(page, "/tablet/help", wish="anything")
    assert "Waiting room: please send a person" in desk.get("/desk").main


def test_the_date_of_a_locked_form_cannot_be_guessed_for_ever(practice: Practice) -> None:
    booked(practice.clinic, ADA, NOW)
    tablet = enrolled(practice)
    page = begin(tablet)
    for _time in range(tablet_start.GUESSES.most + 1):
        page = begin(tablet)
    assert name_of(page) == "danger"
    tablet.get("/tablet")
    for number in range(tablet_start.GUESSES.most):
        begin(tablet, "Zz", {**DAY, "date_of_birth-year": str(1950 + number)})
    assert begin(tablet).errors == ["That was tried too often. Please fetch a person."]


def test_one_language_shows_no_choice(practice: Practice) -> None:
    assert "English" not in enrolled(practice).get("/tablet").main


def test_several_languages_are_offered_by_their_own_name_and_end_with_the_person(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalog(locale="ar")
    catalogue.add("Here on the tablet", "هنا")
    target = tmp_path / "ar" / "LC_MESSAGES" / "messages.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as written:
        write_mo(written, catalogue)
    monkeypatch.setattr(languages, "TRANSLATIONS", tmp_path)
    practice.app.extensions["babel"].translation_directories.append(str(tmp_path))
    tablet = enrolled(practice)
    start = tablet.get("/tablet")
    offered = [button for button in start.tree.iter("button") if button.get("name") == "language"]
    assert [("".join(each.itertext()), each.get("lang"), each.get("dir")) for each in offered] == [
        ("العربية", "ar", "rtl"),
        ("English", "en", "ltr"),
    ]
    pressed = {button.get("value"): button.get("aria-pressed") for button in offered}
    assert pressed == {"ar": "false", "en": "true"}
    start = tablet.send(start, "/tablet/language", language="ar")
    assert (start.tree.get("lang"), start.tree.get("dir")) == ("ar", "rtl")
    assert "هنا" in start.main
    assert tablet.send(start, "/tablet/language", language="xx").tree.get("lang") == "ar"
    page = type_code(tablet, "ABCDE23456")
    assert page.tree.get("lang") == "ar"
    page = without_visit(tablet)
    assert page.tree.get("lang") == "ar"
    assert practice.visitor().get("/").tree.get("lang") == "en-GB"
    assert tablet.send(start, "/tablet/language", language="en").tree.get("lang") == "en-GB"
    page = without_visit(tablet)
    tablet.send(page, "/tablet/clear")
    assert tablet.get("/tablet").tree.get("lang") == "en-GB"


def test_an_empty_form_beside_one_begun_at_home_is_a_second_one_and_both_stay(practice: Practice) -> None:
    visit, link, _code = invited(practice)
    phone, tablet = practice.visitor(), enrolled(practice)
    phone.send(come_in(phone, link), danger_signs=["chest_pressure"])
    page = begin(tablet)
    assert name_of(page) == "danger"
    done = walk(tablet, page, "/tablet/finish", **OWN)
    assert done.heading == "Answers sent"
    assert [(each[0], each[2]) for each in drafts(practice)] == [(visit, False), (visit, True)]
    assert "and 1 other form, not sent" in rows_of(at_the_desk(practice).get("/desk"))[0]
    review = practice.practitioner().get(f"/review/{intakes(practice)[0]}")
    assert "Another form of this visit is not sent yet" in review.main
    assert "A danger sign was told in it" in review.links


def test_what_is_sent_second_is_a_new_version_and_says_what_differs(practice: Practice) -> None:
    _visit, link, _code = invited(practice)
    phone, tablet = practice.visitor(), enrolled(practice)
    page, begun = come_in(phone, link), begin(tablet)
    while page.path != "/done":
        page = at_home(phone, page)
    practice.clock.late += timedelta(minutes=1)
    walk(tablet, begun, "/tablet/finish", **OWN, strength={**CALM["strength"], "pain_worst": "9"})
    older, newer = intakes(practice)
    review = practice.practitioner().get(f"/review/{newer}")
    assert "This corrects" in review.main
    assert "Answers that differ from the version before (1)" in review.main
    assert "Another form was sent for the same visit" in practice.practitioner().get(f"/review/{older}").main


def test_the_review_page_says_who_helped_and_whose_form_is_unclear(practice: Practice) -> None:
    booked(practice.clinic, ADA, NOW)
    tablet = enrolled(practice)
    other = {**OWN, "about": {**OWN["about"], "full_name": "Grace Hopper"}}
    done = walk(tablet, begin(tablet), "/tablet/finish", **other)
    tablet.send(done, "/tablet/helped", helper="interpreter")
    [sent] = intakes(practice)
    review = practice.practitioner().get(f"/review/{sent}")
    assert "on the tablet, helped by an interpreter" in review.main
    assert "Person unclear since" in review.main
    assert review.links["Say whose it is"] == "/desk/tablets"


def at_home(phone: Visitor, page: Page) -> Page:
    """One step of the form at home."""
    if page.path == "/check":
        return phone.send(page, "/send")
    name = journeys.name_of(page.path)
    return phone.send(page, **(OWN.get(name) or CALM[name]))


def intakes(practice: Practice) -> list[str]:
    """The ids of what was sent, the first one first."""
    with practice.clinic.database.read() as connection:
        return list(connection.scalars(select(INTAKES.c.id).order_by(INTAKES.c.sent_at)))
