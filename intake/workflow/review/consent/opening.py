"""Consent sheets, opened for whoever may read them: as they would be, as they were signed, as a document."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from flask_babel import gettext as _

from intake.errors import NotFoundError
from intake.storage import audit, consents, intakes, lineages
from intake.workflow.review import links
from intake.workflow.review.consent import document, planning
from intake.workflow.review.consent.sheets import ConsentSheet, SheetHead, raised, restored, sheet_of
from intake.workflow.review.consent.standing import REFUSE
from intake.workflow.review.links import Opens, Purpose
from intake.workflow.review.people import person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.questions.consent.table import ConsentTable, RaisedConcept
    from intake.storage.consents import Consent
    from intake.storage.crypto import Vault
    from intake.storage.intakes import Stored
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

SIGN_WITHIN = timedelta(hours=12)


@dataclass(frozen=True, slots=True, repr=False)
class OpenSheet:
    """A sheet with what stands on it, opened; `signature` and `countersignature` are empty while they are missing."""

    consent: Consent
    sheet: ConsentSheet
    signature: dict[str, str]
    countersignature: dict[str, str]


def preview(connection: Connection, clinic: Clinic, table: ConsentTable, intake_id: str) -> ConsentSheet | None:
    """The sheet as it would be now; None without a plan. Raises NotFoundError."""
    plan = planning.latest(connection, intake_id)
    if plan is None:
        return None
    stored = newest(connection, intake_id)
    return sheet_of(table, clinic.rulebook(), stored, plan, head_of(clinic, stored))


def head_of(clinic: Clinic, stored: Stored) -> SheetHead:
    """Whom the sheet of an intake is for."""
    return SheetHead(person(clinic.keys, stored.line.subject), clinic.duty.clinic)


def is_within_reach(consent: Consent, now: datetime) -> bool:
    """Whether a sheet that lies on a tablet was put there lately."""
    return consent.placed_at is not None and now < consent.placed_at + SIGN_WITHIN


def link(clinic: Clinic, consent_id: str, by: Practitioner) -> str:
    """A link to the sheet, shown once, for the patient's own phone; raises NotFoundError."""
    with clinic.database.begin() as connection:
        consent = consents.by_id(connection, consent_id)
        opens = Opens(Purpose.CONSENT, consent.intake_id, consent.id, SIGN_WITHIN)
        return links.hand_on(connection, clinic, opens, by)


def load(clinic: Clinic, consent_id: str, actor: str) -> OpenSheet:
    """A sheet, opened; the look is recorded. Raises NotFoundError, and DamagedError where it cannot be read."""
    with clinic.database.begin() as connection:
        opened = opened_in(connection, clinic, consents.by_id(connection, consent_id))
        tell(connection, clinic, opened.consent, actor, "consent_read")
    return opened


def opened_in(connection: Connection, clinic: Clinic, consent: Consent) -> OpenSheet:
    """A stored sheet with its key."""
    vault = vault_of(connection, clinic, consent)
    return OpenSheet(
        consent,
        restored(consent.read(vault, "sheet")),
        cast("dict[str, str]", consent.read(vault, "signature") or {}),
        cast("dict[str, str]", consent.read(vault, "countersignature") or {}),
    )


def document_of(clinic: Clinic, consent_id: str, actor: str) -> bytes:
    """The document as it was signed, or, while it is not, the form on paper; the look is recorded.

    Raises NotFoundError, DamagedError.
    """
    with clinic.database.begin() as connection:
        consent = consents.by_id(connection, consent_id)
        kept = consent.read(vault_of(connection, clinic, consent), "document")
        tell(connection, clinic, consent, actor, "consent_copied")
        if kept is not None:
            return base64.b64decode(kept)
        if consent.said == REFUSE:
            raise NotFoundError(_("There is no consent."))
        opened = opened_in(connection, clinic, consent)
    return document.pdf(opened.sheet, opened.signature, (), clinic.clock())


def newest(connection: Connection, intake_id: str) -> Stored:
    """The newest version of an intake."""
    return intakes.by_id(connection, lineages.newest(connection, intake_id))


def vault_of(connection: Connection, clinic: Clinic, consent: Consent) -> Vault:
    """What seals and opens the sheets of a patient; raises StorageError where the person was erased."""
    return intakes.by_id(connection, consent.intake_id).line.subject.vault(clinic.keys)


def tell(connection: Connection, clinic: Clinic, consent: Consent, actor: str, what: str) -> None:
    """The audit entry of a step or a look, with the hash of the row as it is now."""
    entry = audit.AuditEntry(clinic.clock(), actor, what, "consent", consent.id, {"mac": consent.mac})
    audit.record(connection, clinic.keys, entry)


def findings_of(clinic: Clinic, stored: Stored) -> tuple[RaisedConcept, ...]:
    """What fires or asks on an intake, as the table reads it."""
    return raised(clinic.rulebook(), stored)
