"""A backup taken while patients write holds all of it, and comes back as it was or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import URL, delete, insert, make_url, select, text

from intake.errors import StorageError
from intake.storage import audit, copies, migrate, queue
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.storage.hold import alone
from intake.storage.intakes import INTAKES
from intake.storage.queue import Filters
from intake.storage.subjects import SUBJECTS
from intake.workflow.keeping import backup
from intake.workflow.keeping.manifest import Manifest
from tests.support.campaigns import Campaign
from tests.support.postgres import Server
from tests.support.small_clinic import NEEDLES, NOW, SmallClinic

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAPERS = {"overlay.yaml": b"rules: []\n"}


@pytest.fixture
def saved(clinic: SmallClinic, tmp_path: Path) -> Path:
    """A backup of a clinic with two intakes, one of them alarming."""
    clinic.sent()
    clinic.sent({"danger_signs": ("fever",)})
    target = tmp_path / "backup"
    made(clinic, target)
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


def made(clinic: SmallClinic, target: Path) -> Manifest:
    """A backup of the clinic with an overlay."""
    return backup.backup(clinic.database.url, target, keys=clinic.keys, papers=PAPERS, now=NOW)


def put_back(url: str | URL, source: Path, keys: Keys) -> dict[str, bytes]:
    """Restore, and say which papers came with it."""
    papers: dict[str, bytes] = {}
    backup.restore(make_url(url), source, keys=keys, put=papers.update)
    return papers


def file_of(clinic: SmallClinic) -> Path:
    return Path(str(clinic.database.url.database))


def test_what_is_restored_is_what_was_there(clinic: SmallClinic, saved: Path, elsewhere: str) -> None:
    assert put_back(elsewhere, saved, clinic.keys) == PAPERS
    restored = Database(elsewhere)
    restored.check()
    with clinic.database.read() as before, restored.read() as after:
        lines = queue.page(before, Filters(), 10)
        assert queue.page(after, Filters(), 10) == lines
        assert [line.subject.read_identity(clinic.keys)["name"] for line in lines] == ["Ada Lovelace"] * 2
        assert audit.first_broken(after, clinic.keys) is None
        assert copies.contents(before) == copies.contents(after)
    restored.close()


def test_the_manifest_counts_what_the_copy_holds(saved: Path, keys: Keys) -> None:
    manifest = backup.verify(saved, keys).manifest
    assert manifest.masters == {"kek-1": 2}
    assert manifest.made_at == "2026-11-22T09:30:00+00:00"
    assert (manifest.contents.revision, manifest.contents.audit_seq) == (migrate.head(), 3)
    assert {name: manifest.contents.counts[name] for name in ("intakes", "drafts", "audit")} == {
        "intakes": 2,
        "drafts": 2,
        "audit": 3,
    }


def test_a_backup_is_private_and_leaves_nothing_beside_it(saved: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in (saved, *saved.iterdir())}
    assert modes == {"backup": 0o700, "database": 0o600, "manifest": 0o600, "overlay.yaml": 0o600}
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
        manifests = [made(clinic, tmp_path / f"b{number}") for number in range(5)]
    finally:
        done.set()
        writer.join()
    assert [backup.verify(tmp_path / f"b{number}", clinic.keys).manifest for number in range(5)] == manifests


def test_a_backup_never_overwrites(clinic: SmallClinic, saved: Path) -> None:
    before = (saved / "database").read_bytes()
    with pytest.raises(StorageError, match="never overwrites"):
        made(clinic, saved)
    assert (saved / "database").read_bytes() == before


def test_a_database_without_tables_makes_no_backup(empty_url: str, tmp_path: Path, keys: Keys) -> None:
    with pytest.raises(StorageError, match="nothing to copy"):
        backup.backup(make_url(empty_url), tmp_path / "backup", keys=keys, papers={}, now=NOW)
    assert not list(tmp_path.glob("backup*"))


def test_a_restore_never_overwrites(clinic: SmallClinic, saved: Path) -> None:
    with clinic.database.read() as connection:
        before = copies.contents(connection)
    clinic.database.close()
    with pytest.raises(StorageError, match=r"already"):
        put_back(clinic.database.url, saved, clinic.keys)
    with clinic.database.read() as connection:
        assert copies.contents(connection) == before


@pytest.mark.parametrize("name", ["database", "manifest", "overlay.yaml"])
def test_one_flipped_bit_anywhere_is_refused(
    saved: Path, elsewhere: str, name: str, keys: Keys, campaign: Campaign
) -> None:
    path = saved / name
    sound = path.read_bytes()
    flips = campaign.rounds(40, 2000)
    for _ in range(flips):
        damaged = bytearray(sound)
        place = campaign.random.randrange(len(damaged) * 8)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        with pytest.raises(StorageError):
            put_back(elsewhere, saved, keys)
    path.write_bytes(sound)
    put_back(elsewhere, saved, keys)
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
    saved: Path, elsewhere: str, keys: Keys, harm: Callable[[Path], object], words: str
) -> None:
    harm(saved)
    with pytest.raises(StorageError, match=words):
        put_back(elsewhere, saved, keys)


def test_a_backup_of_a_newer_release_is_refused(clinic: SmallClinic, tmp_path: Path, elsewhere: str) -> None:
    with clinic.database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    made(clinic, tmp_path / "backup")
    with pytest.raises(StorageError, match="newer release"):
        put_back(elsewhere, tmp_path / "backup", clinic.keys)


def test_a_backup_of_the_other_kind_of_database_is_refused(clinic: SmallClinic, saved: Path, tmp_path: Path) -> None:
    other = {"sqlite": "postgresql://nobody@/none", "postgresql": f"sqlite:///{tmp_path / 'x.sqlite3'}"}
    with pytest.raises(StorageError, match="This backup is of"):
        put_back(other[clinic.database.engine.dialect.name], saved, clinic.keys)


def test_a_restored_database_goes_on(clinic: SmallClinic, saved: Path, elsewhere: str) -> None:
    put_back(elsewhere, saved, clinic.keys)
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
        made(clinic, tmp_path / "backup")
        return
    with pytest.raises(StorageError, match="postgresql-client"):
        made(clinic, tmp_path / "backup")
    assert not list(tmp_path.glob("backup*"))


def test_a_forged_backup_does_not_restore(clinic: SmallClinic, saved: Path, elsewhere: str) -> None:
    """One more account in the copy, and a manifest that counts it: only the seal is not the clinic's."""
    forged = saved.with_name("forged")
    forger = replace(clinic, keys=replace(clinic.keys, audit=b"f" * 32))
    clinic.practitioner()
    backup.backup(clinic.database.url, forged, keys=forger.keys, papers=PAPERS, now=NOW)
    (saved / "database").unlink()
    for path in forged.iterdir():
        path.rename(saved / path.name)
    with pytest.raises(StorageError, match="does not carry the seal"):
        put_back(elsewhere, saved, clinic.keys)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"\n", b"{}\n", b"\x00" * 200, b"[" * 200_000, b'{"made_at": 1}\n' + b"0" * 64 + b"\n"],
    ids=["empty", "line", "bare", "zeros", "deep", "hashed"],
)
def test_a_malformed_manifest_is_refused_with_a_sentence(
    saved: Path, elsewhere: str, keys: Keys, manifest: bytes
) -> None:
    (saved / "manifest").write_bytes(manifest)
    with pytest.raises(StorageError, match="does not carry the seal"):
        put_back(elsewhere, saved, keys)


