"""The server as it is started: on loopback, with a link for the first account, not open to the network by mistake."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.apps import close, make
from tests.support.server_process import answer, environment, environment_of_server, flask, free_port, started

ROOT = Path(__file__).parents[2]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - to see it refused
FLASK = flask("wsgi")


def test_it_serves_on_loopback_and_prints_a_link_for_the_first_account(tmp_path: Path) -> None:
    port = free_port()
    with started(FLASK, ROOT, tmp_path / "instance", port) as lines:
        assert lines[0] == f"Serving on http://127.0.0.1:{port}, by the clock of UTC\n"
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


def refusal(folder: Path, *words: str, cwd: Path = ROOT, app: str = "wsgi", **settings: str) -> str:
    """What a command says on standard error when it refuses."""
    done = subprocess.run(
        [*flask(app), *words],
        cwd=cwd,
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in (1, 2), done
    assert "Traceback" not in done.stderr
    return done.stderr


def used(folder: Path) -> None:
    """Use an instance once: its database and its keys are there then."""
    app = make(folder, f"sqlite:///{folder / 'intake.sqlite3'}")
    done = app.test_cli_runner().invoke(args=["accounts", "list"])
    assert done.exit_code == 0, done.output
    close(app)


def test_a_port_that_is_taken_is_refused_before_anything_is_offered(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = refusal(tmp_path / "instance", "serve", port=str(port))
    assert told == (
        f"Error: Cannot listen on 127.0.0.1, port {port}: another program listens there, perhaps this one; stop it, or "
        "set another port.\n"
    )


def test_an_instance_that_cannot_be_used_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """A folder in the place of a file stands for every file that cannot be read: root may read all others."""
    folder = tmp_path / "instance"
    (folder / "secret_key").mkdir(parents=True)
    (folder / "secret_key").chmod(0o700)
    assert refusal(folder, "serve").startswith(f"Cannot start: {folder / 'secret_key'}: Is a directory; does it belong")


def test_a_database_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "intake.sqlite3").mkdir()
    assert "intake.sqlite3 cannot be opened for writing" in refusal(tmp_path, "serve", port=str(free_port()))


@pytest.mark.parametrize("words", [("accounts", "list"), ("rules", "status"), ("db", "check"), ("purge",)])
def test_every_command_refuses_it_with_a_sentence(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "intake.sqlite3").mkdir()
    done = make(tmp_path, f"sqlite:///{tmp_path / 'intake.sqlite3'}").test_cli_runner().invoke(args=words)
    assert done.exit_code in (1, 2), done.output
    assert isinstance(done.exception, SystemExit)
    assert "intake.sqlite3 cannot be opened for writing" in done.stderr


def test_the_keys_of_another_instance_are_refused_with_a_sentence(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    for folder in (mine, other):
        used(folder)
    (mine / "keys").rename(tmp_path / "aside")
    (other / "keys").rename(mine / "keys")
    assert "does not belong to this database" in refusal(mine, "accounts", "list")


def test_signs_that_the_terminal_lacks_are_spelt_out(tmp_path: Path) -> None:
    (tmp_path / "Ω.yaml").write_text("rulez: []\n")
    done = subprocess.run(
        [*FLASK, "rules", "check", "Ω.yaml"],
        cwd=tmp_path,
        env={**environment(tmp_path / "instance"), "PYTHONIOENCODING": "latin-1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"\u03a9.yaml" in done.stdout


@pytest.mark.parametrize("start", [["-m", "intake"], ["-m", "flask", "--app", "intake"]])
def test_commands_work_in_any_folder(tmp_path: Path, start: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *start, "triage", "-"],
        cwd=tmp_path,
        env={**environment(tmp_path / "instance"), "PYTHONPATH": str(ROOT)},
        input="{}",
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["label"] == "urgent_referral"


def test_the_installed_command_is_the_package_s_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, _, called = project["scripts"]["needling-intake"].partition(":")
    assert callable(getattr(import_module(name), called))


def test_a_start_says_whose_clock_counts_and_what_keeps_patients_out(tmp_path: Path) -> None:
    port = free_port()
    with subprocess.Popen(
        [*FLASK, "serve"],
        cwd=ROOT,
        env=environment_of_server(tmp_path, port=str(port), time_zone="Europe/Zurich"),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _line in range(3)]
        assert lines[0].endswith("by the clock of Europe/Zurich\n")
        assert lines[1] == "Patients cannot begin yet: set phone in settings.toml, the number that they call.\n"
        assert "/staff/setup/" in lines[2]
        assert answer(port, "GET", "/")[0] == 503
        process.terminate()


def test_the_first_start_at_a_terminal_asks_for_what_no_default_knows(tmp_path: Path) -> None:
    port, (here, there) = free_port(), pty.openpty()
    with subprocess.Popen(
        [*FLASK, "serve"],
        cwd=ROOT,
        env=environment_of_server(tmp_path, port=str(port)),
        stdin=there,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        os.write(here, b'Harbour "Lane"\n01234 5\nEurope/Zurick\nEurope/Zurich\n')
        said: list[str] = []
        while not said or "Serving on" not in said[-1]:
            said.append(process.stdout.readline())
            assert said[-1], said
        assert said[-1].endswith("by the clock of Europe/Zurich\n")
        assert "did you mean Europe/Zurich?" in "".join(said)
        assert answer(port, "GET", "/")[0] == 200
        process.terminate()
    os.close(here)
    os.close(there)
    kept = tomllib.loads((tmp_path / "settings.toml").read_text(encoding="utf-8"))
    assert kept == {"clinic_name": 'Harbour "Lane"', "phone": "01234 5", "time_zone": "Europe/Zurich"}


def test_a_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    used(tmp_path)
    (tmp_path / "keys" / "index-1").unlink()
    (tmp_path / "keys" / "index-1").mkdir()
    assert refusal(tmp_path, "accounts", "list").startswith("Error: The key file ")


def test_a_hang_up_begins_anew_with_the_settings_as_they_are_now_and_the_same_process(tmp_path: Path) -> None:
    port = free_port()
    command = [*FLASK, "serve"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment_of_server(tmp_path, port=str(port), phone="1"),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert "Our clinic" in answer(port, "GET", "/")[2]
            (tmp_path / "settings.toml").write_text('clinic_name = "Harbour Lane"\n', encoding="utf-8")
            process.send_signal(signal.SIGHUP)
            starts = 0
            while starts < 2:
                line = process.stdout.readline()
                assert line, "it ended"
                starts += line.startswith("Serving on")
            assert "Harbour Lane" in answer(port, "GET", "/")[2]
            assert process.poll() is None
        finally:
            process.terminate()
