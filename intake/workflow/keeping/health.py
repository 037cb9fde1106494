"""Whether the clinic can work: the database answers, is at this program's revision, takes a write, and has room."""

from __future__ import annotations

import shutil

from intake.errors import StorageError
from intake.storage import installation
from intake.workflow.shared.clinic import Clinic

LEAST_FREE = 16 * 1024 * 1024  # bytes: the largest log that SQLite keeps beside its file before it folds it in, twice


def trouble(clinic: Clinic) -> str | None:
    """What keeps the clinic from saving, in one sentence without a path; None: nothing does. Raises StorageError."""
    clinic.database.check()
    try:
        with clinic.database.begin() as connection:
            installation.write(connection, installation.PROBED, clinic.clock().isoformat())
    except StorageError as error:
        return f"nothing can be saved, staff can read. {error}"
    folder = clinic.database.folder
    if folder is not None and shutil.disk_usage(folder).free < LEAST_FREE:
        return "the disk is nearly full: less than 16 MB are free."
    return None
