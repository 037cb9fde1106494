"""The questionnaire on a tablet: one address, each page shown once; steps, Back and Change are POSTs that lead to it.

A page that was refused is answered like any other, and its faults are shown at the next showing: no answer to a POST
holds what was typed.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, session, url_for
from werkzeug.datastructures import MultiDict

from intake.errors import StaleError
from intake.web.guards import Guard, guard
from intake.web.patient import cards, ending, journey, showing
from intake.web.patient.showing import arrived_whole
from intake.web.patient.summary import fingerprint
from intake.web.rendering import render
from intake.web.security import CSRF
from intake.web.services import services
from intake.web.tablet import day
from intake.web.tablet.blueprint import BLUEPRINT, device, go, lock_and_leave, onward, open_draft, sitting
from intake.web.tablet.moving import MOVE, words_page
from intake.workflow.patient import arrival, saving, tablet
from intake.workflow.patient.tablet import SittingState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.web.patient.care import CareCard
    from intake.workflow.patient.drafts import Draft

CHECK, CONFLICT = journey.CHECK, "both:"
OVERTAKEN = "overtaken"


@BLUEPRINT.get("/form")
@guard(Guard.TABLET)
def form() -> ResponseReturnValue:
    """The page that the step before led to. Asked for in any other way, the form is locked."""
    found, draft = sitting(), journey.own_draft()
    if found is None or found.state is not SittingState.LIVE:
        return go("tablet.start")
    if draft is None or not tablet.take(services().clinic, found):
        return lock_and_leave()
    wait = int(tablet.wait(found).total_seconds())
    refused = tablet.refused_page(services().clinic, draft, found)
    page = _shown(draft, found.page, None if refused is None else MultiDict(refused), wait)
    return page, _status(found.page, refused)


def _status(page: str, refused: tablet.Pairs | None) -> HTTPStatus:
    """What a showing says of the step before it: taken, refused, or overtaken."""
    if refused is None:
        return HTTPStatus.OK
    return HTTPStatus.CONFLICT if page.startswith(CONFLICT) else HTTPStatus.UNPROCESSABLE_ENTITY


def _shown(draft: Draft, page: str, refused: MultiDict[str, str] | None, wait: int) -> str:
    if draft.sent:
        return _after_sending(draft, refused, wait)
    if page == MOVE:
        return words_page(draft, wait)
    name = page.partition(":")[2] or page
    if name and name != CHECK and journey.is_open(draft, name):
        if page.startswith(CONFLICT) and refused is not None:
            return _conflict(draft, name, refused, wait)
        return _question(draft, name, refused, wait)
    return _next(draft, refused, wait)


def _after_sending(draft: Draft, refused: MultiDict[str, str] | None, wait: int) -> str:
    """The questions of the day as long as they are open, then the last page."""
    found = sitting()
    asks = found is None or found.day_only or day.is_open(draft)
    return day.page(draft, refused, wait) if asks else _done(draft, wait)


def _next(draft: Draft, refused: MultiDict[str, str] | None, wait: int) -> str:
    """The card that is owed, the first page that is open, or the check page."""
    owed, waiting = cards.owed(draft), journey.next_page(draft)
    card = None if owed is None else cards.care_card(draft, owed)
    if owed is not None and card is not None:
        return _stop(draft, owed, card, wait)
    return _check(draft, refused, wait) if waiting is None else _question(draft, waiting, None, wait)


@BLUEPRINT.post("/q/<name>")
@guard(Guard.TABLET)
def answer(name: str) -> ResponseReturnValue:
    """Save one page; where it names another person than the visit, staff are called."""
    draft = open_draft()
    if draft is None:
        return lock_and_leave()
    if not journey.is_open(draft, name):
        return onward(draft)
    sent, pairs = journey.page(draft, name, request.form), list(request.form.items(multi=True))
    if not sent.validate() or not arrived_whole():
        return onward(draft, name, pairs)
    try:
        saved = journey.save(draft, sent, request.form.get("version", ""))
    except StaleError:
        return onward(journey.load_again(), f"{CONFLICT}{name}", pairs)
    tablet.check_person(services().clinic, device(), saved)
    arrival.note_page(services().clinic, saved.id, sent.all_facts())
    return onward(saved)


@BLUEPRINT.post("/go")
@guard(Guard.TABLET)
def turn() -> ResponseReturnValue:
    """To another page of the form: back, a change, whichever comes next (empty), the same one with more time."""
    draft, found = open_draft(), sitting()
    if draft is None or found is None:
        return lock_and_leave()
    if request.form.get("more"):
        return onward(draft, found.page, longer=True)
    wanted = request.form.get("to", found.page)
    is_page = wanted in ("", CHECK) or journey.is_open(draft, wanted)
    return onward(draft, wanted if is_page else found.page)


@BLUEPRINT.post("/stop/<name>")
@guard(Guard.TABLET)
def go_on(name: str) -> ResponseReturnValue:
    """The care card was read: on."""
    draft = open_draft()
    if draft is None:
        return lock_and_leave()
    card = cards.care_card(draft, name)
    if card is not None and request.form.get("version") == fingerprint(card.print):
        draft = saving.note_card(services().clinic, draft, card.rules)
    return onward(draft)


@BLUEPRINT.post("/send")
@guard(Guard.TABLET)
def send() -> ResponseReturnValue:
    """Store the intake, once."""
    draft = open_draft()
    if draft is None:
        return lock_and_leave()
    if draft.sent or not cards.is_complete(draft):
        return onward(draft)
    tablet.check_person(services().clinic, device(), draft)
    last = journey.page(draft, CHECK, request.form)
    if not last.validate() or not arrived_whole():
        return onward(draft, CHECK, list(request.form.items(multi=True)))
    if not ending.deliver(draft, request.form.get("version", "")):
        session[OVERTAKEN] = True
        return onward(journey.load_again(), CHECK, list(request.form.items(multi=True)))
    return onward(journey.load_again())


@BLUEPRINT.post("/helped")
@guard(Guard.TABLET)
def helped() -> ResponseReturnValue:
    """Who helped to fill in the form."""
    draft = open_draft()
    if draft is None:
        return lock_and_leave()
    tablet.note_helper(services().clinic, draft.id, request.form.get("helper", ""))
    return onward(draft)


def _question(draft: Draft, name: str, refused: MultiDict[str, str] | None, wait: int) -> str:
    page = journey.page(draft, name, refused)
    version = fingerprint(page.stored)
    if refused is not None:
        page.validate()
        version = refused.get("version", "")
    values = showing.of_question(draft, page, version, refused)
    return render("tablet/question.html", **values, back=showing.step_back(draft, name), wait=wait)


def _check(draft: Draft, refused: MultiDict[str, str] | None, wait: int) -> str:
    page = journey.page(draft, CHECK, refused)
    if refused is not None:
        page.validate()
    values = showing.of_check(draft, page, refused)
    overtaken, back = session.pop(OVERTAKEN, False), journey.route(draft).path[-1]
    return render("tablet/check.html", **values, overtaken=overtaken, back=back, wait=wait)


def _stop(draft: Draft, name: str, card: CareCard, wait: int) -> str:
    return render(
        "tablet/stop.html", card=card, version=fingerprint(card.print), name=name, seen=cards.seen(draft), wait=wait
    )


def _conflict(draft: Draft, name: str, refused: MultiDict[str, str], wait: int) -> str:
    page = journey.page(draft, name, refused)
    page.validate()
    values = showing.of_conflict(journey.same_page(draft, page), page, refused)
    return render("tablet/conflict.html", **values, action=url_for("tablet.answer", name=name), wait=wait)


def _done(draft: Draft, wait: int) -> str:
    found = sitting()
    helper = found.helper if found else ""
    return render("tablet/done.html", **showing.of_receipt(draft), helper=helper, wait=wait)


CSRF.exempt(answer)  # they check the token with their form, so that a page open for too long keeps what was typed
CSRF.exempt(send)
