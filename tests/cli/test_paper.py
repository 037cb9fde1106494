"""`paper print`: the form as a file, blank or for a visit, whose look is somebody's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from intake.storage import audit
from intake.workflow.desk import visits
from intake.workflow.desk.identity import Identity
from intake.workflow.desk.visits import NewVisit, Practitioner, VisitKind, VisitPlan
from intake.workflow.keeping import accounts
from intake.workflow.keeping.accounts import NewAccount
from tests.support.apps import parts

if TYPE_CHECKING:
    from flask import Flask

EMAIL = "desk@clinic.example"
VISIT = "a" * 32


def test_a_blank_form_needs_nobody(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    done = app.test_cli_runner().invoke(args=["paper", "print", str(file)])
    assert (done.exit_code, done.output) == (0, f"Written to {file}.\n")
    assert file.read_bytes().startswith(b"%PDF")


def test_a_form_for_a_visit_is_a_look_at_it(app: Flask, tmp_path: Path) -> None:
    clinic, file = parts(app).clinic, tmp_path / "form.pdf"
    accounts.add(clinic, NewAccount(EMAIL, "", "stamp"), "test")
    plan = VisitPlan(datetime(2026, 11, 23, 9, tzinfo=UTC), "Dr Patel", "Room 1", VisitKind.FIRST)
    visits.add(clinic, NewVisit(VISIT, "subject-1", Identity("Ada Byron"), plan), Practitioner(0))
    run = app.test_cli_runner()
    nameless = run.invoke(args=["paper", "print", str(file), "--visit", VISIT])
    assert (nameless.exit_code, file.exists()) == (2, False)
    assert "--by" in nameless.output
    done = run.invoke(args=["paper", "print", str(file), "--visit", VISIT, "--by", EMAIL])
    assert done.exit_code == 0, done.output
    with clinic.database.read() as connection:
        looks = audit.of_object(connection, "visit", VISIT)
    assert looks[-1].action == "read"


def test_a_visit_that_is_not_there_and_a_folder_that_is_not_there_are_told(app: Flask, tmp_path: Path) -> None:
    accounts.add(parts(app).clinic, NewAccount(EMAIL, "", "stamp"), "test")
    run = app.test_cli_runner()
    gone = run.invoke(args=["paper", "print", str(tmp_path / "f.pdf"), "--visit", "none", "--by", EMAIL])
    assert gone.exit_code == 2
    nowhere = run.invoke(args=["paper", "print", str(tmp_path / "no" / "f.pdf")])
    assert (nowhere.exit_code, "No such file or directory" in nowhere.output) == (3, True)
