"""What is forgotten when its time is over: drafts that nobody sent, with all that was said in them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from intake.storage import alerts, audit, drafts, subjects, trail
from intake.workflow.keeping import limits

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.workflow.clinic import Clinic


EMPTY_LIFE = timedelta(hours=1)


def purge(clinic: Clinic) -> int:
    """Forget drafts that are over and were never sent, with the patient's key; one with an open alert stays.

    A draft in which no page was sent is over after an hour.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        empty = forget_empty(connection, now)
        limits.forget(connection, now)
        over = drafts.expired(connection, now)
        ids = [row.id for row in over]
        trail.remove(connection, ids)
        alerts.remove(connection, ids)
        drafts.remove(connection, ids)
        subjects.remove(connection, [row.subject_id for row in over])
        count = empty + len(over)
        if count:
            told = audit.AuditEntry(now, "system", "drafts_purged", "drafts", "", {"count": count})
            audit.record(connection, clinic.keys, told)
    return count


def forget_empty(connection: Connection, now: datetime, most: int | None = None) -> int:
    """Forget drafts in which nobody sent a page for an hour, at most so many; the number of them."""
    empty = drafts.empty(connection, now - EMPTY_LIFE, most)
    drafts.remove(connection, [row.id for row in empty])
    subjects.remove(connection, [row.subject_id for row in empty])
    return len(empty)
