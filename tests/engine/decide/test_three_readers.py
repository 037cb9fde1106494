"""Three readers, one meaning: the published truth tables, and the solver's formulas on concrete intakes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import z3
from hypothesis import given
from ruamel.yaml import YAML

from bench.agreement import shipped
from bench.patients import patients
from intake.engine.book.decision import Status
from intake.engine.book.tree import Condition
from intake.engine.book.vocabulary import DECLINED, NOT_SURE, Answer, Answers, Fact, Kind, Vocabulary
from intake.engine.decide.decide import decide
from intake.engine.interpret.truth import Intake, Truth
from intake.engine.prove.encoder import Formula, SymbolicIntake, Variables, pair
from intake.engine.read.answers import parse_answers
from intake.engine.replay.columns import outcomes, to_columns
from intake.engine.replay.frames import encode
from tests.engine import small, strategies
from tests.engine.small import book, condition, vocabulary

TABLES: dict[str, Any] = YAML(typ="safe").load(Path(__file__).parents[2] / "golden" / "three_valued.yaml")
MEANING: dict[str, Truth] = {"T": True, "F": False, "U": None}
STATUS: dict[Status, Truth] = {Status.FIRES: True, Status.ASKS: None}
OPERANDS = ({"reason": "pain"}, {"pregnant": "yes"}, {"lung": "once"})
TRUE = {"reason": "pain", "pregnant": "yes", "lung": "once"}
FALSE = {"reason": "other", "pregnant": "no", "lung": "never"}


def rows() -> Iterator[tuple[dict[str, object], str, str]]:
    """Each row of the tables: condition, letters of the operands, letter of the result."""
    for letters, result in TABLES["not"].items():
        yield {"not": OPERANDS[0]}, letters, result
    for word in ("all", "any"):
        for letters, result in TABLES[word].items():
            yield {word: list(OPERANDS[: len(letters)])}, letters, result
    for letters, results in TABLES["at_least"].items():
        for count, result in results.items():
            yield {"at_least": {"count": count, "of": list(OPERANDS)}}, letters, result


@pytest.mark.parametrize(("when", "letters", "result"), list(rows()))
def test_every_reader_follows_the_published_tables(when: dict[str, object], letters: str, result: str) -> None:
    truths = {"T": TRUE, "F": FALSE, "U": dict[str, str]()}
    answers = parse_answers(
        vocabulary(),
        {fact: truths[letter][fact] for fact, letter in zip(TRUE, letters, strict=False) if fact in truths[letter]},
    )
    node = condition(when)
    own = book(small.rule(when))
    columns = outcomes(to_columns(own), encode(vocabulary(), [answers]))
    (status,) = [STATUS[finding.status] for finding in decide(own, answers).findings] or [False]
    assert status is MEANING[result]
    assert Intake(vocabulary(), answers).truth(node) is MEANING[result]
    assert columns["one"][0] is MEANING[result]
    assert solved(vocabulary(), node, answers) is MEANING[result]


@given(strategies.conditions(), strategies.answers())
def test_the_formulas_hold_when_the_interpreter_says_so(when: dict[str, Any], raw: dict[str, Any]) -> None:
    answers, node = parse_answers(vocabulary(), raw), condition(when)
    assert solved(vocabulary(), node, answers) is Intake(vocabulary(), answers).truth(node)


def test_the_formulas_of_the_shipped_rule_book_hold_when_the_interpreter_says_so() -> None:
    own, _ = shipped()
    conditions = {rule.id: rule.when for rule in own.rules} | {note.id: note.when for note in own.notes}
    intakes = [Intake(own.vocabulary, answers) for answers in patients(own.vocabulary, 20, seed=7)]
    for name, when in conditions.items():
        read = solver(own.vocabulary, when)
        assert [read(intake.answers) for intake in intakes] == [intake.truth(when) for intake in intakes], name


def solved(words: Vocabulary, node: Condition, answers: Answers) -> Truth:
    """What the pair of formulas says of one concrete intake."""
    return solver(words, node)(answers)


def solver(words: Vocabulary, node: Condition) -> Callable[[Answers], Truth]:
    """Reads concrete intakes by the pair of formulas, which is made once."""
    record = SymbolicIntake(words, "x")
    formulas = pair(record, node)

    def read(answers: Answers) -> Truth:
        values = [each for name, own in record.variables.items() for each in assigned(words.facts[name], own, answers)]
        true, false = (z3.simplify(z3.substitute(formula, *values)) for formula in (formulas.true, formulas.false))
        assert all(z3.is_true(one) or z3.is_false(one) for one in (true, false))
        assert not (z3.is_true(true) and z3.is_true(false))
        return True if z3.is_true(true) else False if z3.is_true(false) else None

    return read


def assigned(fact: Fact, own: Variables, answers: Answers) -> Iterator[tuple[Formula, Formula]]:
    """The variables of a fact with what the intake says."""
    answer: Answer | None = answers.get(fact.name)
    words = answer if isinstance(answer, tuple) else () if answer is None else (answer,)
    ticked = {code: code in words for code in own.codes}
    silent = answer is None or DECLINED in words or (answer == () and fact.kind is Kind.CHOICES)
    number = 0 if isinstance(answer, str | tuple) or answer is None else answer
    yield from ((own.codes[code], z3.BoolVal(held)) for code, held in ticked.items())
    yield own.open, z3.BoolVal(silent or NOT_SURE in words)
    if own.value is not None:
        yield own.value, z3.RealVal(number)
    if own.blank is not None:
        yield own.blank, z3.BoolVal(silent)
