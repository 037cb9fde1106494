"""From a sheet that was talked over to a consent: made by staff at the visit, signed twice, copied.

Each step is one transaction with its audit entry, which holds the hash of the row.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from intake.errors import DamagedError, StaleError
from intake.storage import consents, devices, lineages, visit_forms, visits
from intake.storage.consents import STALE, Consent
from intake.storage.visits import VisitState
from intake.workflow.review import links
from intake.workflow.review.consent import document, planning, standing
from intake.workflow.review.consent.opening import SIGN_WITHIN, OpenSheet, head_of, newest, opened_in, tell, vault_of
from intake.workflow.review.consent.sheets import sheet_of
from intake.workflow.review.consent.signatures import Copy, Countersignature, Signature
from intake.workflow.review.consent.standing import AGREE
from intake.workflow.review.links import Opens, Purpose
from intake.workflow.review.people import person
from intake.workflow.review.verdicts import Wrong
from intake.workflow.shared import letters

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.questions.consent.table import ConsentTable
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

HERE = (VisitState.ARRIVED, VisitState.WITH_PRACTITIONER)
COPY_FOR = timedelta(days=30)
PATIENT = "patient"


class SigningWay(StrEnum):
    """Where the patient signs."""

    TABLET = "tablet"
    PHONE = "phone"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class SheetRequest:
    """A sheet about to be made: its id from the caller; `talked`: the practitioner says that they talked it over."""

    id: str
    way: SigningWay | None
    device_id: str
    plan_version: int
    talked: bool


@dataclass(frozen=True, slots=True, repr=False)
class ConsentStep:
    """One step of a sheet: its name in the audit, who takes it, the columns that it sets."""

    what: str
    actor: str
    values: dict[str, Any]


def is_here(connection: Connection, intake_id: str) -> bool:
    """Whether the patient of an intake is in the house now: their visit has begun and is not over."""
    visit_id = visit_forms.visit_of(connection, newest(connection, intake_id).line.draft_id)
    return visit_id is not None and visits.by_id(connection, visit_id).state in HERE


def prepare(
    clinic: Clinic, table: ConsentTable, intake_id: str, request: SheetRequest, by: Practitioner
) -> tuple[Wrong, ...]:
    """Make a sheet to be signed, or say why not. Raises StaleError where the plan moved on."""
    now = clinic.clock()
    book = clinic.rulebook()
    with clinic.database.begin() as connection:
        wrong = _missing(connection, intake_id, request)
        if wrong or request.way is None:
            return wrong
        plan = planning.latest(connection, intake_id)
        if plan is None or plan.version != request.plan_version:
            raise StaleError(STALE)
        stored = newest(connection, intake_id)
        sheet = sheet_of(table, book, stored, plan, head_of(clinic, stored))
        vault = stored.line.subject.vault(clinic.keys)
        made = Consent(
            id=request.id,
            intake_id=stored.line.id,
            plan_intake=plan.intake_id,
            plan_version=plan.version,
            basis=standing.basis(clinic.keys, stored.answers, stored.facts, plan),
            text_version=sheet.version,
            sheet=consents.seal(vault, request.id, "sheet", sheet.stored()),
            way=request.way,
            made_at=now,
            made_by=by.id,
        )
        made = replace(made, mac=consents.mac(clinic.keys, made))
        consents.add(connection, made)
        if request.way is SigningWay.TABLET:
            consents.place(connection, made.id, request.device_id, now)
        tell(connection, clinic, made, by.actor, "consent_prepared")
    return ()


def sign(clinic: Clinic, consent_id: str, signature: Signature, actor: str = PATIENT) -> tuple[Wrong, ...]:
    """The patient's word under a sheet, or what it lacks.

    Raises StaleError where it was signed, its time is over, the visit is, or an answer or the plan moved on.
    """
    wrong = signature.problems()
    if wrong:
        return wrong
    now = clinic.clock()
    with clinic.database.begin() as connection:
        consent = consents.by_id(connection, consent_id)
        if not can_be_signed(connection, clinic, consent, now):
            raise StaleError(STALE)
        sealed = consents.seal(vault_of(connection, clinic, consent), consent.id, "signature", signature.stored())
        what = "consent_signed" if signature.said == AGREE else "consent_refused"
        values = {"said": signature.said, "signed_at": now, "signature": sealed}
        take_step(connection, clinic, consent, ConsentStep(what, actor, values))
    return ()


def can_be_signed(connection: Connection, clinic: Clinic, consent: Consent, now: datetime) -> bool:
    """Whether a sheet waits for the patient: fresh, as it was made, at the visit, of the newest answers and plan."""
    lineage = lineages.of(connection, [consent.intake_id])[consent.intake_id]
    last = consents.of_intakes(connection, lineage)[-1]
    fresh = consent.said == "" and last.id == consent.id and now < consent.made_at + SIGN_WITHIN
    sound = consent.fits(clinic.keys) and consent.basis == standing.current_basis(connection, clinic.keys, lineage)
    return fresh and sound and is_here(connection, consent.intake_id)


def copies_of(connection: Connection, clinic: Clinic, consent: Consent) -> tuple[Copy, ...]:
    """The ways to a copy that a sheet has: a mail needs its address and a birth date, saving it the patient's phone."""
    who = person(clinic.keys, newest(connection, consent.intake_id).line.subject)
    without = set() if who.born and letters.can_mail(clinic, who.email) else {Copy.MAIL}
    return tuple(
        each for each in Copy if each not in without | (set() if consent.way == SigningWay.PHONE else {Copy.DOWNLOAD})
    )


