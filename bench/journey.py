"""The whole journey: our product against plain Flask-WTF, both on waitress and SQLite FULL, the same number of steps.

    python -m bench.journey [ROUNDS]

Starts each server as its own process, runs 4 clients against it in turn (A B A B ...), prints steps a second, the p99
of a durable POST, the processor time of a step, the ratio, and the memory of our worker.
A step is GET, POST and redirect. Our client answers every page calmly, as a patient with pain in one place and nothing
else to report. Beside the clock stands the server's processor time: it says more where other work runs on the machine.
"""

from __future__ import annotations

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

PORTS = {"ours": 8871, "plain": 8872}
CLIENTS, JOURNEYS = 4, 4
INPUT = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
CALM_ENDINGS = (
    *("agrees=yes", "=low_back_right", "=muscle_or_joint_pain"),
    *("=none", "=no", "=never", "=well", "=nothing", "=self", "=0", "=2"),
)
TEXTS = {"full_name": "Ada Alder", "phone": "01234 555 100", "day": "4", "month": "5", "year": "1980"}


@dataclass(slots=True)
class Browser:
    """One keep-alive connection with its cookies; `posts` holds the seconds of each POST."""

    port: int
    connection: http.client.HTTPConnection = field(init=False)
    cookies: dict[str, str] = field(default_factory=dict)
    posts: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> str:
        """The page at the path."""
        return self._ask("GET", path, None)[1]

    def post(self, path: str, fields: list[tuple[str, str]]) -> str:
        """Where the answer to the form sends the browser."""
        start = time.perf_counter()
        where, page = self._ask("POST", path, urlencode(fields))
        self.posts.append(time.perf_counter() - start)
        if not where:
            message = re.search(r'class="message"[^>]*>(.*?)</', page, re.DOTALL)
            sys.exit(f"{path} was not accepted: {message[1] if message else page[:300]}")
        return where

    def _ask(self, method: str, path: str, body: str | None) -> tuple[str, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer.getheader("Location", ""), answer.read().decode()


def controls(page: str) -> Iterator[dict[str, str]]:
    """The attributes of every form control of the page."""
    for tag in INPUT.findall(page):
        yield {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)} | {"": tag}


def calm(page: str) -> list[tuple[str, str]]:
    """Hidden fields as they stand, and the calmest option of every list."""
    hidden: list[tuple[str, str]] = []
    options: dict[str, list[str]] = {}
    for one in controls(page):
        name, kind = one.get("name", ""), one.get("type", "text")
        if not name:
            continue
        if kind == "hidden":
            hidden.append((name, one.get("value", "")))
        elif kind in {"radio", "checkbox"}:
            options.setdefault(name, []).append(one.get("value", ""))
        else:
            hidden.append((name, next((text for key, text in TEXTS.items() if key in name), "")))
    return hidden + [(name, _calmest(name, values)) for name, values in options.items()]


def _calmest(name: str, values: list[str]) -> str:
    return next((v for ending in CALM_ENDINGS for v in values if f"{name}={v}".endswith(ending)), values[0])


def our_journey(browser: Browser) -> int:
    """From the start page until the answers are sent; returns the steps."""
    where, steps = browser.post("/start", calm(browser.get("/"))), 0
    while "/done" not in where:
        page = browser.get(where)
        where = browser.post("/send" if where.endswith("/check") else where.partition("?")[0], calm(page))
        steps += 1
    return steps


def plain_journey(browser: Browser) -> int:
    """The same over the plain application."""
    where, steps = "/step/1", 0
    while where != "/done":
        where = browser.post(where, [*calm(browser.get(where)), ("ticks", "code_1")])
        steps += 1
    return steps


@dataclass(frozen=True, slots=True)
class Server:
    """A server process that answers on the port."""

    process: subprocess.Popen[bytes]
    port: int

    def processor_seconds(self) -> float:
        """What it has used of the processors so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> float:
        """What it holds of the memory now, in MiB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        held = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(held[1]) / 1024 if held else 0.0


@contextmanager
def server(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Server]:
    """Run a server while the block lasts."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait(port)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"nothing answers on port {port}")


class Figures(NamedTuple):
    """Of one run: steps a second, p99 of a POST in ms, processor time of the server in ms a step."""

    speed: float
    p99: float
    processor: float


def measure(journey: Callable[[Browser], int], at: Server) -> Figures:
    """Some journeys, with the clients at work together."""
    browsers = [[Browser(at.port) for _ in range(JOURNEYS)] for _ in range(CLIENTS)]
    steps: list[int] = []
    threads = [threading.Thread(target=lambda own=own: steps.extend(journey(b) for b in own)) for own in browsers]
    start, used = time.perf_counter(), at.processor_seconds()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, used = time.perf_counter() - start, at.processor_seconds() - used
    if len(steps) != CLIENTS * JOURNEYS:
        sys.exit("not every journey came to its end")
    posts = sorted(one for own in browsers for browser in own for one in browser.posts)
    return Figures(sum(steps) / seconds, posts[int(len(posts) * 0.99)] * 1000, used / sum(steps) * 1000)


@contextmanager
def ours(folder: str) -> Iterator[Server]:
    """Our product as it is served, on a database of its own."""
    command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "serve"]
    environment = {
        "INTAKE_INSTANCE": folder,
        "INTAKE_PORT": str(PORTS["ours"]),
        "INTAKE_STARTS_PER_HOUR": "1000000",
        "INTAKE_PHONE": "1",
        "PATH": "/usr/bin:/bin",
    }
    with server(command, PORTS["ours"], environment) as running:
        yield running


@contextmanager
def plain(folder: str, steps: int) -> Iterator[Server]:
    """The floor, with as many steps."""
    port = str(PORTS["plain"])
    command = [sys.executable, "-m", "bench.plain_flask_wtf", port, f"{folder}/plain.sqlite3", str(steps)]
    with server(command, PORTS["plain"], {"PATH": "/usr/bin:/bin"}) as running:
        yield running


def main(rounds: int = 5) -> None:
    """Run both in turn and print medians."""
    with tempfile.TemporaryDirectory() as folder, ours(f"{folder}/ours") as one:
        steps = our_journey(Browser(one.port))
        with plain(folder, steps) as other:
            plain_journey(Browser(other.port))
            pairs = [(measure(our_journey, one), measure(plain_journey, other)) for _ in range(rounds)]
        memory = one.megabytes()
    for name, index in (("ours", 0), ("plain Flask-WTF (floor)", 1)):
        found = Figures(*(statistics.median(pair[index][place] for pair in pairs) for place in range(3)))
        print(
            f"{name:26s} {found.speed:7.1f} steps/s   p99 of a durable POST {found.p99:6.1f} ms   "
            f"processor {found.processor:5.2f} ms a step"
        )
    print(f"{steps} steps a journey; ratio {statistics.median(a.speed / b.speed for a, b in pairs):.2f}", end=", ")
    print(f"by processor time {statistics.median(b.processor / a.processor for a, b in pairs):.2f}", end="; ")
    print(f"our worker holds {memory:.0f} MiB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
