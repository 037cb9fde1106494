"""The power fails after any system call, on a file system that keeps only what was synced.

What was acknowledged is there, and every page is whole or not there, also where the log is folded into the file. SQLite
only; its power is shown with `synchronous=NORMAL`, under which acknowledged pages must be lost.
"""

from __future__ import annotations

import shutil
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import NamedTuple

import pytest

from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.patient import drafts
from tests.support.campaigns import Campaign
from tests.support.durability import check_whole
from tests.support.small_clinic import COOKIE, SmallClinic
from tests.support.synced_disk import Disk, Told, calls, recorded
from tests.support.system_calls import PATIENCE, quick_processes
from tests.support.writer import write_when_told


class Held(NamedTuple):
    """After a cut: the version that was acknowledged, and the one that is on the disk."""

    acknowledged: int
    found: int


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Processes that write."""
    return quick_processes("tests.support.writer")


def record(folder: Path, pages: int, synchronous: str, keys: Keys, processes: ForkServerContext, log: Path) -> None:
    """A process saves so many pages in the folder, everything it calls is written down, and it is killed."""
    ours, theirs = processes.Pipe()
    url = f"sqlite:///{folder / 'intake.sqlite3'}"
    writer = processes.Process(target=write_when_told, args=(url, keys, synchronous, theirs))
    writer.start()
    theirs.close()
    assert writer.pid
    with recorded(writer.pid, log):
        ours.send(True)
        for _page in range(pages):
            assert ours.poll(PATIENCE)
            ours.recv()
        writer.kill()
        writer.join()


def cuts(disk: Disk, log: Path, keys: Keys, campaign: Campaign) -> list[Held]:
    """Cut the power after calls that are drawn, in a soak after each; what the disk held each time."""
    acknowledged, held, made = 1, [], calls(log, disk.folder)
    chosen = range(len(made)) if campaign.thorough else campaign.random.sample(range(len(made)), 25)
    for number, call in enumerate(made):
        disk.play(call)
        acknowledged = call.version if isinstance(call, Told) else acknowledged
        if number in chosen:
            held.append(Held(acknowledged, after_a_cut(disk, disk.folder.with_name("after"), keys, campaign)))
    return held


def after_a_cut(disk: Disk, folder: Path, keys: Keys, campaign: Campaign) -> int:
    """The version that is on the disk; the page is whole, and the file sound."""
    disk.cut(folder, campaign.random)
    clinic = SmallClinic(Database(f"sqlite:///{folder / 'intake.sqlite3'}"), keys)
    draft = drafts.load(clinic, COOKIE)
    check_whole(clinic, draft)
    with clinic.database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    clinic.database.close()
    shutil.rmtree(folder)
    return draft.version


def tried(
    tmp_path: Path, template: Path, synchronous: str, keys: Keys, processes: ForkServerContext, campaign: Campaign
) -> list[Held]:
    """A folder that is written to, and what it holds after each cut."""
    folder = tmp_path / "written"
    folder.mkdir(mode=0o700)
    clinic = SmallClinic(Database(f"sqlite:///{shutil.copy(template, folder / 'intake.sqlite3')}"), keys)
    clinic.start(COOKIE)
    clinic.database.close()
    disk = Disk(folder)
    record(folder, campaign.rounds(12, 150), synchronous, keys, processes, tmp_path / "calls")
    return cuts(disk, tmp_path / "calls", keys, campaign)


def test_no_acknowledged_page_is_lost_where_only_what_was_synced_is_kept(
    sqlite_template: Path, tmp_path: Path, keys: Keys, processes: ForkServerContext, campaign: Campaign
) -> None:
    held = tried(tmp_path, sqlite_template, "FULL", keys, processes, campaign)
    assert all(each.found in (each.acknowledged, each.acknowledged + 1) for each in held)
    assert max(each.acknowledged for each in held) > 5
    campaign.tried("power cuts on a file system that keeps only what was synced", len(held))


def test_the_campaign_sees_what_weaker_syncing_loses(
    sqlite_template: Path, tmp_path: Path, keys: Keys, processes: ForkServerContext, campaign: Campaign
) -> None:
    held = tried(tmp_path, sqlite_template, "NORMAL", keys, processes, campaign)
    lost = [each for each in held if each.found < each.acknowledged]
    assert lost
    campaign.tried(f"power cuts under synchronous=NORMAL, of which {len(lost):,} lost acknowledged pages", len(held))
