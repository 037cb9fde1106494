"""Correcting what was sent: a copy of the form that the patient changes and sends, a new version beside the old one.

A copy that is not sent changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, corrections, draft_keys, intakes
from intake.storage import invitations as invited
from intake.storage.corrections import By
from intake.storage.crypto import token_hash
from intake.workflow.patient import versions
from intake.workflow.patient.invitations import GONE

if TYPE_CHECKING:
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic


def begin(clinic: Clinic, sent: Draft, key: str, draft_id: str) -> None:
    """Let a key open the correction of a sent draft: the one that waits, or a new one under this id.

    Raises NotFoundError where the draft was not sent, or nobody is invited to its visit any more.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        found, receipt = invited.of_draft(connection, sent.id, hold=True), intakes.receipt_of(connection, sent.id)
        if found is None or not found.is_live(now) or receipt is None:
            raise NotFoundError(GONE)
        waits = next(iter(corrections.unsent(connection, receipt.intake_id, By.FORM)), None)
        if waits is None:
            versions.copy(connection, clinic, sent, draft_id, found.expires_at)
            corrections.add(connection, draft_id, receipt.intake_id, By.FORM, now)
            told = audit.AuditEntry(now, "patient", "correction_begun", "intake", receipt.intake_id, {})
            audit.record(connection, clinic.keys, told)
        draft_keys.add(connection, token_hash(key), waits or draft_id, found.id, now)
