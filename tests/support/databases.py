"""Fixtures that give a test its own database, on SQLite and on PostgreSQL, copied from one that was migrated once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.storage.crypto import Keys
from intake.storage.database import Database
from tests.support.postgres import TEMPLATE, PostgresMissingError, Server, running_server
from tests.support.small_clinic import SmallClinic

SQLITE, POSTGRESQL = BACKENDS = ("sqlite", "postgresql")
ABOVE = {Path("tests", "web").parts, Path("tests", "cli").parts}


def only_needed(items: list[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """What to run and what not: tests of pages and commands run on SQLite, on PostgreSQL those marked `both_databases`.

    What a page or a command does to a database is what storage and workflow do, whose tests run on both.
    """
    needed = [item for item in items if not _is_above_on_postgresql(item) or item.get_closest_marker("both_databases")]
    return needed, [item for item in items if item not in set(needed)]


def _is_above_on_postgresql(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    return (
        callspec is not None
        and callspec.params.get("database_url") == POSTGRESQL
        and item.path.relative_to(item.config.rootpath).parts[:2] in ABOVE
    )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server for the run, with a migrated template."""
    try:
        with running_server() as server:
            name = server.create()
            migrate(server.url(name))
            server.rename(name, TEMPLATE)
            yield server
    except PostgresMissingError as error:
        pytest.fail(str(error))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "intake.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables."""
    if request.param == SQLITE:
        yield f"sqlite:///{tmp_path / 'instance' / 'intake.sqlite3'}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without rows."""
    if request.param == SQLITE:
        path = tmp_path / "instance" / "intake.sqlite3"
        path.parent.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgres")
    name = server.create(TEMPLATE)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database, closed at the end."""
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def keys() -> Keys:
    """The keys of a clinic that exists in tests only."""
    return Keys({"kek-1": b"m" * 32}, "kek-1", b"i" * 32, b"a" * 32)


def migrate(url: str) -> None:
    """Bring a database to the program's revision."""
    opened = Database(url)
    opened.upgrade()
    opened.close()


@pytest.fixture
def clinic(database: Database, keys: Keys) -> SmallClinic:
    """A clinic on that database."""
    return SmallClinic(database, keys)
