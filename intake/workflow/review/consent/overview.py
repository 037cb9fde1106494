"""Plan and consent of one intake, as the practitioner's page shows them: frozen plain data, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.storage import audit, consents, corrections, devices, staff
from intake.workflow.review.consent import opening, planning, signing, standing
from intake.workflow.review.people import opened, person
from intake.workflow.shared import letters, looks

if TYPE_CHECKING:
    from intake.questions.consent.table import ConsentTable
    from intake.storage.plans import Plan
    from intake.workflow.review.consent.opening import Open
    from intake.workflow.review.consent.sheets import Sheet
    from intake.workflow.review.consent.standing import Standing
    from intake.workflow.review.people import Person, Practitioner
    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True, repr=False)
class Overview:
    """What the page shows. `version`: of this intake's own plan, 0 without one; `sheet`: as it would be now.

    `signed`: the last sheet that the patient signed or refused; `waiting`: one that may be signed now. `unsaid`:
    concepts that the table has no words for. `tablets`: id and name.
    """

    intake_id: str
    who: Person
    plan: Plan | None
    version: int
    sheet: Sheet | None
    standing: Standing
    signed: Open | None
    waiting: Open | None
    here: bool
    tablets: tuple[tuple[str, str], ...]
    can_mail: bool
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
        sheets = consents.of_intakes(connection, corrections.lineages(connection, [intake_id])[intake_id])
        last = sheets[-1] if sheets else None
        can_sign = last is not None and signing.can_be_signed(connection, clinic, last, clinic.clock())
        shown = {
            each.id: opened(clinic.keys, lambda each=each: opening.opened_in(connection, clinic, each), None)  # type: ignore[misc]  # mypy reads no default of a lambda
            for each in (found.consent, last)
            if each is not None
        }
        findings = opening.findings_of(clinic, newest)
        return Overview(
            intake_id=intake_id,
            who=who,
            plan=plan,
            version=plan.version if plan and plan.intake_id == intake_id else 0,
            sheet=opening.preview(connection, clinic, table, intake_id),
            standing=found,
            signed=shown[found.consent.id] if found.consent else None,
            waiting=shown[last.id] if last and can_sign else None,
            here=signing.is_here(connection, intake_id),
            tablets=tuple((each.id, each.name) for each in devices.every(connection) if each.enrolled_at),
            can_mail=letters.can_mail(clinic, who.email),
            unsaid=tuple(sorted({each.concept for each in findings} - table.known)),
            by=staff.emails(connection).get(reader.id, ""),
        )
