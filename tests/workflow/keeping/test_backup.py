"""A backup taken while patients write holds all of it, and comes back as it was or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import delete, insert, select, text

from intake.errors import StorageError
from intake.storage import audit, copies, migrate, queue
from intake.storage.database import Database
from intake.storage.intakes import INTAKES
from intake.storage.queue import Filters
from intake.storage.subjects import SUBJECTS
from intake.workflow.keeping import backup
from tests.support.campaigns import Campaign
from tests.support.postgres import Server
from tests.support.small_clinic import NEEDLES, NOW, SmallClinic


@pytest.fixture
def saved(clinic: SmallClinic, tmp_path: Path) -> Path:
    """A backup of a clinic with two intakes, one of them alarming."""
    clinic.sent()
    clinic.sent({"danger_signs": ("fever",)})
    target = tmp_path / "backup"
    backup.backup(clinic.database.url.render_as_string(hide_password=False), target, now=NOW)
    return target


@pytest.fixture
def elsewhere(clinic: SmallClinic, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of another database of the same kind, without tables."""
    if clinic.database.engine.dialect.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'new' / 'intake.sqlite3'}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


def url_of(clinic: SmallClinic) -> str:
    return clinic.database.url.render_as_string(hide_password=False)


def test_what_is_restored_is_what_was_there(clinic: SmallClinic, saved: Path, elsewhere: str) -> None:
    backup.restore(elsewhere, saved)
    restored = Database(elsewhere)
    restored.check()
    with clinic.database.read() as before, restored.read() as after:
        lines = queue.page(before, Filters(), 10)
        assert queue.page(after, Filters(), 10) == lines
        assert [line.subject.read_identity(clinic.keys)["name"] for line in lines] == ["Ada Lovelace"] * 2
        assert audit.first_broken(after, clinic.keys) is None
        assert copies.contents(before) == copies.contents(after)
    restored.close()


def test_the_manifest_counts_what_the_copy_holds(saved: Path) -> None:
    manifest = backup.verify(saved)
    assert manifest.made_at == "2026-11-22T09:30:00+00:00"
    assert (manifest.contents.revision, manifest.contents.audit_seq) == (migrate.head(), 3)
    assert {name: manifest.contents.counts[name] for name in ("intakes", "drafts", "audit")} == {
        "intakes": 2,
        "drafts": 2,
        "audit": 3,
    }


def test_a_backup_is_private_and_leaves_nothing_beside_it(saved: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (saved, *saved.iterdir())}
    assert modes == {"backup": 0o700, "database": 0o600, "manifest": 0o600}
    assert not saved.with_name("backup.partial").exists()


def test_a_backup_under_writing_holds_whole_transactions(clinic: SmallClinic, tmp_path: Path) -> None:
    done = Event()

    def write() -> None:
        draft = clinic.start()
        while not done.is_set():
            draft = clinic.save(draft, NEEDLES, {"needle_fear": clinic.number() % 11})

    writer = Thread(target=write)
    writer.start()
    try:
        manifests = [backup.backup(url_of(clinic), tmp_path / f"b{number}", now=NOW) for number in range(5)]
    finally:
        done.set()
        writer.join()
    assert [backup.verify(tmp_path / f"b{number}") for number in range(5)] == manifests


def test_a_backup_never_overwrites(clinic: SmallClinic, saved: Path) -> None:
    before = (saved / "database").read_bytes()
    with pytest.raises(StorageError, match="never overwrites"):
        backup.backup(url_of(clinic), saved, now=NOW)
    assert (saved / "database").read_bytes() == before


def test_a_database_without_tables_makes_no_backup(empty_url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nothing to copy"):
        backup.backup(empty_url, tmp_path / "backup", now=NOW)
    assert not list(tmp_path.glob("backup*"))


def test_a_restore_never_overwrites(clinic: SmallClinic, saved: Path) -> None:
    with clinic.database.read() as connection:
        before = copies.contents(connection)
    with pytest.raises(StorageError, match=r"already"):
        backup.restore(url_of(clinic), saved)
    with clinic.database.read() as connection:
        assert copies.contents(connection) == before


@pytest.mark.parametrize("name", ["database", "manifest"])
def test_one_flipped_bit_anywhere_is_refused(saved: Path, elsewhere: str, name: str, campaign: Campaign) -> None:
    path = saved / name
    sound = path.read_bytes()
    flips = campaign.rounds(40, 2000)
    for _ in range(flips):
        damaged = bytearray(sound)
        place = campaign.random.randrange(len(damaged) * 8)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(StorageError):
            backup.restore(elsewhere, saved)
    path.write_bytes(sound)
    backup.restore(elsewhere, saved)
    campaign.tried(f"bits of a backup's {name} flipped", flips)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda saved: (saved / "manifest").unlink(), "not a backup"),
        (lambda saved: (saved / "database").unlink(), "missing or damaged"),
        (shutil.rmtree, "not a backup"),
    ],
)
def test_an_incomplete_backup_is_refused(
    saved: Path, elsewhere: str, harm: Callable[[Path], object], words: str
) -> None:
    harm(saved)
    with pytest.raises(StorageError, match=words):
        backup.restore(elsewhere, saved)


def test_a_backup_of_a_newer_release_is_refused(clinic: SmallClinic, tmp_path: Path, elsewhere: str) -> None:
    with clinic.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backup.backup(url_of(clinic), tmp_path / "backup", now=NOW)
    with pytest.raises(StorageError, match="newer release"):
        backup.restore(elsewhere, tmp_path / "backup")


def test_a_backup_of_the_other_kind_of_database_is_refused(clinic: SmallClinic, saved: Path, tmp_path: Path) -> None:
    other = {"sqlite": "postgresql://nobody@/none", "postgresql": f"sqlite:///{tmp_path / 'x.sqlite3'}"}
    with pytest.raises(StorageError, match="This backup is of"):
        backup.restore(other[clinic.database.engine.dialect.name], saved)


def test_a_restored_database_goes_on(clinic: SmallClinic, saved: Path, elsewhere: str) -> None:
    backup.restore(elsewhere, saved)
    restored = replace(clinic, database=Database(elsewhere))
    receipt = restored.sent()
    with restored.database.begin() as connection:
        assert connection.scalar(select(INTAKES.c.reference).where(INTAKES.c.id == receipt.intake_id))
        connection.execute(insert(SUBJECTS).values(id="x"))
        connection.execute(delete(SUBJECTS).where(SUBJECTS.c.id == "x"))
    restored.database.close()


def test_missing_client_programs_are_named(
    clinic: SmallClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if clinic.database.engine.dialect.name == "sqlite":
        backup.backup(url_of(clinic), tmp_path / "backup", now=NOW)
        return
    with pytest.raises(StorageError, match="postgresql-client"):
        backup.backup(url_of(clinic), tmp_path / "backup", now=NOW)
    assert not list(tmp_path.glob("backup*"))
