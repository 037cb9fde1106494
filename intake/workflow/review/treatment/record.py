"""The record of a treatment: where needles went, how many in and out, stimulation, reaction, next visit. Nothing more.

It belongs to a visit whose patient arrived. Needles in and out are counted, and where they differ a reason in words is
due. A correction is a new version; whoever recorded on an older one is told, and nothing is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.errors import DamagedError, NotFoundError, StaleError
from intake.storage import audit, check_ins, intakes, treatments, visit_forms, visits
from intake.storage.check_ins import CheckIn
from intake.storage.treatments import Treatment
from intake.storage.visits import VisitState
from intake.workflow.review.people import NO_NOTE, vault_for
from intake.workflow.review.treatment.times import ASK_AFTER, ASK_UNTIL
from intake.workflow.review.verdicts import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from sqlalchemy import Connection

    from intake.engine.book.vocabulary import Vocabulary
    from intake.storage.intakes import Stored
    from intake.storage.visits import Visit
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

MOST_NEEDLES = 200
LONGEST = 500
HERE = {VisitState.ARRIVED, VisitState.WITH_PRACTITIONER, VisitState.DONE}
NOT_HERE = "Nobody has arrived for this visit, so that there is nothing to record."
STALE = "Somebody else recorded this treatment since you opened the page; nothing was saved."


class Reaction(StrEnum):
    """What was seen while the needles were in, or right after."""

    NONE = "none"
    FAINT = "faint"
    BLEEDING = "bleeding"
    PAIN = "pain"
    DROWSY = "drowsy"
    SICK = "sick"
    NERVE = "nerve"
    BREATH = "breath"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TreatmentDone:
    """What a practitioner sends. `version`: how many versions were there; None: not said, which is never a no."""

    version: int
    regions: tuple[str, ...] = ()
    needles_in: int | None = None
    needles_out: int | None = None
    difference: str = ""
    stimulation: bool | None = None
    reactions: tuple[Reaction, ...] = ()
    reaction: str = ""
    next_visit: date | None = None

    @property
    def words(self) -> dict[str, str]:
        """The words that are kept, by field."""
        said = {"difference": self.difference.strip(), "reaction": self.reaction.strip()}
        return {name: text for name, text in said.items() if text}


def visit_of(connection: Connection, stored: Stored) -> Visit | None:
    """The visit of an intake whose patient has arrived."""
    visit_id = visit_forms.visit_of(connection, stored.line.draft_id)
    visit = None if visit_id is None else visits.by_id(connection, visit_id)
    return visit if visit is not None and visit.state in HERE else None


def record(clinic: Clinic, intake_id: str, done: TreatmentDone, practitioner: Practitioner) -> tuple[Wrong, ...]:
    """Record what was done, or say what the record lacks.

    Raises NotFoundError where nobody arrived, StaleError where a colleague was faster.
    """
    wrong = problems(clinic.vocabulary, done, clinic.today)
    if wrong:
        return wrong
    now = clinic.clock()
    with clinic.database.begin() as connection:
        stored = intakes.by_id(connection, intake_id)
        visit = visit_of(connection, stored)
        if visit is None:
            raise NotFoundError(NOT_HERE)
        try:
            treatment = _treatment(connection, clinic, stored, _Visited(visit, done, practitioner))
        except DamagedError:
            return (Wrong("difference", NO_NOTE),)
        if treatment.version != done.version + 1 or not treatments.add(connection, treatment):
            raise StaleError(STALE)
        _plan_check_in(connection, treatment)
        details = {"visit": visit.id, "version": treatment.version}
        entry = audit.AuditEntry(now, practitioner.actor, "treated", "intake", intake_id, details)
        audit.record(connection, clinic.keys, entry)
    return ()


def problems(vocabulary: Vocabulary, done: TreatmentDone, today: date) -> tuple[Wrong, ...]:
    """What a record lacks, in the order of the page."""
    return (*_places_and_needles(vocabulary, done), *_rest(done, today))


def _places_and_needles(vocabulary: Vocabulary, done: TreatmentDone) -> Iterator[Wrong]:
    if not done.regions or not set(done.regions) <= set(vocabulary.regions):
        yield Wrong("regions", "Mark where needles went.")
    if done.needles_in is None or not 1 <= done.needles_in <= MOST_NEEDLES:
        yield Wrong("needles_in", f"Count the needles that went in, from 1 to {MOST_NEEDLES}.")
    if done.needles_out is None or not 0 <= done.needles_out <= MOST_NEEDLES:
        yield Wrong("needles_out", f"Count the needles that came out, from 0 to {MOST_NEEDLES}.")
    elif done.needles_in != done.needles_out and not done.difference.strip():
        yield Wrong("difference", "Needles in and out differ. Count again, or say why in words.")
    if len(done.difference) > LONGEST:
        yield Wrong("difference", f"At most {LONGEST} characters.")


def _rest(done: TreatmentDone, today: date) -> Iterator[Wrong]:
    if done.stimulation is None:
        yield Wrong("stimulation", "Say whether you used electrical stimulation.")
    if not done.reactions:
        yield Wrong("reactions", "Say what reaction you saw, or none.")
    elif Reaction.NONE in done.reactions and len(done.reactions) > 1:
        yield Wrong("reactions", "“None” stands beside another reaction. Untick one of them.")
    elif Reaction.OTHER in done.reactions and not done.reaction.strip():
        yield Wrong("reaction", "Say in words what the other reaction was.")
    if len(done.reaction) > LONGEST:
        yield Wrong("reaction", f"At most {LONGEST} characters.")
    if done.next_visit is not None and done.next_visit < today:
        yield Wrong("next_visit", "The next visit cannot be before today.")


@dataclass(frozen=True, slots=True)
class _Visited:
    """What was done, at which visit, and who says so."""

    visit: Visit
    done: TreatmentDone
    by: Practitioner


def _treatment(connection: Connection, clinic: Clinic, stored: Stored, visited: _Visited) -> Treatment:
    visit, done = visited.visit, visited.done
    before = treatments.of_visits(connection, [visit.id]).get(visit.id, [])
    version, now = len(before) + 1, clinic.clock()
    vault = vault_for(clinic.keys, stored.line.subject, "".join(done.words.values()))
    return Treatment(
        visit_id=visit.id,
        version=version,
        intake_id=stored.line.id,
        needled_at=before[0].needled_at if before else _needled_at(visit, now),
        regions=done.regions,
        needles_in=done.needles_in or 0,
        needles_out=done.needles_out or 0,
        stimulation=bool(done.stimulation),
        reactions=tuple(reaction.value for reaction in done.reactions),
        next_visit=done.next_visit,
        words=None if vault is None else treatments.seal_words(vault, visit.id, version, done.words),
        by=visited.by.id,
        at=now,
    )


def _needled_at(visit: Visit, now: datetime) -> datetime:
    """When the needles went in, as far as it is known: when the visit began, or now where it was early."""
    return min(visit.plan.starts_at, now)


def _plan_check_in(connection: Connection, treatment: Treatment) -> None:
    at, intake_id = treatment.needled_at, treatment.intake_id
    check_ins.plan(
        connection, CheckIn(treatment.visit_id, intake_id, at, at + ASK_AFTER, at + ASK_UNTIL, None, None, None, None)
    )
