"""Staff sign-in: Flask-Security checks passwords (argon2id) over our own tables; one page makes the first account.

Staff have a session cookie of their own, which ends after 15 idle minutes, after ten hours, and with all
its copies at sign-out. A decision that is sent too late waits in the sign-in page, and is shown again to be saved.
A wrong address and a wrong password are answered alike, in words and in work; `guesses` says when the next may come.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, current_app, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    current_user,
    hash_password,
    login_user,
    logout_user,
)
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from wtforms import PasswordField, StringField

from intake.errors import LimitError, NotFoundError, StorageError
from intake.questions.views import PageProblem
from intake.web import errors
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import review
from intake.workflow.keeping import accounts, guesses, passwords
from intake.workflow.keeping.guesses import Guess
from intake.workflow.keeping.limits import network_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from intake.workflow.keeping.accounts import Account

LOG = structlog.get_logger()
BLUEPRINT = Blueprint("staff", __name__, url_prefix="/staff")
HASHING = BoundedSemaphore(2)
IDLE_SECONDS = 15 * 60
WHOLE_SECONDS = 10 * 60 * 60
LONGEST_EMAIL = 255
WAITS = "waits-"  # before the names of a decision's fields in the sign-in page; alone: the intake
INSIDE = re.compile(r"/review/[\w./-]*", re.ASCII)  # the pages that sign-in may lead back to
STAFF_PAGES = ("staff", "review", "rules")
SETTINGS = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__type": "ID",
        "argon2__time_cost": 3,
        "argon2__memory_cost": 64 * 1024,
        "argon2__parallelism": 1,
    },
    "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
}


@dataclass(slots=True, eq=False)
class User(UserMixin):
    """An account as Flask-Security and Flask-Login want it."""

    id: int
    email: str
    password: str
    active: bool
    fs_uniquifier: str


class Accounts(UserDatastore):
    """Flask-Security's view of the accounts: it looks up, and may renew a hash."""

    def __init__(self) -> None:
        super().__init__(User, RoleMixin)

    def find_user(self, case_insensitive: bool = False, **kwargs: object) -> User | None:  # noqa: ARG002, FBT001, FBT002 - the library's signature
        """By address or by stamp."""
        if "email" in kwargs:
            return _user(accounts.by_email(services().clinic, str(kwargs["email"])))
        return _user(accounts.by_stamp(services().clinic, str(kwargs["fs_uniquifier"])))

    def find_role(self, role: str) -> None:
        """None: every account is a practitioner's."""

    def put(self, model: User) -> User:
        """Keep a renewed hash."""
        accounts.rehash(services().clinic, model.id, model.password)
        return model

    def commit(self) -> None:
        """Every write commits itself."""


class SignIn(LoginForm):
    """Flask-Security's form with our way of finding the account; a password that nobody can have is cut, and wrong."""

    email = StringField()

    def validate(self, **kwargs: object) -> bool:
        """Find the account, then let the library check the password, its dummy work for unknown accounts included."""
        self.ifield = self.email
        self.password.data = (self.password.data or "")[: passwords.LONGEST + 1]
        self.user = current_app.extensions["security"].datastore.find_user(email=self.email.data or "")
        with HASHING:
            return bool(super().validate(**kwargs))


class FirstAccount(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The first administrator."""

    email = StringField()
    password = PasswordField()


def install(app: Flask) -> None:
    """Put staff sign-in into the application."""
    app.config.from_mapping(SETTINGS)
    with on_staff_pages_only(app):
        Security(app, Accounts(), register_blueprint=False, login_form=SignIn)
    app.register_blueprint(BLUEPRINT)
    app.register_error_handler(CSRFError, keep_decision)


@contextmanager
def on_staff_pages_only(app: Flask) -> Iterator[None]:
    """Let what is installed meanwhile run round staff pages: nobody looks for an account behind a patient's page."""
    every: tuple[dict[Any, list[Any]], ...] = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
        app.template_context_processors,
    )
    own = [hooks.setdefault(None, []).copy() for hooks in every]
    yield
    for hooks, kept in zip(every, own, strict=True):
        theirs = [hook for hook in hooks[None] if hook not in kept]
        hooks[None] = kept
        for name in STAFF_PAGES:
            hooks.setdefault(name, []).extend(theirs)


def check_staff() -> ResponseReturnValue | None:
    """The guard of staff routes: a live session of an active account, or the sign-in page."""
    moment = int(services().clinic.clock().timestamp())
    if current_user.is_authenticated and not _over(moment):
        session.update(since=min(moment, int(session.get("since", 0))), seen_at=moment)  # also where a clock went back
        return None
    ended = current_user.is_authenticated
    if ended:
        logout_user()
    if request.endpoint == "review.decide":
        waiting = {WAITS + name: text for name, text in request.form.items() if name != "csrf_token"}
        return _sign_in_page((), waiting | {WAITS: str((request.view_args or {})["intake_id"])}), HTTPStatus.FORBIDDEN
    back = request.path if request.method == "GET" else None
    return redirect(url_for("staff.sign_in", back=back, ended=1 if ended else None))


def keep_decision(error: CSRFError) -> ResponseReturnValue:
    """A decision from a page whose session is over waits too: signed out, or in anew, in another window meanwhile.

    Nothing of it is saved; `security` has seen that it comes from a page of ours.
    """
    if request.endpoint != "review.decide":
        return errors.show(error)
    return check_staff() or review.resumed(str((request.view_args or {})["intake_id"]), request.form)


