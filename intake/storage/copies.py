"""Whole copies of a database in use, made and put back: SQLite by its backup API, PostgreSQL by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL, Connection, NullPool, create_engine, func, inspect, select, table, text

from intake.errors import StorageError
from intake.storage import audit, migrate
from intake.storage.database import translated
from intake.storage.files import private_directory, private_file, sync
from intake.storage.hold import alone

AUDIT = "audit"
OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file in use; left over, it would be replayed


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds: its revision, rows by table, and the head of the audit chain."""

    revision: str
    counts: dict[str, int]
    audit_seq: int
    audit_mac: str


def contents(connection: Connection) -> Contents:
    """Count everything in one look; raises StorageError where there are no tables."""
    revision = migrate.revision(connection)
    if revision is None:
        raise StorageError("There is nothing to copy: the database holds no tables yet.")
    names = sorted(inspect(connection).get_table_names())
    counts = {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}
    return Contents(revision, counts, *(audit.head(connection) if AUDIT in names else (0, audit.START)))


def copy_out(url: URL, to: Path) -> Contents:
    """Copy a database in use into a new file, and say what the copy holds."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_out(Path(str(url.database)), to)
    return _postgres_out(url, to)


def refuse_occupied(url: URL) -> None:
    """Raise StorageError where a database is, is at work, or has left something behind; changes nothing."""
    if url.get_backend_name() == "sqlite":
        path = Path(str(url.database))
        private_directory(path.parent)
        with alone(path):
            _refuse_remains(path)
    else:
        _refuse_tables(url)


def copy_in(url: URL, copy: Path) -> Contents:
    """Put a copy where no database is, and say what is there now; raises StorageError rather than overwrite."""
    if url.get_backend_name() == "sqlite":
        return _sqlite_in(copy, Path(str(url.database)))
    return _postgres_in(url, copy)


def _sqlite_out(path: Path, to: Path) -> Contents:
    if not path.exists():
        raise StorageError(f"There is nothing to copy: {path} does not exist.")
    try:
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StorageError(f"{path} could not be copied: {error.sqlite_errorname}.") from error
    return _checked(to)


def _sqlite_in(copy: Path, path: Path) -> Contents:
    private_directory(path.parent)
    with alone(path):
        _refuse_remains(path)
        return _sqlite_put(copy, path)


def _sqlite_put(copy: Path, path: Path) -> Contents:
    aside = path.with_name(path.name + ".restoring")
    try:
        private_file(aside)
        shutil.copyfile(copy, aside)
        counted = _checked(aside)
        sync(aside)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)
    sync(path.parent)
    return counted


def _refuse_remains(path: Path) -> None:
    """Nothing of another database may be there: neither its tables nor the log that would be replayed over a copy."""
    left = [name for end in BESIDE if path.with_name(name := path.name + end).exists()]
    if left:
        raise StorageError(
            f"{' and '.join(left)} beside {path} are left over from another database and would be replayed over the "
            "backup: move them away, with the database that they belong to. Nothing was changed."
        )
    if path.exists() and _holds_tables(path):
        raise StorageError(f"{path} holds a database already: move it away first. Nothing was changed.")


def _holds_tables(path: Path) -> bool:
    """Whether anything could be lost."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None
        except sqlite3.DatabaseError:
            return True


def _checked(path: Path) -> Contents:
    """Open a copy for reading and let SQLite look at every page of it."""
    reading = {"mode": "ro", "immutable": "1", "uri": "true"}
    engine = create_engine(URL.create("sqlite", database=f"file:{quote(str(path))}", query=reading), poolclass=NullPool)
    with translated(), engine.connect() as connection:
        verdict = connection.exec_driver_sql("PRAGMA integrity_check").scalar_one()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if verdict != "ok" or orphans is not None:
            raise StorageError(f"The copy {path.name} is damaged: SQLite's integrity check refuses it.")
        return contents(connection)


def _postgres_out(url: URL, to: Path) -> Contents:
    """Count and dump the same snapshot."""
    with _postgres(url) as connection:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        counted = contents(connection)
        _run(url, "pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={to}")
    _run(url, "pg_restore", "--file=/dev/null", str(to))
    return counted


def _postgres_in(url: URL, copy: Path) -> Contents:
    _refuse_tables(url)
    _run(url, "pg_restore", "--single-transaction", "--no-owner", f"--dbname={url.database}", str(copy))
    with _postgres(url) as connection:
        return contents(connection)


def _refuse_tables(url: URL) -> None:
    with _postgres(url) as connection:
        if inspect(connection).get_table_names():
            raise StorageError(f"The database {url.database} holds tables already: restore into an empty one.")
        if connection.scalar(text(OTHERS)):
            raise StorageError(f"Somebody is connected to the database {url.database}: stop the server first.")


@contextmanager
def _postgres(url: URL) -> Iterator[Connection]:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool, hide_parameters=True)
    with translated(), engine.connect() as connection:
        yield connection


def _run(url: URL, program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by environment, where no process list shows it."""
    path = shutil.which(program)
    if path is None:
        raise StorageError(f"{program} is not installed: install the PostgreSQL client programs (postgresql-client).")
    settings = {
        "PGHOST": url.query.get("host") or url.host,
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = {**os.environ, **{name: str(value) for name, value in settings.items() if value}}
    done = subprocess.run([path, *words], env=environment, capture_output=True, check=False)  # noqa: S603 - no shell, our own words
    if done.returncode:
        raise StorageError(f"{program} failed with status {done.returncode}. Nothing else was done.")
