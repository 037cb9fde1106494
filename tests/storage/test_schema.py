"""The revisions make exactly the tables that the code describes, and move data along in both directions."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from intake.errors import StorageError
from intake.storage import audit, migrate
from intake.storage.database import Database
from intake.storage.migrate import revision
from intake.storage.tables import METADATA
from tests.support.tiny import DANGER, Clinic

Rows = dict[str, list[tuple[object, ...]]]
KILLED_AT = 25
REBUILT = (
    "archive_rows",
    "archive_blocks",
)  # copies of the intakes in columns, which replay makes where they are missing
DERIVED = ("archive_rows", "archive_blocks")  # made again from the intakes by the first replay
UPGRADE_AND_DIE = """
import os, signal, sys
from sqlalchemy import event
from intake.storage.database import Database
database, left = Database(sys.argv[1]), [int(sys.argv[2])]
def count(*_):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(database.engine, "before_cursor_execute", count)
database.upgrade()
"""


def rows(database: Database) -> Rows:
    with database.read() as connection:
        there = inspect(connection).get_table_names()
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
            if table.name in there and table.name not in DERIVED
        }


def test_the_revisions_make_the_tables_that_the_code_describes(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_data_survive_the_way_down_and_up(clinic: Clinic) -> None:
    clinic.sent({"danger_signs": ("fever",)})
    clinic.save(clinic.start(), DANGER, {"danger_signs": ("none",)})
    before = rows(clinic.db)
    assert {name for name, found in before.items() if found} >= {"intakes", "trail", "audit", "rulebooks", "firings"}
    with clinic.db.begin() as connection:
        migrate.downgrade(connection, "0001")
    with pytest.raises(StorageError, match=f"revision 0001, this program needs {migrate.head()}"):
        clinic.db.check()
    older = rows(clinic.db)
    assert "firings" not in older
    assert older == {name: before[name] for name in older}
    clinic.db.upgrade()
    clinic.db.check()
    after = rows(clinic.db)
    assert {name: after[name] for name in after if name not in REBUILT} == {
        name: before[name] for name in before if name not in REBUILT
    }


def test_the_way_down_ends_empty_and_leads_up_again(clinic: Clinic) -> None:
    clinic.sent()
    with clinic.db.begin() as connection:
        migrate.downgrade(connection, "base")
    with clinic.db.read() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    clinic.db.upgrade()
    clinic.sent()
    with clinic.db.read() as connection:
        assert audit.first_broken(connection, clinic.keys) is None


@pytest.mark.parametrize("statements", [3, 10, KILLED_AT])
def test_an_upgrade_that_is_killed_leaves_nothing(empty_url: str, statements: int) -> None:
    words = [sys.executable, "-c", UPGRADE_AND_DIE, empty_url, str(statements)]
    done = subprocess.run(words, check=False, env={**os.environ, "PYTHONPATH": "."})
    assert done.returncode == -signal.SIGKILL
    database = Database(empty_url)
    with database.read() as connection:
        assert revision(connection) is None
        assert inspect(connection).get_table_names() == []
    database.upgrade()
    database.check()
    database.close()
