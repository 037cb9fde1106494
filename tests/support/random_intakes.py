"""Seeded random answers and conditions over any vocabulary.

Missing, blank, not sure, declined, narrowed and hidden answers all occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Leaf, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, UNKNOWN_WORDS, Answer, Fact, Kind, Vocabulary

NUMBERS = (Kind.NUMBER, Kind.SCORE)


@dataclass(frozen=True, slots=True)
class Patient:
    """How a random patient answers: the shares of questions left out, not known, and denied."""

    left_out: float
    not_known: float
    denied: float


PATIENTS = (
    Patient(0.0, 0.0, 0.9),
    Patient(0.0, 0.0, 0.3),
    Patient(0.1, 0.1, 0.7),
    Patient(0.05, 0.3, 0.3),
    Patient(0.0, 0.7, 0.3),
    Patient(0.6, 0.1, 0.4),
)


def seeded(number: int) -> Random:
    """The same numbers every time."""
    return Random(number)  # noqa: S311 - nothing secret


def answers(vocabulary: Vocabulary, random: Random) -> dict[str, Answer]:
    """Answers as they are stored, whether or not their questions apply."""
    patient = random.choice(PATIENTS)
    found = {name: _answer(fact, patient, random) for name, fact in vocabulary.facts.items()}
    for fact in vocabulary.facts.values():
        wide = found.get(fact.narrows or "")
        if isinstance(wide, tuple) and NOT_SURE in wide and random.random() < 0.7:
            found[fact.name] = _some(fact, random)
    return {name: answer for name, answer in found.items() if answer is not None}


def _answer(fact: Fact, patient: Patient, random: Random) -> Answer | None:
    if fact.kind is Kind.TEXT or random.random() < patient.left_out:
        return None
    if fact.may_be_unknown and random.random() < patient.not_known:
        return _unknown(fact, random)
    if fact.kind in NUMBERS:
        low, high = (0, 10) if fact.kind is Kind.SCORE else (int(fact.low or 0), int(fact.high or 120))
        return random.randint(low, high)
    denied = random.random() < patient.denied
    if fact.kind is Kind.CHOICE:
        return fact.benign if denied and fact.benign else random.choice(fact.codes)
    return _ticked(fact, random, denied=denied)


def _unknown(fact: Fact, random: Random) -> Answer:
    word = random.choice(UNKNOWN_WORDS)
    if fact.kind not in {Kind.CHOICES, Kind.REGIONS}:
        return word
    blank: tuple[str, ...] = ()
    beside = (*_some(fact, random), NOT_SURE)
    return random.choice((blank, beside, (word,))) if fact.kind is Kind.CHOICES else (word,)


def _ticked(fact: Fact, random: Random, *, denied: bool) -> tuple[str, ...] | None:
    if denied and fact.none:
        return (fact.none,)
    return () if denied and fact.kind is Kind.REGIONS else _some(fact, random)


def _some(fact: Fact, random: Random) -> tuple[str, ...]:
    codes = [code for code in fact.codes if code != fact.none]
    most = random.choice((1, 2, 4, len(codes)))
    return tuple(random.sample(codes, random.randint(1, min(most, len(codes)))))


def condition(vocabulary: Vocabulary, random: Random, depth: int = 3) -> Condition:
    """A condition of any shape over the facts that a rule may read."""
    if depth == 0 or random.random() < 0.2:
        return leaf(random.choice(readable(vocabulary)), random)
    nodes = tuple(condition(vocabulary, random, depth - 1) for _ in range(random.randint(1, 4)))
    return random.choice((All(nodes), AnyNode(nodes), Not(nodes[0]), AtLeast(random.randint(1, len(nodes)), nodes)))


def readable(vocabulary: Vocabulary) -> list[Fact]:
    """The facts that a rule may read."""
    return [fact for fact in vocabulary.facts.values() if fact.kind is not Kind.TEXT and fact.narrows is None]


def leaf(fact: Fact, random: Random) -> Leaf:
    """A leaf that reads the fact."""
    if fact.kind in NUMBERS:
        low = random.randint(0, 9)
        return random.choice(
            (Between(fact.name, low, None), Between(fact.name, None, low + 1), Between(fact.name, low, low + 4))
        )
    codes = _some(fact, random)
    if fact.kind is Kind.CHOICE:
        return OneOf(fact.name, codes)
    return random.choice((AnyOf(fact.name, codes), AllOf(fact.name, codes), Count(fact.name, len(codes))))
