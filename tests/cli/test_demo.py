"""The demonstration: believable people of every tier under a banner, in an instance that is never anybody else's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake import settings
from intake.cli.demo import tablet
from intake.engine.book.levels import Tier
from intake.workflow.keeping import accounts
from intake.workflow.review import queue
from intake.workflow.review.people import Practitioner
from intake.workflow.review.queue import Wanted
from tests.support.apps import MakeApp, close, make, parts
from tests.support.client import Visitor

if TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

BANNER = "Demonstration: do not enter real answers."
VARIABLE = "INTAKE_DEMO"


def seed(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["demo", "seed"])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Path, str]]:
    """A demonstration on SQLite, filled once; its folder, and what the command said."""
    folder = tmp_path_factory.mktemp("demo")
    app = make(folder, f"sqlite:///{folder / 'db' / 'intake.sqlite3'}", demo="true")
    done = seed(app)
    assert done.exit_code == 0, done.output
    yield app, folder, done.output
    close(app)


def test_sixty_people_of_every_tier_and_two_who_stopped(filled: tuple[Flask, Path, str]) -> None:
    app, _folder, said = filled
    clinic, practitioner = parts(app).clinic, Practitioner(1)
    tiers = Counter({tier: queue.page(clinic, Wanted(tier=tier), practitioner).total for tier in Tier})
    assert tiers.total() == 60
    assert min(tiers.values()) >= 5, tiers
    assert len(queue.page(clinic, Wanted(), practitioner).waiting) == 2
    assert all(account.email in said for account in accounts.everyone(clinic))


def test_every_page_wears_the_banner(filled: tuple[Flask, Path, str]) -> None:
    visitor = Visitor(filled[0].test_client(), "Harbour Lane Clinic")
    for path in ("/", "/staff/login", "/nothing"):
        assert BANNER in visitor.get(path).text


def test_it_is_filled_once(filled: tuple[Flask, Path, str]) -> None:
    assert seed(filled[0]).output == "The demo instance is filled already.\n"


def test_a_filled_one_is_a_demonstration_for_good(filled: tuple[Flask, Path, str]) -> None:
    assert settings.load({}, filled[1]).demo
    assert settings.load({VARIABLE: "false"}, filled[1]).demo
    assert (filled[1] / settings.DEMO_MARK).stat().st_mode & 0o077 == 0


def test_an_instance_that_is_no_demonstration_is_left_alone(app: Flask) -> None:
    refused = seed(app)
    assert (refused.exit_code, "not a demo instance" in refused.output) == (1, True)


def test_where_a_patient_has_begun_nobody_is_invented(make_app: MakeApp) -> None:
    app = make_app(demo="true")
    visitor = Visitor(app.test_client(), "Harbour Lane Clinic")
    visitor.send(visitor.get("/"), "/start")
    refused = seed(app)
    assert (refused.exit_code, "has accounts or patients" in refused.output) == (1, True)
    assert accounts.everyone(parts(app).clinic) == ()


def test_the_tablet_of_a_demonstration_takes_the_code_that_was_printed(filled: tuple[Flask, Path, str]) -> None:
    app, _folder, _said = filled
    told = tablet.invitation(parts(app).clinic, "http://localhost:8000")
    code = next(word for word in told.split() if len(word) == 6 and word.isdecimal())
    visitor = Visitor(app.test_client(), "Harbour Lane Clinic")
    assert visitor.send(visitor.get("/tablet"), "/tablet/enrol", code=code).path == "/tablet"
    assert ", born " in told
