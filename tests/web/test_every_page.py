"""Every page that a patient or a practitioner meets: clean by the Nu HTML checker, and small."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support import every_page, nu
from tests.support.journeys import name_of
from tests.support.practice import open_practice
from tests.support.visitor import questionnaire
from tests.support.weight import KB, weight

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.client import Page
    from tests.support.practice import Practice


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Practice:
    """A practice on SQLite: how pages are made does not depend on the database."""
    folder = tmp_path_factory.mktemp("practice")
    return open_practice(folder / "instance", f"sqlite:///{shutil.copy(sqlite_template, folder / 'intake.sqlite3')}")


@pytest.fixture(scope="module")
def of_patient(practice: Practice) -> list[Page]:
    """What somebody meets who ticks everything."""
    return list(every_page.of_a_patient(practice))


@nu.needs_java
def test_every_page_is_clean(practice: Practice, of_patient: list[Page], tmp_path: Path) -> None:
    others = [walk for walk in every_page.WALKS if walk not in (every_page.of_a_patient, every_page.of_a_consent)]
    pages = [*of_patient, *(page for walk in others for page in walk(practice))]
    named = {f"{number} {page.path} {page.status}": page.text for number, page in enumerate(pages)}
    assert nu.messages(named, tmp_path) == []


def test_somebody_meets_every_question(of_patient: list[Page]) -> None:
    assert {name_of(page.path) for page in of_patient} >= {shown.name for shown in questionnaire().pages}


def test_no_question_but_the_map_weighs_more_than_5_kb(of_patient: list[Page]) -> None:
    asked = [page for page in of_patient if page.path.startswith("/q/") and page.status == 200]
    heavy = {page.path: weight(page) for page in asked if weight(page) > 5 * KB and "body-map" not in page.text}
    assert len(asked) > 100
    assert not heavy


@pytest.fixture(scope="module")
def of_consent(practice: Practice) -> list[Page]:
    """What is met around one consent."""
    return list(every_page.of_a_consent(practice))


@nu.needs_java
def test_the_pages_of_a_consent_are_clean(of_consent: list[Page], tmp_path: Path) -> None:
    named = {f"{number} {page.path} {page.status}": page.text for number, page in enumerate(of_consent)}
    assert len(named) == 19
    assert nu.messages(named, tmp_path) == []


def test_the_pages_of_a_consent_are_light(of_consent: list[Page]) -> None:
    assert {page.path: weight(page) for page in of_consent if weight(page) > 14 * KB} == {}
