"""Killed at any step, the program loses no alarm's message, sends none before its commit, and none under two ids."""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from threading import Timer

import pytest
from sqlalchemy import func, select

from intake.storage.alerts import ALERTS
from intake.storage.database import Database
from intake.storage.outbox import OUTBOX
from intake.workflow.keeping.messages import courier
from tests.support.alarming_process import Life, alarm, send_all
from tests.support.campaigns import Campaign
from tests.support.mail import Inbox, mail_server
from tests.support.small_clinic import SmallClinic

PATIENCE = 60
LONGEST = 0.1
STEPS = ("MAIL", "RCPT", "DATA", "accepted", "any moment")
AGE = timedelta(minutes=4)  # longer than a lease


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that start quickly: the program is imported once and forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.alarming_process"])
    return context


def live_and_die(life: Life, inbox: Inbox, processes: ForkServerContext, step: str, wait: float) -> set[str]:
    """Start a process, kill it at a step of its talk with the mail server; the drafts whose alarms it acknowledged."""
    ours, theirs = processes.Pipe(duplex=False)
    process = processes.Process(target=alarm, args=(life, theirs))
    process.start()
    theirs.close()
    assert ours.poll(PATIENCE)
    time.sleep(wait)
    arm(inbox, process, step, wait)
    process.join(1)
    process.kill()
    process.join()
    inbox.reply = lambda _step: None
    saved: set[str] = set()
    try:
        while True:
            saved.add(ours.recv())
    except EOFError:
        ours.close()
    return saved


def arm(inbox: Inbox, process: BaseProcess, step: str, wait: float) -> None:
    """Let the mail server, or nobody, give the sign to kill."""
    if step == "any moment":
        process.kill()

    def reply(at: str) -> str | None:
        if at == step:
            process.kill()
        elif at == "DATA" and step == "accepted":
            Timer(wait / 20, process.kill).start()
        return None

    inbox.reply = reply


def test_no_alarm_is_lost_to_a_kill_and_none_is_sent_before_its_commit(
    clinic: SmallClinic, processes: ForkServerContext, campaign: Campaign
) -> None:
    url = clinic.database.url.render_as_string(hide_password=False)
    witness, early, bodies = Database(url), list[str](), dict[str, set[bytes]]()

    def see(mail: EmailMessage) -> None:
        name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
        bodies.setdefault(name, set()).add(mail.as_bytes())
        with witness.read() as connection:
            if connection.execute(select(OUTBOX.c.id).where(OUTBOX.c.id == name)).first() is None:
                early.append(name)

    saved, kills = set[str](), campaign.rounds(10, 200)
    with mail_server() as inbox:
        inbox.seen = see
        for number in range(kills):
            life = Life(url, clinic.keys, inbox.port, AGE * number, f"life{number}")
            step = STEPS[number % len(STEPS)]
            saved |= live_and_die(life, inbox, processes, step, campaign.random.uniform(0, LONGEST))
        send_all(Life(url, clinic.keys, inbox.port, AGE * (kills + 9), "last"), courier.deliver)
    with witness.read() as connection:
        alarmed = set(connection.scalars(select(ALERTS.c.draft_id)))
        first = connection.scalar(select(func.count()).where(OUTBOX.c.kind == "alarm"))
        written = set(connection.scalars(select(OUTBOX.c.id)))
        waiting = connection.scalar(select(func.count()).where(OUTBOX.c.accepted_at.is_(None)))
    witness.close()
    assert saved <= alarmed
    assert first == len(alarmed) >= kills
    assert (waiting, early) == (0, [])
    arrived = Counter(name.strip("<>").partition("@")[0] for name in inbox.ids)
    assert set(arrived) == written
    assert all(len(same) == 1 for same in bodies.values())
    twice = sum(count - 1 for count in arrived.values())
    campaign.tried(f"kills while alarms were raised and sent, {len(written):,} messages, {twice} of them again", kills)
