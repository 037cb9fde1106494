"""Files that must be private and must survive a power cut."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def private_directory(path: Path) -> None:
    """Make the directory (0700) where it is missing."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)


def private_file(path: Path) -> None:
    """Make an empty file (0600) where it is missing; an existing one is left alone."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))


def sync_file(path: Path) -> None:
    """Make the content durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """Make the names in the directory durable."""
    sync_file(path)
