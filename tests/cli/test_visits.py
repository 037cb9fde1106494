"""`visits import`: what the list leaves open is answered or refused, and only `--save` saves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from intake.storage import visits
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import NewAccount
from tests.support.apps import parts

if TYPE_CHECKING:
    from click.testing import Result
    from flask import Flask

LIST = "Date,Time,Name,DOB\n03/12/2026,09:00,Ada Byron,1985-12-10\n,09:30,Bo Moss,\n"


def run(app: Flask, folder: Path, *words: str, email: str = "desk@clinic.example") -> Result:
    clinic, file = parts(app).clinic, folder / "list.csv"
    if accounts.by_email(clinic, "desk@clinic.example") is None:
        accounts.add(clinic, NewAccount("desk@clinic.example", "", "stamp"), "test")
    file.write_text(LIST, encoding="utf-8")
    return app.test_cli_runner().invoke(args=["visits", "import", str(file), "--by", email, *words])


def booked(app: Flask) -> list[datetime]:
    with parts(app).clinic.database.read() as connection:
        found = visits.between(connection, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    return [visit.plan.starts_at for visit in found]


def test_an_open_date_is_refused(app: Flask, tmp_path: Path) -> None:
    done = run(app, tmp_path, "--save")
    assert (done.exit_code, "order-day" in done.output) == (2, True)
    assert booked(app) == []


def test_it_says_what_would_happen_by_row_numbers_and_saves_when_told(app: Flask, tmp_path: Path) -> None:
    told = run(app, tmp_path, "--dates", "day_first")
    assert told.output == "added: 1, changed: 0, same: 0, left out: 1\nrow 3: no_day (day)\n"
    assert booked(app) == []
    done = run(app, tmp_path, "--dates", "day_first", "--save")
    assert (done.exit_code, "Saved." in done.output, "Ada" in done.output) == (0, True, False)
    assert [moment.date().isoformat() for moment in booked(app)] == ["2026-12-03"]
    assert "added: 0, changed: 0, same: 1" in run(app, tmp_path, "--dates", "day_first", "--save").output


def test_nobody_is_not_somebody(app: Flask, tmp_path: Path) -> None:
    refused = run(app, tmp_path, email="nobody@clinic.example")
    assert (refused.exit_code, "no active account" in refused.output) == (2, True)
