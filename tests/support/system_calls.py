"""A system call that fails in a running process, by `strace`, and a process that posts one form again and again."""

from __future__ import annotations

import multiprocessing
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.campaigns import Campaign

CALLS = ("pwrite64", "fdatasync", "fsync", "ftruncate", "pread64")
FAULTS = ("EIO", "ENOSPC")
PATIENCE = 60
MOST = 400


class Tried(NamedTuple):
    """One POST: the number of its call that was to fail, the status it was answered with, and whether a call failed."""

    number: int
    status: int
    failed: bool


class Poster:
    """The process, and what it told before the first POST: its number, and whatever else."""

    def __init__(self, pipe: Connection, log: Path) -> None:
        assert pipe.poll(PATIENCE)
        self.number, *self.told = pipe.recv()
        self._pipe, self._log = pipe, log

    def post(self, number: int, fault: str) -> Tried:
        """Send the form while one system call fails."""
        with failing(self.number, number, fault, self._log):
            self._pipe.send(True)
            assert self._pipe.poll(PATIENCE)
            status = self._pipe.recv()
        return Tried(number, status, "(INJECTED)" in self._log.read_text(encoding="ascii"))


def quick_processes(preloaded: str) -> ForkServerContext:
    """Processes that start quickly: the program is imported once and forked."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([preloaded])
    return context


@contextmanager
def poster(
    processes: ForkServerContext,
    target: Callable[..., None],
    log: Path,
    *given: Any,  # noqa: ANN401 - the target's own
) -> Iterator[Poster]:
    """A process that stands before its form while the block lasts; the target is given the pipe last."""
    ours, theirs = processes.Pipe()
    process = processes.Process(target=target, args=(*given, theirs))
    process.start()
    theirs.close()
    try:
        yield Poster(ours, log)
        ours.send(False)
    finally:
        process.join(PATIENCE)


@contextmanager
def failing(process: int, number: int, fault: str, log: Path) -> Iterator[None]:
    """The system call of that number, from 1, fails in the process."""
    calls = ",".join(CALLS)
    inject = f"inject={calls}:error={fault}:when={number}"
    command = ["strace", "-f", "-qq", "-p", str(process), "-o", str(log), "-e", f"trace={calls}", "-e", inject]
    tracer = subprocess.Popen(command)
    until = time.monotonic() + PATIENCE
    while "TracerPid:\t0\n" in Path(f"/proc/{process}/status").read_text(encoding="ascii"):
        assert tracer.poll() is None, "strace could not attach"
        assert time.monotonic() < until
        time.sleep(0.005)
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait()


def numbers(campaign: Campaign, few: int) -> Iterator[int]:
    """Every system call in turn; in a sample those that are drawn, and then past the last."""
    if campaign.thorough:
        yield from range(1, MOST)
    yield from sorted(campaign.random.sample(range(1, 12), few))
    yield MOST
