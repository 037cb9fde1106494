"""The stored intakes under the rules: `rules replay`, `rules verify`, `rules sentinel`, each with its exit status."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from click.testing import Result
from sqlalchemy import update

from intake.engine.read.load import load_rulebook
from intake.settings import RULEBOOK_PATH
from intake.storage.intakes import INTAKES
from tests.support import terminal
from tests.support.copies import copy
from tests.support.practice import Practice
from tests.support.small_clinic import NEEDLES, SmallClinic, vocabulary

SHIPPED = load_rulebook(RULEBOOK_PATH, vocabulary())
REFUSED = "needling-refused"


def run(clinic: SmallClinic, *words: str | Path) -> Result:
    books = terminal.own(SHIPPED)
    return terminal.run("rules", *words, books=books, open_clinic=lambda: replace(clinic, books=books))


def test_a_lost_stop_is_listed_apart_and_is_a_status(clinic: SmallClinic, changed: Path) -> None:
    loses = clinic.sent({"wants_needling": "no"}, clinic.now.replace(year=2099)).intake_id
    clinic.sent()
    result = run(clinic, "replay", changed)
    assert result.exit_code == 1
    assert "2 intakes, 1 change" in result.stdout
    assert f"{REFUSED} fires (do_not_needle, none) -> quiet: 1" in result.stdout
    assert "lost do_not_needle or emergency_now: 1" in result.stdout
    assert f"{loses}, visit 2099-" in result.stdout
    assert "Lovelace" not in result.stdout


def test_a_book_that_changes_nothing_is_calm(clinic: SmallClinic) -> None:
    clinic.sent()
    result = run(clinic, "replay", RULEBOOK_PATH, "--rebuild")
    assert (result.exit_code, result.stdout.splitlines()[:2]) == (
        0, ["1 intakes added to the archive", "1 intakes, 0 change"],
    )  # fmt: skip


def test_long_lists_are_cut_and_say_so(clinic: SmallClinic, changed: Path) -> None:
    for _ in range(3):
        clinic.sent({"wants_needling": "no"})
    assert "  and 2 more (--most 0 lists all)" in run(clinic, "replay", changed, "--most", "1").stdout
    assert "more (" not in run(clinic, "replay", changed, "--most", "0").stdout


def test_history_is_verified_and_a_mismatch_is_a_status(clinic: SmallClinic) -> None:
    result = run(clinic, "verify")
    assert (result.exit_code, result.stdout) == (0, "0 intakes decided again by 0 rule books: 0 mismatches.\n")
    name = clinic.send(clinic.save(clinic.start(), NEEDLES, {"wants_needling": "no"}), SHIPPED).intake_id
    result = run(clinic, "verify")
    assert (result.exit_code, result.stdout) == (0, "1 intakes decided again by 1 rule books: 0 mismatches.\n")
    with clinic.database.begin() as connection:
        connection.execute(update(INTAKES).values(label=0))
    result = run(clinic, "verify")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        f"{name}: label in the queue",
        "1 intakes decided again by 1 rule books: 1 mismatches.",
    ]


def test_the_sentinel_names_rules_that_drifted_here_and_on_the_page(practice: Practice) -> None:
    practice.sent()
    practice.clock.late = timedelta(hours=1)
    runner = practice.app.test_cli_runner()
    quiet = runner.invoke(args=["rules", "sentinel"])
    assert (quiet.exit_code, quiet.output) == (
        0,
        f"0 of {len(practice.rulebook.rules)} rules left their own history.\n",
    )
    with practice.clinic.database.begin() as connection:
        for day in range(1, 210):
            copy(connection, day, practice.now() - timedelta(days=day), ["fever-now"] if day > 30 else [])
    loud = runner.invoke(args=["rules", "sentinel"])
    assert loud.exit_code == 1
    assert loud.output.startswith("fever-now: silent: fired on 0 of 31 intakes in the last 30 days, on 179 of 179")
    page = practice.practitioner().get("/review/rules")
    assert "Rules that left their own history (1)" in page.main
    assert "0 of 31, before 179 of 179" in page.main
