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
from intake.storage import audit, visit_forms
from intake.storage import visits as visit_rows
from intake.workflow.desk import records
from intake.workflow.desk.identity import Identity
from intake.workflow.patient import drafts, saving
from intake.workflow.patient.drafts import Draft, Post
from intake.workflow.review.intake import TYPED

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.workflow.clinic import Clinic
    from intake.workflow.desk.visits import Practitioner
    from intake.workflow.paper.marks import Part, Typed
    from intake.workflow.patient.submit import Receipt, Sending

LAST = "check"
NOT_BEGUN = "This form is not being typed in here."
MOVED_ON = "This form was saved in another window meanwhile."


@dataclass(frozen=True, slots=True)
class Entry:
    """A form that is being typed in: which of its parts are saved, and the version that the next save is based on."""

    draft: Draft
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


def load(clinic: Clinic, parts: tuple[Part, ...], draft_id: str) -> Entry:
    """A form that is being typed in; raises NotFoundError where it is none, is a patient's own, or was sent."""
    draft = drafts.load_by_id(clinic, draft_id)
    with clinic.database.read() as connection:
        begun = any(event.action == TYPED for event in audit.of_object(connection, "draft", draft_id))
    if not begun or draft.sent:
        raise NotFoundError(NOT_BEGUN)
    return Entry(draft, frozenset(part.number for part in parts if {*part.names} <= {*draft.passed}))


def who_comes(clinic: Clinic, draft_id: str) -> Identity:
    """Whose visit the form is for, as the front desk knows it; nobody where it is for none."""
    with clinic.database.read() as connection:
        visit_id = visit_forms.visit_of(connection, draft_id)
        visit = visit_rows.by_id(connection, visit_id) if visit_id else None
    return Identity("") if visit is None else records.identity_of(clinic.keys, visit.subject)


def save(clinic: Clinic, rulebook: Rulebook, entry: Entry, typed: Typed, by: Practitioner) -> None:
    """Store a part whole: what was typed of it before gives way. Raises StaleError where the form moved on."""
    part, draft = typed.part, entry.draft
    asked = [name for page in part.pages for name in (*page.facts, page.gate) if name is not None]
    step = Step(part.pages[0].name, tuple(asked), shown=clinic.vocabulary, passes=part.names)
    post = Post(step, typed.answers, typed.identity, typed.texts)
    details = {"part": part.number, "contradicting": list(typed.contradicting)}
    saving.save_page(clinic, rulebook, draft, post, lambda connection: _tell(connection, clinic, draft.id, by, details))


def send(clinic: Clinic, rulebook: Rulebook, entry: Entry, parts: tuple[Part, ...], sending: Sending) -> Receipt:
    """Store the intake; raises StaleError where a part is not saved yet, or the form moved on."""
    if len(entry.saved) < len(parts):
        raise StaleError(MOVED_ON)
    post = Post(Step(LAST), {}, {}, {})
    return saving.send_page(clinic, rulebook, entry.draft, post, sending)


def _tell(connection: Connection, clinic: Clinic, draft_id: str, by: Practitioner, details: dict[str, object]) -> None:
    audit.record(connection, clinic.keys, audit.AuditEntry(clinic.clock(), by.actor, TYPED, "draft", draft_id, details))
