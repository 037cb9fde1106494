"""A draft that a release overtakes: one more page with what is new, before sending; nothing skipped, nothing lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from intake.engine.book.vocabulary import codes_in
from intake.storage import queue
from intake.storage.drafts import DRAFTS
from intake.storage.queue import Filters
from intake.workflow.patient import drafts
from tests.support import lint
from tests.support.apps import parts
from tests.support.client import Page, Visitor
from tests.support.journeys import CALM, NONE, Answers, walk
from tests.support.releases import earlier, leave_behind

if TYPE_CHECKING:
    from flask import Flask

    from intake.engine.book.vocabulary import Vocabulary
    from intake.workflow.patient.drafts import Draft

TITLE = "A few more questions"
BEFORE = earlier(["new_lump", "wants_needling"], {"danger_signs": ["fever"]})
FELL: dict[str, Answers] = {
    "warning": {"gate_warning": ["fall"]},
    "fall": {"recent_fall": "under_2_weeks"},
}


def draft(app: Flask, visitor: Visitor) -> Draft:
    cookie = visitor.client.get_cookie("intake_draft")
    assert cookie is not None
    return drafts.load(parts(app).clinic, cookie.value)


def overtake(app: Flask, visitor: Visitor, before: Vocabulary = BEFORE) -> Draft:
    """The release before left this draft; this one serves its patient now."""
    leave_behind(parts(app).clinic.database, draft(app, visitor), before)
    return draft(app, visitor)


def asked(page: Page) -> list[str]:
    """The names of the questions on a page."""
    named = [name for control in lint.controls(next(page.tree.iter("main"))) if (name := control.get("name"))]
    hidden = {"csrf_token", "version", "draft", "end", "asked", "big"}
    return [name for name in dict.fromkeys(named) if name not in hidden]


@pytest.mark.both_databases
def test_only_what_is_new_is_asked_on_one_page_before_sending(app: Flask, visitor: Visitor) -> None:
    walk(visitor)
    left = overtake(app, visitor)
    page = visitor.get("/check")
    assert (page.path, page.heading.removeprefix("Before you send").strip()) == ("/q/more", TITLE)
    assert "Our questions have changed since you began" in page.main
    assert asked(page) == ["danger_signs", "gate_warning", "wants_needling"]
    assert lint.ticked(page.tree) == []
    assert re.findall(r"(Fever|New or beating lump|New shortness of breath) ?New on this list", page.main) == [
        "Fever",
        "New or beating lump",
    ]
    page = visitor.send(page, danger_signs=NONE, gate_warning=NONE, wants_needling="yes")
    assert page.path == "/check"
    now = draft(app, visitor)
    seen = set(codes_in(now.answers["gate_warning_seen"]))
    assert seen == set(parts(app).vocabulary.gates["gate_warning"])
    assert {**now.answers, "gate_warning_seen": ()} == {
        **left.answers,
        "gate_warning_seen": (),
        "wants_needling": "yes",
    }
    assert visitor.get("/q/more").path == "/check"
    assert visitor.send(visitor.get("/check"), "/send").path == "/done"


def test_new_questions_cannot_be_skipped(app: Flask, visitor: Visitor) -> None:
    check = walk(visitor)
    overtake(app, visitor)
    assert visitor.send(check, "/send").path == "/q/more"
    page = visitor.send(visitor.get("/q/more"))
    assert page.status == 422
    assert len(page.errors) == 3
    assert visitor.get("/done").path == "/q/more"
    with parts(app).clinic.database.read() as connection:
        assert queue.page(connection, Filters(), 10) == []


def test_a_new_danger_sign_is_told_at_once(app: Flask, visitor: Visitor) -> None:
    walk(visitor)
    overtake(app, visitor)
    page = visitor.send(visitor.get("/q/more"), danger_signs=["fever"], gate_warning=["lump"], wants_needling="yes")
    assert page.path == "/q/more/stop"
    page = visitor.send(page)
    assert (page.path, asked(page)) == ("/q/more", ["new_lump"])
    assert visitor.send(page, new_lump="no").path == "/check"
    assert draft(app, visitor).answers["danger_signs"] == ("fever",)


def test_what_was_ticked_before_stays_ticked(app: Flask, visitor: Visitor) -> None:
    walk(visitor, "/check", **FELL)
    left = overtake(app, visitor)
    page = visitor.get("/q/more")
    assert ("gate_warning", "fall") in page.form().fields
    assert lint.ticked(page.tree) == ["gate_warning"]
    assert visitor.send(page, danger_signs=NONE, wants_needling="yes").path == "/check"
    now = draft(app, visitor).answers
    assert {name: now[name] for name in left.answers if name != "gate_warning_seen"} == {
        name: answer for name, answer in left.answers.items() if name != "gate_warning_seen"
    }


def test_an_answer_from_before_its_checklist_stays_an_answer(app: Flask, visitor: Visitor) -> None:
    walk(visitor, "/check", **FELL)
    overtake(app, visitor, earlier(ungated=["recent_fall"]))
    page = visitor.get("/check")
    assert (page.path, asked(page)) == ("/q/more", ["gate_warning"])
    assert lint.ticked(page.tree) == ["gate_warning"]
    assert ("gate_warning", "fall") in page.form().fields
    assert visitor.send(page).path == "/check"
    assert draft(app, visitor).answers["recent_fall"] == "under_2_weeks"


def test_an_answer_that_is_offered_no_more_is_asked_for_again(app: Flask, visitor: Visitor) -> None:
    walk(visitor)
    left = overtake(app, visitor, earlier(gone={"danger_signs": ["old_sign"]}))
    said = {**left.answers, "danger_signs": ("old_sign",)}
    with parts(app).clinic.database.begin() as connection:
        connection.execute(update(DRAFTS).where(DRAFTS.c.id == left.id).values(answers=said))
    page = visitor.get("/check")
    assert (page.path, asked(page), lint.ticked(page.tree)) == ("/q/more", ["danger_signs"], [])
    assert visitor.send(page).status == 422
    assert visitor.send(page, danger_signs=NONE).path == "/check"
    assert draft(app, visitor).answers == left.answers


def test_what_is_still_ahead_is_asked_where_it_stands(app: Flask, visitor: Visitor) -> None:
    page = walk(visitor, "/q/feel")
    overtake(app, visitor)
    page, met = visitor.get("/resume"), []
    while page.path != "/q/more":
        met.append(page.path.removeprefix("/q/"))
        page = visitor.send(page, **CALM[met[-1]])
    assert met == list(CALM)[list(CALM).index("feel") :]
    assert asked(page) == ["danger_signs", "gate_warning"]
    assert visitor.send(page, danger_signs=NONE, gate_warning=NONE).path == "/check"


def test_a_page_that_is_opened_again_shows_what_is_new_and_settles_it(app: Flask, visitor: Visitor) -> None:
    walk(visitor)
    overtake(app, visitor)
    assert visitor.send(visitor.get("/q/danger"), danger_signs=NONE).path == "/q/more"
    assert asked(visitor.get("/q/more")) == ["gate_warning", "wants_needling"]


@pytest.mark.both_databases
def test_two_windows_with_the_new_questions_do_not_overwrite_each_other(app: Flask, visitor: Visitor) -> None:
    walk(visitor)
    overtake(app, visitor)
    first, second = visitor.get("/q/more"), visitor.get("/q/more")
    calm = {"danger_signs": NONE, "gate_warning": NONE, "wants_needling": "yes"}
    assert visitor.send(first, **calm).path == "/check"
    same = visitor.send(second, **calm)
    assert same.path == "/check"
    page = visitor.send(second, **{**calm, "danger_signs": ["fever"]})
    assert (page.status, page.heading) == (409, "This page was answered in two windows")
    assert draft(app, visitor).answers["danger_signs"] == ("none",)
    assert visitor.send(page).path == "/q/more/stop"
    assert draft(app, visitor).answers["danger_signs"] == ("fever",)


def test_a_draft_of_this_release_meets_no_such_page(visitor: Visitor) -> None:
    assert walk(visitor).path == "/check"
    assert visitor.get("/q/more").path == "/check"


@pytest.mark.parametrize(
    ("code", "label"), [("not_sure", "needs_review_before_needling"), ("fever", "urgent_referral")]
)
def test_a_sign_that_was_not_on_the_list_counts_once_it_was_read(
    app: Flask, visitor: Visitor, code: str, label: str
) -> None:
    walk(visitor)
    overtake(app, visitor)
    page = visitor.send(visitor.get("/q/more"), danger_signs=[code], gate_warning=NONE, wants_needling="yes")
    if code == "not_sure":
        page = visitor.send(page) if page.path.endswith("/stop") else page
        assert page.path == "/q/danger_unsure"
        page = visitor.send(page, danger_signs_unsure=["fever"])
    page = visitor.send(page) if page.path.endswith("/stop") else page
    assert page.path == "/check"
    visitor.send(page, "/send")
    with parts(app).clinic.database.read() as connection:
        (line,) = queue.page(connection, Filters(), 10)
    assert line.label is not None
    assert line.label.code == label
