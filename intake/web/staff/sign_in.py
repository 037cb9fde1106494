"""Staff sign-in: the sign-in page, the guard behind it, and the way out.

Staff have a session cookie of their own, which ends after 15 idle minutes, after ten hours, and with all
its copies at sign-out. What is sent too late waits in the sign-in page, and is shown again to be saved (`waiting`).
A wrong address and a wrong password are answered alike, in words and in work; `guesses` says when the next may come.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from math import ceil
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, abort, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError

from intake.errors import LimitError, StorageError
from intake.questions.views import PageProblem
from intake.web import errors
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import first_run, waiting
from intake.web.staff.accounts import SignIn
from intake.workflow.keeping import accounts, guesses
from intake.workflow.keeping.accounts import Role
from intake.workflow.keeping.guesses import Guess
from intake.workflow.keeping.limits import network_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask
    from flask.typing import ResponseReturnValue

LOG = structlog.get_logger()
BLUEPRINT = Blueprint("staff", __name__, url_prefix="/staff")
IDLE_SECONDS = 15 * 60
WHOLE_SECONDS = 10 * 60 * 60
LONGEST_EMAIL = 255
# The pages that sign-in may lead back to.
INSIDE = re.compile(r"/(?:review|desk|staff/first-run)(?:/[\w./-]*)?", re.ASCII)


def install(app: Flask) -> None:
    """Put sign-in, and what else has its address, into the application."""
    app.register_blueprint(BLUEPRINT)
    app.register_error_handler(CSRFError, keep_form)


def check_practitioner() -> ResponseReturnValue | None:
    """The guard of the review: a practitioner who is signed in; the front desk is refused whatever it asks for."""
    refused = check_staff()
    if refused is None and current_user.role is not Role.PRACTITIONER:
        abort(HTTPStatus.FORBIDDEN)
    return refused


def check_staff() -> ResponseReturnValue | None:
    """The guard of staff routes: a live session of an active account, or the sign-in page."""
    moment = int(services().clinic.clock().timestamp())
    ended = _over(moment) if current_user.is_authenticated else None
    if current_user.is_authenticated and ended is None:
        session.update(used=_used(moment), seen_at=moment)
        return None
    if ended:
        logout_user()
    if kept := waiting.kept():
        return _sign_in_page((), kept), HTTPStatus.FORBIDDEN
    back = request.path if request.method == "GET" else None
    return redirect(url_for("staff.sign_in", back=back, ended=ended))


def keep_form(error: CSRFError) -> ResponseReturnValue:
    """A form from a page whose session is over waits too: signed out, or in anew, in another window meanwhile.

    Nothing of it is saved; `security` has seen that it comes from a page of ours.
    """
    if not waiting.kept():
        return errors.show(error)
    return check_practitioner() or waiting.page_of_this_form() or errors.show(error)


@BLUEPRINT.get("", strict_slashes=False)
@guard(Guard.PUBLIC)
def door() -> ResponseReturnValue:
    """The address that staff remember: to the page of whoever is signed in, or to sign in first."""
    return redirect(home() if current_user.is_authenticated else url_for("review.queue"))


def home() -> str:
    """Where a member of staff begins: the front desk with the day, a practitioner with the intakes.

    While the set-up is not finished, a practitioner begins with that.
    """
    if current_user.role is Role.DESK:
        return url_for("desk.today")
    return url_for("first_run.begin" if first_run.is_open() else "review.queue")


@BLUEPRINT.get("/login")
@guard(Guard.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(_back())
    return _sign_in_page((), {})


@BLUEPRINT.post("/login")
@guard(Guard.PUBLIC)
@takes("email", "password", begins=(waiting.WAITS,))
def enter() -> ResponseReturnValue:
    """Check address and password; a session that somebody else prepared is dropped."""
    form, clinic = SignIn(), services().clinic
    kept = waiting.kept_on()
    guess = Guess(network_of(request.remote_addr), accounts.known_email(form.email.data or "")[:LONGEST_EMAIL])
    try:
        guesses.begin(clinic, guess)
    except LimitError as error:
        return _wait_page(error, kept)
    except StorageError:  # staff read while nothing can be written (ADR 12); a try is then not counted
        LOG.error("guess_not_counted")  # noqa: TRY400 - the error says no more
    if not form.validate() or form.user is None:
        guesses.wrong(clinic, guess, None if form.user is None else form.user.id)
        problem = PageProblem("email", _("The email or the password is not right."))
        return _sign_in_page((problem,), kept), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        guesses.right(clinic, guess)
    except StorageError:
        LOG.error("guess_not_counted")  # noqa: TRY400 - the error says no more
    session.clear()
    g.pop("csrf_token", None)  # it belonged to the session that was dropped
    login_user(form.user, remember=False, authn_via=["password"])
    moment = int(services().clinic.clock().timestamp())
    session.update(used=0, seen_at=moment)
    accounts.signed_in(services().clinic, form.user.id)
    shown_again = waiting.shown_again(kept) if current_user.role is Role.PRACTITIONER else None
    return shown_again or redirect(_back(), HTTPStatus.SEE_OTHER)


@BLUEPRINT.post("/logout")
@guard(Guard.DESK)
@takes()
def leave() -> ResponseReturnValue:
    """Sign out, everywhere: copies of the session end too."""
    accounts.sign_out(services().clinic, current_user.id, accounts.new_stamp())
    logout_user()
    session.clear()
    gone = redirect(url_for("staff.sign_in"), HTTPStatus.SEE_OTHER)
    gone.headers["Clear-Site-Data"] = '"cache"'
    return gone


def _over(moment: int) -> str | None:
    """Why the session has ended, if it has."""
    if moment - int(session.get("seen_at", 0)) > IDLE_SECONDS:
        return "idle"
    return "whole" if _used(moment) > WHOLE_SECONDS else None


def _used(moment: int) -> int:
    """How long the session has been in use: the times between its pages, which a clock put back does not lengthen."""
    return int(session.get("used", 0)) + max(0, moment - int(session.get("seen_at", 0)))


def _back() -> str:
    """Back to the page of staff that asked for sign-in, and nowhere else; the front desk only to its own."""
    wanted = request.args.get("back", "")
    inside = INSIDE.fullmatch(wanted) is not None and "//" not in wanted
    reached = current_user.role is Role.PRACTITIONER or wanted.startswith("/desk")
    return request.script_root + wanted if inside and reached else home()


def _sign_in_page(problems: tuple[PageProblem, ...], kept: Mapping[str, str]) -> str:
    back = url_for("staff.enter", back=request.args.get("back"))
    email = request.form.get("email", "")
    return render("staff/login.html", problems=problems, action=back, email=email, waiting=kept)


def _wait_page(error: LimitError, kept: Mapping[str, str]) -> ResponseReturnValue:
    """The sign-in page while the next try has to wait; what waits in it stays there."""
    seconds = ceil(error.wait.total_seconds())
    tell = ngettext(
        "Too many tries. Wait %(num)s second, then sign in again.",
        "Too many tries. Wait %(num)s seconds, then sign in again.",
        seconds,
    )
    page = _sign_in_page((PageProblem("email", tell),), kept)
    return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)}
