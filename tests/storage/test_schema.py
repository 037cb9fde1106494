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
from intake.storage import audit, migrate, vocabularies
from intake.storage.database import Database
from intake.storage.migrate import revision
from intake.storage.tables import METADATA
from tests.support.books import REFUSES, book
from tests.support.tiny import DANGER, SmallClinic, vocabulary

Rows = dict[str, list[dict[str, object]]]
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
        inspector = inspect(connection)
        there = set(inspector.get_table_names())
        found: Rows = {}
        for table in METADATA.sorted_tables:
            if table.name in there and table.name not in DERIVED:
                columns = [table.c[column["name"]] for column in inspector.get_columns(table.name)]
                told = (dict(row._mapping) for row in connection.execute(select(*columns)))  # noqa: SLF001 - its public name
                found[table.name] = sorted(told, key=repr)
        return found


def like(rows: Rows, older: Rows) -> Rows:
    """As much of the rows as an older revision has room for."""
    return {
        name: sorted(({key: row[key] for key in (found[0] if found else row)} for row in rows[name]), key=repr)
        for name, found in older.items()
    }


def test_the_revisions_make_the_tables_that_the_code_describes(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_data_survive_the_way_down_and_up(clinic: SmallClinic) -> None:
    clinic.sent({"danger_signs": ("fever",)})
    clinic.save(clinic.start(), DANGER, {"danger_signs": ("none",)})
    before = rows(clinic.database)
    assert {name for name, found in before.items() if found} >= {"intakes", "trail", "audit", "rulebooks", "firings"}
    with clinic.database.begin() as connection:
        migrate.downgrade(connection, "0001")
    with pytest.raises(StorageError, match=f"revision 0001, this program needs {migrate.head()}"):
        clinic.database.check()
    older = rows(clinic.database)
    assert "firings" not in older
    assert "shown" not in older["drafts"][0]
    assert older == like(before, older)
    clinic.database.upgrade()
    clinic.database.check()
    after = rows(clinic.database)
    assert {name: after[name] for name in after if name not in REBUILT} == {
        name: before[name] for name in before if name not in REBUILT
    }


def test_the_vocabularies_of_earlier_rule_books_are_kept(clinic: SmallClinic) -> None:
    clinic.send(clinic.save(clinic.start(), DANGER, {"danger_signs": ("none",)}), book(REFUSES))
    with clinic.database.begin() as connection:
        migrate.downgrade(connection, "0005")
    clinic.database.upgrade()
    with clinic.database.read() as connection:
        assert vocabularies.oldest(connection) == vocabulary().sha256
        assert vocabularies.content(connection, vocabulary().sha256) == vocabulary().content


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
