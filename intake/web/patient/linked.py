"""Coming in by a link to what comes after the form: the birth date, then for a short time the one page that it opens.

A page of this kind has the guard LINK, an address below `/l/`, and names on its GET view what it is for:
`@opens(Purpose.QUESTION)`; what it may show is what `opened` gives it.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar, cast

from flask import g, request, url_for
from flask_babel import format_date

from intake.errors import NotFoundError
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.patient import belonging
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.showing import problems_of, sent_now
from intake.web.patient.tokens import TokenCookie
from intake.web.patient.views import BLUEPRINT, TOKEN_BYTES, go
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.desk.visits import last_moment
from intake.workflow.patient import links
from intake.workflow.shared.birth_date import Entered

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from intake.questions.pages import PageForm
    from intake.workflow.patient.links import Found, Opened, Purpose

    View = TypeVar("View", bound=Callable[..., object])

TOKEN, KEY = TokenCookie("intake_link", "/l"), TokenCookie("intake_opened", "/l")
PAGES: dict[Purpose, str] = {}
"""The endpoint of the page that each kind of link opens; `opens` fills it."""


def opens(purpose: Purpose) -> Callable[[View], View]:
    """Declare that links of this purpose open this view of the patient's blueprint."""

    def declare(view: View) -> View:
        PAGES[purpose] = f"{BLUEPRINT.name}.{view.__name__}"
        return view

    return declare


def ask_for_link() -> Response | None:
    """What stands before every page that a link opens: without one, the question for the birth date."""
    return None if _opened() else go(url_for("patient.link"))


def opened(purpose: Purpose) -> Opened:
    """What this browser's link opens; raises NotFoundError where it is something else."""
    found = _opened()
    if found is None or found.purpose is not purpose:
        raise NotFoundError("the link of this browser opens another page")
    return found


def close(response: Response) -> None:
    """Let this browser open nothing any more, also by a copy of its cookie."""
    links.close(services().clinic, KEY.read())
    KEY.drop(response)


@BLUEPRINT.get("/l/<token>")
@guard(Guard.PUBLIC)
def link_of_letter(token: str) -> ResponseReturnValue:
    """Exchange a link's token for a cookie, whatever the token is: what it opens is looked at on the next page."""
    return TOKEN.exchange(token, url_for("patient.link"))


@BLUEPRINT.get("/l")
@guard(Guard.PUBLIC)
def link() -> ResponseReturnValue:
    """For whom it is and until when; the birth date is asked."""
    try:
        found = links.find(services().clinic, TOKEN.read())
    except NotFoundError:
        return _gone()
    return _show(found, belonging.whose(None, OWN_FIELDS))


@BLUEPRINT.post("/l")
@guard(Guard.PUBLIC)
@takes(*belonging.BORN, *OWN_FIELDS)
def open_link() -> ResponseReturnValue:
    """On to what the link opens, for whoever knows the birth date."""
    clinic, token, key = services().clinic, TOKEN.read(), secrets.token_urlsafe(TOKEN_BYTES)
    try:
        found = links.find(clinic, token)
        page = belonging.whose(request.form, OWN_FIELDS)
        if not page.validate():
            return _show(found, page), HTTPStatus.UNPROCESSABLE_ENTITY
        entered = links.enter(clinic, token, belonging.born_in(page), key)
        found = links.find(clinic, token)
    except NotFoundError:
        return _gone()
    if entered is Entered.OPEN:
        return _let_in(PAGES[found.purpose], key)
    belonging.refuse_date(page)
    return _show(found, page), HTTPStatus.UNPROCESSABLE_ENTITY


def _let_in(endpoint: str, key: str) -> Response:
    response = go(url_for(endpoint))
    KEY.keep(response, key, links.OPEN_FOR)
    TOKEN.drop(response)
    return response


def _opened() -> Opened | None:
    """What this browser may open, looked up once a request."""
    if "opened" not in g:
        g.opened = links.opened(services().clinic, KEY.read())
    return cast("Opened | None", g.opened)


def _gone() -> ResponseReturnValue:
    """The same page for a link that never was, was taken back, or is over."""
    return render("patient/link_gone.html"), HTTPStatus.NOT_FOUND


def _show(found: Found, page: PageForm) -> str:
    view, last = page.view(), services().clinic.day_of(last_moment(found.expires_at))
    problems = () if found.locked else problems_of(view, sent_now(), of_draft=False)
    return render("patient/link.html", found=found, page=view, problems=problems, until=format_date(last, "full"))
