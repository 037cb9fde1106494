"""What a backup says of itself: one line of JSON, then the clinic's seal on that line.

The seal is keyed with the clinic's keys, so that nobody without them can make a backup that restores. What is not
sealed is not read: a manifest that somebody else wrote cannot choose what the reader does.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from intake.errors import StorageError
from intake.storage.copies import Contents
from intake.storage.crypto import Keys, seal_of_backup
from intake.storage.files import write_new

NAME = "manifest"
LONGEST = 64 * 1024  # bytes; ours have about 1,000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: each file's SHA-256, what is in the database, patients by the master key they need."""

    made_at: str
    backend: str
    files: Mapping[str, str]
    contents: Contents
    masters: Mapping[str, int]


def write(folder: Path, manifest: Manifest, keys: Keys) -> None:
    """Write and seal it."""
    content = json.dumps(asdict(manifest), sort_keys=True).encode()
    write_new(folder / NAME, content + b"\n" + seal_of_backup(keys, content).encode() + b"\n")


def read(folder: Path, keys: Keys) -> Manifest:
    """The manifest of a backup that these keys sealed; raises StorageError."""
    path = folder / NAME
    try:
        with path.open("rb") as file:
            content, _, seal = file.read(LONGEST).partition(b"\n")
    except OSError as error:
        raise StorageError(f"{folder} is not a backup: its manifest cannot be read ({error.strerror}).") from error
    if not hmac.compare_digest(seal, seal_of_backup(keys, content).encode() + b"\n"):
        raise StorageError(
            f"{path} does not carry the seal of the keys in the keys directory: it is damaged, somebody changed it, or "
            "it was made with other keys. Put the keys back that were saved with it, or use another backup."
        )
    values = json.loads(content)
    return Manifest(**{**values, "contents": Contents(**values["contents"])})
