"""A form on paper typed in by somebody who works here: begun, saved part by part, sent.

It is a draft like a patient's, without a cookie: whoever works here types on by its id, and nothing that was typed is
shown again. Each part is saved with its alarms, as a page of the screen is. Who typed which part, and where its marks
did not agree, is in the audit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.errors import NotFoundError, StaleError
from intake.questions.steps import Step
from intake.storage import audit, typed_forms, visit_forms
from intake.storage import visits as visit_rows
from intake.storage.typed_forms import KIND, TYPED
from intake.workflow.desk import records
from intake.workflow.desk.identity import Identity
from intake.workflow.patient import drafts, saving
from intake.workflow.patient.drafts import Draft, Post
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.workflow.desk.visits import Practitioner
    from intake.workflow.patient.paper.marks import Part, ReadPart
    from intake.workflow.patient.submit import Receipt, Sending
    from intake.workflow.shared.clinic import Clinic

LAST = "check"
MOST_WAITING = 50
NOT_BEGUN = "This form is not being typed in here."
MOVED_ON = "This form was saved in another window meanwhile."


@dataclass(frozen=True, slots=True)
class TypedForm:
    """A form that is being typed in: the draft as the next save finds it, its visit if any, which parts are saved."""

    draft: Draft
    visit_id: str | None
    saved: frozenset[int]


def begin(clinic: Clinic, draft_id: str, token: str, visit_id: str, by: Practitioner) -> None:
    """Begin to type, for a visit or (empty) for none; raises NotFoundError where there is no such visit.

    `token` is one that nobody is given.
    """
    with clinic.database.read() as connection:
        visit = visit_rows.by_id(connection, visit_id) if visit_id else None
    drafts.start(clinic, draft_id=draft_id, token=token)
    with clinic.database.begin() as connection:
        if visit is not None:
            visit_forms.bind(connection, draft_id, visit.id, visit.plan.starts_at)
        _tell(connection, clinic, draft_id, by, {"part": 0})


def load(clinic: Clinic, parts: tuple[Part, ...], draft_id: str) -> TypedForm:
    """A form that is being typed in; raises NotFoundError where it is none, is a patient's own, or was sent."""
    draft = drafts.load_by_id(clinic, draft_id)
    with clinic.database.read() as connection:
        begun = any(event.action == TYPED for event in audit.of_object(connection, KIND, draft_id))
        visit_id = visit_forms.visit_of(connection, draft_id)
    if not begun or draft.sent:
        raise NotFoundError(NOT_BEGUN)
    return TypedForm(draft, visit_id, frozenset(part.number for part in parts if {*part.names} <= {*draft.passed}))


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """A form that somebody began to type and did not send: for whom, as far as the desk knows, and how far it is."""

    draft_id: str
    who: Identity
    begun_at: datetime
    saved: int


def waiting(clinic: Clinic, parts: tuple[Part, ...], by: Practitioner) -> list[WaitingForm]:
    """The forms that are not sent yet, the newest first; the look is recorded."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        found = typed_forms.unfinished(connection, now, MOST_WAITING)
        visits = {each.visit_id: visit_rows.by_id(connection, each.visit_id) for each in found if each.visit_id}
    looks.record(clinic, audit.AuditEntry(now, by.actor, "listed", "paper", "paper", {"forms": len(found)}))
    return [
        WaitingForm(
            each.draft_id,
            records.identity_of(clinic.keys, visits[each.visit_id].subject if each.visit_id else each.subject),
            each.begun_at,
            sum({*part.names} <= {*each.passed} for part in parts),
        )
        for each in found
    ]


def whose(clinic: Clinic, entry: TypedForm) -> Identity:
    """Whose form it is: who comes to its visit; without one, whoever it names as far as it is typed."""
    if entry.visit_id is None:
        return records.identity_of(clinic.keys, entry.draft.subject)
    with clinic.database.read() as connection:
        visit = visit_rows.by_id(connection, entry.visit_id)
    return records.identity_of(clinic.keys, visit.subject)


def save(clinic: Clinic, rulebook: Rulebook, entry: TypedForm, typed: ReadPart, by: Practitioner) -> None:
    """Store a part whole: what was typed of it before gives way. Raises StaleError where the form moved on."""
    part, draft = typed.part, entry.draft
    asked = [name for page in part.pages for name in (*page.facts, page.gate) if name is not None]
    step = Step(part.pages[0].name, tuple(asked), shown=clinic.vocabulary, passes=part.names)
    post = Post(step, typed.answers, typed.identity, typed.texts)
    details = {"part": part.number, "contradicting": list(typed.contradicting)}
    saving.save_page(clinic, rulebook, draft, post, lambda connection: _tell(connection, clinic, draft.id, by, details))


def send(clinic: Clinic, rulebook: Rulebook, entry: TypedForm, parts: tuple[Part, ...], sending: Sending) -> Receipt:
    """Store the intake; raises StaleError where a part is not saved yet, or the form moved on."""
    if len(entry.saved) < len(parts):
        raise StaleError(MOVED_ON)
    post = Post(Step(LAST), {}, {}, {})
    return saving.send_page(clinic, rulebook, entry.draft, post, sending)


def _tell(connection: Connection, clinic: Clinic, draft_id: str, by: Practitioner, details: dict[str, object]) -> None:
    audit.record(connection, clinic.keys, audit.AuditEntry(clinic.clock(), by.actor, TYPED, KIND, draft_id, details))
