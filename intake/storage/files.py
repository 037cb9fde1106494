"""Files that must be private and must survive a power cut: the database, the keys, the secret, the backups."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_FILE, PRIVATE_DIRECTORY = 0o600, 0o700
OTHERS_MAY = 0o077


def private_directory(path: Path) -> None:
    """Make the directory (0700) where it is missing; an existing one is left alone."""
    path.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)


def private_file(path: Path) -> None:
    """Make an empty file (0600) where it is missing; raises OSError where it cannot be written.

    One that can be is not opened: closing it would let go of the locks that SQLite holds on it in this process.
    """
    if path.is_file() and os.access(path, os.W_OK):
        return
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, PRIVATE_FILE))


def write_new(path: Path, content: bytes) -> None:
    """Write a new file (0600) and make its content durable; raises FileExistsError rather than overwrite."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_once(path: Path, content: bytes) -> None:
    """Put a file (0600) in place, whole and durable, unless it is there: of two processes at once the first counts."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_new(aside, content)
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return
    finally:
        aside.unlink()
        sync(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Put a file (0600) in place of one that may be there: whoever reads meanwhile finds the old or the new, whole."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write_new(aside, content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    sync(path.parent)


def is_open_to_others(path: Path) -> bool:
    """Whether anybody but the owner may read, write or enter it."""
    return path.stat().st_mode & OTHERS_MAY != 0


def sync(path: Path) -> None:
    """Make the content of a file, or the names in a directory, durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
