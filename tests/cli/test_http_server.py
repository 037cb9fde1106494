"""The server under strain: bodies of unknown length, a crowd of slow connections, an end while people are at work."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread

import pytest

from intake.cli.http_server import CONNECTIONS
from tests.support.server_process import answer, environment_of_server, flask, free_port

ROOT = Path(__file__).parents[2]
COMMAND = [*flask("wsgi"), "serve"]
SLOW = CONNECTIONS + 50
WITHOUT_EPOLL = "import select; del select.epoll"
HASTY = (
    "from intake.cli import connections as c, http_server as h; c.WHOLE_SECONDS = 0.5; h.LIMITS['cleanup_interval'] = 1"
)
LONG_END = "from intake.cli import http_server as h; h.HANDSHAKE = 5"
IDLE, REQUESTS = 600, 500
HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "


@contextmanager
def served(folder: Path, command: Sequence[str | Path] = COMMAND) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server of its own that answers, and its port."""
    port = free_port()
    variables = environment_of_server(folder / "instance", port=str(port))
    with subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.DEVNULL) as process:
        try:
            while_starting(process, port)
            yield process, port
        finally:
            process.terminate()


def changed(words: str) -> list[str | Path]:
    """The command with something changed in its process."""
    return [sys.executable, "-c", f"import runpy; {words}; runpy.run_module('flask', alter_sys=True)", *COMMAND[3:]]


def while_starting(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until it answers."""
    while process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10):
            assert answer(port, "GET", "/healthz")[0] == 200
            return
        time.sleep(0.05)
    pytest.fail("it ended before it answered")


def raw(port: int, sent: bytes) -> bytes:
    """What a connection answers to some bytes before it closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_a_body_in_chunks_is_refused_before_it_came(tmp_path: Path) -> None:
    with served(tmp_path) as (_process, port):
        said = raw(port, b"POST /start HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nend=1\r\n")

    assert said.startswith(b"HTTP/1.1 411 Length Required\r\n")
    assert b"Content-Security-Policy: default-src 'none'" in said


def test_among_a_crowd_of_slow_connections_the_newest_is_refused_and_those_at_work_go_on(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    with served(tmp_path) as (_process, port), ExitStack() as stack:
        at_work = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=10)))
        at_work.request("GET", "/healthz")
        assert at_work.getresponse().read() == b"ok\n"
        crowd = [stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10)) for _ in range(SLOW)]
        for connection in crowd:
            with suppress(OSError):  # the last ones were refused
                connection.sendall(HALF)

        at_work.request("GET", "/healthz")
        assert at_work.getresponse().read() == b"ok\n"
        begun = time.monotonic()
        with pytest.raises((HTTPException, OSError)):
            answer(port, "GET", "/healthz")
        assert time.monotonic() - begun < 2
        for connection in crowd[:100]:
            connection.close()
        time.sleep(0.5)
        assert answer(port, "GET", "/healthz")[2] == "ok\n"
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_request_that_does_not_arrive_whole_is_given_up(tmp_path: Path) -> None:
    with served(tmp_path, changed(HASTY)) as (_process, port):
        begun = time.monotonic()
        assert raw(port, HALF) == b""
        assert time.monotonic() - begun > 0.5
        assert answer(port, "GET", "/healthz")[0] == 200


def processor_time(process: subprocess.Popen[bytes]) -> float:
    """Seconds that a process has used of the processors so far."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def test_a_request_costs_the_same_however_many_connections_are_open(tmp_path: Path) -> None:
    with served(tmp_path) as (process, port), ExitStack() as stack:

        def cost() -> float:
            before = processor_time(process)
            for _request in range(REQUESTS):
                at_work.request("GET", "/no-such-page")
                at_work.getresponse().read()
            return processor_time(process) - before

        at_work = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=10)))
        cost()
        alone = cost()
        for _connection in range(IDLE):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
        assert cost() < 1.6 * alone


def test_it_serves_where_the_system_has_no_epoll(tmp_path: Path) -> None:
    with served(tmp_path, changed(WITHOUT_EPOLL)) as (process, port):
        assert answer(port, "GET", "/")[0] == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=35) == 0


def visit(port: int, over: Event, ends: list[str]) -> None:
    """Ask again and again over connections that stay open, until nobody listens; how each request ended."""
    while not over.is_set():
        connection = HTTPConnection("127.0.0.1", port, timeout=40)
        try:
            connection.connect()
        except OSError:
            return
        try:
            for _request in range(5):
                connection.request("GET", "/")
                response = connection.getresponse()
                ends.append("whole" if b"</html>" in response.read() else "short")
                if response.will_close:
                    break
        except (OSError, HTTPException) as error:
            ends.append(type(error).__name__)
        finally:
            connection.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_that_was_accepted_is_cut_when_it_ends(tmp_path: Path, number: int) -> None:
    ends: list[str] = []
    over = Event()
    with served(tmp_path) as (process, port):
        threads = [Thread(target=visit, args=(port, over, ends)) for _ in range(24)]
        for thread in threads:
            thread.start()
        time.sleep(1.5)
        process.send_signal(number)
        assert process.wait(timeout=35) == 0
        over.set()
        for thread in threads:
            thread.join()

    assert len(ends) > 24
    assert set(ends) == {"whole"}


def connect_again_and_again(port: int) -> None:
    """Until it does not succeed."""
    while True:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux can keep newcomers out while a socket still listens.")
def test_while_it_ends_nobody_new_is_let_in_to_be_reset(tmp_path: Path) -> None:
    with served(tmp_path, changed(LONG_END)) as (process, port):
        process.send_signal(signal.SIGTERM)
        with pytest.raises(TimeoutError):
            connect_again_and_again(port)
        assert process.wait(timeout=35) == 0
