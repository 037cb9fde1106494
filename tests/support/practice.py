"""A whole practice for tests of the staff pages: the application on a database, accounts, invented patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake.app import build
from intake.engine.book.vocabulary import Answers
from intake.questions.steps import Step
from intake.questions.views import FieldView
from intake.settings import Settings
from intake.web.services import EXTENSION, Services
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import NewAccount, Role
from tests.support.apps import PHONE
from tests.support.cheaper_app import cheaper
from tests.support.client import Page, Visitor
from tests.support.small_clinic import DANGER, Clock, SmallClinic
from tests.support.visitor import Posted, bare_app, denies
from tests.support.visitor import Visitor as Walker

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Page as Window

    from intake.engine.book.rulebook import Rulebook
    from intake.storage.intakes import Receipt

SERVICE = "Harbour Lane Clinic"
EMAIL, PASSWORD = "r.patel@harbour.example", "gentle otters walk far"
SIGNING = "0123456789abcdefghijklmnopqrstuvwxyzABCDEF"


@dataclass(slots=True)
class LateClock(Clock):
    """The clock of the clinic's acts; the pages may be opened later than that."""

    late: timedelta = timedelta()

    def late_now(self) -> datetime:
        """The time at which pages are opened."""
        return self.now + self.late


@dataclass(slots=True)
class Practice:
    """The application with a clock that tests may move, and ways to fill it."""

    app: Flask
    clinic: SmallClinic
    rulebook: Rulebook
    clock: LateClock

    def now(self) -> datetime:
        """The practice's time: that of the clinic's last act, or later."""
        return self.clock.late_now()

    def account(self, email: str = EMAIL, password: str = PASSWORD, role: Role = Role.PRACTITIONER) -> int:
        """A member of staff."""
        with self.app.app_context():
            from intake.web.staff.accounts import hashed  # noqa: PLC0415 - only after the application is there

            new = NewAccount(email, hashed(password), accounts.new_stamp(), role)
        return accounts.add(self.clinic, new, "test")

    def visitor(self) -> Visitor:
        """A browser that nobody signed in with."""
        return Visitor(self.app.test_client(), SERVICE)

    def practitioner(self) -> Visitor:
        """A browser of somebody who is signed in; the account is made if need be."""
        if accounts.by_email(self.clinic, EMAIL) is None:
            self.account()
        visitor = self.visitor()
        page = sign_in(visitor)
        assert page.path == "/review/", page.main
        return visitor

    def unsent(self, name: str = "Gus Waits") -> str:
        """A draft that stopped at a danger sign; its id."""
        signs: Answers = {"danger_signs": ("chest_pressure",)}
        draft = self.clinic.start(f"cookie-{self.clinic.number()}")
        draft = self.clinic.save(draft, DANGER, signs, {"name": name}, book=self.rulebook)
        return draft.id

    def sent(
        self,
        said: Posted | None = None,
        name: str = "Ada Lovelace",
        visit_at: datetime | None = None,
        texts: Mapping[str, str] | None = None,
        book: Rulebook | None = None,
        patient: Walker | None = None,
        email: str = "",
        born: str = "1985-12-10",
    ) -> Receipt:
        """An intake of a new patient: all calm but for what is said (control -> what is posted for it)."""
        patient = patient or walked(said or {})
        patient.texts |= texts or {}
        known = {"name": name, "born": born, "phone": "01234 555 123", "email": email}
        everything = Step("all", tuple(patient.stored), None, optional=False)
        draft = self.clinic.start(f"cookie-{self.clinic.number()}")
        draft = self.clinic.save(draft, everything, patient.stored, known, patient.texts, book or self.rulebook)
        return self.clinic.send(draft, book or self.rulebook, visit_at)


def walked(said: Posted) -> Walker:
    """A patient who went through every page, denying everything but what is said."""
    patient = Walker()

    def choose(shown: FieldView) -> Posted:
        chosen = {name: said[name] for name in names_of(shown) if name in said}
        if shown.control == "grid":
            return {row.name: row.options[0].value for row in shown.rows}
        return {**denies(shown), **chosen}

    with bare_app().test_request_context():
        patient.walk(choose)
    return patient


def ticks_everything() -> Walker:
    """A patient to whom everything applies that can."""
    patient = Walker()

    def choose(shown: FieldView) -> Posted:
        offered = [option.value for option in shown.options if not option.apart]
        if shown.control == "radios" and offered:
            return {shown.name: "yes" if "yes" in offered else offered[-1]}
        if shown.control in {"checks", "bodymap"} and offered:
            return {shown.name: tuple(offered)}
        return {row.name: row.options[-1].value for row in shown.rows} if shown.control == "grid" else denies(shown)

    with bare_app().test_request_context():
        patient.walk(choose)
    return patient


def names_of(shown: FieldView) -> tuple[str, ...]:
    """The names that a control posts."""
    return (shown.name, *(row.name for row in shown.rows), *(part.name for part in shown.inputs))


@pytest.fixture
def practice(tmp_path: Path, database_url: str) -> Iterator[Practice]:
    """A practice of the test's own."""
    opened = open_practice(tmp_path / "practice", database_url)
    yield opened
    opened.clinic.database.close()


@pytest.fixture
def earnest(tmp_path: Path, database_url: str) -> Iterator[Practice]:
    """A practice whose passwords cost what they cost a clinic."""
    opened = open_practice(tmp_path / "practice", database_url, cheap_passwords=False)
    yield opened
    opened.clinic.database.close()


def open_practice(
    instance: Path,
    database_url: str,
    *,
    cheap_passwords: bool = True,
    time_zone: str = "UTC",
    phone: str = PHONE,
    public_url: str = "",
) -> Practice:
    """A practice on a migrated database."""
    instance.mkdir(mode=0o700, exist_ok=True)
    settings = Settings(
        instance=instance,
        secret_key=SIGNING,
        database_url=database_url,
        clinic_name=SERVICE,
        phone=phone,
        time_zone=time_zone,
        public_url=public_url,
    )
    clock = LateClock()
    app = cheaper(build(settings, clock.late_now), cheap_passwords=cheap_passwords)
    services: Services = app.extensions[EXTENSION]
    opened = services.clinic
    clinic = SmallClinic(opened.database, opened.keys, opened.books, clock, zone=opened.zone)
    return Practice(app, clinic, services.rulebook, clock)


def sign_in(visitor: Visitor, email: str = EMAIL, password: str = PASSWORD) -> Page:
    """Send the sign-in form."""
    return visitor.send(visitor.get("/staff/login"), email=email, password=password)


def enter(window: Window, email: str = EMAIL, first: str = "table.queue") -> None:
    """Sign in in a browser; `first` is what the first page has for this member of staff."""
    window.goto("/staff/login")
    window.get_by_label("Work email").fill(email)
    window.get_by_label("Password").fill(PASSWORD)
    window.keyboard.press("Enter")
    window.wait_for_selector(first)
