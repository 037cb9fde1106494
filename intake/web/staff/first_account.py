"""The set-up page: whoever holds the token of a new installation makes its first account."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from intake.errors import NotFoundError
from intake.questions.views import PageProblem
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff.accounts import hashed
from intake.web.staff.sign_in import BLUEPRINT
from intake.workflow.keeping import accounts, guesses, passwords
from intake.workflow.keeping.limits import network_of

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


class FirstAccount(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """The first administrator."""

    email = StringField()
    password = PasswordField()


def check_setup() -> ResponseReturnValue | None:
    """The guard of the set-up page: a token that may still make the first account."""
    token = (request.view_args or {}).get("token", "")
    if accounts.setup_is_open(services().clinic, token):
        return None
    guesses.at_setup(services().clinic, network_of(request.remote_addr))
    raise NotFoundError(accounts.NO_SETUP)


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


def _setup_page(token: str, form: FirstAccount, problems: tuple[PageProblem, ...]) -> str:
    return render("staff/setup.html", problems=problems, token=token, email=form.email.data or "")
