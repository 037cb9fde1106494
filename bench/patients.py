"""Generated intakes over any vocabulary, seeded: missing, not sure, declined, hidden and narrowed answers all occur.

`patients` are drawn one by one; `walk` changes a few answers at a time, so that more intakes can be decided in an hour.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

from intake.engine.book.vocabulary import DECLINED, NOT_SURE, Answer, Fact, Kind, Vocabulary

T = TypeVar("T")
UNKNOWN = (NOT_SURE, DECLINED)
DRAWN_AGAIN = 4
CALM = (0.5, 0.8, 0.95)


def patients(vocabulary: Vocabulary, count: int, seed: int = 1, missing: float = 0.1) -> Iterator[dict[str, Answer]]:
    """`count` intakes, from much ticked to nearly calm; answers are given whether their question applies or not."""
    dice = random.Random(seed)
    for _ in range(count):
        calm, gaps = _one(dice, CALM), _one(dice, (0, missing, 4 * missing))
        kept = [fact for fact in vocabulary.facts.values() if dice.random() >= gaps]
        yield {fact.name: _answer(dice, fact, calm) for fact in kept}


def walk(vocabulary: Vocabulary, count: int, seed: int, missing: float = 0.1) -> Iterator[dict[str, Answer]]:
    """`count` intakes; each is the one before, but for `DRAWN_AGAIN` facts drawn again by other habits."""
    dice = random.Random(seed)
    facts = tuple(vocabulary.facts.values())
    (answers,) = patients(vocabulary, 1, seed, missing)
    for _ in range(count):
        yield answers
        answers = answers.copy()
        calm, gaps = _one(dice, CALM), _one(dice, (0, missing, 4 * missing))
        for fact in [_one(dice, facts) for _ in range(DRAWN_AGAIN)]:
            answers.pop(fact.name, None)
            if dice.random() >= gaps:
                answers[fact.name] = _answer(dice, fact, calm)


def _answer(dice: random.Random, fact: Fact, calm: float) -> Answer:
    unclear = fact.may_be_unknown and dice.random() > 0.97
    match fact.kind:
        case Kind.CHOICE:
            return _one(dice, UNKNOWN) if unclear else _code(dice, fact, calm)
        case Kind.CHOICES:
            return _codes(dice, fact, calm, unclear=unclear)
        case Kind.REGIONS:
            return (_one(dice, UNKNOWN),) if unclear else _some(dice, fact.codes, 0.05)
        case Kind.TEXT:
            return "words"
        case _:
            high = int(fact.high if fact.high is not None else 100)
            return _one(dice, UNKNOWN) if unclear else int(dice.random() * (high + 1))


def _code(dice: random.Random, fact: Fact, calm: float) -> str:
    return fact.benign if fact.benign is not None and dice.random() < calm else _one(dice, fact.codes)


def _codes(dice: random.Random, fact: Fact, calm: float, *, unclear: bool) -> tuple[str, ...]:
    if fact.none is not None and not unclear and dice.random() < calm:
        return (fact.none,)
    ticked = _some(dice, tuple(code for code in fact.codes if code != fact.none), 0.2)
    if unclear or not ticked:
        return (*ticked, NOT_SURE) if ticked or dice.random() < 0.5 else (DECLINED,)
    return ticked


def _some(dice: random.Random, codes: tuple[str, ...], share: float) -> tuple[str, ...]:
    chance = dice.random
    return tuple([code for code in codes if chance() < share])


def _one(dice: random.Random, options: Sequence[T]) -> T:
    return options[int(dice.random() * len(options))]  # several times faster than `choice`
