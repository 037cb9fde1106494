"""A new release's first start: the database as it was is backed up, then brought to this program's revision.

A database that a newer release wrote is refused, unchanged; an empty one, and one that is up to date, need no backup.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from intake.storage import migrate
from intake.storage.database import Database
from intake.storage.files import private_directory


@dataclass(frozen=True, slots=True)
class Upgrade:
    """Where the backup goes, when, and what makes it in a directory that is not there yet."""

    folder: Path
    now: datetime
    copy: Callable[[Path], None]


def bring_forward(database: Database, upgrade: Upgrade) -> Path | None:
    """Upgrade the database; the backup that was made before, None where there was nothing to do or nothing to lose.

    Raises StorageError, with nothing changed, where a newer release wrote it, or where the backup cannot be made.
    """
    with database.read() as connection:
        migrate.refuse_newer(connection)
        before = migrate.revision(connection)
    if before == migrate.head():
        return None
    made = None if before is None else _back_up(upgrade, before)
    database.upgrade()
    return made


def _back_up(upgrade: Upgrade, before: str) -> Path:
    private_directory(upgrade.folder)
    target = upgrade.folder / f"{upgrade.now:%Y-%m-%dT%H%M%S}-revision-{before}"
    upgrade.copy(target)
    return target
