"""The database: SQLite in WAL mode with full syncs and one writer at a time, or PostgreSQL, chosen by the URL.

`begin` is one durable transaction: when it returns, the work survives a power cut. Driver errors leave
here as StorageError without the driver's text, which can quote a patient's row.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from intake.errors import StorageError
from intake.storage import migrate
from intake.storage.files import private_directory, private_file
from intake.storage.hold import Hold

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from psycopg import Connection as PostgresConnection
    from sqlalchemy import Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 5
WRITES = "intake_writes"
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA trusted_schema=OFF",
)
LOCKED = "another process holds it locked; try again"
REASONS = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_CORRUPT": "the file is damaged; restore a backup",
    "SQLITE_NOTADB": "the file is damaged; restore a backup",
    "SQLITE_READONLY": "the file or its directory may not be written",
    "SQLITE_CANTOPEN": "the file cannot be opened",
    "55P03": LOCKED,
    "40P01": LOCKED,
    "53100": "the disk is full",
    "53300": "its server takes no more connections",
    "OperationalError": "its server does not answer",
}


class Database:
    """One database for the life of the process; `engine` itself begins deferred transactions (staff sign-in)."""

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self._hold: Hold | None = None
        match self.url.get_backend_name():
            case "sqlite":
                self._hold = Hold(Path(str(self.url.database)))
                self.engine = _sqlite(self.url, self._hold)
            case "postgresql":
                driven = self.url.set(drivername="postgresql+psycopg")
                self.engine = create_engine(driven, hide_parameters=True, pool_pre_ping=True)
                event.listen(self.engine, "connect", _limit_waiting)
            case other:
                raise StorageError(f"The database URL names {other}; it must be sqlite:/// or postgresql://.")
        self._writing = self.engine.execution_options(**{WRITES: True})
        self._writer = Lock()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One writing transaction, committed on leaving, rolled back on any error."""
        if self.engine.dialect.name != "sqlite":
            with translated(), self._writing.begin() as connection:
                yield connection
            return
        with self._turn(), translated(), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent look; never waits for a writer on SQLite."""
        with translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._writer.acquire(timeout=BUSY_SECONDS):
            raise StorageError("The database is busy: another write did not end in time. Nothing was written.")
        try:
            yield
        finally:
            self._writer.release()

    def upgrade(self) -> None:
        """Bring the tables to this program's revision, in one transaction; refuses a newer database."""
        with self.read() as connection:
            if migrate.revision(connection) == migrate.head():
                return
        with self.begin() as connection:
            migrate.refuse_newer(connection)
            migrate.upgrade(connection)

    def check(self) -> None:
        """Raise StorageError unless the tables are exactly at this program's revision; changes nothing."""
        with self.read() as connection:
            migrate.refuse_newer(connection)
            migrate.refuse_older(connection)

    @property
    def folder(self) -> Path | None:
        """The folder of the file; None where the database is a server's."""
        return Path(str(self.url.database)).parent if self.engine.dialect.name == "sqlite" else None

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
        if self._hold is not None:
            self._hold.drop()


def _sqlite(url: URL, hold: Hold) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise StorageError("The database must be a file: one in memory would lose every acknowledged answer.")
    path = Path(str(url.database))
    try:
        private_directory(path.parent)
        private_file(path)
    except OSError as error:
        raise StorageError(f"The database {path} cannot be opened for writing: {error.strerror}.") from error
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), hide_parameters=True)
    event.listen(engine, "connect", lambda *_connected: hold.take())
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin in _begin, not inside the driver
    for pragma in (*SQLITE_PRAGMAS, f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}"):
        connection.execute(pragma)


def _limit_waiting(connection: PostgresConnection, _entry: ConnectionPoolEntry) -> None:
    """Who waits for another's lock is told so in the end, as on SQLite; PostgreSQL itself waits for ever."""
    connection.execute(f"SET lock_timeout = {int(BUSY_SECONDS * 1000)}")
    connection.commit()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises into a StorageError that quotes no row."""
    try:
        yield
    except DBAPIError as error:
        raise StorageError(_sentence(error)) from None  # the driver's message can quote a row
    except PoolTimeoutError as error:
        raise StorageError("The database is busy: no connection became free.") from error


def _sentence(error: DBAPIError) -> str:
    name = (
        getattr(error.orig, "sqlite_errorname", None)
        or getattr(error.orig, "sqlstate", None)
        or type(error.orig).__name__
    )
    reason = next((words for prefix, words in REASONS.items() if name.startswith(prefix)), "it refused the work")
    return f"The database could not do this: {reason} ({name}). Nothing was written."
