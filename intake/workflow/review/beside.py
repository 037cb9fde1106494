"""What stands beside an intake: who helped on the tablet, whether it is clear whose it is, other forms of its visit.

Two forms of one visit both stay: the one that is not sent is named, and of two that were sent the newer one says in
which answers it differs from the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw
from intake.questions.steps import NEW_MEDICINE
from intake.storage import corrections, day_answers, devices, intakes, visit_forms
from intake.storage.day_answers import AskedAt
from intake.workflow.review import story

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from intake.engine.book.vocabulary import Answers
    from intake.storage.day_answers import DayAnswer
    from intake.storage.intakes import Stored
    from intake.workflow.review.findings import Terms

__all__ = ["AskedAt", "Beside"]
NO = "no"
NO_ANSWER = "not answered"


@dataclass(frozen=True, slots=True)
class SecondForm:
    """Another form of the same visit that nobody has sent yet; `alarmed`: a danger sign was told in it."""

    draft_id: str
    begun_at: datetime
    alarmed: bool


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A question that this version and the one before it answer differently."""

    question: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class DayAsked:
    """What was asked on the day of the visit. `arrived`: from then on what was not asked counts as unknown.

    `asked_at`: when something was asked last, and `place` where; `medicine`: the answer whether a medicine is new, in
    words, empty: not asked; `warns`: it is, or the patient is not sure.
    """

    arrived: bool
    asked_at: datetime | None
    place: AskedAt | None
    medicine: str
    warns: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """`helper`: who helped on the tablet, empty: not told; `unclear_at`: since when it is unclear whose form it is.

    `not_asked`: the facts of the day that nobody asked in the clinic yet.
    """

    helper: str
    unclear_at: datetime | None
    seconds: tuple[SecondForm, ...]
    differences: tuple[VersionChange, ...]
    day: DayAsked
    not_asked: frozenset[str]


def load(connection: Connection, terms: Terms, stored: Stored) -> Beside:
    """What stands beside a stored intake."""
    draft_id = stored.line.draft_id
    sitting, before = devices.of_draft(connection, draft_id), corrections.before(connection, draft_id)
    said = day_answers.of_draft(connection, draft_id)
    older = None if before is None else intakes.by_id(connection, before.receipt.intake_id)
    return Beside(
        "" if sitting is None else sitting.helper,
        None if sitting is None else sitting.unclear_at,
        tuple(SecondForm(*each) for each in visit_forms.unsent_beside(connection, draft_id)),
        () if older is None else _differences(terms, from_raw(older.facts), from_raw(stored.facts)),
        _day(terms, said, arrived=visit_forms.has_arrived(connection, draft_id)),
        frozenset(terms.vocabulary.roles.at_arrival).difference(said),
    )


def _day(terms: Terms, said: Mapping[str, DayAnswer], *, arrived: bool) -> DayAsked:
    last = max(said.values(), key=lambda each: each.asked_at, default=None)
    code = said[NEW_MEDICINE].answer if NEW_MEDICINE in said else None
    word = "" if code is None else terms.words.code(NEW_MEDICINE, str(code))
    return DayAsked(
        arrived,
        None if last is None else last.asked_at,
        None if last is None else last.place,
        word,
        warns=code not in (None, NO),
    )


def _differences(terms: Terms, before: Answers, now: Answers) -> tuple[VersionChange, ...]:
    return tuple(
        VersionChange(terms.words.question(fact), _told(terms, fact, before), _told(terms, fact, now))
        for fact in terms.vocabulary.facts
        if before.get(fact) != now.get(fact)
    )


def _told(terms: Terms, fact: str, answers: Answers) -> str:
    answer = answers.get(fact)
    return NO_ANSWER if answer is None else story.in_words(terms.vocabulary.facts[fact], answer, terms.words)
