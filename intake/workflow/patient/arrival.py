"""The day of the visit: what holds on that day alone is asked in the clinic, and makes a new version of what was sent.

Checking in opens these questions: until they are answered the rules count them as unknown. They are answered once, on
the tablet, on the patient's phone, or told to the desk; nothing that was said before is shown for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.storage import audit, corrections, day_answers, intakes, lineages, visit_forms
from intake.storage import visits as booked
from intake.storage.corrections import By
from intake.storage.day_answers import AskedAt, DayAnswer
from intake.storage.visits import HERE
from intake.workflow.desk import visits
from intake.workflow.patient import alarms, day_facts, drafts, saving, submit, versions
from intake.workflow.patient.alarms import AlarmReading
from intake.workflow.patient.saving import AlarmPlace
from intake.workflow.patient.submit import Sending

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answer, Answers
    from intake.workflow.desk.visits import Practitioner, VisitStep
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic

__all__ = ["AskedAt", "DayAnswer"]
PAGE = "day"


@dataclass(frozen=True, slots=True)
class DayForm:
    """A sent form on the day of its visit: the questions that are still `open`, and whether the patient is checked in.

    `said`: the facts that were answered on the day.
    """

    visit_id: str
    draft_id: str
    open: tuple[str, ...]
    arrived: bool
    said: Answers


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What a new version of an intake is called, its draft and the intake, and who sends it."""

    draft_id: str
    sending: Sending


@dataclass(frozen=True, slots=True)
class Told:
    """Answers to the questions of the day, and where they were given."""

    answers: Mapping[str, Answer]
    place: AskedAt


def of_visit(clinic: Clinic, visit_id: str) -> DayForm | None:
    """The form of a visit of today; None: the visit is on another day, or nothing was sent for it."""
    with clinic.database.read() as connection:
        return _of_visit(connection, clinic, visit_id)


def of_draft(clinic: Clinic, draft_id: str) -> DayForm | None:
    """The same for the visit of a draft; None also where it has none."""
    with clinic.database.read() as connection:
        visit_id = visit_forms.visit_of(connection, draft_id)
        return None if visit_id is None else _of_visit(connection, clinic, visit_id)


def check_in(clinic: Clinic, rulebook: Rulebook, step: VisitStep, new: NewVersion, by: Practitioner) -> None:
    """The patient is there: what holds on the day is open from now on. Raises StaleError where the visit moved on.

    The same form is judged again with that unknown; nobody said anything new, so nothing alarms.
    """
    with clinic.database.begin() as connection:
        visits.set_state_in(connection, clinic, step, by)
        form = _of_visit(connection, clinic, step.visit_id)
        if form is not None and form.open:
            draft = _copy(connection, clinic, form, new.draft_id)
            prepared = submit.prepare(clinic, rulebook, draft, new.sending, submit.read(connection, draft.id))
            submit.store(connection, clinic, rulebook, prepared)


def answer(clinic: Clinic, rulebook: Rulebook, visit_id: str, told: Told, new: NewVersion) -> bool:
    """Keep the answers of the day as a new version of what was sent; False where they were given already.

    Alarms and messages go out as for any page. Raises NotFoundError where the visit is gone.
    """
    with clinic.database.begin() as connection:
        booked.hold(connection, visit_id)
        form = _of_visit(connection, clinic, visit_id)
        if form is None or not form.open:
            return False
        now = clinic.clock()
        said = {name: DayAnswer(each, now, told.place) for name, each in told.answers.items() if name in form.open}
        draft = _copy(connection, clinic, form, new.draft_id)
        day_answers.put(connection, draft.id, said)
        details = {"place": told.place, "draft": draft.id}
        entry = audit.AuditEntry(now, new.sending.actor, "day_answered", "visit", visit_id, details)
        audit.record(connection, clinic.keys, entry)
        prepared = submit.prepare(clinic, rulebook, draft, new.sending, submit.read(connection, draft.id))
        read = alarms.read(rulebook, draft.answers, prepared.evaluation.facts)
        news = alarms.changes(read, draft.alarms)
        saving.raise_alarms(connection, clinic, rulebook, AlarmPlace(draft.id, PAGE, now), news)
        submit.store(connection, clinic, rulebook, prepared)
    return True


def said_on_the_day(clinic: Clinic, intake_id: str) -> Mapping[str, DayAnswer]:
    """What was answered on the page of the day, in the newest version of an intake; by question."""
    with clinic.database.read() as connection:
        newest = intakes.by_id(connection, lineages.newest(connection, intake_id))
        said = day_answers.of_draft(connection, newest.line.draft_id)
    return {name: each for name, each in said.items() if each.answer is not None}


def note_page(clinic: Clinic, draft_id: str, questions: Collection[str]) -> None:
    """A page of the form was answered in the clinic: what it asks of the day counts as asked."""
    names = day_facts.settled_by(clinic.vocabulary, questions)
    if names:
        asked = DayAnswer(None, clinic.clock(), AskedAt.TABLET)
        with clinic.database.begin() as connection:
            day_answers.put(connection, draft_id, dict.fromkeys(names, asked))


def reading(rulebook: Rulebook, said: Answers) -> AlarmReading:
    """What the answers of the day call for by themselves, whatever else the form says."""
    return alarms.read(rulebook, said, said) if said else AlarmReading()


def _of_visit(connection: Connection, clinic: Clinic, visit_id: str) -> DayForm | None:
    visit = booked.by_id(connection, visit_id)
    form = visit_forms.forms(connection, [visit_id]).get(visit_id)
    if form is None or form.sent_at is None or clinic.day_of(visit.plan.starts_at) != clinic.today:
        return None
    vocabulary, said = clinic.vocabulary, day_answers.of_draft(connection, form.draft_id)
    still_open = day_facts.still_open(vocabulary, said)
    arrived = visit.state in HERE
    return DayForm(visit_id, form.draft_id, still_open, arrived, day_facts.of_the_day(vocabulary, said))


def _copy(connection: Connection, clinic: Clinic, form: DayForm, draft_id: str) -> Draft:
    """A draft with all that was sent, which is to become the next version."""
    sent, visit = drafts.sent_draft(connection, form.draft_id), booked.by_id(connection, form.visit_id)
    made = versions.copy(connection, clinic, sent, draft_id, visits.over_at(clinic, visit.plan.starts_at))
    receipt = intakes.receipt_of(connection, form.draft_id)
    if receipt is not None:
        corrections.add(connection, draft_id, receipt.intake_id, By.DAY, clinic.clock())
    return made
