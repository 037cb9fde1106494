"""Backups: a directory with a copy of the database in use and a manifest of what it holds, checked at both ends.

The keys are not in it: keep the keys directory apart, or the backup would open itself.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, make_url

from intake.errors import StorageError
from intake.storage import copies, migrate
from intake.storage.copies import Contents
from intake.storage.files import PRIVATE_FILE, private_directory, sync, write_new

COPY, MANIFEST = "database", "manifest"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and the hash by which it is known to be unchanged."""

    made_at: str
    backend: str
    sha256: str
    contents: Contents


def backup(url: str, target: Path, *, now: datetime) -> Manifest:
    """Copy the database into a new directory that appears whole or not at all; raises StorageError."""
    parsed = make_url(url)
    aside = target.with_name(target.name + ".partial")
    for taken in (target, aside):
        if taken.exists():
            raise StorageError(f"{taken} exists already: a backup never overwrites.")
    private_directory(aside)
    try:
        manifest = _fill(aside, parsed, now)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    sync(target.parent)
    return manifest


def verify(source: Path) -> Manifest:
    """Read a backup's manifest; raises StorageError where one bit of it or of the copy is not as it was made."""
    manifest = _read(source / MANIFEST)
    if not (source / COPY).is_file() or _hash(source / COPY) != manifest.sha256:
        raise StorageError(
            f"{source / COPY} is not the copy that was made: it is missing or damaged. Use another backup."
        )
    return manifest


def restore(url: str, source: Path) -> Manifest:
    """Put a backup where no database is; raises StorageError rather than overwrite, or restore what is damaged."""
    manifest = verify(source)
    parsed = make_url(url)
    if manifest.backend != parsed.get_backend_name():
        raise StorageError(f"This backup is of {manifest.backend}; the database URL names {parsed.get_backend_name()}.")
    if manifest.contents.revision not in migrate.known():
        raise StorageError(
            f"This backup is at revision {manifest.contents.revision}, this program knows up to {migrate.head()}: "
            "a newer release made it. Install that release."
        )
    if copies.copy_in(parsed, source / COPY) != manifest.contents:
        raise StorageError("What was restored does not hold what the manifest counts: do not use it.")
    return manifest


def _fill(aside: Path, url: URL, now: datetime) -> Manifest:
    copy = aside / COPY
    contents = copies.copy_out(url, copy)
    copy.chmod(PRIVATE_FILE)
    manifest = Manifest(now.isoformat(), url.get_backend_name(), _hash(copy), contents)
    _write(aside / MANIFEST, manifest)
    for path in (copy, aside):
        sync(path)
    return manifest


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def _write(path: Path, manifest: Manifest) -> None:
    """One line of JSON, then the hash of that line."""
    text = json.dumps(asdict(manifest), sort_keys=True).encode()
    write_new(path, text + b"\n" + hashlib.sha256(text).hexdigest().encode() + b"\n")


def _read(path: Path) -> Manifest:
    try:
        text, seal = path.read_bytes().split(b"\n", 1)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise StorageError(f"{path.parent} is not a backup: its manifest is missing or damaged.") from error
    if seal != hashlib.sha256(text).hexdigest().encode() + b"\n":
        raise StorageError(f"{path} is damaged. Use another backup.")
    values = json.loads(text)
    return Manifest(**{**values, "contents": Contents(**values["contents"])})
