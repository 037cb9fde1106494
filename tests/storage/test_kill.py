"""Killed at any moment, the program has lost no page that it acknowledged, and has saved none by half."""

from __future__ import annotations

import multiprocessing
import random
import time
from multiprocessing.context import ForkServerContext

import pytest

from intake.workflow.patient import drafts
from intake.workflow.patient.drafts import Draft
from tests.support.tiny import COOKIE, SmallClinic
from tests.support.writer import write

KILLS = 40
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


def check_whole(clinic: SmallClinic, draft: Draft) -> None:
    """The trail, replayed from nothing, gives exactly what the draft holds."""
    answers: dict[str, object] = {}
    history = drafts.history(clinic, draft.id)
    assert [change.seq for change in history] == list(range(1, draft.changes + 1))
    for change in history:
        assert answers.get(change.key) == change.old
        answers[change.key] = change.new
    identity = {f"identity.{key}": value for key, value in draft.identity(clinic.keys).items()}
    assert answers == {**draft.answers, **identity, **draft.texts(clinic.keys)}


def test_no_acknowledged_page_is_lost_to_a_kill(clinic: SmallClinic, processes: ForkServerContext) -> None:
    clinic.start()
    chance = random.Random(20_261_122)  # noqa: S311 - moments to kill at, not secrets
    written = 0
    for _ in range(KILLS):
        acknowledged = kill_while_writing(clinic, processes, chance.uniform(0, LONGEST))
        draft = drafts.load(clinic, COOKIE)
        assert draft.version in (acknowledged, acknowledged + 1)
        check_whole(clinic, draft)
        written = draft.version
    assert written > KILLS * 2
    if clinic.database.engine.dialect.name == "sqlite":
        with clinic.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
