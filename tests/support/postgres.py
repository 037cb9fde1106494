"""A real PostgreSQL for the tests: a private server in a temporary directory, reached by its socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

SERVER_USER = "postgres"
TEMPLATE = "intake_template"
MISSING = "PostgreSQL is not installed: these tests need its server (Debian and Ubuntu: apt install postgresql)."
# Before 15 every copy was by file; page by page, through the log, costs three times as much.
FIRST_WITH_STRATEGIES = 150_000
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "150",
    "shared_buffers": "32MB",
    "full_page_writes": "off",
    "fsync": "off",  # nobody cuts the power of a test server; the tests kill clients, not this server
    "autovacuum": "off",
}


class PostgresMissingError(Exception):
    """No server programs on this machine."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; `socket` is its private directory."""

    socket: Path
    numbers: Iterator[int]

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql://{SERVER_USER}@/{name}?host={self.socket}"

    def create(self, template: str = "template0") -> str:
        """A new database, copied from a template; its name."""
        name = f"test_{next(self.numbers)}"
        with self._connected() as connection:
            whole_files = " STRATEGY FILE_COPY" if connection.info.server_version >= FIRST_WITH_STRATEGIES else ""
            copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + whole_files)
            connection.execute(copied.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def rename(self, name: str, to: str) -> None:
        """Give a database another name; nobody may be connected to it."""
        self._run(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to)))

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with self._connected() as connection:
            connection.execute(statement)

    def _connected(self) -> psycopg.Connection:
        return psycopg.connect(self.url("postgres"), autocommit=True)


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server, stop it at the end and remove its files."""
    programs = find_programs()
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        _hand_over(home)
        data = home / "data"
        _run_as_owner(programs / "initdb", "-D", data, "-A", "trust", "-U", SERVER_USER, "-E", "UTF8", "--no-sync")
        options = " ".join(f"-c {name}='{value}'" for name, value in SETTINGS.items())
        start = ("-w", "-D", data, "-l", home / "log", "-o", f"-k {home} {options}", "start")
        _run_as_owner(programs / "pg_ctl", *start)
        try:
            yield Server(home, count())
        finally:
            _run_as_owner(programs / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home)


def find_programs() -> Path:
    """The directory of the server programs; raises PostgresMissingError naming the package."""
    candidates = [*_from_pg_config(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    for directory in candidates:
        if (directory / "initdb").exists():
            return directory
    raise PostgresMissingError(MISSING)


def _from_pg_config() -> list[Path]:
    program = shutil.which("pg_config")
    if program is None:
        return []
    found = subprocess.run([program, "--bindir"], check=True, capture_output=True, text=True)
    return [Path(found.stdout.strip())]


def _hand_over(home: Path) -> None:
    if os.geteuid() == 0:
        owner = pwd.getpwnam(SERVER_USER)
        os.chown(home, owner.pw_uid, owner.pw_gid)
        home.chmod(0o755)


def _run_as_owner(*words: str | Path) -> None:
    """PostgreSQL refuses to run as root; its own user does it then."""
    before = ("runuser", "-u", SERVER_USER, "--") if os.geteuid() == 0 else ()
    done = subprocess.run(
        [*before, *map(str, words)], check=False, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} failed: {done.stderr}")
