"""What a practitioner asked back: a page with the one question or two that settle it, then a word of thanks.

An answer is stored and judged at once. Where it is urgent, the page of thanks says what to do now.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import lazy_gettext as _

from intake.errors import StaleError
from intake.web import asking
from intake.web.guards import Guard, guard
from intake.web.patient import cards, journey, linked
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import problems_of, sent_now
from intake.web.patient.views import BLUEPRINT, ID_BYTES, go
from intake.web.references import new_reference
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.patient import asks
from intake.workflow.patient.links import Purpose
from intake.workflow.patient.submit import Sending

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.questions.pages import PageForm
    from intake.workflow.patient.asks import Waiting

SEVERAL: str = _("A few more questions")


@BLUEPRINT.get("/l/question")
@guard(Guard.LINK)
@linked.opens(Purpose.QUESTION)
def asked_back() -> ResponseReturnValue:
    """The questions that are still open; else the word of thanks."""
    waiting = _waiting()
    return _show(waiting, _page(waiting)) if waiting.names else _thank(waiting)


@BLUEPRINT.post("/l/question")
@guard(Guard.LINK)
def answer_back() -> ResponseReturnValue:
    """Store the answer as a new version of the form; sent twice, it is stored once."""
    waiting = _waiting()
    if not waiting.names or request.form.get("version") != waiting.version.intake_id:
        return _onward()
    page = _page(waiting, sent=True)
    if not page.validate() or "end" not in request.form:
        return _show(waiting, page), HTTPStatus.UNPROCESSABLE_ENTITY
    parts, sending = services(), Sending(secrets.token_hex(ID_BYTES), new_reference())
    try:
        asks.answer(parts.clinic, parts.rulebook, waiting, asking.post_of(page), sending)
    except StaleError:
        waiting = _waiting()
        if waiting.names:
            return _show(waiting, _page(waiting, sent=True), overtaken=True), HTTPStatus.CONFLICT
    return _onward()


def _onward() -> ResponseReturnValue:
    return go(url_for("patient.asked_back"))


def _waiting() -> Waiting:
    parts = services()
    return asks.load(parts.clinic, parts.rulebook, linked.opened(Purpose.QUESTION).object_id)


def _page(waiting: Waiting, *, sent: bool = False) -> PageForm:
    return asking.page_of(waiting.names, waiting.draft, request.form if sent else None, OWN_FIELDS, to_staff=False)


def _show(waiting: Waiting, page: PageForm, *, overtaken: bool = False) -> str:
    view = page.view()
    lone = len(view.fields) == 1
    return render(
        "patient/asked_back.html",
        page=view,
        lone=lone,
        title=view.fields[0].legend if lone else SEVERAL,
        problems=problems_of(view, sent_now(), of_draft=False),
        version=waiting.version.intake_id,
        for_patient=journey.is_answered_by_another(waiting.draft),
        overtaken=overtaken,
    )


def _thank(waiting: Waiting) -> str:
    return render("patient/answered_back.html", card=cards.last_card(waiting.draft))
