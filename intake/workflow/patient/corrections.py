"""Correcting what was sent: a copy of the form that the patient changes and sends, a new version beside the old one.

The copy has the trail and the alarms of the form before it, so that a danger sign that is taken back on the way counts
as taken back, and one that still stands is not told as news. A copy that is not sent changes nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, corrections, day_answers, draft_keys, intakes, subjects, trail, visit_forms
from intake.storage import drafts as rows
from intake.storage import invitations as invited
from intake.storage.crypto import new_vault, token_hash
from intake.workflow.patient import drafts
from intake.workflow.patient.invitations import GONE, NOBODYS

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True)
class DraftCopy:
    """A copy about to be made: what it is called, the visit that it is for, until when it lives."""

    draft_id: str
    visit_id: str
    expires_at: datetime


def begin(clinic: Clinic, sent: Draft, key: str, draft_id: str) -> None:
    """Let a key open the correction of a sent draft: the one that waits, or a new one under this id.

    Raises NotFoundError where the draft was not sent, or nobody is invited to its visit any more.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        found, receipt = invited.of_draft(connection, sent.id, hold=True), intakes.receipt_of(connection, sent.id)
        if found is None or not found.is_live(now) or receipt is None:
            raise NotFoundError(GONE)
        waits = corrections.unsent(connection, receipt.intake_id)
        if waits is None:
            copy(connection, clinic, sent, DraftCopy(draft_id, found.visit_id, found.expires_at))
            corrections.add(connection, draft_id, receipt.intake_id, now)
            told = audit.AuditEntry(now, "patient", "correction_begun", "intake", receipt.intake_id, {})
            audit.record(connection, clinic.keys, told)
        draft_keys.add(connection, token_hash(key), waits or draft_id, found.id, now)


def copy(connection: Connection, clinic: Clinic, sent: Draft, new: DraftCopy) -> None:
    """A draft with all that was said in one that was sent, its trail, its alarms, what was asked on the day."""
    now, old, draft_id = clinic.clock(), sent.vault(clinic.keys), new.draft_id
    vault, wrapped = new_vault(clinic.keys, draft_id)
    subjects.add(connection, draft_id, wrapped)
    identity = subjects.seal_identity(vault, sent.identity(clinic.keys))
    subjects.set_identity(connection, draft_id, identity)
    row = {
        "id": draft_id,
        "subject_id": draft_id,
        "token_hash": token_hash(secrets.token_urlsafe(NOBODYS)),
        "version": rows.BEGUN + 1,
        "changes": sent.changes,
        "answers": sent.answers,
        "passed": sent.passed,
        "texts": drafts.seal_texts(vault, draft_id, sent.texts(clinic.keys)),
        "started_at": now,
        "expires_at": new.expires_at,
        "shown": sent.shown,
    }
    rows.add(connection, row)
    changes = trail.of_draft(connection, sent.id)
    trail.add(connection, draft_id, [drafts.moved_change(old, vault, sent.id, draft_id, each) for each in changes])
    corrections.copy_alerts(connection, sent.id, draft_id, now)
    begins = visit_forms.start_of_draft(connection, sent.id)
    visit_forms.bind(connection, draft_id, new.visit_id, begins)
    day_answers.put(connection, draft_id, day_answers.of_draft(connection, sent.id))
