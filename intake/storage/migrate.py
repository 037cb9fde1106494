"""The schema's revisions (Alembic, under migrations/): where a database stands, and how it moves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from intake.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).with_name("migrations")
UPGRADE_LOCK = 7_201_126  # any number, the same in every process: two of them must not upgrade PostgreSQL at once


def revision(connection: Connection) -> str | None:
    """Where the database stands; None: it holds no tables yet."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The revision that this program works with."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def known() -> frozenset[str]:
    """Every revision that this program has heard of."""
    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def refuse_newer(connection: Connection) -> None:
    """A revision that this program has never heard of was written by a later one; working on it could lose answers."""
    current = revision(connection)
    if current is not None and current not in known():
        raise StorageError(
            f"The database is at revision {current}, this program knows up to {head()}: a newer release wrote it. "
            "Install that release, or restore a backup. Nothing was changed."
        )


def refuse_older(connection: Connection) -> None:
    """An older revision is safe to bring forward, but not to work on."""
    current = revision(connection)
    if current != head():
        raise StorageError(
            f"The database is at revision {current or 'none (empty)'}, this program needs {head()}: "
            "make a backup, then run `flask --app wsgi db upgrade`."
        )


def upgrade(connection: Connection, to: str = "head") -> None:
    """Move forward inside the caller's transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")  # another process may upgrade for long
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")
    command.upgrade(_config(connection), to)


def downgrade(connection: Connection, to: str) -> None:
    """Move back inside the caller's transaction."""
    command.downgrade(_config(connection), to)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
