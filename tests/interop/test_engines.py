"""Exported rules mean in other people's engines what they mean here: fires is true, quiet false, asks null."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache

import pytest

from intake.engine.book.decision import Status
from intake.engine.book.rulebook import Note, Rule, Rulebook
from intake.engine.book.tree import AllOf, AnyOf, Condition, Count
from intake.engine.book.vocabulary import DECLINED, NOT_SURE, UNKNOWN_WORDS, Answer, Kind, Vocabulary
from intake.engine.decide.decide import decide, truth
from intake.engine.read.answers import parse_answers, to_raw
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.interop import elm, feel
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from tests.engine.small import book, rule, vocabulary
from tests.support import engines, random_intakes

INTAKES = 60
TREES = 60
STATUS = {Status.FIRES: True, Status.ASKS: None}


@cache
def shipped() -> Rulebook:
    return load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))


@cache
def patients() -> tuple[dict[str, Answer], ...]:
    """Random answers with a few examples of rules among them, so that each rule fires, asks and is quiet somewhere."""
    random = random_intakes.seeded(3)
    examples = [
        one for each in shipped().rules for one in (*each.examples.fires, *each.examples.asks, *each.examples.quiet)
    ]
    random.shuffle(examples)
    intakes: list[dict[str, Answer]] = [{}]
    for number in range(1, INTAKES):
        answers = random_intakes.answers(shipped().vocabulary, random)
        for example in examples[number :: INTAKES * 2]:
            answers |= parse_answers(shipped().vocabulary, example)
        intakes.append(answers)
    return tuple(intakes)


def decided(rulebook: Rulebook, answers: dict[str, Answer]) -> dict[str, bool | None]:
    """Every rule's status as `decide` has it."""
    found: dict[str, bool | None] = dict.fromkeys((each.id for each in rulebook.rules), False)
    return found | {finding.rule.id: STATUS[finding.status] for finding in decide(rulebook, answers).findings}


def in_elm(rulebook: Rulebook, inputs: Sequence[dict[str, Answer]]) -> list[dict[str, object]]:
    given = [elm.parameters(rulebook.vocabulary, answers) for answers in inputs]
    results: list[dict[str, object]] = engines.run("elm", elm.library(rulebook), given)
    return results


def in_feel(
    words: Vocabulary, conditions: Mapping[str, Condition], inputs: Sequence[dict[str, Answer]]
) -> list[dict[str, object]]:
    logic = {name: asdict(feel.expression(words, each)) for name, each in conditions.items()}
    results: list[dict[str, object]] = engines.run("feel", logic, [to_raw(answers) for answers in inputs])
    return results


def conditions_of(rulebook: Rulebook) -> dict[str, Condition]:
    entries: tuple[Rule | Note, ...] = (*rulebook.rules, *rulebook.notes)
    return {name: each for entry in entries for name, each in elm.conditions(entry)}


def differences(
    words: Vocabulary,
    conditions: Mapping[str, Condition],
    inputs: Sequence[dict[str, Answer]],
    results: list[dict[str, object]],
) -> list[str]:
    """Every result that is not what the interpreter says, with the answers."""
    return [
        f"{name}: {found[name]} for {truth(words, each, answers)}, given {answers}"
        for answers, found in zip(inputs, results, strict=True)
        for name, each in conditions.items()
        if found[name] is not truth(words, each, answers)
    ]


def test_the_random_patients_try_every_status_of_nearly_every_rule() -> None:
    seen = Counter((name, status) for answers in patients() for name, status in decided(shipped(), answers).items())
    for status in (True, False, None):
        count = sum((each.id, status) in seen for each in shipped().rules)
        assert count >= 0.9 * len(shipped().rules), f"{status}: only {count} rules"
    assert seen.total() >= 6000


def test_cql_execution_agrees_on_the_shipped_rule_book() -> None:
    results = in_elm(shipped(), patients())
    for answers, found in zip(patients(), results, strict=True):
        expected = decided(shipped(), answers)
        assert {name: found[name] for name in expected} == expected
    assert differences(shipped().vocabulary, conditions_of(shipped()), patients(), results) == []


