"""The fewest questions that settle what asks: they do, fewer do not; two are enough for 95 of 100 in the case bank."""

from __future__ import annotations

import pytest

from intake.engine.book.decision import Status
from intake.engine.book.tree import Condition
from intake.engine.decide.decide import decide
from intake.engine.interpret.open_facts import open_facts
from intake.engine.interpret.settling import answered, settles, settling
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from tests.engine.small import answers, condition, vocabulary
from tests.test_cases import book, cases, raw_of

FEVER, OLD = {"danger": "fever"}, {"age": {"min": 65}}
ENOUGH, SHARE, DEEPEST = 2, 0.95, 6


def intake(**raw: object) -> Intake:
    return Intake(vocabulary(), answers(**raw))


@pytest.mark.parametrize(
    ("when", "raw", "expected"),
    [
        (FEVER, {}, ("danger",)),
        (FEVER, {"danger": ["none"]}, ()),
        ({"any": [FEVER, OLD]}, {}, ("age", "danger")),
        ({"any": [FEVER, OLD]}, {"age": 40}, ("danger",)),
        ({"all": [FEVER, OLD]}, {"age": 40}, ()),
        ({"any": [{"all": [FEVER, OLD]}, {"all": [{"not": FEVER}, OLD]}]}, {}, ("age", "danger")),
        ({"any": [FEVER, {"all": [FEVER, OLD]}]}, {}, ("danger",)),
    ],
)
def test_the_fewest_questions_that_settle_it(when: object, raw: dict[str, object], expected: tuple[str, ...]) -> None:
    assert set(settling(condition(when), intake(**raw))) == set(expected)


def most_questions(when: Condition, asked: Intake, left: int = DEEPEST) -> int:
    """How many questions it takes in the worst case, those included that an answer brings up."""
    if asked.truth(when) is not None:
        return 0
    names = settling(when, asked)
    assert names, "an open condition has a question"
    assert left, "it comes to an end"
    return len(names) + max(most_questions(when, each, left - 1) for each in answered(when, asked, names))


def test_over_the_case_bank_two_questions_settle_95_of_100_findings_that_ask() -> None:
    rulebook, counts = book(), list[int]()
    for case in cases().values():
        given = parse_answers(rulebook.vocabulary, raw_of(case))
        asked = Intake(rulebook.vocabulary, given)
        for finding in decide(rulebook, given).findings:
            if finding.status is Status.ASKS:
                when = finding.rule.when
                names = settling(when, asked)
                fewer = [set(names) - {name} for name in names]
                assert not any(settles(when, asked, some) for some in fewer if some), finding.rule.id
                assert set(names) <= set(open_facts(when, asked))
                counts.append(most_questions(when, asked))
    assert len(counts) > 400
    assert sum(count <= ENOUGH for count in counts) / len(counts) >= SHARE
