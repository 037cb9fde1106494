"""Raw answers (JSON) <-> answers in the vocabulary's terms.

Null means not answered. Every wrong word is named with the nearest right one; the text of a patient never is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import cast

from intake.engine.book.vocabulary import DECLINED, UNKNOWN_WORDS, Answer, Answers, Fact, Kind, Vocabulary
from intake.errors import AnswerError, nearest

LONGEST_QUOTE = 60


def parse_answers(vocabulary: Vocabulary, raw: Mapping[str, object]) -> dict[str, Answer]:
    """The answers, in vocabulary order; raises one AnswerError that names everything wrong, a line each."""
    wrong = [
        f"unknown fact {_quoted(name)}{nearest(name, vocabulary.facts)}" for name in raw if name not in vocabulary.facts
    ]
    answers: dict[str, Answer] = {}
    for name, fact in vocabulary.facts.items():
        try:
            value = parse_value(fact, raw.get(name))
        except AnswerError as error:
            wrong.append(str(error))
        else:
            answers.update({} if value is None else {name: value})
    if wrong:
        raise AnswerError("\n".join(wrong))
    return answers


def to_raw(answers: Answers) -> dict[str, object]:
    """The answers as JSON-like data: sets become lists."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in answers.items()}


def from_raw(stored: Mapping[str, object]) -> dict[str, Answer]:
    """Answers that `to_raw` made JSON-like: lists become tuples again."""
    return {fact: tuple(value) if isinstance(value, list) else cast("Answer", value) for fact, value in stored.items()}


def parse_value(fact: Fact, value: object) -> Answer | None:
    """One answer, None if it was not given; raises AnswerError."""
    if value is None:
        return None
    if fact.kind is not Kind.TEXT and isinstance(value, str) and value in UNKNOWN_WORDS:
        _check_state(fact, value)
        return (value,) if fact.kind in {Kind.CHOICES, Kind.REGIONS} else value
    return PARSERS[fact.kind](fact, value)


def _check_state(fact: Fact, word: str) -> None:
    if not fact.may_be_unknown:
        raise AnswerError(f"`{fact.name}` does not take `{word}`; it takes {', '.join(fact.codes)}")


def _code(fact: Fact, value: object) -> str:
    if not isinstance(value, str):
        raise AnswerError(f"`{fact.name}` takes one code as a text, not {_type(value)}")
    if value not in fact.codes:
        states = UNKNOWN_WORDS if fact.may_be_unknown else ()
        raise AnswerError(f"`{fact.name}`: unknown code {_quoted(value)}{nearest(value, (*fact.codes, *states))}")
    return value


def _codes(fact: Fact, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise AnswerError(f"`{fact.name}` takes a list of codes, not {_type(value)}")
    words = {word if word in UNKNOWN_WORDS else _code(fact, word) for word in value}
    for state in words.intersection(UNKNOWN_WORDS):
        _check_state(fact, state)
    if not words and fact.kind is Kind.CHOICES:
        raise AnswerError(f"`{fact.name}`: an empty list says nothing{_say_none(fact)}")
    for alone in _stand_alone(fact):
        if alone in words and len(words) > 1:
            raise AnswerError(f"`{fact.name}`: `{alone}` stands alone")
    return tuple(code for code in (*fact.codes, *UNKNOWN_WORDS) if code in words)


def _stand_alone(fact: Fact) -> tuple[str, ...]:
    states = UNKNOWN_WORDS if fact.kind is Kind.REGIONS else (DECLINED,)
    return states if fact.none is None else (fact.none, *states)


def _say_none(fact: Fact) -> str:
    return f"; to deny every code, say [`{fact.none}`]" if fact.none else "; leave the fact out if it was not answered"


def _number(fact: Fact, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnswerError(f"`{fact.name}` takes a number, not {_type(value)}")
    if not math.isfinite(value):
        raise AnswerError(f"`{fact.name}` takes a finite number")
    if (fact.low is not None and value < fact.low) or (fact.high is not None and value > fact.high):
        raise AnswerError(f"`{fact.name}` lies between {fact.low} and {fact.high}")
    return int(value) if value == int(value) else value


def _score(fact: Fact, value: object) -> int:
    number = _number(fact, value)
    if not isinstance(number, int):
        raise AnswerError(f"`{fact.name}` takes a whole number")
    return number


def _text(fact: Fact, value: object) -> str:
    if not isinstance(value, str):
        raise AnswerError(f"`{fact.name}` takes a text, not {_type(value)}")
    return value


PARSERS: dict[Kind, Callable[[Fact, object], Answer]] = {
    Kind.CHOICE: _code,
    Kind.CHOICES: _codes,
    Kind.REGIONS: _codes,
    Kind.NUMBER: _number,
    Kind.SCORE: _score,
    Kind.TEXT: _text,
}


def _quoted(word: str) -> str:
    quote = word if len(word) <= LONGEST_QUOTE else word[:LONGEST_QUOTE] + "..."
    return f"`{quote.encode('unicode_escape').decode()}`"


def _type(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case Mapping():
            return "an object"
        case _:
            return "this type"
