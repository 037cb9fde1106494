"""Plan and consent of one intake, as the practitioner's page shows them: frozen plain data, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.storage import audit, consents, devices, lineages, staff
from intake.workflow.review.consent import opening, planning, signing, standing, taking_back
from intake.workflow.review.people import opened, person
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from intake.questions.consent.table import ConsentTable
    from intake.storage.consents import Consent
    from intake.storage.plans import Plan
    from intake.workflow.review.consent.opening import OpenSheet
    from intake.workflow.review.consent.sheets import ConsentSheet
    from intake.workflow.review.consent.signatures import Copy
    from intake.workflow.review.consent.standing import ConsentStanding
    from intake.workflow.review.people import Person, Practitioner
    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True, repr=False)
class Overview:
    """What the page shows. `version`: of this intake's own plan, 0 without one; `sheet`: as it would be now.

    `signed`: the last sheet that the patient signed or refused; `waiting`: one that may be signed now. `unsaid`:
    concepts that the table has no words for. `tablets`: id and name; `lies_on`: the name of the one on
    which the signed sheet lies, to be taken back.
    """

    intake_id: str
    who: Person
    plan: Plan | None
    version: int
    sheet: ConsentSheet | None
    standing: ConsentStanding
    signed: OpenSheet | None
    waiting: OpenSheet | None
    here: bool
    tablets: tuple[tuple[str, str], ...]
    lies_on: str
    copies: tuple[Copy, ...]
    unsaid: tuple[str, ...]
    by: str


def load(clinic: Clinic, table: ConsentTable, intake_id: str, reader: Practitioner) -> Overview:
    """Plan and consent of an intake; the look is recorded. Raises NotFoundError."""
    looks.record(clinic, audit.AuditEntry(clinic.clock(), reader.actor, "consent_read", "intake", intake_id, {}))
    with clinic.database.read() as connection:
        newest = opening.newest(connection, intake_id)
        who = person(clinic.keys, newest.line.subject)
        plan = planning.latest(connection, intake_id)
        found = standing.of_intake(connection, clinic.keys, intake_id)
        sheets = consents.of_intakes(connection, lineages.of(connection, [intake_id])[intake_id])
        last = sheets[-1] if sheets else None
        can_sign = last is not None and signing.can_be_signed(connection, clinic, last, clinic.clock())
        due = found.consent if found.waits else last
        findings = opening.findings_of(clinic, newest)
        tablets = tuple((each.id, each.name) for each in devices.every(connection) if each.enrolled_at)
        return Overview(
            intake_id=intake_id,
            who=who,
            plan=plan,
            version=plan.version if plan and plan.intake_id == intake_id else 0,
            sheet=opening.preview(connection, clinic, table, intake_id),
            standing=found,
            signed=_opened(connection, clinic, found.consent),
            waiting=_opened(connection, clinic, last) if can_sign else None,
            here=signing.is_here(connection, intake_id),
            tablets=tablets,
            lies_on=_lies_on(clinic, found.consent, dict(tablets)),
            copies=signing.copies_of(connection, clinic, due) if due else (),
            unsaid=tuple(sorted({each.concept for each in findings} - table.known)),
            by=staff.emails(connection).get(reader.id, ""),
        )


def _lies_on(clinic: Clinic, consent: Consent | None, tablets: Mapping[str, str]) -> str:
    """The tablet on which a signed sheet can be taken back; empty where there is none."""
    if consent is None or not taking_back.can_be(consent) or not opening.is_within_reach(consent, clinic.clock()):
        return ""
    return tablets.get(consent.device_id or "", "")


def _opened(connection: Connection, clinic: Clinic, consent: Consent | None) -> OpenSheet | None:
    """A sheet with its key; None where there is none, or it does not open."""
    if consent is None:
        return None
    return opened(clinic.keys, lambda: opening.opened_in(connection, clinic, consent), None)
