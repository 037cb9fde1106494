"""The product's server as a process of its own, and requests over connections of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic, sleep

from tests.support.measuring import measured

PATIENCE = 60  # seconds; a busy machine starts late


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """This process's variables with the product's own."""
    own = {f"INTAKE_{name.upper()}": value for name, value in settings.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INTAKE_")}
    return {**kept, "INTAKE_INSTANCE": str(folder), "PYTHONUNBUFFERED": "1", **own}


def environment_of_server(folder: Path, **settings: str) -> dict[str, str]:
    """The same for a process that serves: much of the product runs in such a one only, so what it covers counts."""
    return {**environment(folder, **settings), **measured()}


def flask(app: str, python: str | Path = sys.executable) -> list[str | Path]:
    """The words that start a command of an application."""
    return [python, "-m", "flask", "--app", app]


@contextmanager
def started(command: list[str | Path], cwd: Path, instance: Path, port: int) -> Iterator[list[str]]:
    """A server that has said where it listens; gives the two lines it printed."""
    words = [*command, "serve"]
    with subprocess.Popen(
        words,
        cwd=cwd,
        env=environment_of_server(instance, port=str(port), phone="1", time_zone="UTC"),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        try:
            yield lines
        finally:
            process.terminate()


def answer(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], str]:
    """One request over a connection of its own; tried until the server listens."""
    until = monotonic() + PATIENCE
    while monotonic() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        except ConnectionRefusedError:
            sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("nobody listens")
