"""The end of the way: the check page, sending once, the last page and who may see it again."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, url_for

from intake.errors import StaleError
from intake.web.guards import Guard, guard
from intake.web.patient import belonging, cards, journey
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import arrived_whole, of_receipt, show_check, show_other, show_whose
from intake.web.patient.views import BLUEPRINT, go, onward
from intake.web.references import new_reference
from intake.web.rendering import render
from intake.web.security import CSRF
from intake.workflow.patient.submit import Sending

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.workflow.patient.drafts import Draft

ID_BYTES = 16
TRIES = 5  # each means that another window stored something meanwhile


@BLUEPRINT.get("/check")
@guard(Guard.PATIENT)
def check() -> ResponseReturnValue:
    """Every answer with its way back, and the last question."""
    draft = journey.draft()
    if not cards.is_complete(draft):
        return onward(draft)
    return show_check(draft, journey.page(draft, journey.CHECK))


@BLUEPRINT.post("/send")
@guard(Guard.PATIENT)
def send() -> ResponseReturnValue:
    """Store the intake. Sent twice, it is stored once, and both get the same reference."""
    draft = journey.draft()
    if belonging.is_of_another(draft):
        return show_other(draft, journey.CHECK), HTTPStatus.CONFLICT
    if draft.sent:
        return receipt(draft, again=True)
    if not cards.is_complete(draft):
        return onward(draft)
    last = journey.page(draft, journey.CHECK, request.form)
    if not last.validate() or not arrived_whole():
        return show_check(draft, last), HTTPStatus.UNPROCESSABLE_ENTITY
    if not deliver(draft, request.form.get("version", "")):
        draft = journey.load_again()
        last = journey.page(draft, journey.CHECK, request.form)
        return show_check(draft, last, overtaken=True), HTTPStatus.CONFLICT
    return receipt(draft)


def deliver(draft: Draft, shown: str) -> bool:
    """Store the last words and the intake; False where the answers are not those that the check page showed."""
    for _try in range(TRIES):
        if draft.sent:
            return True
        if journey.print_of(draft) != shown:
            return False
        try:
            last = journey.page(draft, journey.CHECK, request.form)
            journey.send(draft, last, Sending(secrets.token_hex(ID_BYTES), new_reference()))
        except StaleError:  # another window saved or sent meanwhile
            draft = journey.load_again()
        else:
            return True
    return False


def receipt(draft: Draft, *, again: bool = False) -> ResponseReturnValue:
    """On to the last page, for the one who sent the form."""
    belonging.allow_receipt(draft)
    return go(url_for("patient.done", again="1" if again else None))


@BLUEPRINT.get("/done")
@guard(Guard.PATIENT)
def done() -> ResponseReturnValue:
    """Sent: the reference, what happens next; where the answers are urgent, what to do now. Shown once."""
    draft, again = journey.draft(), request.args.get("again") == "1"
    if not draft.sent:
        return onward(draft)
    if not belonging.take_receipt(draft):
        return show_whose(belonging.whose(None, OWN_FIELDS), again=again)
    return render("patient/done.html", **of_receipt(draft), again=again)


@BLUEPRINT.get("/seen")
@guard(Guard.PATIENT)
def seen() -> ResponseReturnValue:
    """Whether somebody at the clinic has taken the alarm, for a page that is still open; says nothing else."""
    sentence = cards.seen(journey.draft())
    status = HTTPStatus.OK if sentence else HTTPStatus.NO_CONTENT
    return sentence, status, {"Content-Type": "text/plain; charset=utf-8"}


@BLUEPRINT.post("/done")
@guard(Guard.PATIENT)
def open_again() -> ResponseReturnValue:
    """The last page again, for the one who knows the patient's date of birth; a few wrong ones end the way to it."""
    draft = journey.draft()
    if not draft.sent:
        return onward(draft)
    page = belonging.whose(request.form, OWN_FIELDS)
    if not page.validate() or not arrived_whole():
        return show_whose(page), HTTPStatus.UNPROCESSABLE_ENTITY
    if belonging.is_patients(page, draft):
        return receipt(draft)
    if belonging.may_guess_again():
        return show_whose(page), HTTPStatus.UNPROCESSABLE_ENTITY
    response = go(url_for("patient.start"))
    journey.forget(response)
    return response


CSRF.exempt(send)  # it checks the token with its form, so that a page open for too long keeps what was typed
