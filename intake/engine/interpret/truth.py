"""Reads conditions against one intake in three truth values: True, False, or None for UNKNOWN.

Each fact is looked up once: what holds, what may hold, and whether the question applies at all. A fact whose `asked_if`
is FALSE holds nothing; where `asked_if` is UNKNOWN the fact is UNKNOWN, whatever is stored for it.
"""

from __future__ import annotations

from typing import NamedTuple, assert_never

from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, UNKNOWN_WORDS, Answer, Answers, Fact, Kind, Vocabulary, codes_in

Truth = bool | None
NOTHING: frozenset[str] = frozenset()
UNKNOWN_STATES = frozenset(UNKNOWN_WORDS)


class Reading(NamedTuple):
    """What an intake says of one fact.

    `holds` and `may_hold` are codes (never the exclusive none), `number` is for numbers and scores. `applies` is the
    truth of `asked_if`; `known` is False where the fact is UNKNOWN, also in part.
    """

    applies: Truth
    known: bool
    holds: frozenset[str] = NOTHING
    may_hold: frozenset[str] = NOTHING
    number: float | None = None


class Intake:
    """One patient's answers, read fact by fact through the vocabulary."""

    __slots__ = ("_readings", "answers", "vocabulary")

    def __init__(self, vocabulary: Vocabulary, answers: Answers) -> None:
        self.vocabulary = vocabulary
        self.answers = answers
        self._readings: dict[str, Reading] = {}

    def read(self, name: str) -> Reading:
        """What the intake says of the fact."""
        reading = self._readings.get(name)
        if reading is None:
            reading = self._readings[name] = self._look_up(self.vocabulary.facts[name])
        return reading

    def sides(self, name: str) -> tuple[frozenset[str], frozenset[str]]:
        """The codes that the fact holds, and those that it holds or may hold."""
        reading = self.read(name)
        return reading.holds, reading.holds | reading.may_hold

    def _look_up(self, fact: Fact) -> Reading:
        applies = self._applies(fact)
        if applies is False:
            return Reading(applies, known=True)
        answer = self.answers.get(fact.name)
        if applies is None or _is_open(fact, answer):
            return Reading(applies, False, NOTHING, open_codes(fact))
        match answer:
            case tuple():
                return self._set(fact, answer)
            case str():
                return Reading(applies, True, frozenset((answer,)))
            case _:
                return Reading(applies, True, NOTHING, NOTHING, answer)

    def _applies(self, fact: Fact) -> Truth:
        if fact.narrows is not None:
            wide = self.read(fact.narrows)
            return wide.applies and NOT_SURE in codes_in(self.answers.get(fact.narrows))
        return True if fact.asked_if is None else self.truth(fact.asked_if)

    def _set(self, fact: Fact, answer: tuple[str, ...]) -> Reading:
        holds = frozenset(answer).difference(UNKNOWN_WORDS, (fact.none,))
        if UNKNOWN_STATES.isdisjoint(answer):
            return Reading(True, True, holds)
        return Reading(True, False, holds, self._unsure(fact, answer) - holds)

    def _unsure(self, fact: Fact, answer: tuple[str, ...]) -> frozenset[str]:
        named = codes_in(self.answers.get(fact.narrowed_by or ""))
        if NOT_SURE not in answer or not named or not UNKNOWN_STATES.isdisjoint(named):
            return open_codes(fact)
        return frozenset(named)

    def truth(self, condition: Condition) -> Truth:  # noqa: PLR0911 - one answer a node
        """The truth of the condition on this intake."""
        match condition:
            case OneOf(fact, codes) | AnyOf(fact, codes):
                return _any_of(self.read(fact), codes)
            case All(nodes):
                return self._first(nodes, ends=False)
            case AnyNode(nodes):
                return self._first(nodes, ends=True)
            case Not(node):
                inner = self.truth(node)
                return None if inner is None else not inner
            case Between(fact, low, below):
                return _between(self.read(fact), low, below)
            case Count(fact, count):
                reading = self.read(fact)
                return _at_least(count, len(reading.holds), len(reading.may_hold))
            case AllOf(fact, codes):
                return _all_of(self.read(fact), codes)
            case AtLeast(count, nodes):
                truths = list(map(self.truth, nodes))
                return _at_least(count, truths.count(True), truths.count(None))
            case _:
                assert_never(condition)

    def _first(self, nodes: tuple[Condition, ...], *, ends: bool) -> Truth:
        """`ends` if one node is that (FALSE ends `all`, TRUE ends `any`), else UNKNOWN if one is, else the opposite."""
        result: Truth = not ends
        for node in nodes:
            truth = self.truth(node)
            if truth is ends:
                return ends
            if truth is None:
                result = None
        return result


def open_codes(fact: Fact) -> frozenset[str]:
    """Every code that an unanswered fact may hold."""
    return frozenset(fact.codes).difference((fact.none,)) if fact.kind is not Kind.TEXT else NOTHING


def _is_open(fact: Fact, answer: Answer | None) -> bool:
    return answer is None or answer in UNKNOWN_WORDS or (answer == () and fact.kind is Kind.CHOICES)


def _at_least(count: int, true: int, unknown: int) -> Truth:
    if true >= count:
        return True
    return None if true + unknown >= count else False


def _any_of(reading: Reading, codes: tuple[str, ...]) -> Truth:
    if not reading.holds.isdisjoint(codes):
        return True
    return False if reading.may_hold.isdisjoint(codes) else None


def _all_of(reading: Reading, codes: tuple[str, ...]) -> Truth:
    missing = [code for code in codes if code not in reading.holds]
    if not missing:
        return True
    return None if reading.may_hold.issuperset(missing) else False


def _between(reading: Reading, low: float | None, below: float | None) -> Truth:
    if not reading.known:
        return None
    number = reading.number
    return number is not None and (low is None or number >= low) and (below is None or number < below)
