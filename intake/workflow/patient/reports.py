"""Answers that staff enter for a patient: "the patient called and takes apixaban"; a version of its own, judged again.

The patient's own answer stays in the trail and beside the new one, with who said it, how and when.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from intake.storage import audit, corrections, reported
from intake.storage.corrections import By
from intake.storage.reported import How, Report, Who
from intake.workflow.patient import interview, versions
from intake.workflow.patient.versions import Change

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answers, Vocabulary
    from intake.storage.intakes import Receipt
    from intake.workflow.patient.drafts import Post
    from intake.workflow.patient.submit import Sending
    from intake.workflow.patient.versions import Version
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

__all__ = ["By", "How", "Said", "Who"]


@dataclass(frozen=True, slots=True)
class Said:
    """Who gave an answer, how and when."""

    who: Who
    how: How
    at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Entered:
    """What staff entered: the answers as a post, who said so, and what the new version is called."""

    post: Post
    said: Said
    sending: Sending


def enter(clinic: Clinic, rulebook: Rulebook, version: Version, entered: Entered, by: Practitioner) -> Receipt:
    """Store answers as a new version, judged; raises StaleError where there is a newer one than that on the page."""
    now, said = clinic.clock(), entered.said
    post = versions.with_lists(rulebook.vocabulary, version.draft.answers, entered.post)
    names = changed(rulebook.vocabulary, version, entered.post)
    before, after = counted(rulebook.vocabulary, version), entered.post.answers
    reports = tuple(
        Report(name, now, said.who, said.how, said.at, by.id, before.get(name), after.get(name)) for name in names
    )

    def also(connection: Connection, receipt: Receipt) -> None:
        details = {"questions": list(names), "who": said.who.value, "how": said.how.value}
        details["by"] = receipt.intake_id
        entry = audit.AuditEntry(now, by.actor, "answer_entered", "intake", version.intake_id, details)
        audit.record(connection, clinic.keys, entry)

    sending = replace(entered.sending, actor=by.actor)
    return versions.add(clinic, rulebook, version, Change(post, By.STAFF, sending, reports), also)


def meanwhile(clinic: Clinic, draft_id: str) -> frozenset[str]:
    """The facts that staff were told while this draft, a correction or a check-in, was open."""
    with clinic.database.read() as connection:
        begun = corrections.begun_at(connection, draft_id)
        if begun is None:
            return frozenset()
        return frozenset(each.key for each in reported.of_draft(connection, draft_id) if each.at > begun)


def changed(vocabulary: Vocabulary, version: Version, post: Post) -> tuple[str, ...]:
    """The facts whose answer is another than the one that counts now."""
    before, after = counted(vocabulary, version), post.answers
    return tuple(name for name in post.step.facts if before.get(name) != after.get(name))


def counted(vocabulary: Vocabulary, version: Version) -> Answers:
    """The answers of a version, with what its lists say of the questions behind them."""
    stored = version.draft.answers
    return {**interview.resolve(vocabulary, stored), **stored}
