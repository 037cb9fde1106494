"""Killed at any moment, the program has lost no page that it acknowledged, and has saved none by half."""

from __future__ import annotations

import multiprocessing
import time
from multiprocessing.context import ForkServerContext

import pytest

from intake.workflow.patient import drafts
from tests.support.campaigns import Campaign
from tests.support.durability import check_whole
from tests.support.small_clinic import COOKIE, SmallClinic
from tests.support.writer import write

LONGEST = 0.12
PATIENCE = 60


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that start quickly: the program is imported once and forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.writer"])
    return context


def kill_while_writing(clinic: SmallClinic, processes: ForkServerContext, after: float) -> int:
    """Start a writer, kill it, and give the last version that it acknowledged."""
    ours, theirs = processes.Pipe(duplex=False)
    url = clinic.database.url.render_as_string(hide_password=False)
    writer = processes.Process(target=write, args=(url, clinic.keys, theirs))
    writer.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    time.sleep(after)
    writer.kill()
    writer.join()
    last = 0
    try:
        while True:
            last = int(ours.recv())
    except EOFError:
        ours.close()
    return last


def test_no_acknowledged_page_is_lost_to_a_kill(
    clinic: SmallClinic, processes: ForkServerContext, campaign: Campaign
) -> None:
    clinic.start()
    kills, written = campaign.rounds(8, 400), 0
    for _ in range(kills):
        acknowledged = kill_while_writing(clinic, processes, campaign.random.uniform(0, LONGEST))
        draft = drafts.load(clinic, COOKIE)
        assert draft.version in (acknowledged, acknowledged + 1)
        check_whole(clinic, draft)
        written = draft.version
    assert written >= kills
    campaign.tried(f"kills, {written:,} pages saved", kills)
    if clinic.database.engine.dialect.name == "sqlite":
        with clinic.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
