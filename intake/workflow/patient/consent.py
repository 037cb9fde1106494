"""A consent sheet as the patient meets it: on a tablet that staff gave them, or on their own phone by a link.

On a tablet it is opened by the birth date and shown once, as every page there; what was sent with a fault is kept
sealed until it was shown again. A sheet that was signed there can be taken back there, by the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.errors import StaleError
from intake.storage import consents
from intake.workflow.keeping import limits
from intake.workflow.keeping.limits import Limit
from intake.workflow.review.consent import opening, signing, standing, taking_back
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
    """Whether a sheet lies on this tablet, to be signed or to be taken back."""
    with clinic.database.read() as connection:
        return bool(_here(connection, clinic, device))


def open_here(clinic: Clinic, device: Device, born: str) -> bool:
    """Let the sheet on this tablet with this birth date (ISO) be shown once.

    Raises LimitError where too many wrong ones were typed.
    """
    with clinic.database.begin() as connection:
        here = _here(connection, clinic, device)
        theirs = [each for each in here if born and opening.opened_in(connection, clinic, each).sheet.born == born]
        if theirs:
            consents.let_show(connection, theirs[0])
        elif here:
            limits.spend(connection, clinic.keys, GUESSES, device.id, clinic.clock())
    return bool(theirs)


def take_here(clinic: Clinic, device: Device) -> ShownSheet | None:
    """The sheet on this tablet, once; None where it is not to be shown."""
    with clinic.database.begin() as connection:
        consent = next((each for each in _here(connection, clinic, device) if each.ready), None)
        if consent is None or not consents.take(connection, consent.id):
            return None
        sheet = opening.opened_in(connection, clinic, consent)
        opening.tell(connection, clinic, consent, signing.PATIENT, "consent_read")
        given = consent.read(opening.vault_of(connection, clinic, consent), "refused")
        copies = signing.copies_of(connection, clinic, consent)
        found = standing.of_intake(connection, clinic.keys, consent.intake_id)
    signed = Signature(**given) if given else None
    return ShownSheet(sheet, signed, open=not consent.said, state=found.state, copies=copies)


def sign_here(clinic: Clinic, device: Device, consent_id: str, signature: Signature) -> bool:
    """Sign the sheet on this tablet; False where it lacks something and is shown again.

    `consent_id`: that of the sheet that was read. Raises StaleError where it is not this one, or may not be signed.
    """
    consent = _named(clinic, device, consent_id)
    if not signing.sign(clinic, consent.id, signature):
        return True
    with clinic.database.begin() as connection:
        vault = opening.vault_of(connection, clinic, consent)
        consents.let_show(connection, consent, consents.seal(vault, consent.id, "refused", signature.stored()))
    return False


def withdraw_here(clinic: Clinic, device: Device, consent_id: str) -> None:
    """Take the consent back whose sheet was read on this tablet; raises StaleError where it does not lie here."""
    withdraw(clinic, _named(clinic, device, consent_id).id)


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
    taking_back.withdraw(clinic, consent_id, signing.PATIENT)


def document_of(clinic: Clinic, consent_id: str) -> bytes:
    """The patient's copy; raises NotFoundError."""
    return opening.document_of(clinic, consent_id, signing.PATIENT)


def _named(clinic: Clinic, device: Device, consent_id: str) -> Consent:
    with clinic.database.read() as connection:
        found = next((each for each in _here(connection, clinic, device) if each.id == consent_id), None)
    if found is None:
        raise StaleError(consents.STALE)
    return found


def _here(connection: Connection, clinic: Clinic, device: Device) -> list[Consent]:
    """The sheets on this tablet that can be signed, or taken back, now."""
    now = clinic.clock()
    return [
        each
        for each in consents.on_device(connection, device.id)
        if opening.is_within_reach(each, now)
        and (taking_back.can_be(each) or signing.can_be_signed(connection, clinic, each, now))
    ]