def check_setup() -> ResponseReturnValue | None:
    """The guard of the set-up page: a token that may still make the first account."""
    token = (request.view_args or {}).get("token", "")
    if accounts.setup_is_open(services().clinic, token):
        return None
    guesses.at_setup(services().clinic, network_of(request.remote_addr))
    raise NotFoundError(accounts.NO_SETUP)


@BLUEPRINT.get("", strict_slashes=False)
@guard(Guard.PUBLIC)
def door() -> ResponseReturnValue:
    """The address that staff remember: to the list, or to sign in first."""
    return redirect(url_for("review.queue"))


@BLUEPRINT.get("/login")
@guard(Guard.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if current_user.is_authenticated:
        return redirect(_back())
    return _sign_in_page((), {})


@BLUEPRINT.post("/login")
@guard(Guard.PUBLIC)
@takes("email", "password", begins=(WAITS,))
def enter() -> ResponseReturnValue:
    """Check address and password; a session that somebody else prepared is dropped."""
    form, clinic = SignIn(), services().clinic
    waiting = {name: text for name, text in request.form.items() if name.startswith(WAITS)}
    guess = Guess(network_of(request.remote_addr), accounts.known_email(form.email.data or "")[:LONGEST_EMAIL])
    try:
        guesses.begin(clinic, guess)
    except LimitError as error:
        return _wait_page(error, waiting)
    except StorageError:  # staff read while nothing can be written (ADR 12); a try is then not counted
        LOG.error("guess_not_counted")  # noqa: TRY400 - the error says no more
    if not form.validate() or form.user is None:
        guesses.wrong(clinic, guess, None if form.user is None else form.user.id)
        problem = PageProblem("email", _("The email or the password is not right."))
        return _sign_in_page((problem,), waiting), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        guesses.right(clinic, guess)
    except StorageError:
        LOG.error("guess_not_counted")  # noqa: TRY400 - the error says no more
    session.clear()
    g.pop("csrf_token", None)  # it belonged to the session that was dropped
    login_user(form.user, remember=False, authn_via=["password"])
    moment = int(services().clinic.clock().timestamp())
    session.update(since=moment, seen_at=moment)
    accounts.signed_in(services().clinic, form.user.id)
    if WAITS in waiting:
        return review.resumed(waiting[WAITS], {name.removeprefix(WAITS): text for name, text in waiting.items()})
    return redirect(_back(), HTTPStatus.SEE_OTHER)


@BLUEPRINT.post("/logout")
@guard(Guard.STAFF)
@takes()
def leave() -> ResponseReturnValue:
    """Sign out, everywhere: copies of the session end too."""
    accounts.sign_out(services().clinic, current_user.id, accounts.new_stamp())
    logout_user()
    session.clear()
    gone = redirect(url_for("staff.sign_in"), HTTPStatus.SEE_OTHER)
    gone.headers["Clear-Site-Data"] = '"cache"'
    return gone


@BLUEPRINT.get("/setup/<token>")
@guard(Guard.SETUP)
def setup(token: str) -> ResponseReturnValue:
    """The page that makes the first account."""
    return _setup_page(token, FirstAccount(), ())


@BLUEPRINT.post("/setup/<token>")
@guard(Guard.SETUP)
@takes("email", "password")
def first_account(token: str) -> ResponseReturnValue:
    """Make the first account, and spend the token."""
    form = FirstAccount()
    email, password = form.email.data or "", form.password.data or ""
    problems = [PageProblem("password", sentence) for sentence in passwords.problems(password, email)]
    if not accounts.is_email(email):
        problems.insert(0, PageProblem("email", _("Type your work email.")))
    if problems:
        return _setup_page(token, form, tuple(problems)), HTTPStatus.UNPROCESSABLE_ENTITY
    new = accounts.NewAccount(email, hashed(password), accounts.new_stamp())
    accounts.complete_setup(services().clinic, token, new)
    return redirect(url_for("staff.sign_in", made=1), HTTPStatus.SEE_OTHER)


def hashed(password: str) -> str:
    """The stored form of a password, normalised as sign-in normalises it."""
    with HASHING:
        return hash_password(current_app.extensions["security"].password_util.normalize(password))


def _over(moment: int) -> bool:
    idle, whole = (moment - int(session.get(name, 0)) for name in ("seen_at", "since"))
    return idle > IDLE_SECONDS or whole > WHOLE_SECONDS


def _back() -> str:
    """Back to the page of the review that asked for sign-in, and nowhere else."""
    wanted = request.args.get("back", "")
    inside = INSIDE.fullmatch(wanted) is not None and "//" not in wanted
    return wanted if inside else url_for("review.queue")


def _sign_in_page(problems: tuple[PageProblem, ...], waiting: Mapping[str, str]) -> str:
    back = url_for("staff.enter", back=request.args.get("back"))
    email = request.form.get("email", "")
    return render("staff/login.html", problems=problems, action=back, email=email, waiting=waiting)


def _wait_page(error: LimitError, waiting: Mapping[str, str]) -> ResponseReturnValue:
    """The sign-in page while the next try has to wait; a decision that waits in it stays there."""
    seconds = ceil(error.wait.total_seconds())
    tell = ngettext(
        "Too many tries. Wait %(num)s second, then sign in again.",
        "Too many tries. Wait %(num)s seconds, then sign in again.",
        seconds,
    )
    page = _sign_in_page((PageProblem("email", tell),), waiting)
    return page, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)}


def _setup_page(token: str, form: FirstAccount, problems: tuple[PageProblem, ...]) -> str:
    return render("staff/setup.html", problems=problems, token=token, email=form.email.data or "")


def _user(account: Account | None) -> User | None:
    if account is None:
        return None
    return User(account.id, account.email, account.password, account.active, account.stamp)
