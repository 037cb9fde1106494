"""The day, the ages and the times are the clinic's, whatever the machine's clock says."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support.apps import CLINIC, Clock, MakeApp, parts
from tests.support.client import Visitor
from tests.support.journeys import CALM, begin, walk
from tests.support.practice import open_practice

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
JUST_AFTER_MIDNIGHT = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)  # the 23rd in Auckland
BORN_TODAY = {"date_of_birth-day": "23", "date_of_birth-month": "11"}


@pytest.mark.parametrize(
    ("zone", "day", "refused"), [("Pacific/Auckland", date(2026, 11, 23), False), ("UTC", date(2026, 11, 22), True)]
)
def test_a_birth_date_is_read_by_the_clinic_s_day(
    make_app: MakeApp, clock: Clock, zone: str, day: date, refused: bool
) -> None:
    clock.now = JUST_AFTER_MIDNIGHT
    app = make_app(time_zone=zone)
    visitor = Visitor(app.test_client(), CLINIC)
    page = visitor.send(walk(visitor, "/q/about"), **{**CALM["about"], **BORN_TODAY, "date_of_birth-year": "2026"})
    assert (parts(app).clinic.today, bool(page.errors)) == (day, refused)


@pytest.mark.parametrize(("zone", "age"), [("Pacific/Auckland", 41), ("UTC", 40)])
def test_an_age_on_the_review_page_is_that_of_the_clinic_s_day(
    tmp_path: Path, database_url: str, zone: str, age: int
) -> None:
    practice = open_practice(tmp_path / "practice", database_url, time_zone=zone)
    practice.clinic.clock.now = datetime(2026, 12, 9, 11, 25, tzinfo=UTC)  # the patient was born on 10 December 1985
    receipt = practice.sent()
    page = practice.practitioner().get(f"/review/{receipt.intake_id}")
    assert f"Born 10 Dec 1985 ({age})" in page.main
    practice.clinic.database.close()


def test_queue_and_sheet_name_the_zone_of_their_times(tmp_path: Path, database_url: str) -> None:
    practice = open_practice(tmp_path / "practice", database_url, time_zone="Pacific/Auckland")
    receipt = practice.sent()
    visitor = practice.practitioner()
    queue, sheet = visitor.get("/review/"), visitor.get(f"/review/{receipt.intake_id}/print")
    assert "Pacific/Auckland" in queue.main
    assert "(Pacific/Auckland)" in sheet.main
    practice.clinic.database.close()


@pytest.mark.parametrize(("zone", "until"), [("Pacific/Auckland", "Monday"), ("UTC", "Sunday")])
def test_a_patient_is_told_the_day_until_which_answers_are_kept(
    make_app: MakeApp, clock: Clock, zone: str, until: str
) -> None:
    clock.now = JUST_AFTER_MIDNIGHT
    visitor = Visitor(make_app(time_zone=zone).test_client(), CLINIC)
    begin(visitor)
    assert until in visitor.get("/later").main
