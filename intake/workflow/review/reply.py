"""The word back to the patient, "we read it": one mail for each decided version, in the transaction of the decision.

It says who read it and when, when the visit is, what to bring, or to call; never what was answered or found. Its row in
the outbox has an id that follows from the version, so that there is one, with one Message-ID, however often it is sent.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import outbox, staff, visit_forms, visits
from intake.workflow.review.letters import Read, read_letter
from intake.workflow.review.people import person
from intake.workflow.shared import letters
from intake.workflow.shared.letters import Letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from intake.storage.intakes import Stored
    from intake.storage.reviews import Review
    from intake.storage.visits import Visit
    from intake.workflow.review.people import Person
    from intake.workflow.shared.clinic import Clinic

KIND = "we_read_it"
ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Reply:
    """How the mail about a decision stands: taken by the mail server, or why not yet (empty: not tried yet)."""

    accepted_at: datetime | None
    failure: str


def is_told(clinic: Clinic, who: Person) -> bool:
    """Whether a decision about this patient's intake is told by mail."""
    return letters.can_mail(clinic, who.email)


def post(connection: Connection, clinic: Clinic, stored: Stored, review: Review) -> None:
    """Write the mail about a decision, where there is an address and the clinic sends mail."""
    who = person(clinic.keys, stored.line.subject)
    if not is_told(clinic, who):
        return
    visit = _visit_to_come(connection, clinic, stored.line.draft_id)
    read = Read(
        name=who.name,
        reader=staff.emails(connection).get(review.by, "").partition("@")[0],
        at=review.at.astimezone(clinic.zone),
        starts_at=visit.plan.starts_at.astimezone(clinic.zone) if visit else None,
        practitioner=visit.plan.practitioner if visit else "",
        place=visit.plan.place if visit else "",
    )
    subject, text = read_letter(clinic.duty, read, review.outcome)
    letter_id = id_of(review.intake_id, review.intake_version)
    letters.post(connection, clinic, Letter(letter_id, KIND, who.email, subject, text))


def replies(connection: Connection, reviews: Iterable[Review]) -> Mapping[int, Reply]:
    """How the mails about decisions stand, by the version decided; none where none was written or it is forgotten."""
    ids = {id_of(review.intake_id, review.intake_version): review.intake_version for review in reviews}
    return {
        ids[message.id]: Reply(message.accepted_at, message.failure or "")
        for message in outbox.several(connection, ids)
    }


def id_of(intake_id: str, version: int) -> str:
    """The id of the mail about the decision on this version."""
    return hashlib.sha256(f"{KIND}|{intake_id}|{version}".encode()).hexdigest()[:ID_LENGTH]


def _visit_to_come(connection: Connection, clinic: Clinic, draft_id: str) -> Visit | None:
    visit_id = visit_forms.visit_of(connection, draft_id)
    visit = visits.by_id(connection, visit_id) if visit_id else None
    return visit if visit and visit.plan.starts_at > clinic.clock() else None