def test_feelin_agrees_on_the_shipped_rule_book() -> None:
    conditions = conditions_of(shipped())
    results = in_feel(shipped().vocabulary, conditions, patients())
    for answers, found in zip(patients(), results, strict=True):
        expected = decided(shipped(), answers)
        assert {name: found[name] for name in expected} == expected
    assert differences(shipped().vocabulary, conditions, patients(), results) == []


def test_the_companions_of_a_rule_are_never_null() -> None:
    small = book(rule({"danger": "fever"}))
    results = in_elm(small, [{"danger": ("fever",)}, {"danger": ("none",)}, {}])
    assert [[row[f"one {word}"] for word in ("fires", "asks", "counts")] for row in results] == [
        [True, False, True],
        [False, False, False],
        [False, True, True],
    ]


@cache
def trees() -> dict[str, Condition]:
    """Conditions of any shape, and leaves on each fact by themselves."""
    random = random_intakes.seeded(5)
    leaves: dict[str, Condition] = {
        f"{fact.name}-{number}": random_intakes.leaf(fact, random)
        for fact in random_intakes.readable(vocabulary())
        for number in range(3)
    }
    leaves |= {f"count-{number}": Count("danger", number) for number in (1, 2, 3)}
    leaves |= {"both": AllOf("danger", ("fever", "numb")), "either": AnyOf("danger", ("numb", "weak"))}
    return leaves | {f"tree-{number}": random_intakes.condition(vocabulary(), random) for number in range(TREES)}


@cache
def people() -> tuple[dict[str, Answer], ...]:
    """Random answers, and every way of being not sure of some of the danger signs."""
    random = random_intakes.seeded(7)
    intakes = [random_intakes.answers(vocabulary(), random) for _ in range(INTAKES)]
    wide: tuple[Answer, ...] = ((NOT_SURE,), ("fever", NOT_SURE), ("fever", "numb", NOT_SURE), (DECLINED,), ("none",))
    narrow: tuple[Answer, ...] = ((), ("numb",), ("numb", "weak"), ("numb", NOT_SURE), (DECLINED,))
    return (*intakes, *({"danger": some, "danger_unsure": which} for some in wide for which in narrow))


def in_engine(engine: str, inputs: Sequence[dict[str, Answer]]) -> list[dict[str, object]]:
    if engine == "feel":
        return in_feel(vocabulary(), trees(), inputs)
    given = [elm.parameters(vocabulary(), each) for each in inputs]
    results: list[dict[str, object]] = engines.run("elm", elm.compiled(vocabulary(), trees().items(), "1"), given)
    return results


@pytest.mark.parametrize("engine", ["elm", "feel"])
def test_conditions_of_any_shape_mean_the_same(engine: str) -> None:
    assert differences(vocabulary(), trees(), people(), in_engine(engine, people())) == []


def misspelt(answers: dict[str, Answer]) -> tuple[dict[str, Answer], dict[str, Answer]]:
    """The answers with a code that we do not have in every choice and set, and what they are worth."""
    sent: dict[str, Answer] = {}
    worth: dict[str, Answer] = {}
    for name, answer in answers.items():
        fact = vocabulary().facts[name]
        if fact.kind is Kind.CHOICE:
            sent[name] = "colour"
        elif isinstance(answer, tuple) and fact.narrows is None:
            kept = tuple(code for code in answer if code not in {*UNKNOWN_WORDS, fact.none})
            sent[name], worth[name] = (*answer, "colour"), (*kept, NOT_SURE)
        elif fact.kind in elm.NUMBERS:
            sent[name] = worth[name] = answer
    return sent, worth


@pytest.mark.parametrize("engine", ["elm", "feel"])
def test_a_code_that_another_system_made_up_is_no_answer(engine: str) -> None:
    pairs = [misspelt(answers) for answers in people()]
    results = in_engine(engine, [sent for sent, _ in pairs])
    assert differences(vocabulary(), trees(), [worth for _, worth in pairs], results) == []
