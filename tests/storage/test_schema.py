"""The revision makes exactly the tables that the code describes, whole or not at all, and takes them away again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from intake.storage import audit, migrate
from intake.storage.database import Database
from intake.storage.migrate import revision
from intake.storage.tables import METADATA
from tests.support.small_clinic import SmallClinic

KILLED_AT = 25
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


def test_the_revision_makes_the_tables_that_the_code_describes(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_way_down_ends_empty_and_leads_up_again(clinic: SmallClinic) -> None:
    clinic.sent()
    with clinic.database.begin() as connection:
        migrate.downgrade(connection, "base")
    with clinic.database.read() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    clinic.database.upgrade()
    clinic.sent()
    with clinic.database.read() as connection:
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
