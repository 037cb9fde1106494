"""Coming in by an invitation: the link's page, a slip's code, the birth date, and the visit for a calendar.

A link's token is out of the address at once, into a cookie that only these pages are sent. GET spends nothing.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import gettext as _

from intake.errors import NotFoundError
from intake.questions.views import PageProblem
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.patient import belonging, journey
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import problems_of, sent_now
from intake.web.patient.tokens import TokenCookie
from intake.web.patient.views import BLUEPRINT, ID_BYTES, TOKEN_BYTES, go
from intake.web.patient.visit import words_of
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.keeping import limits
from intake.workflow.patient import appointments, drafts, invitations
from intake.workflow.patient.invitations import Entry
from intake.workflow.shared.birth_date import Entered

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from intake.questions.pages import PageForm
    from intake.workflow.patient.invitations import Found

TOKEN = TokenCookie("intake_invitation", "/i")
LONGEST_CODE = 40
CALENDAR = "text/calendar; charset=utf-8"


@BLUEPRINT.get("/i/<token>")
@guard(Guard.PUBLIC)
def invitation_link(token: str) -> ResponseReturnValue:
    """Exchange a link's token for a cookie, whatever the token is: what it opens is looked at on the next page."""
    return TOKEN.exchange(token, url_for("patient.invitation"))


@BLUEPRINT.get("/i")
@guard(Guard.PUBLIC)
def invitation() -> ResponseReturnValue:
    """Whose form it is, when the visit is, until when it can be filled in; the birth date is asked."""
    try:
        found = invitations.find(services().clinic, TOKEN.read())
    except NotFoundError:
        return _gone()
    return _show(found, belonging.whose(None, OWN_FIELDS))


@BLUEPRINT.post("/i")
@guard(Guard.PUBLIC)
@takes(*belonging.BORN, *OWN_FIELDS)
def accept_invitation() -> ResponseReturnValue:
    """In, for whoever knows the birth date."""
    clinic = services().clinic
    try:
        found = invitations.find(clinic, TOKEN.read())
        page = belonging.whose(request.form, OWN_FIELDS)
        if found.asks and not page.validate():
            return _show(found, page), HTTPStatus.UNPROCESSABLE_ENTITY
        entry = _entry(TOKEN.read(), belonging.born_in(page) if found.asks else None)
        entered = invitations.enter(clinic, entry)
    except NotFoundError:
        return _gone()
    if entered is Entered.OPEN:
        return _let_in(entry)
    belonging.refuse_date(page)
    return _show(invitations.find(clinic, TOKEN.read()), page), HTTPStatus.UNPROCESSABLE_ENTITY


@BLUEPRINT.get("/code")
@guard(Guard.PUBLIC)
def slip_code() -> ResponseReturnValue:
    """A slip's code, for who has no camera."""
    return _show_code(belonging.whose(None, (*OWN_FIELDS, "code")))


@BLUEPRINT.post("/code")
@guard(Guard.PUBLIC)
@takes(*belonging.BORN, *OWN_FIELDS, "code")
def enter_code() -> ResponseReturnValue:
    """In, for whoever has a slip's code and knows the birth date."""
    page = belonging.whose(request.form, (*OWN_FIELDS, "code"))
    code = invitations.code_of(request.form.get("code", "")[:LONGEST_CODE])
    if not page.validate() or not code:
        return _show_code(page, no_code=not code), HTTPStatus.UNPROCESSABLE_ENTITY
    entry = _entry(code, belonging.born_in(page))
    network = limits.network_of(request.remote_addr)
    entered = invitations.enter_by_code(services().clinic, entry, network)
    if entered is Entered.OPEN:
        return _let_in(entry)
    return _show_code(page, entered=entered), HTTPStatus.UNPROCESSABLE_ENTITY


@BLUEPRINT.get("/visit.ics")
@guard(Guard.PATIENT)
def calendar_entry() -> ResponseReturnValue:
    """The visit, for the patient's own calendar; nothing of the form."""
    clinic, draft = services().clinic, journey.draft()
    found = invitations.of_draft(clinic, draft.id)
    if found is None:
        raise NotFoundError("this form belongs to no visit that somebody was invited to")
    entry = appointments.calendar_entry(clinic, found.booked, belonging.mark(draft))
    return entry, HTTPStatus.OK, {"Content-Type": CALENDAR, "Content-Disposition": 'attachment; filename="visit.ics"'}


def _entry(token: str, born: str | None) -> Entry:
    return Entry(token, born, secrets.token_urlsafe(TOKEN_BYTES), secrets.token_hex(ID_BYTES))


def _let_in(entry: Entry) -> Response:
    """On with the form in this browser; who has sent it sees what was sent."""
    clinic = services().clinic
    draft = drafts.load(clinic, entry.key)
    if draft.sent:
        belonging.allow_copy(draft)
    response = go(url_for("patient.copy" if draft.sent else "patient.resume"))
    journey.remember(response, entry.key, draft.expires - clinic.clock())
    TOKEN.drop(response)
    return response


def _gone() -> ResponseReturnValue:
    """The same page for a link that never was, was taken back, or is over."""
    return render("patient/invitation_gone.html"), HTTPStatus.NOT_FOUND


def _show(found: Found, page: PageForm) -> str:
    own = journey.own_draft()
    others = own is not None and not own.sent and bool(own.passed)
    view = page.view()
    problems = () if found.locked else problems_of(view, sent_now(), of_draft=False)
    shown = {"told": words_of(found), "problems": problems, "others": others}
    return render("patient/invitation.html", found=found, page=view, **shown)


def _show_code(page: PageForm, *, no_code: bool = False, entered: Entered | None = None) -> str:
    view, typed = page.view(), request.form.get("code", "")[:LONGEST_CODE]
    wrong = _wrong_code(entered, no_code=no_code)
    problems = (*([PageProblem("code", wrong)] if wrong else []), *problems_of(view, sent_now(), of_draft=False))
    return render("patient/code.html", page=view, problems=problems, typed=typed, refused=wrong)


def _wrong_code(entered: Entered | None, *, no_code: bool) -> str:
    if no_code:
        return str(_("Type the code."))
    if entered is Entered.LOCKED:
        return f"{_('Too many wrong dates were typed.')} {_('Please call us: we open it again for you.')}"
    both = _("This code and this date of birth do not open a form. Please check both.")
    return str(both) if entered is Entered.WRONG else ""
