"""What older versions of an intake still hold open beside the newest one. Pure.

A finding is gone if it fires on an older version that nobody decided and the newest does not say as much; a sign that
was taken back says so itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from intake.engine.book.decision import Status
from intake.engine.book.levels import CALM
from intake.engine.read.answers import from_raw
from intake.storage import ranks
from intake.storage.alerts import Alert
from intake.storage.intakes import State, Stored
from intake.storage.ranks import NOT_EVALUATED_RANK
from intake.storage.reviews import Review
from intake.storage.taken_back import TakenBack
from intake.workflow.review import standing
from intake.workflow.review.folding import Card, ReviewFinding, circumstances, entries, fold, unknown, worst

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Vocabulary


class Gone(StrEnum):
    """Why a finding of an older version is not one of the newest: denied, graver before, or nothing was judged.

    Graver before by what was said, that is: a question that was open and is answered is no finding that went.
    """

    NO_LONGER = "no_longer"
    LESS = "less"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Version:
    """One version as stored, the `number`th of its lineage. `alarms`: open; `todo`: a decision that waits to be done.

    `signs`: all that it says were taken back.
    """

    number: int
    stored: Stored
    signs: tuple[TakenBack, ...] = ()
    alarms: tuple[Alert, ...] = ()
    todo: Review | None = None

    @property
    def id(self) -> str:
        """The intake's id."""
        return self.stored.line.id

    @property
    def waits(self) -> bool:
        """Whether nobody decided it, or a newer version instead of it."""
        return self.stored.line.state in {State.NEW, State.SEEN}

    @property
    def unread_words(self) -> bool:
        """Whether it waits with own words that nobody read."""
        return self.waits and self.stored.line.unread_words


@dataclass(frozen=True, slots=True)
class GoneCard:
    """Findings of version `number` that are gone since version `since_number`, which was sent at `since`."""

    number: int
    since_number: int
    since: datetime
    how: Gone
    card: Card
    top: Mapping[str, object]

    @property
    def rank(self) -> int:
        """Where it alone would stand in the queue."""
        return standing.rank([self.card], ())

    @property
    def key(self) -> str:
        """How forms name it; a card of the newest version may have the same rule."""
        return f"was-{self.card.key}"


def gone(vocabulary: Vocabulary, versions: Sequence[Version]) -> tuple[GoneCard, ...]:
    """The gone findings of versions (oldest first), folded, the gravest first; each rule as the last version had it."""
    named: set[str] = set()
    groups: dict[tuple[int, int, Gone], list[ReviewFinding]] = {}
    for version in reversed(versions[:-1]):
        later = versions[version.number :]
        for entry in _fired(version.stored) if version.waits else ():
            how = _how(entry, version.stored, versions[-1].stored)
            if how is not None and entry.rule not in named and not _is_sign(entry, version, later):
                since = next(each for each in later if _how(entry, version.stored, each.stored) is not None)
                groups.setdefault((version.number, since.number, how), []).append(entry)
                named.add(entry.rule)
    cards = [
        each
        for (number, since_number, how), some in groups.items()
        for each in _cards(vocabulary, versions[number - 1], versions[since_number - 1], how, some)
    ]
    return tuple(sorted(cards, key=lambda each: (-each.card.counted.urgency, -each.card.counted.needling)))


def order(
    vocabulary: Vocabulary, versions: Sequence[Version], signs: Iterable[TakenBack], cards: Iterable[GoneCard]
) -> int:
    """The rank of a line: by the newest version's findings, and by all that is held open beside them."""
    newest, older = versions[-1], versions[:-1]
    if newest.stored.line.not_evaluated or any(each.waits and each.stored.line.not_evaluated for each in older):
        return NOT_EVALUATED_RANK
    levels = worst((*standing.cards_of(vocabulary, newest.stored), *(each.card for each in cards)))
    alarms = [alarm.urgency for each in older for alarm in each.alarms]
    return ranks.rank(max([levels.urgency, *(sign.urgency for sign in signs), *alarms]), levels.needling)


def _fired(stored: Stored) -> Iterator[ReviewFinding]:
    """The findings of a version that a person has to weigh."""
    for entry in entries(stored.decision or {}):
        if entry.status is Status.FIRES and entry.levels != CALM:
            yield entry


def _how(entry: ReviewFinding, was: Stored, now: Stored) -> Gone | None:
    """Why a finding is not one of another version; None: it says as much, or less because a question was answered."""
    if now.decision is None:
        return Gone.NOT_JUDGED
    there = next((each for each in _fired(now) if each.rule == entry.rule), None)
    if there is None:
        return Gone.NO_LONGER
    as_grave = there.levels.urgency >= entry.levels.urgency and there.levels.needling >= entry.levels.needling
    stands = (as_grave and set(there.where) >= set(entry.where)) or not _took_back(was, now)
    return None if stands else Gone.LESS


def _took_back(was: Stored, now: Stored) -> bool:
    """Whether anything that was known on one version is otherwise on another; what was open may be answered."""
    return any(now.facts.get(name) != value for name, value in was.facts.items() if not unknown(value))


def _is_sign(entry: ReviewFinding, version: Version, later: Iterable[Version]) -> bool:
    """Whether a version sent later says that this, or its answers, was taken back since this version was sent."""
    said, sent_at = {**entry.decided_by, **entry.raised_by}, version.stored.line.sent_at
    signs = (sign for each in later for sign in each.signs if sign.taken_at >= sent_at)
    return any(
        (sign.rule == entry.rule or sign.answers == said) and sign.urgency >= entry.levels.urgency for sign in signs
    )


def _cards(
    vocabulary: Vocabulary, version: Version, since: Version, how: Gone, findings: Sequence[ReviewFinding]
) -> Iterator[GoneCard]:
    about = circumstances(vocabulary, from_raw(version.stored.answers))
    for card in fold(findings, about):
        top = standing.top([card], about) or {}
        yield GoneCard(version.number, since.number, since.stored.line.sent_at, how, card, top)
