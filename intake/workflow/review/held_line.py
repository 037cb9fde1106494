"""What the line of an intake says of its older versions: kept as codes on the newest one, read with it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.storage import ranks
from intake.storage.intakes import State
from intake.storage.taken_back import TakenBack
from intake.workflow.review import held as working
from intake.workflow.review.folding import entries, level
from intake.workflow.review.held import Gone, GoneCard, Version
from intake.workflow.review.outcomes import Outcome

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Vocabulary

MOST_NAMED = 3


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


def summary(
    vocabulary: Vocabulary, versions: Sequence[Version], signs: Iterable[TakenBack], cards: Sequence[GoneCard]
) -> Held:
    """What the line says of older versions."""
    newest, older = versions[-1], versions[:-1]
    waiting = [each for each in older if each.waits]
    decided = [each.number for each in older if each.stored.line.state is State.DECIDED]
    return Held(
        number=newest.number,
        own=working.order(vocabulary, versions[-1:], (), ()),
        decided=decided[-1] if decided and newest.waits else None,
        undecided=() if newest.waits else tuple(each.number for each in waiting),
        unevaluated=tuple(each.number for each in waiting if each.stored.line.not_evaluated),
        words=tuple(each.number for each in older if each.unread_words),
        gone=tuple(map(_gone, cards[:MOST_NAMED])),
        more=len(cards[MOST_NAMED:]),
        alarms=tuple(sorted(_alarms(older, _told(newest, signs, cards)), key=lambda alarm: -alarm.urgency)),
        to_do=tuple(_to_do(older)),
    )


def _told(newest: Version, signs: Iterable[TakenBack], cards: Iterable[GoneCard]) -> frozenset[str]:
    """The rules of which the line tells without their alarm."""
    found = {entry.rule for entry in entries(newest.stored.decision or {})}
    return frozenset(found.union((sign.rule for sign in signs), *(each.card.rules for each in cards)))


def _gone(card: GoneCard) -> GoneLine:
    return GoneLine(card.number, card.since_number, card.since, card.how, card.rank, dict(card.top))


def _alarms(older: Iterable[Version], told: Collection[str]) -> Iterator[OpenAlarm]:
    """The open alarms of rules of which nothing else tells."""
    for each in older:
        alarms = (alarm for alarm in each.alarms if alarm.rule not in told)
        yield from (OpenAlarm(each.number, alarm.title, alarm.urgency, alarm.at) for alarm in alarms)


def _to_do(older: Iterable[Version]) -> Iterator[ToDo]:
    for each in older:
        if each.todo:
            yield ToDo(each.number, Outcome(each.todo.outcome), each.todo.doer, each.todo.at)


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
