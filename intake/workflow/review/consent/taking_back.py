"""Taking a consent back: by the patient, on a tablet or by the link, or by staff for one who calls; no reason is asked.

A sheet that was signed on a tablet stays within reach there, and staff put one that was signed elsewhere on a tablet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from intake.errors import NotFoundError
from intake.storage import consents
from intake.workflow.review.consent.opening import tell
from intake.workflow.review.consent.signing import ConsentStep, is_tablet, take_step
from intake.workflow.review.consent.standing import AGREE
from intake.workflow.review.verdicts import Wrong

if TYPE_CHECKING:
    from intake.storage.consents import Consent
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

NONE_SIGNED = "There is no consent to take back."


def can_be(consent: Consent) -> bool:
    """Whether a consent can be taken back: the patient agreed, and stands by it."""
    return consent.said == AGREE and consent.withdrawn_at is None


def place(clinic: Clinic, consent_id: str, device_id: str, by: Practitioner) -> tuple[Wrong, ...]:
    """Put a signed sheet on a tablet, where the patient may take it back; raises NotFoundError where none is."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        consent = consents.by_id(connection, consent_id)
        if not is_tablet(connection, device_id):
            return (Wrong("back-on", _("Choose the tablet.")),)
        if not can_be(consent):
            raise NotFoundError(NONE_SIGNED)
        consents.place(connection, consent_id, device_id, now)
        tell(connection, clinic, consent, by.actor, "consent_on_tablet")
    return ()


def withdraw(clinic: Clinic, consent_id: str, actor: str) -> None:
    """Take a consent back; twice is once. Raises NotFoundError where nobody agreed."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        consent = consents.by_id(connection, consent_id)
        if consent.said != AGREE:
            raise NotFoundError(NONE_SIGNED)
        if consent.withdrawn_at is None:
            values = {"withdrawn_at": now, "withdrawn_by": actor}
            take_step(connection, clinic, consent, ConsentStep("consent_withdrawn", actor, values))
