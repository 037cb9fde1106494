"""A danger sign that was taken back, in words: what it was, when it was said and taken back, and who closed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Needling
from intake.engine.book.vocabulary import codes_in
from intake.engine.read.answers import from_raw
from intake.workflow.review import story

if TYPE_CHECKING:
    from datetime import datetime

    from intake.storage.taken_back import TakenBack
    from intake.workflow.review.findings import Terms


@dataclass(frozen=True, slots=True)
class Closed:
    """What was said or done about an item, by whom and when."""

    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OlderVersion:
    """An older version of the intake that is read: the `number`th."""

    id: str
    number: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A danger sign that was taken back. `asks`: the patient had not been sure; `closed` None: it waits.

    `version`: the older version that alone tells of it; None: the one that is read. `card`: the patient read the card
    that told what to do. `listed`: the words of those answers that stand on the list of danger signs.
    """

    rule: str
    title: str
    answers: str
    listed: tuple[str, ...]
    levels: Levels
    asks: bool
    said_at: datetime
    taken_at: datetime
    card: bool
    closed: Closed | None
    version: OlderVersion | None = None

    @property
    def key(self) -> str:
        """How a page names it among the signs of all versions."""
        return f"{self.rule}-{self.version.number}" if self.version else self.rule


def in_words(terms: Terms, sign: TakenBack, closed: Closed | None = None, *, card: bool = False) -> Withdrawn:
    """A sign in the patient's words: the answers alone, and with their question where they are a bare yes or no."""
    facts = terms.vocabulary.facts
    signs = terms.vocabulary.roles.danger_signs
    said = [
        _said(terms, fact, story.in_words(facts[fact], answer, terms.words))
        for fact, answer in from_raw(sign.answers).items()
        if fact in facts and answer
    ]
    return Withdrawn(
        rule=sign.rule,
        title=sign.title,
        answers="; ".join(said),
        listed=tuple(terms.words.code(signs, code) for code in codes_in(from_raw(sign.answers).get(signs))),
        levels=Levels(Needling.OK, sign.urgency),
        asks=sign.status is Status.ASKS,
        said_at=sign.said_at,
        taken_at=sign.taken_at,
        card=card,
        closed=closed,
    )


def _said(terms: Terms, fact: str, words: str) -> str:
    alone = fact == terms.vocabulary.roles.danger_signs
    return words if alone else f"{terms.words.question(fact)}: {words}"
