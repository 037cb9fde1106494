"""What older versions of an intake still hold open beside the newest one: worked out, and kept as codes. Pure.

A finding is gone if it fires on an older version that nobody decided and the newest does not say as much; a sign that
was taken back says so itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from intake.engine.book.decision import Status
from intake.engine.book.levels import CALM, Levels, Needling, Urgency
from intake.engine.read.answers import from_raw
from intake.storage import ranks
from intake.storage.alerts import Alert
from intake.storage.intakes import State, Stored
from intake.storage.ranks import NOT_EVALUATED_RANK
from intake.storage.reviews import Review
from intake.storage.taken_back import TakenBack
from intake.workflow.review import standing
from intake.workflow.review.folding import Card, ReviewFinding, circumstances, entries, fold, level, unknown, worst
from intake.workflow.review.outcomes import Outcome

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Vocabulary

MOST_NAMED = 3


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


@dataclass(frozen=True, slots=True)
class GoneLine:
    """A gone finding as the queue names it: `top` as `standing.top`, `rank` as it counts."""

    number: int
    since_number: int
    since: datetime
    how: Gone
    rank: int
    top: dict[str, object]

    @property
    def levels(self) -> Levels | None:
        """The levels at which it counts."""
        return ranks.levels_of(self.rank)


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An alarm that an older version raised, that nobody has taken, and of which nothing else on the line tells."""

    number: int
    title: str
    urgency: Urgency
    since: datetime

    @property
    def levels(self) -> Levels:
        """Its urgency, beside no level of needling."""
        return Levels(Needling.OK, self.urgency)


@dataclass(frozen=True, slots=True)
class ToDo:
    """What was decided on an older version and waits to be done; `doer`: a member of staff."""

    number: int
    outcome: Outcome
    doer: int | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What the line of an intake with `number` versions says of the older ones; `own`: the rank of the newest alone.

    `decided`: the last of them that was decided, where the newest waits; `undecided`: those that wait where it does
    not. `unevaluated`, `words`: versions that wait and were not judged, or whose own words nobody read. `more`: so many
    gone findings are not in `gone`.
    """

    number: int
    own: int
    decided: int | None = None
    undecided: tuple[int, ...] = ()
    unevaluated: tuple[int, ...] = ()
    words: tuple[int, ...] = ()
    gone: tuple[GoneLine, ...] = ()
    more: int = 0
    alarms: tuple[OpenAlarm, ...] = ()
    to_do: tuple[ToDo, ...] = ()


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


def summary(
    vocabulary: Vocabulary, versions: Sequence[Version], signs: Iterable[TakenBack], cards: Sequence[GoneCard]
) -> Held:
    """What the line says of older versions."""
    newest, older = versions[-1], versions[:-1]
    told = {entry.rule for entry in entries(newest.stored.decision or {})} | {sign.rule for sign in signs}
    told |= {rule for each in cards for rule in each.card.rules}
    waiting = [each for each in older if each.waits]
    decided = [each.number for each in older if each.stored.line.state is State.DECIDED]
    return Held(
        number=newest.number,
        own=order(vocabulary, versions[-1:], (), ()),
        decided=decided[-1] if decided and newest.waits else None,
        undecided=() if newest.waits else tuple(each.number for each in waiting),
        unevaluated=tuple(each.number for each in waiting if each.stored.line.not_evaluated),
        words=tuple(each.number for each in waiting if each.stored.line.unread_words),
        gone=tuple(
            GoneLine(
                each.number, each.since_number, each.since, each.how, standing.rank([each.card], ()), dict(each.top)
            )
            for each in cards[:MOST_NAMED]
        ),
        more=len(cards[MOST_NAMED:]),
        alarms=tuple(
            OpenAlarm(each.number, alarm.title, alarm.urgency, alarm.at)
            for each in older
            for alarm in each.alarms
            if alarm.rule not in told
        ),
        to_do=tuple(
            ToDo(each.number, Outcome(each.todo.outcome), each.todo.doer, each.todo.at) for each in older if each.todo
        ),
    )


def to_json(held: Held) -> dict[str, object]:
    """The form in which a summary is stored."""
    return {
        "number": held.number,
        "own": held.own,
        "decided": held.decided,
        "undecided": list(held.undecided),
        "unevaluated": list(held.unevaluated),
        "words": list(held.words),
        "gone": [
            {"number": each.number, "since_number": each.since_number, "how": each.how.value, "top": each.top}
            | {"since": each.since.isoformat(), "rank": each.rank}
            for each in held.gone
        ],
        "more": held.more,
        "alarms": [
            {"number": each.number, "title": each.title, "urgency": each.urgency.code, "since": each.since.isoformat()}
            for each in held.alarms
        ],
        "to_do": [
            {"number": each.number, "outcome": each.outcome.value, "doer": each.doer, "since": each.since.isoformat()}
            for each in held.to_do
        ],
    }


def from_json(stored: Mapping[str, Any]) -> Held:
    """A summary as it was stored."""
    return Held(
        number=stored["number"],
        own=stored["own"],
        decided=stored["decided"],
        undecided=tuple(stored["undecided"]),
        unevaluated=tuple(stored["unevaluated"]),
        words=tuple(stored["words"]),
        gone=tuple(
            GoneLine(each["number"], each["since_number"], _moment(each), Gone(each["how"]), each["rank"], each["top"])
            for each in stored["gone"]
        ),
        more=stored["more"],
        alarms=tuple(
            OpenAlarm(each["number"], each["title"], level(Urgency, each["urgency"]), _moment(each))
            for each in stored["alarms"]
        ),
        to_do=tuple(
            ToDo(each["number"], Outcome(each["outcome"]), each["doer"], _moment(each)) for each in stored["to_do"]
        ),
    )


def _moment(row: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(row["since"])


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
