"""Many patients at once: steps a second and the p99 of a durable POST with 4 and with 64 keep-alive connections.

    python -m bench.crowd [ROUNDS]

One server process, A B A B ..., so that other work on the machine hits both alike. The clients are processes of their
own. Beside the clock stand the server's processor time and context switches a step: they say more on a busy machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from bench.journey import Browser, Server, calm, our_journey, ours

FEW, MANY = 4, 64
SECONDS = 12
PROCESSES = 2


class Crowd(NamedTuple):
    """Of one run: steps a second, p99 of a POST in ms, server's processor time in ms and context switches, a step."""

    speed: float
    p99: float
    processor: float
    switches: float


def walk_until(port: int, clients: int, end: float) -> tuple[int, list[float]]:
    """Patients who walk through the form again and again until the end; their steps, and the seconds of each POST."""
    browsers: list[Browser] = []
    steps = [0]
    counting = threading.Lock()

    def patient() -> None:
        while time.time() < end:
            browser = Browser(port)
            browsers.append(browser)
            where = browser.post("/start", calm(browser.get("/")))
            while "/done" not in where and time.time() < end:
                page = browser.get(where)
                where = browser.post("/send" if where.endswith("/check") else where.partition("?")[0], calm(page))
                with counting:
                    steps[0] += 1
            browser.connection.close()

    threads = [threading.Thread(target=patient) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return steps[0], [seconds for browser in browsers for seconds in browser.posts]


def switches(at: Server) -> int:
    """Context switches of all threads of the server so far."""
    lines = [
        line
        for task in Path(f"/proc/{at.process.pid}/task").iterdir()
        for line in (task / "status").read_text().splitlines()
        if "ctxt_switches" in line
    ]
    return sum(int(line.split()[-1]) for line in lines)


def measure(at: Server, clients: int) -> Crowd:
    """So many patients at work together."""
    end = time.time() + SECONDS
    used, switched = at.processor_seconds(), switches(at)
    with ProcessPoolExecutor(PROCESSES) as pool:
        parts = [pool.submit(walk_until, at.port, clients // PROCESSES, end) for _ in range(PROCESSES)]
        found = [part.result() for part in parts]
    steps = sum(part[0] for part in found)
    posts = sorted(seconds for part in found for seconds in part[1])
    processor = (at.processor_seconds() - used) / steps * 1000
    return Crowd(steps / SECONDS, posts[int(len(posts) * 0.99)] * 1000, processor, (switches(at) - switched) / steps)


def main(rounds: int = 3) -> None:
    """Run both in turn and print medians."""
    with tempfile.TemporaryDirectory() as folder, ours(folder) as at:
        our_journey(Browser(at.port))
        pairs = [(measure(at, FEW), measure(at, MANY)) for _ in range(rounds)]
    for clients, place in ((FEW, 0), (MANY, 1)):
        found = Crowd(*(statistics.median(pair[place][column] for pair in pairs) for column in range(4)))
        print(
            f"{clients:3d} connections {found.speed:7.1f} steps/s   p99 of a durable POST {found.p99:7.1f} ms   "
            f"processor {found.processor:5.2f} ms, {found.switches:5.1f} switches a step"
        )
    print(
        f"{MANY} get {statistics.median(many.speed / few.speed for few, many in pairs):.0%} of the throughput of {FEW}"
    )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
