"""The server as it is started: on loopback, with a link for the first account, not open to the network by mistake."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.support.server_process import answer, environment, flask, free_port, started

ROOT = Path(__file__).parents[2]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - to see it refused
FLASK = flask("wsgi")


def test_it_serves_on_loopback_and_prints_a_link_for_the_first_account(tmp_path: Path) -> None:
    port = free_port()
    with started(FLASK, ROOT, tmp_path / "instance", port) as lines:
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
    words = [*FLASK, "serve"]
    run = subprocess.run(
        words, cwd=ROOT, env=environment(tmp_path, host=EVERYWHERE), capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert run.stderr.startswith(f"Cannot start: host {EVERYWHERE} is open to the network: set public_url")
    assert "Traceback" not in run.stderr


def test_a_worker_loads_neither_the_prover_nor_the_columns(tmp_path: Path) -> None:
    asking = "import sys, wsgi; print(sorted({'flask', 'polars', 'z3'} & sys.modules.keys()))"
    process = subprocess.run(
        [sys.executable, "-c", asking], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    assert process.stdout.strip() == "['flask']"
