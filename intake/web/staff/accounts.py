"""Staff accounts as Flask-Security wants them: it checks passwords (argon2id) and looks accounts up in our tables."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    hash_password,
)
from wtforms import StringField

from intake.web.services import services
from intake.workflow.keeping import accounts, passwords
from intake.workflow.keeping.accounts import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from intake.workflow.keeping.accounts import Account

HASHING = BoundedSemaphore(2)
STAFF_PAGES = ("staff", "review", "consent", "rules", "mail", "desk", "first_run")
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
    role: Role


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
        """None: the guards ask the account itself."""

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


def install(app: Flask) -> None:
    """Put Flask-Security into the application, round the pages of staff."""
    app.config.from_mapping(SETTINGS)
    with on_staff_pages_only(app):
        Security(app, Accounts(), register_blueprint=False, login_form=SignIn)


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


def hashed(password: str) -> str:
    """The stored form of a password, normalised as sign-in normalises it."""
    with HASHING:
        return hash_password(current_app.extensions["security"].password_util.normalize(password))


def _user(account: Account | None) -> User | None:
    if account is None:
        return None
    return User(account.id, account.email, account.password, account.active, account.stamp, account.role)
