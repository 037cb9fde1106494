"""The product's server as a process to kill, and patients who send page after page to it over HTTP."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPException
from multiprocessing.connection import Connection
from pathlib import Path
from threading import RLock, Thread
from urllib.parse import urlencode

import sqlalchemy

from intake.cli import http_server
from intake.storage.database import Database
from tests.support.apps import make
from tests.support.client import FORM
from tests.support.journeys import CALM

ABOUT = "/q/about"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
COMMITS_PUT_OFF = 1000


def serve(folder: Path, url: str, port: int, late: bool, told: Connection) -> None:
    """Serve until killed; `late`: pages are acknowledged before they are committed."""
    if late:
        put_off_commits()
    app = make(folder, url, starts_per_hour="100000")
    told.send(True)
    http_server.run(app, http_server.ServedAt("127.0.0.1", port), {})


def put_off_commits() -> None:
    """One connection for all, committed once after many writes: what a cache that writes later would do."""
    turn, open_ones, writes = RLock(), list[sqlalchemy.Connection](), [0]

    @contextmanager
    def look(database: Database) -> Iterator[sqlalchemy.Connection]:
        with turn:
            if not open_ones:
                open_ones.append(database.engine.connect())
            yield open_ones[0]

    @contextmanager
    def write(database: Database) -> Iterator[sqlalchemy.Connection]:
        with look(database) as connection:
            yield connection
            writes[0] += 1
            if writes[0] % COMMITS_PUT_OFF == 0:
                connection.commit()

    setattr(Database, "begin", write)  # noqa: B010 - the fault that is planted
    setattr(Database, "read", look)  # noqa: B010


@dataclass(slots=True)
class Patient:
    """One connection with its cookies: says another name again and again, and remembers which was acknowledged."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    acknowledged: int = 0

    def walk(self) -> None:
        """Until the server is gone."""
        with suppress(OSError, HTTPException), closing(connected(self.port)) as connection:
            self._post(connection, "/start", self._page(connection, "/"), [])
            self._post(connection, "/q/danger", self._page(connection, "/q/danger"), [("danger_signs", "none")])
            self._post(connection, "/q/warning", self._page(connection, "/q/warning"), [("gate_warning", "none")])
            while True:
                said = [(name, str(text)) for name, text in CALM["about"].items() if name != "full_name"]
                page = self._page(connection, ABOUT)
                self._post(connection, ABOUT, page, [*said, ("full_name", name_of(self.acknowledged + 1))])
                self.acknowledged += 1

    def _page(self, connection: HTTPConnection, path: str) -> str:
        return self._ask(connection, "GET", path, None)[1]

    def _post(self, connection: HTTPConnection, path: str, page: str, said: list[tuple[str, str]]) -> None:
        hidden = [(name, unescape(text)) for name, text in HIDDEN.findall(page) if name != "end"]
        status, answer = self._ask(connection, "POST", path, urlencode([*dict(hidden).items(), *said, ("end", "1")]))
        assert status == 303, answer

    def _ask(self, connection: HTTPConnection, method: str, path: str, body: str | None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        connection.request(method, path, body, headers | ({"Content-Type": FORM} if body else {}))
        answer = connection.getresponse()
        for cookie in answer.msg.get_all("Set-Cookie", []):
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, answer.read().decode()


def connected(port: int) -> HTTPConnection:
    """A connection, as soon as somebody listens."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while True:
        with suppress(ConnectionRefusedError):
            connection.connect()
            return connection
        time.sleep(0.02)


def name_of(number: int) -> str:
    """A name for each page that is sent."""
    return f"Ada {'IVXLC'[number % 5]}{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]}"


def at_work(port: int, patients: int) -> tuple[list[Patient], list[Thread]]:
    """So many patients, each in a thread of their own."""
    people = [Patient(port) for _ in range(patients)]
    threads = [Thread(target=patient.walk) for patient in people]
    for thread in threads:
        thread.start()
    return people, threads
