"""Before the form: the start page and its four ways, beginning by birth date, going on by a code, fetching a person."""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from babel import Locale
from flask import current_app, request, session, url_for
from flask_babel import gettext as _

from intake import languages
from intake.errors import LimitError
from intake.questions.control import Known
from intake.questions.pages import new_page
from intake.questions.questionnaire import BEFORE_YOU_SEND
from intake.questions.typed import BirthDate
from intake.questions.wording import person
from intake.web import addresses
from intake.web.guards import Guard, guard
from intake.web.qr import qr
from intake.web.rendering import render
from intake.web.services import services
from intake.web.tablet.blueprint import (
    BLUEPRINT,
    LANGUAGE,
    LOOK,
    SAID,
    device,
    forget_person,
    go,
    onward,
    open_draft,
    say,
    sitting,
    to_start,
)
from intake.workflow.patient import arrival, last_time, tablet, tablet_start
from intake.workflow.patient.tablet import SittingState, Wish
from intake.workflow.patient.tablet_start import Entered, NewForm, TypedCode

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from intake.workflow.patient.arrival import DayForm

# What the browser kept of a person goes with the page that every way out ends in, with no redirect to it: there Firefox
# overlooks the header, and WebKit never answers a fetch that does not follow the redirect.
CLEARED = '"cache", "storage"'
LOOKS = ("contrast", "shield", "big")
LETTERS_LIMIT = 100
LONGEST_CODE = 80
OWN = ("end", "big", "code", "letters", "draft", "version")
BORN = ("date_of_birth-day", "date_of_birth-month", "date_of_birth-year")
DATE, UNKNOWN, WAIT, COMING, CODE, LOCKED = "date", "unknown", "wait", "coming", "code", "locked"
WRONG = (DATE, UNKNOWN, WAIT, CODE, LOCKED)
_WHO = new_page("who_is_it", BEFORE_YOU_SEND, date_of_birth=BirthDate(person.BIRTH, BirthDate.key))


