"""The power fails while a page is written: what was acknowledged is there, and the page is whole or not there.

SQLite only: its log was synced up to the last acknowledged commit (`synchronous=FULL`, see test_database); of what came
after, any part may have reached the disk, or stand there as rubbish.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random

import pytest

from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.workflow.patient import drafts
from tests.support.campaigns import Campaign
from tests.support.durability import check_whole
from tests.support.small_clinic import COOKIE, ELSE, NEEDLES, SmallClinic

CUTS_A_LOG = 20


@pytest.fixture
def sqlite_clinic(sqlite_template: Path, tmp_path: Path, keys: Keys) -> SmallClinic:
    """A clinic on a SQLite file; it writes while its files are copied."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    shutil.copy(sqlite_template, folder / "intake.sqlite3")
    return SmallClinic(Database(f"sqlite:///{folder / 'intake.sqlite3'}"), keys)


def begin_log_anew(clinic: SmallClinic) -> None:
    """Bring all of the log into the file, so that the next commits make it grow, not write over its older part."""
    with clinic.database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def log_of(clinic: SmallClinic) -> Path:
    """The log that a commit is written to."""
    return Path(f"{clinic.database.url.database}-wal")


def after_the_cut(clinic: SmallClinic, folder: Path, synced: int, random: Random) -> SmallClinic:
    """The clinic's files as a disk may hold them: all that was synced, then a part of the rest, with rubbish in it."""
    folder.mkdir(mode=0o700)
    file = Path(str(clinic.database.url.database))
    shutil.copy(file, folder)
    log = log_of(clinic).read_bytes()
    rest = bytearray(log[synced:][: random.randint(0, len(log) - synced)])
    for _place in range(random.choice((0, 0, 1, 40))):
        if rest:
            rest[random.randrange(len(rest))] ^= random.randrange(1, 256)
    log_of_copy = folder / log_of(clinic).name
    log_of_copy.write_bytes(log[:synced] + rest)
    for path in folder.iterdir():
        path.chmod(0o600)
    return SmallClinic(Database(f"sqlite:///{folder / file.name}"), clinic.keys)


def test_no_acknowledged_page_is_lost_to_a_power_cut(
    sqlite_clinic: SmallClinic, tmp_path: Path, campaign: Campaign
) -> None:
    cuts, lost_pages, draft = campaign.rounds(12, 500), 0, sqlite_clinic.start(COOKIE)
    for cut in range(cuts):
        if cut % CUTS_A_LOG == 0:
            begin_log_anew(sqlite_clinic)
        draft = sqlite_clinic.save(draft, ELSE, texts={"anything_else": f"Words {cut}"})
        synced = log_of(sqlite_clinic).stat().st_size
        after = sqlite_clinic.save(draft, NEEDLES, {"needle_fear": cut % 11}, {"name": f"N{cut}"})
        assert log_of(sqlite_clinic).stat().st_size > synced
        disk = after_the_cut(sqlite_clinic, tmp_path / "disk", synced, campaign.random)
        found = drafts.load(disk, COOKIE)
        assert found.version in (draft.version, after.version)
        lost_pages += found.version == draft.version
        check_whole(disk, found)
        with disk.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        disk.database.close()
        shutil.rmtree(tmp_path / "disk")
        draft = after
    assert lost_pages, "no cut hit the page that was being written"
    campaign.tried(f"power cuts, {lost_pages:,} of them took the page that was being written", cuts)
