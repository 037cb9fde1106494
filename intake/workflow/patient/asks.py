"""The patient's side of what was asked back: the questions that are still open, and the answer, a version of its own.

Every answer is stored and judged at once. What it brings up is asked next; nothing is asked twice, also where the
patient is still not sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.interpret.settling import settling
from intake.engine.interpret.truth import Intake
from intake.errors import NotFoundError
from intake.storage import asks, audit, links
from intake.storage.corrections import By
from intake.storage.links import Purpose
from intake.workflow.patient import interview, versions
from intake.workflow.patient.versions import Change

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.storage.asks import Ask
    from intake.storage.intakes import Receipt
    from intake.workflow.patient.drafts import Draft, Post
    from intake.workflow.patient.submit import Sending
    from intake.workflow.patient.versions import Version
    from intake.workflow.shared.clinic import Clinic


@dataclass(frozen=True, slots=True, repr=False)
class Waiting:
    """What was asked back, the newest version of the form, and the questions that are still to be answered."""

    ask: Ask
    version: Version
    names: tuple[str, ...]

    @property
    def draft(self) -> Draft:
        """The form as it was sent last."""
        return self.version.draft


def load(clinic: Clinic, rulebook: Rulebook, ask_id: str) -> Waiting:
    """What is still to be answered; raises NotFoundError."""
    with clinic.database.read() as connection:
        ask = asks.by_id(connection, ask_id)
    if ask is None:
        raise NotFoundError("Nothing of this kind was asked back.")
    version = versions.newest(clinic, ask.intake_id)
    return Waiting(ask, version, _open(rulebook, ask, version.draft))


def answer(clinic: Clinic, rulebook: Rulebook, waiting: Waiting, post: Post, sending: Sending) -> Receipt:
    """Store an answer as a new version, judged; raises StaleError where it was answered or changed meanwhile."""
    now, ask, names = clinic.clock(), waiting.ask, waiting.names

    def also(connection: Connection, receipt: Receipt) -> None:
        asks.answer(connection, ask, names, receipt.intake_id, now)
        links.use(connection, Purpose.QUESTION, ask.id, now)
        details = {"ask": ask.id, "questions": list(names), "by": receipt.intake_id}
        entry = audit.AuditEntry(now, "patient", "answered_back", "intake", ask.intake_id, details)
        audit.record(connection, clinic.keys, entry)

    counted = versions.with_lists(rulebook.vocabulary, waiting.draft.answers, post)
    change = Change(counted, By.ASKED, sending)
    return versions.add(clinic, rulebook, waiting.version, change, also)


def _open(rulebook: Rulebook, ask: Ask, draft: Draft) -> tuple[str, ...]:
    vocabulary = rulebook.vocabulary
    intake = Intake(vocabulary, interview.resolve(vocabulary, draft.answers))
    names = {name for rule in rulebook.rules if rule.id in ask.rules for name in settling(rule.when, intake)}
    left = names.difference(ask.answered) & versions.reachable(vocabulary, draft.answers)
    return tuple(sorted(left, key=vocabulary.places.__getitem__))