@BLUEPRINT.get("", strict_slashes=False)
@guard(Guard.TABLET)
def start() -> ResponseReturnValue:
    """What this is for and the ways to do it. Coming here leaves a form that was open: it is locked."""
    found = sitting()
    if found is not None and found.state is SittingState.LIVE:
        tablet.lock(services().clinic, found)
        return to_start()
    said, phone = session.pop(SAID, ""), url_for("patient.start")
    page = render(
        "tablet/start.html",
        who=_WHO(_known()).view(),
        said=said,
        wrong=said in WRONG,
        sentence=_sentence(said),
        locked=found is not None,
        by_staff=tablet_start.opened_by_staff(services().clinic, found),
        ready=bool(services().details.phone),
        spoken=spoken(),
        phone_address=addresses.typed(phone),
        qr=qr(addresses.public(phone)),
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if said in WRONG else HTTPStatus.OK
    return page, status, {"Clear-Site-Data": CLEARED}


@BLUEPRINT.post("/begin")
@guard(Guard.TABLET)
def begin() -> ResponseReturnValue:
    """By a slip's code or four words: the form begun elsewhere. Else by birth date and letters.

    Then it is the locked form of that person again, or an empty one for today's visit.
    """
    if not services().details.phone:
        return to_start()
    page, code = _WHO(_known(), request.form, OWN), request.form.get("code", "")[:LONGEST_CODE].strip()
    dated = not code or any(request.form.get(name, "").strip() for name in BORN)
    if dated and not page.validate():
        return say(DATE)
    born = page.to_identity()[BirthDate.key] if dated else None
    try:
        return _by_birth_date(born) if born and not code else _by_code(code, born)
    except LimitError:
        return say(WAIT)


@BLUEPRINT.post("/begin/without")
@guard(Guard.TABLET)
def begin_without() -> ResponseReturnValue:
    """An empty form for somebody who is not on today's list."""
    return _begin(None) if services().details.phone else to_start()


@BLUEPRINT.post("/again")
@guard(Guard.TABLET)
def again() -> ResponseReturnValue:
    """The locked form that a member of staff has just opened."""
    clinic, found = services().clinic, sitting()
    if found is None or not tablet_start.opened_by_staff(clinic, found):
        return to_start()
    return _reopened(found)


@BLUEPRINT.post("/look")
@guard(Guard.TABLET)
def change_look() -> ResponseReturnValue:
    """Larger text, more contrast, or answers that nobody reads over a shoulder."""
    wanted = request.form.get("look", "")
    if wanted in LOOKS:
        session[LOOK] = sorted(set(session.get(LOOK, [])) ^ {wanted})
    return go("tablet.start")


@BLUEPRINT.post("/language")
@guard(Guard.TABLET)
def change_language() -> ResponseReturnValue:
    """The tablet's pages in another language, for this person."""
    wanted = request.form.get("language", "")
    if wanted == _at_home().language:
        session.pop(LANGUAGE, None)
    elif wanted in languages.catalogues():
        session[LANGUAGE] = wanted
    return go("tablet.start")


@BLUEPRINT.post("/help")
@guard(Guard.TABLET)
def fetch_staff() -> ResponseReturnValue:
    """Somebody wants a person: the desk sees it at once. From a page of the form, that page again."""
    wanted = request.form.get("wish", "")
    wish = next((each for each in Wish if each == wanted), Wish.HELP)
    tablet.call_staff(services().clinic, device(), wish)
    if request.headers.get("X-Stay"):
        return "", HTTPStatus.NO_CONTENT
    draft, found = open_draft(), sitting()
    if draft is not None and found is not None:
        return onward(draft, found.page)
    return say(COMING)


def spoken() -> list[Locale]:
    """The languages to choose from, where there are several."""
    found = languages.catalogues()
    return [Locale.parse(each) for each in found] if len(found) > 1 else []


def _at_home() -> Locale:
    """The clinic's own language."""
    return Locale.parse(current_app.config["BABEL_DEFAULT_LOCALE"])


def _known() -> Known:
    return Known(services().clinic.today, frozenset({BirthDate.key}))


def _by_birth_date(born: str) -> Response:
    clinic, found, letters = services().clinic, sitting(), request.form.get("letters", "")[:LETTERS_LIMIT]
    if found is not None and tablet_start.may_reopen(clinic, device(), found, born):
        return _reopened(found)
    visit = tablet_start.find(clinic, device(), born, letters)
    if visit is None:
        return say(UNKNOWN)
    form = arrival.of_visit(clinic, visit)
    return _begin(visit) if form is None else _to_the_day(form)


def _reopened(found: tablet.Sitting) -> Response:
    """On with the locked form; nobody has shown a code, so nothing of last time is shown any more."""
    clinic = services().clinic
    return onward(last_time.let_go(clinic, tablet.load(clinic, found)))


def _to_the_day(form: DayForm) -> Response:
    """To the questions of the day, where the form was sent; nothing that was said in it is shown."""
    tablet_start.sit_for_the_day(services().clinic, device(), form.draft_id)
    return _seated()


def _seated() -> Response:
    """On with the form that the tablet has just been given."""
    found = tablet.sitting_of(services().clinic, device())
    if found is None:
        return to_start()
    response = onward(tablet.load(services().clinic, found))
    forget_person(response)
    return response


def _by_code(code: str, born: str | None) -> Response:
    clinic = services().clinic
    match tablet_start.enter(clinic, device(), TypedCode(code, born, secrets.token_hex(16))):
        case Entered.OPEN:
            return _seated()
        case Entered.LOCKED:
            return say(LOCKED)
        case Entered.WRONG:
            return say(CODE)


def _begin(visit_id: str | None) -> Response:
    parts = services()
    life = timedelta(days=parts.details.draft_days)
    new = NewForm(secrets.token_hex(16), secrets.token_urlsafe(32), life, visit_id)
    tablet_start.begin(parts.clinic, device(), new)
    response = go("tablet.form")
    forget_person(response)
    return response


def _sentence(said: str) -> str:
    sentences: dict[str, str] = {
        DATE: _("Type the date of birth as day, month and year. For example 27 3 1985."),
        UNKNOWN: _("We do not find you among today’s visits. Check what you typed, or fetch a person."),  # noqa: RUF001 - typographic quotes
        WAIT: _("That was tried too often. Please fetch a person."),
        CODE: _("This code and this date of birth do not open a form. Check both, or fetch a person."),
        LOCKED: _("Too many wrong dates were typed. Please fetch a person."),
        COMING: _("We have told the desk. Somebody comes to you."),
    }
    return sentences.get(said, "")
