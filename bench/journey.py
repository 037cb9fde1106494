"""The whole journey: our product against plain Flask-WTF, both on waitress and SQLite FULL, the same number of steps.

    python -m bench.journey [ROUNDS]

Starts each server as its own process, runs 4 clients against it in turn (A B A B ...), prints steps a second, the
ratio, and the p99 of a durable POST.
A step is GET, POST and redirect. Our client answers every page calmly, as a patient with nothing to report.
"""

from __future__ import annotations

import http.client
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
from urllib.parse import urlencode

PORTS = {"ours": 8871, "plain": 8872}
CLIENTS, JOURNEYS, PLAIN_STEPS = 4, 4, 22
INPUT = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
CALM_ENDINGS = ("=none", "=no", "=never", "=well", "=nothing", "=self", "=0", "=2", "=low_back_right")
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
    return hidden + [(name, _calmest(values)) for name, values in options.items()]


def _calmest(values: list[str]) -> str:
    return next((v for ending in CALM_ENDINGS for v in values if f"={v}".endswith(ending)), values[0])


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
    for step in range(1, PLAIN_STEPS + 1):
        page = browser.get(f"/step/{step}")
        browser.post(f"/step/{step}", [*calm(page), ("ticks", "code_1")])
    return PLAIN_STEPS


@contextmanager
def server(command: list[str], port: int, environment: dict[str, str]) -> Iterator[None]:
    """A server process that answers on the port."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait(port)
        yield
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


def measure(journey: Callable[[Browser], int], port: int) -> tuple[float, float]:
    """Steps a second and the p99 of a POST in milliseconds, with the clients at work together."""
    browsers = [[Browser(port) for _ in range(JOURNEYS)] for _ in range(CLIENTS)]
    steps: list[int] = []
    threads = [threading.Thread(target=lambda own=own: steps.extend(journey(b) for b in own)) for own in browsers]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    posts = sorted(one for own in browsers for browser in own for one in browser.posts)
    return sum(steps) / seconds, posts[int(len(posts) * 0.99)] * 1000


def main(rounds: int = 5) -> None:
    """Run both in turn and print medians."""
    with tempfile.TemporaryDirectory() as folder:
        ours = {"INTAKE_INSTANCE": f"{folder}/ours", "INTAKE_PORT": str(PORTS["ours"]), "PATH": "/usr/bin:/bin"}
        plain = [
            sys.executable,
            "-m",
            "bench.plain_flask_wtf",
            str(PORTS["plain"]),
            f"{folder}/plain.sqlite3",
            str(PLAIN_STEPS),
        ]
        flask = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "serve"]
        with server(flask, PORTS["ours"], ours), server(plain, PORTS["plain"], {"PATH": "/usr/bin:/bin"}):
            our_journey(Browser(PORTS["ours"])), plain_journey(Browser(PORTS["plain"]))
            pairs = [
                (measure(our_journey, PORTS["ours"]), measure(plain_journey, PORTS["plain"])) for _ in range(rounds)
            ]
    for name, index in (("ours", 0), ("plain Flask-WTF (floor)", 1)):
        speed, p99 = (statistics.median(pair[index][i] for pair in pairs) for i in (0, 1))
        print(f"{name:26s} {speed:7.1f} steps/s   p99 of a durable POST {p99:7.1f} ms")
    print(f"ratio {statistics.median(a[0] / b[0] for a, b in pairs):.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
