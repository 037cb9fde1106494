"""The disk fails at any one system call of a patient's POST: all that the page does is stored, or nothing of it.

The answer, its alarm, the message of it and the card that is owed for it are compared before and after each fault
(EIO, ENOSPC), which `strace` puts into a process of the product. SQLite only: PostgreSQL writes in its own processes.
"""

from __future__ import annotations

import shutil
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
from tests.support.system_calls import FAULTS, numbers, poster, quick_processes


class State(NamedTuple):
    """All that a POST of a patient may change."""

    draft: tuple[object, ...]
    alarms: tuple[tuple[object, ...], ...]
    intakes: int
    audited: int
    messages: int


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that post as a patient."""
    return quick_processes("tests.support.posting_process")


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


@pytest.mark.parametrize("name", POSTS)
def test_a_fault_at_a_system_call_of_a_post_leaves_all_of_it_or_nothing(
    name: str, sqlite_template: Path, tmp_path: Path, processes: ForkServerContext, campaign: Campaign
) -> None:
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'intake.sqlite3')}"
    with poster(processes, stand_before, tmp_path / "calls", name, folder, url) as posting:
        cookie = posting.told[0]
        before, faults = state(url, cookie), 0
        for number in numbers(campaign, 3):
            tried = posting.post(number, campaign.random.choice(FAULTS))
            faults += tried.failed
            seen = state(url, cookie)
            if tried.status == 303:
                break
            assert tried.status in (500, 503), tried
            if seen != before:
                break
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
