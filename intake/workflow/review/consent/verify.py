"""Whether every consent is as it was signed: text, answers, plan, signatures, times; and none is missing.

Three things are held together: the hash of each row, the answers and the plan that it rests on, and the audit, whose
last entry about a sheet names the hash that the row must have. A row that was put back, or taken out, shows by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, consents, intakes, plans
from intake.workflow.review.consent import standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from intake.storage.consents import Consent
    from intake.storage.crypto import Keys
    from intake.workflow.shared.clinic import Clinic

MISSING = "it is missing"
CHANGED = "the sheet, a signature or a time was changed"
OTHER_ANSWERS = "the answers or the plan that it rests on were changed"
PUT_BACK = "it is not as the audit says that it was left"
NOT_TOLD = "the audit knows nothing of it"


@dataclass(frozen=True, slots=True)
class ConsentFault:
    """What is wrong with one sheet."""

    consent_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ConsentReport:
    """How many sheets there are, and what is wrong; `audit_broken`: the first entry of the audit that does not hold."""

    sheets: int
    faults: tuple[ConsentFault, ...]
    audit_broken: int | None

    @property
    def sound(self) -> bool:
        """Whether everything is as it was signed."""
        return not self.faults and self.audit_broken is None


def verify(clinic: Clinic) -> ConsentReport:
    """Look at every sheet; nothing is opened and nothing is written."""
    with clinic.database.read() as connection:
        told = audit.last_of_kind(connection, "consent")
        rows = list(consents.every(connection))
        broken = audit.first_broken(connection, clinic.keys)
        faults = [fault for row in rows for fault in _faults(connection, clinic.keys, row, told)]
    there = {row.id for row in rows}
    faults += [ConsentFault(each, MISSING) for each in told if each not in there]
    return ConsentReport(len(rows), tuple(faults), broken)


def _faults(
    connection: Connection, keys: Keys, row: Consent, told: Mapping[str, audit.AuditEntry]
) -> Iterator[ConsentFault]:
    if not row.fits(keys):
        yield ConsentFault(row.id, CHANGED)
    if row.basis != _basis(connection, keys, row):
        yield ConsentFault(row.id, OTHER_ANSWERS)
    if row.id not in told:
        yield ConsentFault(row.id, NOT_TOLD)
    elif told[row.id].details.get("mac") != row.mac:
        yield ConsentFault(row.id, PUT_BACK)


def _basis(connection: Connection, keys: Keys, row: Consent) -> str:
    plan = plans.by_version(connection, row.plan_intake, row.plan_version)
    try:
        stored = intakes.by_id(connection, row.intake_id)
    except NotFoundError:
        return ""
    return standing.basis(keys, stored.answers, stored.facts, plan) if plan else ""
