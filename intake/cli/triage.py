"""`triage` turns answers into a decision, JSON to JSON.

Exit status: 0 done, 2 the input is wrong (nothing is printed), 3 the evaluation failed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

import click
from flask.cli import with_appcontext

from intake.cli.console import Exit, console, stop
from intake.engine.book.rulebook import Rulebook
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import to_dict
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from intake.errors import AnswerError, EvaluationError

NAME = "triage: "


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--jsonl", is_flag=True, help="One JSON object a line; one decision a line comes out.")
@with_appcontext
def triage(file: BinaryIO, *, jsonl: bool) -> None:
    """Decide the intake in FILE (JSON facts; - for standard input) and print the decision as JSON."""
    rulebook = console().books.local
    decisions = [_decided(rulebook, source, place) for source, place in _sources(file, jsonl=jsonl)]
    for decision in decisions:
        click.echo(json.dumps(decision, indent=None if jsonl else 2))


def _sources(file: BinaryIO, *, jsonl: bool) -> Iterator[tuple[str, str]]:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        stop(f"the input is not UTF-8 (byte {error.start})", prefix=NAME)
    if not jsonl:
        yield text, ""
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield line, f"line {number}: "


def _decided(rulebook: Rulebook, source: str, place: str) -> dict[str, object]:
    try:
        answers = parse_answers(rulebook.vocabulary, _facts(source))
        return to_dict(decide(rulebook, answers), Intake(rulebook.vocabulary, answers))
    except AnswerError as error:
        stop(str(error), prefix=f"{NAME}{place}")
    except EvaluationError as error:
        stop(str(error), Exit.FAILED, f"{NAME}{place}")


def _facts(source: str) -> dict[str, object]:
    try:
        facts = json.loads(source, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise AnswerError(f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise AnswerError("not JSON that can be read: a number is too long or the nesting too deep") from error
    if not isinstance(facts, dict):
        raise AnswerError("the input must be one JSON object of facts")
    return facts


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name, value in pairs:
        if name in facts:
            raise AnswerError(f"the fact {json.dumps(name)} is given twice")
        facts[name] = value
    return facts


def _refuse_constant(word: str) -> NoReturn:
    raise AnswerError(f"{word} is not a JSON number")
