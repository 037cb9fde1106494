"""What is forgotten when its time is over: drafts that nobody sent, with all that was said in them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import StorageError
from intake.storage import alerts, audit, drafts, installation, subjects, trail

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.clinic import Clinic


MOST_AHEAD = timedelta(days=3)
PURGED = "purged_at"


def purge(clinic: Clinic, *, clock_is_right: bool = False) -> int:
    """Forget drafts that are over and were never sent, with the patient's key; one with an open alert stays.

    Raises StorageError where the clock is days ahead of all that happened: it would forget drafts that are alive.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        if not clock_is_right:
            _refuse_clock_ahead(connection, now)
        installation.write(connection, PURGED, now.isoformat())
        over = drafts.expired(connection, now)
        ids = [row.id for row in over]
        trail.remove(connection, ids)
        alerts.remove(connection, ids)
        drafts.remove(connection, ids)
        subjects.remove(connection, [row.subject_id for row in over])
        if over:
            entry = audit.AuditEntry(now, "system", "drafts_purged", "drafts", "", {"count": len(over)})
            audit.record(connection, clinic.keys, entry)
    return len(over)


def _refuse_clock_ahead(connection: Connection, now: datetime) -> None:
    purged = installation.read(connection, PURGED)
    known = [audit.newest(connection), datetime.fromisoformat(purged) if purged else None]
    newest = max(filter(None, known), default=now)
    if now - newest > MOST_AHEAD:
        raise StorageError(
            f"The clock says {now:%Y-%m-%d}, and nothing happened here since {newest:%Y-%m-%d}. If the clock is wrong, "
            "set it; if it is right, run `purge --clock-is-right`. Nothing was forgotten."
        )
