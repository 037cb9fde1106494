"""A file system that keeps only what was synced, made of the system calls of a process that really wrote (`strace`).

A write stands once its file was synced, a new file once its folder was. At a power cut all that was synced is there,
and of the rest what chance left: some writes and not others, in any order, a write perhaps by half.
"""

from __future__ import annotations

import pickle
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

TRACED = "openat,pwrite64,ftruncate,fdatasync,fsync,write"
CALL = re.compile(
    r'\d+ +(\w+)\((?:\d+|AT_FDCWD)<([^>]*)>(?:, (?:"([^"]*)"|(\d+)))?(?:, ([\w|]+))?(?:, (\d+))?\) = (\d+)'
)
CREATED = re.compile(r'\d+ +openat\([^,]*, "([^"]*)", \S*O_CREAT\S*, \d+\) = \d')
PATIENCE = 60
LONGEST = 100_000  # bytes of one write that are recorded
FORGOTTEN = "-shm"  # made anew from the log by whoever opens the file


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes to a place of a file; `size`: it was cut or grown to that instead."""

    path: str
    place: int = 0
    content: bytes = b""
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """A file was made if it was not there."""

    path: str


@dataclass(frozen=True, slots=True)
class Synced:
    """A file or a folder."""

    path: str


@dataclass(frozen=True, slots=True)
class Told:
    """The process told something to the one that started it: a page is saved, that version."""

    version: int


Call = Wrote | Created | Synced | Told


@contextmanager
def recorded(process: int, log: Path) -> Iterator[None]:
    """What the process writes, syncs and tells while the block lasts; it must have ended when the block does."""
    shown = ("-y", "-xx", "-s", str(LONGEST))
    tracer = subprocess.Popen(
        ["strace", "-qq", "-p", str(process), "-o", str(log), *shown, "-f", "-e", f"trace={TRACED}"]
    )
    until = time.monotonic() + PATIENCE
    while "TracerPid:\t0\n" in Path(f"/proc/{process}/status").read_text(encoding="ascii"):
        assert tracer.poll() is None, "strace could not attach"
        assert time.monotonic() < until
        time.sleep(0.005)
    yield
    tracer.wait(PATIENCE)


def calls(log: Path, folder: Path) -> list[Call]:
    """The calls in their order, as far as they concern the folder or were told."""
    found = [call for line in log.read_text(encoding="ascii").splitlines() if (call := _read(line))]
    return [call for call in found if isinstance(call, Told) or call.path.startswith(str(folder))]


def _read(line: str) -> Call | None:
    if created := CREATED.match(line):
        return Created(_bytes(created[1]).decode())
    call = CALL.match(line)
    return _named(call, _bytes(call[2]).decode(errors="replace")) if call else None


def _named(call: re.Match[str], path: str) -> Call | None:
    match call[1]:
        case "pwrite64":
            return Wrote(path, int(call[6]), _bytes(call[3]))
        case "ftruncate":
            return Wrote(path, size=int(call[4]))
        case "fdatasync" | "fsync":
            return Synced(path)
        case "write" if path.startswith("socket:"):
            return Told(int(pickle.loads(_bytes(call[3])[4:])))  # noqa: S301 - of our own process
    return None


def _bytes(shown: str) -> bytes:
    return bytes.fromhex(shown.replace("\\x", ""))


@dataclass(slots=True)
class File:
    """What of a file is on the disk, and what is on its way there; `entered`: whether its folder knows it for good."""

    content: bytes = b""
    waiting: list[Wrote] = field(default_factory=list)
    entered: bool = True


class Disk:
    """A folder as it was, everything in it synced, and then as the calls change it."""

    def __init__(self, folder: Path) -> None:
        paths = [path for path in folder.iterdir() if path.is_file() and not path.name.endswith(FORGOTTEN)]
        self.folder = folder
        self.files = {str(path): File(path.read_bytes()) for path in paths}

    def play(self, call: Call) -> None:
        """One more call."""
        match call:
            case Created(path) if path not in self.files and not path.endswith(FORGOTTEN):
                self.files[path] = File(entered=False)
            case Wrote(path) if path in self.files:
                self.files[path].waiting.append(call)
            case Synced(path) if path == str(self.folder):
                for each in self.files.values():
                    each.entered = True
            case Synced(path) if path in self.files:
                file = self.files[path]
                for written in file.waiting:
                    file.content = _with(file.content, written)
                file.waiting.clear()

    def cut(self, to: Path, random: Random) -> None:
        """Write what the disk holds after a power cut into another folder."""
        to.mkdir(mode=0o700)
        greed = random.choice((0.0, 0.0, 0.5, 1.0))
        for path, file in self.files.items():
            if not (file.entered or random.random() < greed):
                continue
            content = file.content
            for written in file.waiting:
                if random.random() < greed:
                    content = _with(content, _torn(written, random))
            kept = to / Path(path).name
            kept.write_bytes(content)
            kept.chmod(0o600)


def _torn(written: Wrote, random: Random) -> Wrote:
    """The write, once in four times by half."""
    if written.size is not None or random.random() < 0.75:
        return written
    return Wrote(written.path, written.place, written.content[: random.randrange(len(written.content) + 1)])


def _with(content: bytes, written: Wrote) -> bytes:
    if written.size is not None:
        return content[: written.size].ljust(written.size, b"\0")
    end = written.place + len(written.content)
    return content.ljust(written.place, b"\0")[: written.place] + written.content + content[end:]
