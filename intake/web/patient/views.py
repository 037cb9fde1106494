"""The patient's pages: start, questions, danger signs; `ending` has the rest.

A view parses, calls the workflow, renders. A page that is not open yet leads to the first one that is.
Nothing that was saved is lost to Back, a second window or a second click: a page knows what it showed, and asks which
answers count where they changed meanwhile.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, request, url_for
from flask_babel import format_date

from intake.errors import StaleError
from intake.web.guards import Guard, guard
from intake.web.patient import belonging, cards, journey
from intake.web.patient.showing import arrived_whole, show, show_conflict, show_other, show_start
from intake.web.patient.summary import changed_controls, fingerprint
from intake.web.patient.visit import words_of
from intake.web.rendering import render
from intake.web.security import CSRF
from intake.web.services import services
from intake.workflow.keeping import limits
from intake.workflow.patient import arrival, drafts, invitations, saving
from intake.workflow.patient.drafts import StartLimit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from intake.questions.pages import PageForm
    from intake.workflow.patient.drafts import Draft

BLUEPRINT = Blueprint("patient", __name__)
BLUEPRINT.add_app_template_global(journey.own_mark, "own_mark")
BLUEPRINT.add_app_template_global(belonging.is_alone, "is_alone")
TOKEN_BYTES = 32
ID_BYTES = 16
YEAR = 365 * 24 * 60 * 60
READ = (HTTPStatus.SEE_OTHER, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)


def go(address: str) -> Response:
    """See another page, by GET."""
    return redirect(address, HTTPStatus.SEE_OTHER)


def onward(draft: Draft, corrected: PageForm | None = None) -> Response:
    """The care card that is owed, the first page that is open, the check page (at the `corrected` row), or the end."""
    if draft.sent:
        return go(url_for("patient.day") if is_day(draft) else url_for("patient.done", again="1"))
    owed = cards.owed(draft)
    if owed is not None:
        return go(url_for("patient.stop", name=owed))
    name = journey.next_page(draft)
    if name is not None:
        return go(url_for("patient.question", name=name))
    return go(url_for("patient.check")) if corrected is None else back_to_row(corrected)


def is_day(draft: Draft) -> bool:
    """Whether the patient is checked in, and questions of the day are open for what was sent."""
    found = arrival.of_draft(services().clinic, draft.id)
    return found is not None and found.arrived and bool(found.open)


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
    if not services().details.phone:
        return not_ready()
    return show_start(journey.own_draft())


@BLUEPRINT.post("/start")
@guard(Guard.PUBLIC)
def begin() -> ResponseReturnValue:
    """Begin a new draft; its token lives in this browser's cookie only.

    Answers that are open here are left for new ones only by a page that offered both.
    """
    own = journey.own_draft()
    if own and request.form.get(belonging.MARK) != belonging.mark(own):
        return show_start(own, begun=True), HTTPStatus.CONFLICT
    parts, token = services(), secrets.token_urlsafe(TOKEN_BYTES)
    if not parts.details.phone:
        return not_ready()
    draft = drafts.start(
        parts.clinic,
        draft_id=secrets.token_hex(ID_BYTES),
        token=token,
        life=timedelta(days=parts.details.draft_days),
        visit=StartLimit(limits.network_of(request.remote_addr), parts.details.starts_per_hour),
    )
    response = onward(draft)
    journey.remember(response, token)
    belonging.remember_alone(response)
    return response


def not_ready() -> ResponseReturnValue:
    """Nobody begins where the cards could not say whom to call."""
    return render("patient/not_ready.html"), HTTPStatus.SERVICE_UNAVAILABLE


@BLUEPRINT.get("/resume")
@guard(Guard.PATIENT)
def resume() -> ResponseReturnValue:
    """On to the first page that is open."""
    return onward(journey.draft())


@BLUEPRINT.get("/later")
@guard(Guard.PATIENT)
def later() -> ResponseReturnValue:
    """Saved: how to go on, and how to leave nothing on a shared device."""
    draft = journey.draft()
    found = invitations.of_draft(services().clinic, draft.id)
    told = words_of(found) if found else None
    return render("patient/later.html", until=told.until if told else format_date(draft.expires, "full"), told=told)


@BLUEPRINT.post("/leave")
@guard(Guard.PUBLIC)
def leave() -> ResponseReturnValue:
    """Take the way to the answers off this device, and off every copy of its cookie."""
    draft = journey.own_draft()
    if draft is not None:
        drafts.lock(services().clinic, draft, journey.key(), secrets.token_urlsafe(TOKEN_BYTES))
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
    if belonging.is_of_another(draft):
        return show_other(draft, name), HTTPStatus.CONFLICT
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
    card = cards.care_card(draft, name)
    if card is None:
        return onward(draft)
    return render(
        "patient/stop.html",
        card=card,
        seen=cards.seen(draft),
        version=fingerprint(card.print),
        back=url_for("patient.question", name=name),
        section=journey.section(name),
        action=url_for("patient.stop", name=name),
    )


@BLUEPRINT.post("/q/<name>/stop")
@guard(Guard.PATIENT)
def go_on(name: str) -> ResponseReturnValue:
    """Read: on to the next page; where there is more to read by now, that first."""
    draft = journey.draft()
    card = cards.care_card(draft, name)
    if card is not None and request.form.get("version") == fingerprint(card.print):
        draft = saving.note_card(services().clinic, draft, card.rules)
    return onward(draft)


CSRF.exempt(answer)  # it checks the token with its form, so that a page open for too long keeps what was typed
