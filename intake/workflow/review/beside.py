"""What stands beside an intake: who helped on the tablet, whether it is clear whose it is, other forms of its visit.

Two forms of one visit both stay: the one that is not sent is named, and of two that were sent the newer one says in
which answers it differs from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw
from intake.storage import corrections, devices, intakes, visit_forms
from intake.workflow.review import story

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.vocabulary import Answers
    from intake.storage.intakes import Stored
    from intake.workflow.review.findings import Terms

NO_ANSWER = "not answered"


@dataclass(frozen=True, slots=True)
class Second:
    """Another form of the same visit that nobody has sent yet; `alarmed`: a danger sign was told in it."""

    draft_id: str
    begun_at: datetime
    alarmed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A question that this version and the one before it answer differently."""

    question: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Beside:
    """`helper`: who helped on the tablet, empty: not told; `unclear_at`: since when it is unclear whose form it is."""

    helper: str
    unclear_at: datetime | None
    seconds: tuple[Second, ...]
    differences: tuple[Difference, ...]


def load(connection: Connection, terms: Terms, stored: Stored) -> Beside:
    """What stands beside a stored intake."""
    draft_id = stored.line.draft_id
    sitting, before = devices.of_draft(connection, draft_id), corrections.before(connection, draft_id)
    older = None if before is None else intakes.by_id(connection, before.intake_id)
    return Beside(
        "" if sitting is None else sitting.helper,
        None if sitting is None else sitting.unclear_at,
        tuple(Second(*each) for each in visit_forms.unsent_beside(connection, draft_id)),
        () if older is None else _differences(terms, from_raw(older.facts), from_raw(stored.facts)),
    )


def _differences(terms: Terms, before: Answers, now: Answers) -> tuple[Difference, ...]:
    return tuple(
        Difference(terms.words.question(fact), _told(terms, fact, before), _told(terms, fact, now))
        for fact in terms.vocabulary.facts
        if before.get(fact) != now.get(fact)
    )


def _told(terms: Terms, fact: str, answers: Answers) -> str:
    answer = answers.get(fact)
    return NO_ANSWER if answer is None else story.in_words(terms.vocabulary.facts[fact], answer, terms.words)
