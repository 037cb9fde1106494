"""The patient's pages: start, questions, danger signs, check, send, done. A view parses, calls the workflow, renders.

A page that is not open yet leads to the first one that is. Nothing that was saved is lost to Back, a second window or a
second click: a page knows what it showed, and asks which answers count where they changed meanwhile.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, request, url_for
from flask_babel import format_date

from intake.errors import StaleError
from intake.web.guards import Guard, guard
from intake.web.patient import journey
from intake.web.patient.showing import arrived_whole, show, show_check, show_conflict
from intake.web.patient.summary import changed_controls, fingerprint
from intake.web.rendering import render
from intake.web.security import CSRF
from intake.web.services import services
from intake.workflow.patient import drafts, saving
from intake.workflow.patient.submit import Sending

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from intake.questions.pages import PageForm
    from intake.workflow.patient.drafts import Draft

BLUEPRINT = Blueprint("patient", __name__)
TOKEN_BYTES = 32
ID_BYTES = 16
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another
REFERENCE_HALF = 4
YEAR = 365 * 24 * 60 * 60
READ = (HTTPStatus.SEE_OTHER, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


def go(address: str) -> Response:
    """See another page, by GET."""
    return redirect(address, HTTPStatus.SEE_OTHER)


def onward(draft: Draft, corrected: PageForm | None = None) -> Response:
    """The care card that is owed, the first page that is open, the check page (at the `corrected` row), or the end."""
    if draft.sent:
        return go(url_for("patient.done", again="1"))
    owed = journey.owed(draft)
    if owed is not None:
        return go(url_for("patient.stop", name=owed))
    name = journey.next_page(draft)
    if name is not None:
        return go(url_for("patient.question", name=name))
    return go(url_for("patient.check")) if corrected is None else back_to_row(corrected)


def back_to_row(corrected: PageForm) -> Response:
    """The check page at the row of a page that was answered again; it says which rows came back with another answer."""
    changed = changed_controls(corrected)
    row, *_others = changed or (corrected.controls()[0].name,)
    return go(url_for("patient.check", changed=",".join(changed) or None, _anchor=f"row-{row}"))


@BLUEPRINT.after_request
def keep_text_size(response: Response) -> Response:
    """Remember whether the patient wants larger text: the box travels with every form that was read."""
    if request.method != "POST" or response.status_code not in READ:
        return response
    if "big" in request.form:
        response.set_cookie("big", "1", max_age=YEAR, samesite="Lax", secure=services().secure)
    elif "big" in request.cookies:
        response.delete_cookie("big")
    return response


def ask_for_draft() -> Response | None:
    """What stands before every page of a draft: without one, the start page."""
    return None if journey.own_draft() else go(url_for("patient.start"))


@BLUEPRINT.get("/")
@guard(Guard.PUBLIC)
def start() -> ResponseReturnValue:
    """What this is, for whom, and the emergency line."""
    return render("patient/start.html", draft=journey.own_draft())


@BLUEPRINT.post("/start")
@guard(Guard.PUBLIC)
def begin() -> ResponseReturnValue:
    """Begin a new draft; its token lives in this browser's cookie only."""
    parts, token = services(), secrets.token_urlsafe(TOKEN_BYTES)
    draft = drafts.start(
        parts.clinic,
        draft_id=secrets.token_hex(ID_BYTES),
        token=token,
        life=timedelta(days=parts.details.draft_days),
    )
    response = onward(draft)
    journey.remember(response, token)
    return response


@BLUEPRINT.get("/resume")
@guard(Guard.PATIENT)
def resume() -> ResponseReturnValue:
    """On to the first page that is open."""
    return onward(journey.draft())


@BLUEPRINT.get("/later")
@guard(Guard.PATIENT)
def later() -> ResponseReturnValue:
    """Saved: how to go on, and how to leave nothing on a shared device."""
    return render("patient/later.html", until=format_date(journey.draft().expires, "full"))


@BLUEPRINT.post("/leave")
@guard(Guard.PUBLIC)
def leave() -> ResponseReturnValue:
    """Take the way to the answers off this device."""
    response = go(url_for("patient.start"))
    journey.forget(response)
    return response


