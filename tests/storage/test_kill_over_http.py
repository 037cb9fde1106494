"""The server is killed while patients send pages over HTTP: a page that was answered is there, and none by half."""

from __future__ import annotations

import time
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NamedTuple

import pytest

from intake.errors import NotFoundError
from intake.storage.database import Database
from intake.storage.installation import open_keys
from intake.workflow.patient import drafts
from tests.support.campaigns import Campaign
from tests.support.durability import check_whole
from tests.support.http_writer import Patient, at_work, name_of, serve
from tests.support.server_process import free_port
from tests.support.small_clinic import SmallClinic
from tests.support.system_calls import PATIENCE, quick_processes

PATIENTS = 4
LONGEST = 0.4


class Counted(NamedTuple):
    """Of some kills: pages that were answered, and patients who lost one."""

    pages: int
    losers: int


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that serve."""
    return quick_processes("tests.support.http_writer")


def killed(url: str, folder: Path, processes: ForkServerContext, after: float, *, late: bool) -> list[Patient]:
    """Serve, let patients work, and kill the server; what each of them was answered."""
    ours, theirs = processes.Pipe(duplex=False)
    port = free_port()
    server = processes.Process(target=serve, args=(folder, url, port, late, theirs))
    server.start()
    assert ours.poll(PATIENCE)
    people, threads = at_work(port, PATIENTS)
    until = time.monotonic() + PATIENCE
    while any(patient.acknowledged == 0 for patient in people):
        assert time.monotonic() < until, "nobody is answered"
        time.sleep(0.02)
    time.sleep(after)
    server.kill()
    server.join()
    for thread in threads:
        thread.join()
    return people


def lost(clinic: SmallClinic, patient: Patient) -> bool:
    """Whether the last name that was answered, or the one that was on its way, is not what is stored."""
    token = patient.cookies.get("intake_draft")
    if token is None or not patient.acknowledged:
        return False
    try:
        draft = drafts.load(clinic, token)
    except NotFoundError:
        return True
    check_whole(clinic, draft)
    possible = {name_of(patient.acknowledged), name_of(patient.acknowledged + 1)}
    return draft.identity(clinic.keys).get("name") not in possible


def count(
    url: str, folder: Path, processes: ForkServerContext, campaign: Campaign, kills: int, *, late: bool
) -> Counted:
    """Kill so often; pages and losses."""
    pages = losers = 0
    for _kill in range(kills):
        people = killed(url, folder, processes, campaign.random.uniform(0, LONGEST), late=late)
        database = Database(url)
        clinic = SmallClinic(database, open_keys(database, folder / "keys"))
        pages += sum(patient.acknowledged for patient in people)
        losers += sum(lost(clinic, patient) for patient in people)
        database.close()
    return Counted(pages, losers)


def test_no_page_that_was_answered_is_lost_to_a_kill(
    database_url: str, tmp_path: Path, processes: ForkServerContext, campaign: Campaign
) -> None:
    kills = campaign.rounds(1, 30)
    counted = count(database_url, tmp_path / "instance", processes, campaign, kills, late=False)
    assert counted.losers == 0
    assert counted.pages
    campaign.tried(f"kills over HTTP, {counted.pages:,} pages answered", kills)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_campaign_sees_a_page_that_is_answered_before_it_is_committed(
    database_url: str, tmp_path: Path, processes: ForkServerContext, campaign: Campaign
) -> None:
    counted = count(database_url, tmp_path / "instance", processes, campaign, campaign.rounds(1, 10), late=True)
    assert counted.pages
    assert counted.losers
