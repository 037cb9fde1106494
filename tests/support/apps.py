"""Fixtures of the whole product: on each database, with a visitor whose every page is linted, or in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import pytest
from flask import Flask

from intake import settings
from intake.app import LazyClinic, build
from intake.web.services import EXTENSION, Services
from tests.support.browser import chromium
from tests.support.cheaper_app import cheaper
from tests.support.client import Visitor
from tests.support.server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CLINIC = "Harbour Lane Clinic"
PHONE = "01234 000 000"
MakeApp = Callable[..., "Flask"]


class Served(NamedTuple):
    """An application and the address, without a slash at the end, that its server answers at."""

    app: Flask
    origin: str


class Clock:
    """The time of a test; it stands still until somebody moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now

    def move(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)


def make(folder: Path, database_url: str, clock: Clock | None = None, **changes: str) -> Flask:
    """The product with a clinic's settings; `changes` are settings as their variables write them."""
    given = {"clinic_name": CLINIC, "phone": PHONE, "database_url": database_url, **changes}
    environment = {f"INTAKE_{name.upper()}": value for name, value in given.items()}
    return cheaper(build(settings.load(environment, folder), clock))


def parts(app: Flask) -> Services:
    """The parts of an application."""
    return cast("Services", app.extensions[EXTENSION])


def close(app: Flask) -> None:
    """Let go of an application's database."""
    cast("LazyClinic", parts(app).open_clinic).close()


@pytest.fixture
def clock() -> Clock:
    """The time of the test."""
    return Clock()


@pytest.fixture
def make_app(tmp_path: Path, database_url: str, clock: Clock) -> Iterator[MakeApp]:
    """Make the product; keywords change its settings."""
    made: list[Flask] = []

    def make_one(**changes: str) -> Flask:
        made.append(make(tmp_path / "app", database_url, clock, **changes))
        return made[-1]

    yield make_one
    for app in made:
        close(app)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The product."""
    return make_app()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody with a browser of their own."""
    return Visitor(app.test_client(), CLINIC)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A product that browser tests share, on SQLite; each person has a draft of their own, all begin on one network."""
    database = f"sqlite:///{tmp_path_factory.mktemp('db')}/intake.sqlite3"
    app = make(tmp_path_factory.mktemp("served"), database, starts_per_hour="1000")
    with serving(app) as origin:
        yield Served(app, origin)
    close(app)


@pytest.fixture(scope="session")
def origin(served: Served) -> str:
    """Its address."""
    return served.origin