@BLUEPRINT.get("/q/<name>")
@guard(Guard.PATIENT)
def question(name: str) -> ResponseReturnValue:
    """One page of questions, with what was answered before."""
    draft = journey.draft()
    if not journey.is_open(draft, name):
        return onward(draft)
    page = journey.page(draft, name)
    return show(draft, page, fingerprint(page.stored))


@BLUEPRINT.post("/q/<name>")
@guard(Guard.PATIENT)
def answer(name: str) -> ResponseReturnValue:
    """Save one page, tell the clinic of danger signs at once, and go on."""
    draft = journey.draft()
    if not journey.is_open(draft, name):
        return onward(draft)
    was_complete = journey.next_page(draft) is None
    version, sent = request.form.get("version", ""), journey.page(draft, name, request.form)
    if not sent.validate() or not arrived_whole():
        return show(draft, sent, version), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        saved = journey.save(draft, sent, version)
    except StaleError:
        return conflict(sent)
    return onward(saved, sent if was_complete else None)


def conflict(sent: PageForm) -> ResponseReturnValue:
    """Both versions of a page that was answered in two windows; the patient chooses."""
    draft = journey.load_again()
    if draft.sent:
        return onward(draft)
    return show_conflict(journey.same_page(draft, sent), sent), HTTPStatus.CONFLICT


@BLUEPRINT.get("/q/<name>/stop")
@guard(Guard.PATIENT)
def stop(name: str) -> ResponseReturnValue:
    """The care card: what to do now. It is owed until the patient goes on from it."""
    draft = journey.draft()
    card = journey.care_card(draft, name)
    if card is None:
        return onward(draft)
    return render(
        "patient/stop.html",
        card=card,
        version=fingerprint(card.print),
        back=url_for("patient.question", name=name),
        step=journey.step_number(name),
        action=url_for("patient.stop", name=name),
    )


@BLUEPRINT.post("/q/<name>/stop")
@guard(Guard.PATIENT)
def go_on(name: str) -> ResponseReturnValue:
    """Read: on to the next page; where there is more to read by now, that first."""
    draft = journey.draft()
    card = journey.care_card(draft, name)
    if card is not None and request.form.get("version") == fingerprint(card.print):
        draft = saving.note_card(services().clinic, draft, card.rules)
    return onward(draft)


@BLUEPRINT.get("/check")
@guard(Guard.PATIENT)
def check() -> ResponseReturnValue:
    """Every answer with its way back, and the last question."""
    draft = journey.draft()
    if not journey.is_complete(draft):
        return onward(draft)
    return show_check(draft, journey.page(draft, journey.CHECK))


@BLUEPRINT.post("/send")
@guard(Guard.PATIENT)
def send() -> ResponseReturnValue:
    """Store the intake. Sent twice, it is stored once, and both get the same reference."""
    draft = journey.draft()
    if not journey.is_complete(draft):
        return onward(draft)
    last = journey.page(draft, journey.CHECK, request.form)
    if not last.validate() or not arrived_whole():
        return show_check(draft, last), HTTPStatus.UNPROCESSABLE_ENTITY
    if request.form.get("version") != str(draft.version):
        return go(url_for("patient.check"))
    try:
        journey.send(draft, last, Sending(secrets.token_hex(ID_BYTES), new_reference()))
    except StaleError:  # another window saved or sent meanwhile
        return onward(journey.load_again())
    return go(url_for("patient.done"))


def new_reference() -> str:
    """A number that a person can read out."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(2 * REFERENCE_HALF))
    return f"{letters[:REFERENCE_HALF]}-{letters[REFERENCE_HALF:]}"


@BLUEPRINT.get("/done")
@guard(Guard.PATIENT)
def done() -> ResponseReturnValue:
    """Sent: the reference, what happens next; where the answers are urgent, what to do now."""
    draft = journey.draft()
    if not draft.sent:
        return onward(draft)
    page = render(
        "patient/done.html",
        reference=draft.sent,
        card=journey.last_card(draft),
        again=request.args.get("again") == "1",
    )
    response = make_response(page)
    journey.let_back_ask_again(response)
    return response


for view in (answer, send):
    CSRF.exempt(view)  # these check the token with their form, so that a page open for too long keeps what was typed
