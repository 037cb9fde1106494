"""What is forgotten when its time is over: drafts that nobody sent, with all that was said in them; messages sent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.errors import StorageError
from intake.storage import (
    alerts,
    audit,
    check_ins,
    corrections,
    day_lists,
    draft_keys,
    drafts,
    handovers,
    installation,
    invitations,
    links,
    outbox,
    reported,
    subjects,
    trail,
    uptake,
)
from intake.workflow.keeping import limits

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Row

    from intake.workflow.shared.clinic import Clinic


EMPTY_LIFE = timedelta(hours=1)
SENT_KEPT = timedelta(days=30)  # how long it can be seen that a message was accepted, and when
DAY_LIST_LIFE = timedelta(days=1)
MOST_AHEAD = timedelta(days=3)
PURGED = "purged_at"


def purge(clinic: Clinic, *, clock_is_right: bool = False) -> int:
    """Forget drafts that are over and were never sent, with the patient's key; one with an open alert stays.

    A draft in which no page was sent is over after an hour.
    Raises StorageError where the clock is days ahead of all that happened: it would forget drafts that are alive.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        if not clock_is_right:
            _refuse_clock_ahead(connection, now)
        installation.write(connection, PURGED, now.isoformat())
        empty = forget_empty(connection, now)
        limits.forget(connection, now)
        outbox.forget(connection, now - SENT_KEPT)
        day_lists.remove_before(connection, now - DAY_LIST_LIFE)
        handovers.remove_before(connection, now)
        invitations.forget_tokens(connection, now - SENT_KEPT)
        links.forget(connection, now, now - SENT_KEPT)
        over = drafts.expired(connection, now)
        forget(connection, over)
        count = empty + len(over)
        if count:
            told = audit.AuditEntry(now, "system", "drafts_purged", "drafts", "", {"count": count})
            audit.record(connection, clinic.keys, told)
    return count


def forget(connection: Connection, rows: Collection[Row[Any]]) -> None:
    """Forget drafts that were not sent with all that hangs on them, given as rows of their `id` and `subject_id`."""
    ids = [row.id for row in rows]
    _let_go(connection, ids)
    trail.remove(connection, ids)
    alerts.remove(connection, ids)
    drafts.remove(connection, ids)
    subjects.remove(connection, [row.subject_id for row in rows])


def forget_empty(connection: Connection, now: datetime, most: int | None = None) -> int:
    """Forget drafts in which nobody sent a page for an hour, at most so many; the number of them."""
    empty = drafts.empty(connection, now - EMPTY_LIFE, most)
    ids = [row.id for row in empty]
    _let_go(connection, ids)
    drafts.remove(connection, ids)
    subjects.remove(connection, [row.subject_id for row in empty])
    return len(empty)


def _let_go(connection: Connection, draft_ids: list[str]) -> None:
    """Count drafts that are about to be forgotten by where they stopped, and forget the ways to them."""
    uptake.keep_stops(connection, draft_ids)
    draft_keys.remove_of(connection, draft_ids)
    handovers.remove_of(connection, draft_ids)
    corrections.remove_of(connection, draft_ids)
    check_ins.let_go(connection, draft_ids)
    reported.remove_of(connection, draft_ids)


def _refuse_clock_ahead(connection: Connection, now: datetime) -> None:
    purged = installation.read(connection, PURGED)
    known = [audit.newest(connection), datetime.fromisoformat(purged) if purged else None]
    newest = max(filter(None, known), default=now)
    if now - newest > MOST_AHEAD:
        raise StorageError(
            f"The clock says {now:%Y-%m-%d}, and nothing happened here since {newest:%Y-%m-%d}. If the clock is wrong, "
            "set it; if it is right, run `purge --clock-is-right`. Nothing was forgotten."
        )
