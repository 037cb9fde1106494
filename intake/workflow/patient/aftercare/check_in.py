"""Asking how it went: by one letter, two to three days after the needles, behind the birth date; answered as a version.

The answers begin as a copy of the last ones (`answers`) and go the patient's usual way: page, card, alarm, queue.
Whoever does not answer is "not answered" on the practitioner's page, and whoever has no mail address is "never asked".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw, to_raw
from intake.errors import NotFoundError
from intake.storage import (
    audit,
    check_ins,
    corrections,
    draft_keys,
    drafts,
    intakes,
    reported,
    trail,
    treatments,
    visit_forms,
    visits,
)
from intake.storage.corrections import By
from intake.storage.crypto import token_hash
from intake.storage.trail import TrailChange
from intake.workflow.patient import unheld
from intake.workflow.patient.aftercare import answers
from intake.workflow.patient.unheld import Somebody
from intake.workflow.review import links
from intake.workflow.review.links import Opens, Purpose
from intake.workflow.review.people import Practitioner

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.questions.steps import Step
    from intake.storage.check_ins import CheckIn
    from intake.storage.intakes import Stored
    from intake.storage.treatments import Treatment
    from intake.workflow.shared.clinic import Clinic

LIFE = timedelta(days=7)
AT_ONCE = 20
OVER = "This check-in was answered already, or there is none."


def ask(clinic: Clinic) -> int:
    """Ask whoever it is time for; of several processes one does, and nobody is asked twice. How many were due."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        due = check_ins.to_ask(connection, now, AT_ONCE)
    for each in due:
        _ask(clinic, each, now)
    return len(due)


def _ask(clinic: Clinic, due: CheckIn, now: datetime) -> None:
    try:
        with clinic.database.begin() as connection:
            last = treatments.last(connection, due.visit_id)
            if last is not None and check_ins.take(connection, due.visit_id, now):
                links.mail(connection, clinic, opens(due), Practitioner(last.by))
    except NotFoundError:
        with clinic.database.begin() as connection:
            check_ins.give_up(connection, due.visit_id, now)


def opens(asked: CheckIn) -> Opens:
    """What the link of a check-in opens, in the name of whoever recorded the treatment."""
    return Opens(Purpose.CHECKIN, asked.intake_id, asked.visit_id, LIFE)


def begin(clinic: Clinic, rulebook: Rulebook, steps: Sequence[Step], visit_id: str, beginning: tuple[str, str]) -> None:
    """Let a key open the answers to a check-in: those that were begun, or new ones; `beginning`: key and id for them.

    Raises NotFoundError where it was answered already, or was never planned.
    """
    key, draft_id = beginning
    now = clinic.clock()
    with clinic.database.begin() as connection:
        asked = check_ins.of_visit(connection, visit_id, hold=True)
        last = treatments.last(connection, visit_id)
        if asked is None or asked.answered_by is not None or last is None:
            raise NotFoundError(OVER)
        if asked.draft_id is None:
            stored = _newest(connection, asked)
            _copy(connection, clinic, rulebook, steps, _Beginning(stored, last, draft_id, now))
            corrections.add(connection, draft_id, stored.line.id, By.CHECK_IN, now)
            check_ins.begin(connection, visit_id, draft_id)
            told = audit.AuditEntry(now, "patient", "check_in_begun", "intake", stored.line.id, {})
            audit.record(connection, clinic.keys, told)
        draft_keys.add(connection, token_hash(key), asked.draft_id or draft_id, None, now)


def _newest(connection: Connection, asked: CheckIn) -> Stored:
    """The newest version of what was known: a correction may have come after the treatment."""
    form = visit_forms.forms(connection, [asked.visit_id]).get(asked.visit_id)
    receipt = None if form is None else intakes.receipt_of(connection, form.draft_id)
    return intakes.by_id(connection, asked.intake_id if receipt is None else receipt.intake_id)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """What new answers begin with: the last ones, the treatment, the id they get."""

    stored: Stored
    last: Treatment
    draft_id: str
    now: datetime


def _copy(connection: Connection, clinic: Clinic, rulebook: Rulebook, steps: Sequence[Step], new: _Beginning) -> None:
    line, vocabulary = new.stored.line, rulebook.vocabulary
    before = drafts.by_id(connection, line.draft_id)
    if before is None:
        raise NotFoundError(OVER)
    said = from_raw(new.stored.answers)
    days = (clinic.day_of(new.now) - clinic.day_of(new.last.needled_at)).days
    known = answers.begin(vocabulary, said, days, new.last.regions)
    set_here = [name for name in known if known[name] != said.get(name)]
    row = {
        "id": new.draft_id,
        "version": drafts.BEGUN + 1,
        "changes": len(set_here),
        "answers": to_raw(known),
        "passed": answers.passed(vocabulary, steps),
        "started_at": new.now,
        "expires_at": new.now + LIFE,
        "shown": before.shown,
    }
    unheld.add(connection, clinic.keys, row, Somebody(line.subject.read_identity(clinic.keys)))
    changes = ((name, said.get(name), known[name]) for name in set_here)
    told = [TrailChange(number, new.now, *change) for number, change in enumerate(changes, start=1)]
    trail.add(connection, new.draft_id, told)
    reported.add(connection, new.draft_id, reported.of_draft(connection, line.draft_id))
    anew = answers.alarm_anew(vocabulary, rulebook.rules)
    corrections.copy_alerts(connection, line.draft_id, new.draft_id, new.now, anew)
    visit = visits.by_id(connection, new.last.visit_id)
    visit_forms.bind(connection, new.draft_id, visit.id, visit.plan.starts_at)