def countersign(
    clinic: Clinic, consent_id: str, signed: Countersignature, by: Practitioner, who: str
) -> tuple[Wrong, ...]:
    """The practitioner's signature and the copy, or what is lacking; `who` is their account's address.

    Raises StaleError where there is nothing to sign any more, NotFoundError where a mail cannot be sent.
    """
    wrong = signed.problems()
    if wrong:
        return wrong
    now = clinic.clock()
    with clinic.database.read() as connection:  # the page is set before anybody has to wait for a writer
        consent = _waiting(connection, clinic, consent_id)
        opened, vault = opened_in(connection, clinic, consent), vault_of(connection, clinic, consent)
    words = {"name": signed.name, "reason": signed.reason, "account": who}
    pdf = document.pdf(opened.sheet, opened.signature, _lines(clinic, opened, words, now), now)
    values = {
        "countersigned_at": now,
        "countersigned_by": by.id,
        "countersignature": consents.seal(vault, consent.id, "countersignature", words),
        "copy": signed.copy,
        "document": consents.seal(vault, consent.id, "document", base64.b64encode(pdf).decode()),
    }
    with clinic.database.begin() as connection:
        _waiting(connection, clinic, consent_id)
        take_step(connection, clinic, consent, ConsentStep("consent_given", by.actor, values))
        if signed.copy == Copy.MAIL:
            links.mail(connection, clinic, Opens(Purpose.CONSENT, consent.intake_id, consent.id, COPY_FOR), by)
    return ()


def is_tablet(connection: Connection, device_id: str) -> bool:
    """Whether this is one of the clinic's tablets."""
    return any(each.id == device_id and each.enrolled_at for each in devices.every(connection))


def take_step(connection: Connection, clinic: Clinic, was: Consent, step: ConsentStep) -> None:
    """One step of a sheet, under a new hash; one that was changed from outside goes no step further."""
    if not was.fits(clinic.keys):
        raise DamagedError(f"consents of {was.id}")
    now = replace(was, **step.values)
    now = replace(now, mac=consents.mac(clinic.keys, now))
    consents.change(connection, was, now)
    tell(connection, clinic, now, step.actor, step.what)


def _waiting(connection: Connection, clinic: Clinic, consent_id: str) -> Consent:
    """A sheet that waits for the practitioner's signature; raises StaleError where it does not, or not any more."""
    found = standing.of_intake(connection, clinic.keys, consents.by_id(connection, consent_id).intake_id)
    if not found.waits or found.consent is None or found.consent.id != consent_id:
        raise StaleError(STALE)
    return found.consent


def _lines(clinic: Clinic, opened: OpenSheet, words: dict[str, str], now: datetime) -> tuple[document.Signed, ...]:
    """What is written beside the signatures."""
    given, consent = opened.signature, opened.consent
    signed_at = consent.signed_at or now

    def local(moment: datetime) -> str:
        return moment.astimezone(clinic.zone).strftime(document.MINUTE)

    lines = (
        (_("Signed"), local(signed_at)),
        (_("Signs for the patient"), given.get("for_whom", "")),
        (_("Who helped"), given.get("helper", "")),
        (_("Who translated"), given.get("interpreter", "")),
        (_("Talked over"), local(consent.made_at)),
        (_("Practitioner"), f"{words['name']} ({words['account']}), {local(now)}"),
        (_("Kept under"), consent.id),
    )
    return tuple((str(label), said) for label, said in lines if said)


def _missing(connection: Connection, intake_id: str, request: SheetRequest) -> tuple[Wrong, ...]:
    """What keeps a sheet from being made."""
    on_tablet = request.way is SigningWay.TABLET
    checks = (
        (request.talked, "talked", _("Say that you have talked it over with the patient.")),
        (request.way is not None, "way", _("Choose where the patient signs.")),
        (not on_tablet or is_tablet(connection, request.device_id), "device", _("Choose the tablet.")),
        (is_here(connection, intake_id), "talked", _("The patient signs at the visit: mark that they have arrived.")),
    )
    return tuple(Wrong(field, sentence) for holds, field, sentence in checks if not holds)
