"""The calm answer to a fact: what somebody says who has nothing to report, and whether an answer says that."""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from intake.engine.book.vocabulary import Answer, Fact, Kind

ADULT = 40
CALM_CODES = ("none", "no", "never")


def calmest(fact: Fact, among: Collection[str]) -> str | None:
    """The calmest of some codes: the benign one, the best by the vocabulary's order, a plain no, the first."""
    ordered = fact.worse if isinstance(fact.worse, tuple) and fact.kind is Kind.CHOICE else ()
    benign = () if fact.benign is None else (fact.benign,)
    return next((code for code in (*benign, *ordered, *CALM_CODES, *fact.codes) if code in among), None)


def calm_answer(fact: Fact) -> Answer | None:
    """The answer of an adult with nothing to report; None where there is none to give."""
    match fact.kind:
        case Kind.CHOICE:
            return calmest(fact, fact.codes)
        case Kind.CHOICES:
            return None if fact.none is None else (fact.none,)
        case Kind.REGIONS:
            return ()
        case Kind.NUMBER:
            return max(fact.low or 0, min(ADULT, fact.high or ADULT))
        case Kind.SCORE:
            return 0
        case Kind.TEXT:
            return None
        case _:
            assert_never(fact.kind)


def saying(fact: Fact, code: str) -> Answer:
    """The answer that says this one code, or this state."""
    return (code,) if fact.kind is Kind.CHOICES else code


def denial(fact: Fact) -> Answer | None:
    """What an item of a gate that was seen and left unticked says of a fact behind it, if anything."""
    return None if fact.benign is None else saying(fact, fact.benign)


def denies(fact: Fact, answer: Answer) -> bool:
    """Whether an answer says no to all that was asked."""
    return answer == (fact.none,) or (fact.benign is not None and answer == denial(fact))
