"""Going on with another device: four words or a picture on one, the words and the birth date on the other."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import format_time
from flask_babel import gettext as _

from intake.questions.views import PageProblem
from intake.web import addresses
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.patient import belonging, journey
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import problems_of, sent_now
from intake.web.patient.views import BLUEPRINT, ID_BYTES, TOKEN_BYTES, go, onward
from intake.web.qr import qr
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.keeping import limits
from intake.workflow.patient import drafts, handover
from intake.workflow.patient.invitations import Entry
from intake.workflow.shared.birth_date import Entered

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.questions.pages import PageForm

COOKIE, BELOW = "intake_move", "/move"
LONGEST = 80


@BLUEPRINT.get("/move")
@guard(Guard.PATIENT)
def move() -> ResponseReturnValue:
    """What going on with another device means; the words are made by the button."""
    draft = journey.draft()
    return onward(draft) if draft.sent else render("patient/move.html", offer=None)


@BLUEPRINT.post("/move")
@guard(Guard.PATIENT)
@takes(*OWN_FIELDS)
def offer_words() -> ResponseReturnValue:
    """Four words and their code for a camera, shown once; no address holds them."""
    draft = journey.draft()
    if draft.sent:
        return onward(draft)
    offer = handover.offer(services().clinic, draft)
    link = addresses.public(url_for("patient.move_link", words="-".join(offer.words)))
    until = format_time(offer.until, "short")
    return render(
        "patient/move.html", offer=offer, until=until, qr=qr(link), address=addresses.typed(url_for("patient.move_in"))
    )


@BLUEPRINT.get("/move/with/<words>")
@guard(Guard.PUBLIC)
def move_link(words: str) -> ResponseReturnValue:
    """Exchange the words of a camera's link for a cookie, whatever they are."""
    response = go(url_for("patient.move_in"))
    secure = services().secure
    response.set_cookie(
        COOKIE, words[:LONGEST], max_age=handover.LIFE, path=_path(), httponly=True, samesite="Lax", secure=secure
    )
    return response


@BLUEPRINT.get("/move/in")
@guard(Guard.PUBLIC)
def move_in() -> ResponseReturnValue:
    """The words and the birth date, on the device that goes on."""
    return _ask(belonging.whose(None, (*OWN_FIELDS, "words")))


@BLUEPRINT.post("/move/in")
@guard(Guard.PUBLIC)
@takes(*belonging.BORN, *OWN_FIELDS, "words")
def take_words() -> ResponseReturnValue:
    """On with the form, for whoever has the words and knows the birth date; which of both is wrong is not told."""
    page = belonging.whose(request.form, (*OWN_FIELDS, "words"))
    dated = any(request.form.get(name, "").strip() for name in belonging.BORN)
    words = handover.words_of(request.form.get("words", "")[:LONGEST] or request.cookies.get(COOKIE, "")[:LONGEST])
    if not words or (dated and not page.validate()):
        return _ask(page if dated else None, none=not words), HTTPStatus.UNPROCESSABLE_ENTITY
    born = belonging.born_in(page) if dated else None
    entry = Entry(words, born, secrets.token_urlsafe(TOKEN_BYTES), secrets.token_hex(ID_BYTES))
    clinic = services().clinic
    entered = handover.take(clinic, entry, limits.network_of(request.remote_addr))
    if entered is not Entered.OPEN:
        return _ask(page if dated else None, entered=entered), HTTPStatus.UNPROCESSABLE_ENTITY
    response = go(url_for("patient.resume"))
    journey.remember(response, entry.key, drafts.load(clinic, entry.key).expires - clinic.clock())
    response.delete_cookie(COOKIE, path=_path())
    return response


def _ask(page: PageForm | None, *, none: bool = False, entered: Entered | None = None) -> str:
    view = (page or belonging.whose(None, (*OWN_FIELDS, "words"))).view()
    own, wrong = journey.own_draft(), _wrong_words(entered, none=none)
    of_date = problems_of(view, sent_now(), of_draft=False) if page else ()
    return render(
        "patient/move_in.html",
        page=view,
        problems=(*([PageProblem("words", wrong)] if wrong else []), *of_date),
        by_camera=COOKIE in request.cookies,
        others=own is not None and not own.sent and bool(own.passed),
        refused=wrong,
        typed=request.form.get("words", "")[:LONGEST],
    )


def _wrong_words(entered: Entered | None, *, none: bool) -> str:
    if none:
        return str(_("Type the four words."))
    if entered is Entered.LOCKED:
        return f"{_('Too many wrong dates were typed.')} {_('Show new words on the other device.')}"
    both = _("These words do not open a form with this date of birth. They work once, and for 15 minutes.")
    return str(both) if entered is Entered.WRONG else ""


def _path() -> str:
    """Where the words' cookie is sent: to these pages alone."""
    return request.script_root + BELOW
