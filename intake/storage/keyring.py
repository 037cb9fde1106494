"""The keys directory (0700) and its files (0600, hex): kek-N wraps data keys; index-1 and audit-1 key their hashes.

A key file appears whole or not at all, is never overwritten, and is durable before anything is sealed with it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from intake.errors import StorageError
from intake.storage.crypto import KEY_BYTES, Keys
from intake.storage.files import is_open_to_others, private_directory, write_once

if TYPE_CHECKING:
    from pathlib import Path

MASTER_NAME = re.compile(r"kek-([1-9][0-9]*)")
INDEX_NAME = "index-1"
AUDIT_NAME = "audit-1"


def read_or_create(directory: Path) -> Keys:
    """The clinic's keys, drawn at the first start: the master last, so where it exists a missing key is a lost one."""
    private_directory(directory)
    if not exists(directory):
        for name in (INDEX_NAME, AUDIT_NAME, "kek-1"):
            _create(directory, name)
    return read(directory)


def exists(directory: Path) -> bool:
    """Whether there is a master key."""
    return bool(_master_names(directory))


def read(directory: Path) -> Keys:
    """The clinic's keys; raises StorageError where one is missing, malformed or open to others."""
    masters = {name: _read(directory / name) for name in _master_names(directory)}
    if not masters:
        raise StorageError(
            f"No master key in {directory}: put the saved keys back; without them names and free texts stay closed."
        )
    return Keys(masters, list(masters)[-1], _read(directory / INDEX_NAME), _read(directory / AUDIT_NAME))


def add_master(directory: Path) -> str:
    """Draw the next master key, which wraps from now on; older ones stay for what they wrapped."""
    names = _master_names(directory)
    name = f"kek-{int(names[-1].removeprefix('kek-')) + 1 if names else 1}"
    _create(directory, name)
    return name


def _master_names(directory: Path) -> list[str]:
    names = [path.name for path in directory.glob("kek-*") if MASTER_NAME.fullmatch(path.name)]
    return sorted(names, key=lambda name: int(name.removeprefix("kek-")))


def _read(path: Path) -> bytes:
    try:
        text = path.read_bytes()
        exposed = is_open_to_others(path)
    except FileNotFoundError as error:
        raise StorageError(f"The key file {path} is missing: put the saved one back.") from error
    except OSError as error:
        raise StorageError(f"The key file {path} cannot be read: {error.strerror}.") from error
    if exposed:
        raise StorageError(f"The key file {path} is open to other users: chmod 600 it.")
    if not re.fullmatch(rb"[0-9a-f]{%d}\n" % (KEY_BYTES * 2), text):
        raise StorageError(
            f"The key file {path} is not a key: it must hold {KEY_BYTES * 2} hexadecimal digits and a line end."
        )
    return bytes.fromhex(text.decode())


def _create(directory: Path, name: str) -> None:
    """Draw a key; where another process drew it at the same time, that one counts."""
    write_once(directory / name, os.urandom(KEY_BYTES).hex().encode("ascii") + b"\n")
