"""The server as it is started: on loopback, with a link for the first account, not open to the network by mistake."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from time import sleep

ROOT = Path(__file__).parents[2]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - to see it refused
COMMAND = [sys.executable, "-m", "flask", "--app", "wsgi", "serve"]


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


@contextmanager
def started(folder: Path, port: int) -> Iterator[list[str]]:
    """A server that has said where it listens; gives the lines it printed."""
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment(folder, port=str(port)), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline(), process.stdout.readline()]
        try:
            yield lines
        finally:
            process.terminate()


def answer(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], str]:
    """One request over a connection of its own; tried until the server listens."""
    for _try in range(50):
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read().decode()
        except ConnectionRefusedError:
            sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("nobody listens")


def test_it_serves_on_loopback_and_prints_a_link_for_the_first_account(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path / "instance", port) as lines:
        assert lines[0] == f"Serving on http://127.0.0.1:{port}\n"
        link = re.search(rf"http://127\.0\.0\.1:{port}(/staff/setup/[\w-]{{43}})\n", lines[1])
        assert link
        status, headers, page = answer(port, "GET", "/")
        assert status == 200
        assert "Get ready for your first visit" in page
        assert "Server" not in headers
        assert answer(port, "GET", link[1])[0] == 200
        assert answer(port, "GET", "/healthz")[2] == "ok\n"
        assert answer(port, "POST", "/start", b"x" * 70_000, **{"Content-Type": "text/plain"})[0] == 413
        assert answer(port, "GET", "/", Host="evil.example")[0] == 400
        status, headers, _page = answer(port, "GET", "/", X="x" * 40_000)
        assert (status, headers["Cache-Control"]) == (431, "no-store")
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    private = [path for path in (tmp_path / "instance").rglob("*") if path.is_file() and path.parent.name != "static"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in private)
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700


def test_it_refuses_an_address_that_is_open_to_the_network(tmp_path: Path) -> None:
    run = subprocess.run(
        COMMAND, cwd=ROOT, env=environment(tmp_path, host=EVERYWHERE), capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert run.stderr.startswith(f"Cannot start: host {EVERYWHERE} is open to the network: set public_url")
    assert "Traceback" not in run.stderr


def test_a_worker_loads_neither_the_prover_nor_the_columns(tmp_path: Path) -> None:
    asking = "import sys, wsgi; print(sorted({'flask', 'polars', 'z3'} & sys.modules.keys()))"
    told = subprocess.run(
        [sys.executable, "-c", asking], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "['flask']"
