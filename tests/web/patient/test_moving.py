"""Going on with another device: four words, good for minutes and once, with the birth date where it is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from intake.workflow.desk import invitations
from intake.workflow.desk.visits import Practitioner
from intake.workflow.patient import handover
from intake.workflow.patient.word_list import WORDS
from tests.support.invited import DAY, OTHER_DAY, come_in, invited
from tests.support.journeys import CALM, begin, name_of

if TYPE_CHECKING:
    from tests.support.client import Page, Visitor
    from tests.support.practice import Practice

NO_DAY = dict.fromkeys(DAY, "")


def words_on(visitor: Visitor) -> str:
    """The words that a device shows."""
    page = visitor.send(visitor.get("/move"), "/move")
    assert page.path == "/move"
    return next("".join(part.itertext()) for part in page.tree.iter() if part.get("class") == "ref")


def go_on(visitor: Visitor, words: str, **day: str) -> Page:
    return visitor.send(visitor.get("/move/in"), "/move/in", words=words, **day)


def with_birth_date(practice: Practice) -> Visitor:
    """Somebody whose form says 10 December 1985."""
    visitor = practice.visitor()
    page = begin(visitor)
    while page.path != "/q/who":
        answers = CALM[name_of(page.path)]
        page = visitor.send(page, **({**answers, **DAY} if page.path == "/q/about" else answers))
    return visitor


def test_there_are_256_different_words_that_nobody_mistypes() -> None:
    assert len(set(WORDS)) == len(WORDS) == 256
    assert all(re.fullmatch("[a-z]{3,9}", word) for word in WORDS)


def test_a_form_goes_from_phone_to_tablet_and_back(practice: Practice) -> None:
    phone, tablet = practice.visitor(), practice.visitor()
    phone.send(begin(phone), **CALM["danger"])
    assert go_on(tablet, words_on(phone).upper(), **NO_DAY).path == "/q/warning"
    assert tablet.send(tablet.get("/q/warning"), **CALM["warning"]).path == "/q/about"
    words = words_on(tablet)
    phone.client.delete_cookie("intake_draft")
    assert phone.get("/resume").path == "/"
    assert go_on(phone, words, **NO_DAY).path == "/q/about"


@pytest.mark.both_databases
def test_words_work_once_and_for_a_quarter_of_an_hour(practice: Practice) -> None:
    phone = practice.visitor()
    begin(phone)
    words = words_on(phone)
    assert go_on(practice.visitor(), words).path == "/q/danger"
    assert go_on(practice.visitor(), words).status == 422
    words = words_on(phone)
    practice.clock.now += handover.LIFE
    assert go_on(practice.visitor(), words).status == 422


def test_new_words_end_the_old_ones(practice: Practice) -> None:
    phone = practice.visitor()
    begin(phone)
    old, new = words_on(phone), words_on(phone)
    assert go_on(practice.visitor(), old).status == 422
    assert go_on(practice.visitor(), new).path == "/q/danger"


def test_the_birth_date_is_wanted_once_the_form_knows_it(practice: Practice) -> None:
    phone = with_birth_date(practice)
    words = words_on(phone)
    for day in (NO_DAY, OTHER_DAY):
        assert go_on(practice.visitor(), words, **day).status == 422
    assert go_on(practice.visitor(), words, **DAY).path == "/q/who"


def test_five_wrong_dates_end_the_words(practice: Practice) -> None:
    words = words_on(with_birth_date(practice))
    pages = [go_on(practice.visitor(), words, **OTHER_DAY).main for _guess in range(5)]
    assert ["Too many wrong dates" in page for page in pages] == [False] * 4 + [True]
    assert go_on(practice.visitor(), words, **DAY).status == 422


def test_guesses_at_words_are_limited(practice: Practice) -> None:
    visitor = practice.visitor()
    page = visitor.get("/move/in")
    guesses = [visitor.send(page, "/move/in", words="acorn actor album angle").status for _guess in range(31)]
    assert guesses == [422] * 30 + [429]


def test_a_camera_brings_the_words_out_of_the_address(practice: Practice) -> None:
    phone, tablet = practice.visitor(), practice.visitor()
    begin(phone)
    words = words_on(phone)
    answer = tablet.client.get(f"/move/with/{words.replace(' ', '-')}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/move/in")
    page = tablet.get("/move/in")
    assert words.split()[0] not in page.main
    assert tablet.send(page, "/move/in").path == "/q/danger"


def test_what_is_sent_is_handed_to_nobody(practice: Practice) -> None:
    _visit, link = invited(practice)
    phone = practice.visitor()
    page = come_in(phone, link)
    words = words_on(phone)
    page = phone.get("/resume")
    while page.path != "/check":
        answers = CALM[name_of(page.path)]
        page = phone.send(page, **({**answers, **DAY} if page.path == "/q/about" else answers))
    phone.send(page, "/send")
    assert go_on(practice.visitor(), words, **DAY).status == 422
    assert phone.get("/move").path == "/done"


def test_an_invitation_that_is_taken_back_takes_handed_over_devices_along(practice: Practice) -> None:
    visit, link = invited(practice)
    phone, tablet = practice.visitor(), practice.visitor()
    come_in(phone, link)
    assert go_on(tablet, words_on(phone), **DAY).path == "/q/danger"
    invitations.revoke(practice.clinic, visit, Practitioner(0))
    assert tablet.get("/resume").path == "/"
