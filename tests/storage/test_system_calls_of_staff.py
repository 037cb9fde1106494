"""The disk fails at any one system call of what staff send: all that it does is stored, or nothing of it.

Beside staff's forms: the first and the last form of a patient. SQLite only, as in `test_system_calls`.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select

from intake.storage.database import Database
from intake.storage.tables import METADATA
from tests.support.campaigns import Campaign
from tests.support.staff_posts import stand_before
from tests.support.system_calls import FAULTS, MOST, Tried, numbers, poster, quick_processes

APART = {"tallies"}  # counted for itself, before anything else is done
Rows = dict[str, list[tuple[str, ...]]]
Changes = Counter[str]

SAMPLED = {"a decision", "care that is taken", "the first account", "a start"}  # the others in a soak alone
WHOLE: Mapping[str, Mapping[str, int]] = {
    "a decision": {"+reviews": 1, "+intakes": 1, "-intakes": 1, "+audit": 1},
    "a closing": {"+closings": 1, "+intakes": 1, "-intakes": 1, "+audit": 1},
    "care that is taken": {"+alerts": 1, "-alerts": 1, "+audit": 1},
    "care that is given back": {"+alerts": 1, "-alerts": 1, "+audit": 1},
    "a batch that is not real": {"+alerts": 2, "-alerts": 2, "+audit": 2},
    "a sign-out": {"+staff": 1, "-staff": 1, "+audit": 1},
    "the first account": {"+staff": 1, "+installation": 2, "-installation": 1, "+audit": 1},
    "a start": {"+drafts": 1, "+subjects": 1},
    "leaving": {"+drafts": 1, "-drafts": 1},
}
# Answered though nothing can be written (ADR 12), and what they write where they can: no more than the look.
UNWRITTEN: Mapping[str, Mapping[str, int]] = {
    "a sign-in": {"+audit": 1},
    "a trial of the rules": {},
    "the last page again": {},
}
ANSWERS = {"a sign-in": 303, "a trial of the rules": 200, "the last page again": 303}


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that post as staff."""
    return quick_processes("tests.support.staff_posts")


def rows(url: str) -> Rows:
    """All that the database holds, read by another process than the one that failed."""
    db = Database(url)
    with db.read() as connection:
        found = {
            name: [tuple(map(repr, row)) for row in connection.execute(select(table))]
            for name, table in METADATA.tables.items()
            if name not in APART
        }
    db.close()
    return found


def changes(before: Rows, after: Rows) -> Changes:
    """How many rows of each table came (+) and went (-); one that changed did both."""
    came = {f"+{name}": len(set(after[name]) - set(before[name])) for name in before}
    went = {f"-{name}": len(set(before[name]) - set(after[name])) for name in before}
    return Counter({name: count for name, count in (came | went).items() if count})


class Outcome(NamedTuple):
    """What became of a form that met faults: the changes after the last try, and how many tries met one."""

    changes: Changes
    faults: int


def tried(
    name: str,
    folder: Path,
    template: Path,
    processes: ForkServerContext,
    campaign: Campaign,
    calls: Iterable[int],
    *,
    whole: bool,
) -> Outcome:
    """Send the form again and again, another system call failing each time, until it is answered or changes a row."""
    folder.mkdir(mode=0o700)
    url, faults = f"sqlite:///{shutil.copy(template, folder / 'intake.sqlite3')}", 0
    with poster(processes, stand_before, folder / "calls", name, folder, url, whole) as posting:
        before = rows(url)
        for number in calls:
            answer = posting.post(number, campaign.random.choice(FAULTS))
            faults += answer.failed
            done = changes(before, rows(url))
            if answer.status == 303 or done:
                return Outcome(done, faults)
            assert answer.status in (500, 503), answer
    pytest.fail("it was never answered")


@pytest.mark.parametrize(
    "name", [name if name in SAMPLED else pytest.param(name, marks=pytest.mark.soak) for name in WHOLE]
)
def test_a_fault_at_a_system_call_leaves_all_of_it_or_nothing(
    name: str, sqlite_template: Path, tmp_path: Path, processes: ForkServerContext, campaign: Campaign
) -> None:
    calls = numbers(campaign, 2)
    outcome = tried(name, tmp_path / "instance", sqlite_template, processes, campaign, calls, whole=True)
    assert outcome.changes == Counter(WHOLE[name])
    assert outcome.faults or not campaign.thorough
    campaign.tried(f"faults at system calls of {name}", outcome.faults)


def posted_once(
    name: str, folder: Path, template: Path, processes: ForkServerContext, number: int, fault: str
) -> tuple[Tried, Changes]:
    """Send the form once while a system call fails: the answer, and what changed."""
    folder.mkdir(mode=0o700)
    url = f"sqlite:///{shutil.copy(template, folder / 'intake.sqlite3')}"
    with poster(processes, stand_before, folder / "calls", name, folder, url, True) as posting:
        before = rows(url)
        answer = posting.post(number, fault)
        return answer, changes(before, rows(url))


@pytest.mark.parametrize(
    "name", ["a sign-in", *(pytest.param(name, marks=pytest.mark.soak) for name in list(UNWRITTEN)[1:])]
)
def test_a_fault_at_a_system_call_keeps_nobody_from_what_needs_no_write(
    name: str, sqlite_template: Path, tmp_path: Path, processes: ForkServerContext, campaign: Campaign
) -> None:
    faults = 0
    for number in numbers(campaign, 1):
        fault = campaign.random.choice(FAULTS)
        folder = tmp_path / f"instance-{number}"
        answer, done = posted_once(name, folder, sqlite_template, processes, number, fault)
        assert answer.status == ANSWERS[name] or (answer.failed and answer.status in (500, 503)), answer
        assert done <= Counter(UNWRITTEN[name]), answer
        faults += answer.failed
        if not answer.failed and number > 1:
            assert (answer.status, done) == (ANSWERS[name], Counter(UNWRITTEN[name]))
            break
    campaign.tried(f"faults at system calls of {name}", faults)


def test_the_campaign_sees_a_form_that_is_stored_statement_by_statement(
    sqlite_template: Path, tmp_path: Path, processes: ForkServerContext, campaign: Campaign
) -> None:
    """Its power: without BEGIN a fault leaves a part."""
    name, calls = "a decision", range(3, MOST)
    outcome = tried(name, tmp_path / "instance", sqlite_template, processes, campaign, calls, whole=False)
    assert outcome.changes
    assert outcome.changes != Counter(WHOLE[name])