def test_a_manifest_that_is_no_file_is_refused(saved: Path, elsewhere: str, keys: Keys) -> None:
    (saved / "manifest").unlink()
    (saved / "manifest").mkdir()
    with pytest.raises(StorageError, match="not a backup"):
        put_back(elsewhere, saved, keys)


def test_a_master_key_that_patients_need_is_named_where_it_is_missing(clinic: SmallClinic, saved: Path) -> None:
    younger = replace(clinic.keys, masters={"kek-2": b"n" * 32}, current="kek-2")
    assert backup.verify(saved, younger).missing(younger) == {"kek-1": 2}
    assert backup.verify(saved, clinic.keys).missing(clinic.keys) == {}


@ON_SQLITE
@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_a_log_that_was_left_over_is_not_replayed_over_a_backup(
    clinic: SmallClinic, saved: Path, elsewhere: str, ending: str
) -> None:
    place = Path(str(make_url(elsewhere).database))
    place.parent.mkdir()
    left = place.with_name(place.name + ending)
    left.write_bytes(b"left over")
    with pytest.raises(StorageError, match=f"{place.name}{ending} beside .* left over"):
        put_back(elsewhere, saved, clinic.keys)
    assert left.read_bytes() == b"left over"
    assert not place.exists()


@ON_SQLITE
def test_a_restore_beside_a_live_server_is_refused(clinic: SmallClinic, saved: Path) -> None:
    """Its file was moved away while it serves: what it acknowledges would go into the moved file."""
    with clinic.database.read() as connection:
        connection.scalar(select(INTAKES.c.id))
        for path in file_of(clinic).parent.glob("intake.sqlite3*"):
            if path.suffix != ".lock":
                path.rename(path.with_name(f"moved-{path.name}"))
        with pytest.raises(StorageError, match="in use: a server"):
            put_back(clinic.database.url, saved, clinic.keys)
    assert not file_of(clinic).exists()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_restore_into_a_database_that_somebody_is_connected_to_is_refused(
    clinic: SmallClinic, saved: Path, elsewhere: str
) -> None:
    busy = Database(elsewhere)
    with busy.engine.connect(), pytest.raises(StorageError, match="Somebody is connected"):
        put_back(elsewhere, saved, clinic.keys)
    busy.close()


@ON_SQLITE
def test_nothing_opens_a_database_while_a_backup_is_put_back(clinic: SmallClinic, database_url: str) -> None:
    clinic.database.close()
    with alone(file_of(clinic)), pytest.raises(StorageError, match="being put back"):
        Database(database_url).check()
