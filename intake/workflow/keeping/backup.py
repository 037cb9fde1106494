"""Backups: a directory with a copy of the database in use, the clinic's papers, and a sealed manifest of both.

Papers are what judging depends on beside the database: the overlay, and the settings without secrets. The keys are
never in it: keep the keys directory apart, or the backup would open itself. They are needed to make and to restore one.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL

from intake.errors import StorageError
from intake.storage import audit, copies, installation, migrate, subjects
from intake.storage.crypto import Keys
from intake.storage.database import Database
from intake.storage.files import PRIVATE_FILE, private_directory, sync, write_new
from intake.workflow.keeping import manifest as manifests
from intake.workflow.keeping.manifest import Manifest

COPY = "database"
CHUNK = 1 << 20
Papers = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is as it was made: what it says of itself, and the papers by name."""

    manifest: Manifest
    papers: Papers

    def missing(self, keys: Keys) -> dict[str, int]:
        """Master keys that are not among these, each with the number of patients who stay closed without it."""
        return {name: count for name, count in self.manifest.masters.items() if name not in keys.masters}


def backup(url: URL, target: Path, *, keys: Keys, papers: Papers, now: datetime) -> Manifest:
    """Copy the database and the papers into a new directory that appears whole or not at all; raises StorageError."""
    aside = target.with_name(target.name + ".partial")
    for taken in (target, aside):
        if taken.exists():
            raise StorageError(f"{taken} exists already: a backup never overwrites.")
    private_directory(aside)
    try:
        contents = copies.copy_out(url, aside / COPY)
        (aside / COPY).chmod(PRIVATE_FILE)
        for name, content in papers.items():
            write_new(aside / name, content)
        files = {path.name: _hash(path) for path in aside.iterdir()}
        made = Manifest(now.isoformat(), url.get_backend_name(), files, contents, _masters(url, keys))
        manifests.write(aside, made, keys)
        for path in (aside / COPY, aside):
            sync(path)
        aside.rename(target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    sync(target.parent)
    return made


def verify(source: Path, keys: Keys) -> Backup:
    """Read a backup; raises StorageError where one bit of it is not as these keys sealed it."""
    manifest = manifests.read(source, keys)
    for name, expected in manifest.files.items():
        if not (source / name).is_file() or _hash(source / name) != expected:
            raise StorageError(f"{source / name} is not as it was made: it is missing or damaged. Use another backup.")
    return Backup(manifest, {name: (source / name).read_bytes() for name in manifest.files if name != COPY})


def refuse_unfit(backup: Backup, url: URL) -> None:
    """Raise StorageError where this program or this database cannot take the backup."""
    manifest = backup.manifest
    if manifest.backend != url.get_backend_name():
        raise StorageError(f"This backup is of {manifest.backend}; the database URL names {url.get_backend_name()}.")
    if manifest.contents.revision not in migrate.known():
        raise StorageError(
            f"This backup is at revision {manifest.contents.revision}, this program knows up to {migrate.head()}: "
            "a newer release made it. Install that release."
        )


def restore(url: URL, source: Path, *, keys: Keys, put: Callable[[Papers], object]) -> Backup:
    """Put a backup's database where none is, and open it; raises StorageError rather than overwrite or trust it.

    `put` brings the papers into the instance before the database is there: no patient is judged without the overlay.
    """
    backup = verify(source, keys)
    refuse_unfit(backup, url)
    copies.refuse_occupied(url)
    put(backup.papers)
    if copies.copy_in(url, source / COPY) != backup.manifest.contents:
        raise StorageError("What was restored does not hold what the manifest counts: do not use it.")
    _open(url, keys)
    return backup


def _open(url: URL, keys: Keys) -> None:
    """Open what was put back as the product will: its keys are these, and its audit is whole."""
    database = Database(url)
    try:
        with database.read() as connection:
            installation.refuse_other_keys(connection, keys)
            broken = audit.first_broken(connection, keys)
    finally:
        database.close()
    if broken is not None:
        raise StorageError(f"What was restored has a broken audit, from entry {broken} on: do not use it.")


def _masters(url: URL, keys: Keys) -> dict[str, int]:
    """The patients by master key; raises StorageError where these are another database's keys."""
    database = Database(url)
    try:
        with database.read() as connection:
            installation.refuse_other_keys(connection, keys)
            return subjects.by_master(connection)
    finally:
        database.close()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()
