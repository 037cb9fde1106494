"""The disk fails at any one system call of a patient's POST: all that the page does is stored, or nothing of it.

The answer, its alarm, the message of it and the card that is owed for it are compared before and after each fault
(EIO, ENOSPC), which `strace` puts into a process of the product. SQLite only: PostgreSQL writes in its own processes.
"""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import func, select

from intake.storage.alerts import ALERTS
from intake.storage.audit import AUDIT
from intake.storage.crypto import token_hash
from intake.storage.database import Database
from intake.storage.drafts import DRAFTS
from intake.storage.intakes import INTAKES
from intake.storage.outbox import OUTBOX
from tests.support.campaigns import Campaign
from tests.support.posting_process import POSTS, stand_before

CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "pread64")
FAULTS = ("EIO", "ENOSPC")
PATIENCE = 60
MOST = 400


class State(NamedTuple):
    """All that a POST of a patient may change."""

    draft: tuple[object, ...]
    alarms: tuple[tuple[object, ...], ...]
    intakes: int
    audited: int
    messages: int


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that start quickly: the program is imported once and forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.posting_process"])
    return context


def state(url: str, cookie: str) -> State:
    """What the database holds, read by another process than the one that failed."""
    db = Database(url)
    with db.read() as connection:
        draft = connection.execute(select(DRAFTS).where(DRAFTS.c.token_hash == token_hash(cookie))).one()
        columns = (ALERTS.c.rule, ALERTS.c.status, ALERTS.c.acknowledged_at, ALERTS.c.withdrawn_at.is_not(None))
        shown = (ALERTS.c.shown_at.is_not(None), ALERTS.c.withdrawal_shown_at.is_not(None))
        alarms = connection.execute(select(*columns, *shown).order_by(ALERTS.c.rule)).all()
        counts = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in (INTAKES, AUDIT, OUTBOX)]
    db.engine.dispose()
    sent = (draft.version, draft.answers, draft.passed, draft.intake_id is not None)
    return State(sent, tuple(tuple(row) for row in alarms), *counts)


@contextmanager
def failing(process: int, number: int, fault: str, log: Path) -> Iterator[None]:
    """The system call of that number, from 1, fails in the process."""
    calls = ",".join(CALLS)
    inject = f"inject={calls}:error={fault}:when={number}"
    command = ["strace", "-f", "-qq", "-p", str(process), "-o", str(log), "-e", f"trace={calls}", "-e", inject]
    tracer = subprocess.Popen(command)
    until = time.monotonic() + PATIENCE
    while "TracerPid:\t0\n" in Path(f"/proc/{process}/status").read_text(encoding="ascii"):
        assert tracer.poll() is None, "strace could not attach"
        assert time.monotonic() < until
        time.sleep(0.005)
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait()


def numbers(campaign: Campaign, few: int) -> Iterator[int]:
    """Every system call in turn; in a sample those that are drawn, and then past the last."""
    if campaign.thorough:
        yield from range(1, MOST)
    yield from sorted(campaign.random.sample(range(1, 12), few))
    yield MOST


@pytest.mark.parametrize("name", POSTS)
def test_a_fault_at_a_system_call_of_a_post_leaves_all_of_it_or_nothing(
    name: str, sqlite_template: Path, tmp_path: Path, processes: ForkServerContext, campaign: Campaign
) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'intake.sqlite3')}"
    ours, theirs = processes.Pipe()
    poster = processes.Process(target=stand_before, args=(name, folder, url, theirs))
    poster.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    process, cookie = ours.recv()
    before, faults = state(url, cookie), 0
    seen, log = before, tmp_path / "calls"
    for number in numbers(campaign, 3):
        with failing(process, number, campaign.random.choice(FAULTS), log):
            ours.send(True)
            assert ours.poll(PATIENCE)
            status = ours.recv()
        faults += "(INJECTED)" in log.read_text(encoding="ascii")
        seen = state(url, cookie)
        if status == 303:
            break
        assert status in (500, 503), (number, status)
        if seen != before:
            break
    ours.send(False)
    poster.join()
    assert seen != before
    check_whole(name, before, seen)
    assert faults or not campaign.thorough
    campaign.tried(f"faults at system calls of {name}", faults)


def check_whole(name: str, before: State, after: State) -> None:
    """All that this POST is to change was changed."""
    alarms = {str(rule): tuple(rest) for rule, *rest in after.alarms}
    match name:
        case "a danger sign":
            assert alarms == {"heart-danger-signs": ("fires", None, False, False, False)}
            assert (after.audited, after.messages) == (before.audited + 1, before.messages + 1)
        case "a not sure":
            assert alarms == {"danger-sign-not-sure": ("asks", None, False, False, False)}
            assert after.messages == before.messages + 1
        case "a sign taken back":
            assert alarms["heart-danger-signs"] == ("fires", None, True, True, False)
            assert after.messages == before.messages
        case "a card that was read":
            assert alarms["heart-danger-signs"] == ("fires", None, False, True, False)
            assert after.draft == before.draft
        case "a sending":
            assert (after.intakes, after.draft[-1]) == (before.intakes + 1, True)
        case _:
            pytest.fail(f"nobody says what {name} changes")
