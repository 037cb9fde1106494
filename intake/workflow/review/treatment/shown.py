"""All about the treatment of one visit as the review page shows it: every version, the check-in, what went wrong.

A check-in without an answer is "not answered". Nothing here says, or lets anybody think, that somebody is well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from intake.storage import adverse_events, audit, check_ins, intakes, staff, treatments
from intake.workflow.review import links
from intake.workflow.review.consent import planning
from intake.workflow.review.links import Purpose
from intake.workflow.review.people import DAMAGED, ERASED, opened
from intake.workflow.review.treatment import record
from intake.workflow.review.treatment.events import EventGrade, EventKind
from intake.workflow.review.treatment.record import Reaction
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection

    from intake.storage.adverse_events import AdverseEvent
    from intake.storage.check_ins import CheckIn
    from intake.storage.crypto import Vault
    from intake.storage.treatments import Treatment
    from intake.workflow.review.links import Standing
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

T = TypeVar("T")


class CheckInReply(StrEnum):
    """How a check-in stands."""

    PLANNED = "planned"
    DUE = "due"
    NOT_ASKED = "not_asked"
    NOT_ANSWERED = "not_answered"
    BEGUN = "begun"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class RecordedTreatment:
    """One version of what was done, with its words opened."""

    version: int
    needled_at: datetime
    regions: tuple[str, ...]
    needles_in: int
    needles_out: int
    difference: str
    stimulation: bool
    reactions: tuple[Reaction, ...]
    reaction: str
    next_visit: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckInStanding:
    """A check-in: how it stands, when it is or was asked, until when it can be, and the intake that answered it."""

    reply: CheckInReply
    due_at: datetime
    until: datetime
    asked_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An adverse event, with its words opened."""

    id: str
    kind: EventKind
    grade: EventGrade
    concept: str | None
    regions: tuple[str, ...]
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Treated:
    """What is known of the treatment at the visit of an intake. `versions`: the newest first; none: not recorded.

    `planned`: the regions of the plan, which says nothing of what was done. `answers`: this intake is itself the reply
    to the check-in.
    """

    visit_id: str
    starts_at: datetime
    planned: tuple[str, ...]
    versions: tuple[RecordedTreatment, ...]
    asking: CheckInStanding | None
    events: tuple[Happened, ...]
    aftercare: Standing | None
    answers: bool

    @property
    def last(self) -> RecordedTreatment | None:
        """The version that counts."""
        return self.versions[0] if self.versions else None


def load(clinic: Clinic, intake_id: str) -> Treated | None:
    """The treatment at the visit of this intake; None while nobody has arrived for one. Raises NotFoundError."""
    with clinic.database.read() as connection:
        stored = intakes.by_id(connection, intake_id)
        visit = record.visit_of(connection, stored)
        if visit is None:
            return None
        names = staff.emails(connection)
        opener = _Opener(connection, clinic)
        versions = treatments.of_visits(connection, [visit.id]).get(visit.id, [])
        asked = check_ins.of_visit(connection, visit.id)
        plan = planning.latest(connection, intake_id)
        return Treated(
            visit_id=visit.id,
            starts_at=visit.plan.starts_at,
            planned=plan.regions if plan else (),
            versions=tuple(_recorded(each, opener, names) for each in reversed(versions)),
            asking=None if asked is None else _standing(asked, clinic.clock()),
            events=tuple(_happened(each, opener, names) for each in adverse_events.of_visit(connection, visit.id)),
            aftercare=links.standing(connection, Purpose.AFTERCARE, visit.id, clinic.clock()),
            answers=asked is not None and asked.draft_id == stored.line.draft_id,
        )


def look(clinic: Clinic, intake_id: str, practitioner: Practitioner) -> None:
    """Tell the audit that somebody opened the treatment of an intake on a page of its own."""
    looks.record(clinic, audit.AuditEntry(clinic.clock(), practitioner.actor, "read", "intake", intake_id, {}))


def reply(asked: CheckIn, now: datetime) -> CheckInReply:
    """How a check-in stands; whoever did not answer has not said how it went."""
    if asked.answered_by is not None:
        return CheckInReply.ANSWERED
    if asked.draft_id is not None:
        return CheckInReply.BEGUN
    if asked.asked_at is not None:
        return CheckInReply.NOT_ANSWERED
    if asked.given_up_at is not None:
        return CheckInReply.NOT_ASKED
    if now < asked.due_at:
        return CheckInReply.PLANNED
    return CheckInReply.DUE if now < asked.until else CheckInReply.NOT_ASKED


def _standing(asked: CheckIn, now: datetime) -> CheckInStanding:
    return CheckInStanding(reply(asked, now), asked.due_at, asked.until, asked.asked_at, asked.answered_by)


@dataclass(frozen=True, slots=True)
class _Opener:
    """Opens what staff wrote, each with the key of the intake that it was written on."""

    connection: Connection
    clinic: Clinic

    def read(self, intake_id: str, read: Callable[[Vault], T], damaged: T, erased: T) -> T:
        """What `read` opens; `erased` where the person was, `damaged` where it does not open."""
        keys, subject = self.clinic.keys, intakes.by_id(self.connection, intake_id).line.subject
        return erased if subject.wrapped is None else opened(keys, lambda: read(subject.vault(keys)), damaged)


def _recorded(treatment: Treatment, opener: _Opener, names: Mapping[int, str]) -> RecordedTreatment:
    damaged, erased = ({"difference": said, "reaction": said} for said in (DAMAGED, ERASED))
    nothing: dict[str, str] = {}
    words = nothing
    if treatment.words is not None:
        words = opener.read(treatment.intake_id, treatment.read_words, damaged, erased)
    return RecordedTreatment(
        version=treatment.version,
        needled_at=treatment.needled_at,
        regions=treatment.regions,
        needles_in=treatment.needles_in,
        needles_out=treatment.needles_out,
        difference=words.get("difference", ""),
        stimulation=treatment.stimulation,
        reactions=tuple(Reaction(code) for code in treatment.reactions),
        reaction=words.get("reaction", ""),
        next_visit=treatment.next_visit,
        by=names.get(treatment.by, f"staff:{treatment.by}"),
        at=treatment.at,
    )


def _happened(event: AdverseEvent, opener: _Opener, names: Mapping[int, str]) -> Happened:
    words = opener.read(event.intake_id, event.read_words, DAMAGED, ERASED) if event.words is not None else ""
    return Happened(
        id=event.id,
        kind=EventKind(event.kind),
        grade=EventGrade(event.grade),
        concept=event.concept,
        regions=event.regions,
        words=words,
        by=names.get(event.by, f"staff:{event.by}"),
        at=event.at,
    )
