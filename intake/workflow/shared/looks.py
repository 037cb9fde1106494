"""The record of each look: who saw which record, into the audit; a look never waits for a disk that takes no writes.

Where nothing can be written, the look goes into the log at once, and into the audit with the next write that succeeds,
under its own time (docs/adr/0012-reading-does-not-depend-on-writing.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import structlog
from sqlalchemy import Connection

from intake.errors import StorageError
from intake.storage import audit
from intake.workflow.shared.clinic import Clinic

LOG = structlog.get_logger()


def record(clinic: Clinic, look: audit.AuditEntry, also: Callable[[Connection], object] | None = None) -> None:
    """Tell the audit of a look, and of those before it that could not be written; `also` belongs to the same work."""
    due = [*_taken(clinic), look]
    try:
        with clinic.database.begin() as connection:
            for each in due:
                audit.record(connection, clinic.keys, each)
            if also is not None:
                also(connection)
    except StorageError:
        clinic.unrecorded.extend(due)
        LOG.error("look_not_recorded", actor=look.actor, action=look.action, kind=look.kind, object_id=look.object_id)  # noqa: TRY400 - ids only, and the error says no more


def _taken(clinic: Clinic) -> Iterator[audit.AuditEntry]:
    """Take what waits out of the list, each once, whoever else takes meanwhile."""
    while clinic.unrecorded:
        try:
            yield clinic.unrecorded.popleft()
        except IndexError:
            return
