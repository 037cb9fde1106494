"""A consent sheet as the patient meets it: on a tablet that staff gave them, or on their own phone by a link.

On a tablet it is opened by the birth date and shown once, as every page there; what was sent with a fault is kept
sealed until it was shown again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.errors import StaleError
from intake.storage import consents
from intake.workflow.keeping import limits
from intake.workflow.keeping.limits import Limit
from intake.workflow.review.consent import opening, signing, standing
from intake.workflow.review.consent.signatures import Copy, Signature
from intake.workflow.review.consent.standing import ConsentState

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.consents import Consent
    from intake.storage.devices import Device
    from intake.workflow.review.consent.opening import OpenSheet
    from intake.workflow.review.verdicts import Wrong
    from intake.workflow.shared.clinic import Clinic

__all__ = ["ConsentState", "Signature"]
GUESSES = Limit("consent", 5, timedelta(hours=1))


@dataclass(frozen=True, slots=True, repr=False)
class ShownSheet:
    """A sheet in front of the patient. `given`: what was sent of it and had faults; `open`: it may be signed now.

    `copies`: the ways to a copy that there are.
    """

    sheet: OpenSheet
    given: Signature | None
    open: bool
    state: ConsentState
    copies: tuple[Copy, ...]


def lies_here(clinic: Clinic, device: Device) -> bool:
    """Whether a sheet waits on this tablet to be signed."""
    with clinic.database.read() as connection:
        return _here(connection, clinic, device) is not None


def open_here(clinic: Clinic, device: Device, born: str) -> bool:
    """Let the sheet on this tablet be shown once to whoever knows the birth date (ISO).

    Raises LimitError where too many wrong ones were typed.
    """
    with clinic.database.begin() as connection:
        consent = _here(connection, clinic, device)
        if consent is None:
            return False
        if not born or opening.opened_in(connection, clinic, consent).sheet.born != born:
            limits.spend(connection, clinic.keys, GUESSES, device.id, clinic.clock())
            return False
        consents.let_show(connection, consent.id)
    return True


def take_here(clinic: Clinic, device: Device) -> ShownSheet | None:
    """The sheet on this tablet, once; None where it is not to be shown."""
    with clinic.database.begin() as connection:
        consent = _here(connection, clinic, device)
        if consent is None or not consents.take(connection, consent.id):
            return None
        sheet = opening.opened_in(connection, clinic, consent)
        opening.tell(connection, clinic, consent, signing.PATIENT, "consent_read")
        given = consent.read(opening.vault_of(connection, clinic, consent), "refused")
        copies = signing.copies_of(connection, clinic, consent)
    return ShownSheet(sheet, Signature(**given) if given else None, open=True, state=ConsentState.NONE, copies=copies)


def sign_here(clinic: Clinic, device: Device, consent_id: str, signature: Signature) -> bool:
    """Sign the sheet on this tablet; False where it lacks something and is shown again.

    `consent_id`: that of the sheet that was read. Raises StaleError where it is not this one, or may not be signed.
    """
    with clinic.database.read() as connection:
        consent = _here(connection, clinic, device)
    if consent is None or consent.id != consent_id:
        raise StaleError(consents.STALE)
    if not signing.sign(clinic, consent.id, signature):
        return True
    with clinic.database.begin() as connection:
        vault = opening.vault_of(connection, clinic, consent)
        consents.let_show(connection, consent.id, consents.seal(vault, consent.id, "refused", signature.stored()))
    return False


def by_link(clinic: Clinic, consent_id: str) -> ShownSheet:
    """The sheet that a link opens; the look is recorded. Raises NotFoundError."""
    with clinic.database.begin() as connection:
        consent = consents.by_id(connection, consent_id)
        sheet = opening.opened_in(connection, clinic, consent)
        opening.tell(connection, clinic, consent, signing.PATIENT, "consent_read")
        can_sign = signing.can_be_signed(connection, clinic, consent, clinic.clock())
        found = standing.of_intake(connection, clinic.keys, consent.intake_id)
        copies = signing.copies_of(connection, clinic, consent)
    mine = found.consent is not None and found.consent.id == consent_id
    return ShownSheet(sheet, None, open=can_sign, state=found.state if mine else ConsentState.VOID, copies=copies)


def sign(clinic: Clinic, consent_id: str, signature: Signature) -> tuple[Wrong, ...]:
    """Sign the sheet that a link opens, or say what it lacks; raises StaleError as `signing.sign`."""
    return signing.sign(clinic, consent_id, signature)


def withdraw(clinic: Clinic, consent_id: str) -> None:
    """Take the consent back; raises NotFoundError where nobody agreed."""
    signing.withdraw(clinic, consent_id, signing.PATIENT)


def document_of(clinic: Clinic, consent_id: str) -> bytes:
    """The patient's copy; raises NotFoundError."""
    return opening.document_of(clinic, consent_id, signing.PATIENT)


def _here(connection: Connection, clinic: Clinic, device: Device) -> Consent | None:
    consent = consents.on_device(connection, device.id)
    if consent is None or not signing.can_be_signed(connection, clinic, consent, clinic.clock()):
        return None
    return consent
