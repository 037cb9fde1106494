"""The database promises: private, durable, one writer at a time, and never another release's tables."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import psycopg
import pytest
from sqlalchemy import event, insert, select, text

from intake.errors import StorageError
from intake.storage import installation
from intake.storage.database import Database
from intake.storage.installation import INSTALLATION

CANARY = "Lovelace-Canary"
THREADS, TURNS = 8, 25


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated SQLite database, for what only SQLite does."""
    path = tmp_path / "intake.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


def is_sqlite(database: Database) -> bool:
    return database.engine.dialect.name == "sqlite"


def file_of(database: Database) -> Path:
    return Path(str(database.url.database))


def test_the_file_and_its_directory_are_private(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'clinic' / 'intake.sqlite3'}")
    database.upgrade()
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "clinic").iterdir()}
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "clinic").stat().st_mode & 0o777 == 0o700
    database.close()


def test_every_connection_is_durable_and_strict(sqlite_database: Database) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
    }
    with sqlite_database.read() as first, sqlite_database.read() as second:
        for connection in (first, second):
            pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
            assert pragmas == expected


def test_an_error_leaves_nothing_behind(database: Database) -> None:
    def fail() -> None:
        with database.begin() as connection:
            installation.write(connection, "a", "b")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with database.read() as connection:
        assert installation.read(connection, "a") is None


def test_an_error_of_the_driver_does_not_quote_the_row(database: Database) -> None:
    with database.begin() as connection:
        installation.write(connection, CANARY, "x")
    with pytest.raises(StorageError) as caught, database.begin() as connection:
        connection.execute(insert(INSTALLATION).values(name=CANARY, value=CANARY))
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__


def test_many_threads_lose_no_write(database: Database) -> None:
    with database.begin() as connection:
        installation.write(connection, "n", "0")

    def count(_: int) -> None:
        for _turn in range(TURNS):
            with database.begin() as connection:
                mine = select(INSTALLATION.c.value).where(INSTALLATION.c.name == "n").with_for_update()
                value = connection.execute(mine).scalar()
                installation.write(connection, "n", str(int(value or 0) + 1))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(count, range(THREADS)))
    with database.read() as connection:
        assert installation.read(connection, "n") == str(THREADS * TURNS)


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.begin() as writing:
        installation.write(writing, "a", "b")
        with database.read() as reading:
            assert installation.read(reading, "a") is None


def test_another_process_s_lock_is_told_and_nothing_is_written(sqlite_database: Database) -> None:
    database = sqlite_database
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=50"))
    with closing(sqlite3.connect(file_of(database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="another process holds it locked"), database.begin():
            pass
        other.execute("ROLLBACK")
    with database.begin() as connection:
        installation.write(connection, "a", "b")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_lock_on_a_server_is_told_in_the_end_and_nothing_is_written(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.storage.database.BUSY_SECONDS", 0.05)
    database = Database(database_url)
    with closing(psycopg.connect(database_url)) as other:
        other.execute("LOCK TABLE installation IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StorageError, match="another process holds it locked"), database.begin() as connection:
            installation.write(connection, "a", "b")
        other.rollback()
    with database.begin() as connection:
        assert installation.read(connection, "a") is None
        installation.write(connection, "a", "c")
    database.close()


def test_a_server_that_is_gone_is_told(tmp_path: Path) -> None:
    database = Database(f"postgresql://postgres@/nobody?host={tmp_path}")
    with pytest.raises(StorageError, match="its server does not answer"), database.read():
        pass


def elsewhere(database: Database) -> str:
    """What another process reads, which then lets go of the file."""
    words = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute('SELECT * FROM installation'))"
    command = [sys.executable, "-c", words, str(file_of(database))]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_file_that_is_opened_twice_keeps_its_lock_so_that_no_other_process_takes_its_log_away(
    sqlite_database: Database,
) -> None:
    """SQLite's locks are the process's: closing any descriptor of the file lets go of them all."""
    with sqlite_database.begin() as connection:
        installation.write(connection, "a", "before")
    Database(sqlite_database.url)
    elsewhere(sqlite_database)
    with sqlite_database.begin() as connection:
        installation.write(connection, "a", "after")
    assert "after" in elsewhere(sqlite_database)


def test_a_write_that_does_not_end_holds_nobody_forever(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = sqlite_database
    monkeypatch.setattr("intake.storage.database.BUSY_SECONDS", 0.05)
    begun, may_end = Event(), Event()

    def hold() -> None:
        with database.begin():
            begun.set()
            may_end.wait()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        begun.wait()
        try:
            with pytest.raises(StorageError, match="busy"), database.begin():
                pass
        finally:
            may_end.set()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_a_database_that_would_lose_answers_is_refused(url: str) -> None:
    with pytest.raises(StorageError):
        Database(url)


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"not a database" * 1000)
    database = Database(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    with pytest.raises(StorageError, match="restore a backup"):
        database.upgrade()
    database.close()


def test_a_newer_database_is_refused_and_left_as_it_is(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        installation.write(connection, "a", "b")
    database.close()
    before = file_of(database).read_bytes() if is_sqlite(database) else b""
    for refused in (database.upgrade, database.check):
        with pytest.raises(StorageError, match=r"revision 9999, this program knows up to 000"):
            refused()
    database.close()
    assert (file_of(database).read_bytes() if is_sqlite(database) else b"") == before
    with database.read() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"


def test_an_older_database_is_told_and_brought_forward(empty_url: str) -> None:
    database = Database(empty_url)
    with pytest.raises(StorageError, match=r"none \(empty\).*db upgrade"):
        database.check()
    database.upgrade()
    database.check()
    database.close()
