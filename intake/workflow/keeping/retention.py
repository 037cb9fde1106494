"""What is forgotten when its time is over: drafts that nobody sent, with all that was said in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.storage import alerts, audit, drafts, subjects, trail

if TYPE_CHECKING:
    from intake.workflow.clinic import Clinic


def purge(clinic: Clinic) -> int:
    """Forget drafts that are over and were never sent, with the patient's key; one with an open alert stays."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
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
