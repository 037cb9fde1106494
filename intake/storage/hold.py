"""Who works on an SQLite file: every process that has it open holds a shared lock on a file beside it.

A restore takes the lock alone: it must not put a file where a running server writes into the one before it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from intake.errors import StorageError
from intake.storage.files import PRIVATE_FILE


class Hold:
    """The shared lock of one Database: taken with its first connection, let go when it is closed."""

    def __init__(self, path: Path) -> None:
        self._path = lock_file(path)
        self._taking = Lock()
        self._descriptor: int | None = None

    def take(self) -> None:
        """Hold on; raises StorageError while a restore is at work."""
        with self._taking:
            if self._descriptor is None:
                self._descriptor = _locked(self._path, fcntl.LOCK_SH, "a backup is being put back right now; wait")

    def drop(self) -> None:
        """Let go."""
        with self._taking:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep every other process off the database at this path; raises StorageError where one is at work on it."""
    descriptor = _locked(lock_file(path), fcntl.LOCK_EX, "a server or a command is at work on it; stop it first")
    try:
        yield
    finally:
        os.close(descriptor)


def lock_file(path: Path) -> Path:
    """The file that is locked for a database; it stays, empty."""
    return path.with_name(path.name + ".lock")


def _locked(path: Path, kind: int, refusal: str) -> int:
    """An open descriptor that holds the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as error:
        raise StorageError(f"{path} cannot be opened for writing: {error.strerror}. Nothing was changed.") from error
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise StorageError(f"The database {path.with_suffix('')} is in use: {refusal}. Nothing was changed.") from error
    return descriptor
