"""Adverse events: what went wrong after needling, how grave it was, and which finding should have warned.

The grades are the usual five. No source of this product names them for needling: they rest on common practice
(consensus), and their words say what each asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from intake.errors import DamagedError, NotFoundError
from intake.storage import adverse_events, audit, intakes, treatments
from intake.storage.adverse_events import AdverseEvent
from intake.workflow.review.people import NO_NOTE, vault_for
from intake.workflow.review.treatment import record
from intake.workflow.review.verdicts import Wrong

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from intake.storage.treatments import Treatment
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

LONGEST = 2000
NO_RULE = "none"
NOT_TREATED = "No treatment is recorded for this visit. Record it first."


class EventKind(StrEnum):
    """What went wrong."""

    BLEEDING = "bleeding"
    INFECTION = "infection"
    NERVE = "nerve"
    LUNG = "lung"
    SPINE = "spine"
    FAINT = "faint"
    SEIZURE = "seizure"
    NEEDLE_LEFT = "needle_left"
    SKIN = "skin"
    WORSE = "worse"
    OTHER = "other"


class EventGrade(IntEnum):
    """How grave: needs nothing, needs treatment, hospital or lasting harm, a threat to life, death."""

    MILD = 1
    MODERATE = 2
    SEVERE = 3
    LIFE_THREATENING = 4
    DEATH = 5


@dataclass(frozen=True, slots=True)
class EventReport:
    """What somebody reports, under an id of the caller's. `concept`: what should have warned, or NO_RULE."""

    id: str
    kind: EventKind | None = None
    grade: EventGrade | None = None
    concept: str = ""
    regions: tuple[str, ...] = ()
    words: str = ""


def add(clinic: Clinic, intake_id: str, report: EventReport, practitioner: Practitioner) -> tuple[Wrong, ...]:
    """Record an event after the treatment at this intake's visit, or say what the report lacks.

    Raises NotFoundError where no treatment is recorded.
    """
    wrong = problems(report, clinic.rulebook().concepts)
    if wrong:
        return wrong
    words, now = report.words.strip(), clinic.clock()
    with clinic.database.begin() as connection:
        stored = intakes.by_id(connection, intake_id)
        visit = record.visit_of(connection, stored)
        last = treatments.last(connection, visit.id) if visit is not None else None
        if last is None:
            raise NotFoundError(NOT_TREATED)
        rested_on = intakes.by_id(connection, last.intake_id)
        try:
            vault = vault_for(clinic.keys, rested_on.line.subject, words)
        except DamagedError:
            return (Wrong("words", NO_NOTE),)
        sealed = None if vault is None else adverse_events.seal_words(vault, report.id, words)
        adverse_events.add(connection, _event(report, last, sealed, practitioner, now))
        details = {"event": report.id, "kind": report.kind, "grade": report.grade}
        entry = audit.AuditEntry(now, practitioner.actor, "adverse_event", "intake", intake_id, details)
        audit.record(connection, clinic.keys, entry)
    return ()


def problems(report: EventReport, concepts: Collection[str]) -> tuple[Wrong, ...]:
    """What a report lacks, in the order of the page."""
    return tuple(_problems(report, concepts))


def _problems(report: EventReport, concepts: Collection[str]) -> Iterator[Wrong]:
    if report.kind is None:
        yield Wrong("kind", "Choose what happened.")
    if report.grade is None:
        yield Wrong("grade", "Choose how grave it was.")
    if not report.words.strip():
        yield Wrong("words", "Say in a few words what happened, and what was done.")
    elif len(report.words) > LONGEST:
        yield Wrong("words", f"At most {LONGEST:,} characters.")
    if report.concept != NO_RULE and report.concept not in concepts:
        yield Wrong("concept", "Choose the finding that should have warned, or that no rule could have known.")


def _event(
    report: EventReport, treatment: Treatment, sealed: bytes | None, practitioner: Practitioner, now: datetime
) -> AdverseEvent:
    """The row of a complete report on what a treatment did."""
    return AdverseEvent(
        id=report.id,
        intake_id=treatment.intake_id,
        visit_id=treatment.visit_id,
        kind=report.kind or EventKind.OTHER,
        grade=report.grade or EventGrade.MILD,
        concept=None if report.concept == NO_RULE else report.concept,
        regions=report.regions or treatment.regions,
        words=sealed,
        by=practitioner.id,
        at=now,
    )
