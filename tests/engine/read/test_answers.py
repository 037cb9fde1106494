"""Raw answers in, answers out: what is taken, what is refused and in which words."""

from __future__ import annotations

import math

import pytest

from intake.engine.read.answers import parse_answers, to_raw
from intake.errors import AnswerError
from tests.engine.small import vocabulary


@pytest.mark.parametrize(
    ("fact", "value", "expected"),
    [
        ("reason", "pain", "pain"),
        ("reason", "not_sure", "not_sure"),
        ("danger", ["weak", "fever", "weak"], ("fever", "weak")),
        ("danger", ["not_sure", "fever"], ("fever", "not_sure")),
        ("danger", ["declined"], ("declined",)),
        ("danger", "declined", ("declined",)),
        ("pain_regions", [], ()),
        ("pain_regions", ["not_sure"], ("not_sure",)),
        ("main_region", "hand_left", "hand_left"),
        ("age", 40, 40),
        ("age", 40.5, 40.5),
        ("age", 0, 0),
        ("age", "declined", "declined"),
        ("fear", 10, 10),
        ("fear", 7.0, 7),
        ("words", "", ""),
        ("words", "declined", "declined"),
    ],
)
def test_taken(fact: str, value: object, expected: object) -> None:
    parsed = parse_answers(vocabulary(), {fact: value})
    assert parsed == {fact: expected}
    assert type(parsed[fact]) is type(expected)
    assert parse_answers(vocabulary(), to_raw(parsed)) == parsed


def test_null_is_not_answered_and_the_order_is_the_vocabulary_s() -> None:
    assert list(parse_answers(vocabulary(), {"fear": 1, "reason": None, "age": 2})) == ["age", "fear"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"raeson": "pain"}, "unknown fact `raeson`; did you mean `reason`?"),
        ({"RESON": None}, "unknown fact `RESON`; did you mean `reason`?"),
        ({"reason": "pian"}, "`reason`: unknown code `pian`; did you mean `pain`?"),
        ({"reason": ["pain"]}, "`reason` takes one code as a text, not a list"),
        ({"reason": 1}, "`reason` takes one code as a text, not a number"),
        ({"reason": True}, "`reason` takes one code as a text, not true or false"),
        ({"reason": {}}, "`reason` takes one code as a text, not an object"),
        ({"filled_by": "not_sure"}, "`filled_by` does not take `not_sure`; it takes self, helper"),
        ({"danger": "fever"}, "`danger` takes a list of codes, not a text"),
        ({"danger": ["fevr"]}, "`danger`: unknown code `fevr`; did you mean `fever`?"),
        ({"danger": [1]}, "`danger` takes one code as a text, not a number"),
        ({"danger": [["fever"]]}, "`danger` takes one code as a text, not a list"),
        ({"danger": []}, "`danger`: an empty list says nothing; to deny every code, say [`none`]"),
        ({"faint": []}, "`faint`: an empty list says nothing; to deny every code, say [`never`]"),
        ({"lung_side": []}, "`lung_side`: an empty list says nothing; leave the fact out if it was not answered"),
        ({"danger": ["none", "fever"]}, "`danger`: `none` stands alone"),
        ({"danger": ["none", "not_sure"]}, "`danger`: `none` stands alone"),
        ({"danger": ["fever", "declined"]}, "`danger`: `declined` stands alone"),
        ({"danger_unsure": ["none"]}, "`danger_unsure`: unknown code `none`; did you mean `not_sure`?"),
        ({"pain_regions": ["hand_right", "not_sure"]}, "`pain_regions`: `not_sure` stands alone"),
        ({"pain_regions": ["hand"]}, "`pain_regions`: unknown code `hand`; did you mean `head`?"),
        ({"age": "40"}, "`age` takes a number, not a text"),
        ({"age": True}, "`age` takes a number, not true or false"),
        ({"age": -1}, "`age` lies between 0 and 120"),
        ({"age": 121}, "`age` lies between 0 and 120"),
        ({"age": math.nan}, "`age` takes a finite number"),
        ({"age": math.inf}, "`age` takes a finite number"),
        ({"fear": 11}, "`fear` lies between 0 and 10"),
        ({"fear": 3.5}, "`fear` takes a whole number"),
        ({"words": ["my secret"]}, "`words` takes a text, not a list"),
        ({"reason": "x" * 100}, f"`reason`: unknown code `{'x' * 60}...`; did you mean `pain`?"),
        ({"reason": "\x1b[2J"}, "`reason`: unknown code `\\x1b[2J`; did you mean `pain`?"),
    ],
)
def test_refused(raw: dict[str, object], message: str) -> None:
    with pytest.raises(AnswerError) as caught:
        parse_answers(vocabulary(), raw)
    assert str(caught.value) == message


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(AnswerError) as caught:
        parse_answers(vocabulary(), {"ege": 3, "reason": "pian", "fear": 99, "danger": ["fever"]})
    assert len(str(caught.value).splitlines()) == 3
