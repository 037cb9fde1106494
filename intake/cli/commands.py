"""The commands: `triage` turns answers into a decision, JSON to JSON; `rules check` prints every fault of a rule book.

Exit status: 0 done, 1 the rule book has faults, 2 the input is wrong (nothing is printed), 3 the evaluation failed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NoReturn, Protocol, cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from intake.cli.export import export_rules
from intake.cli.prove import prove_rules
from intake.cli.rules import compare_rules, replay_rules
from intake.engine.book.rulebook import Rulebook
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import to_dict
from intake.engine.interpret.truth import Intake
from intake.engine.read import check
from intake.engine.read.answers import parse_answers
from intake.engine.read.load import examine_rulebook
from intake.errors import AnswerError, EvaluationError, Problem
from intake.settings import RULEBOOK_PATH

FAULTY, BAD_INPUT, FAILED = 1, 2, 3


class _Books(Protocol):
    """The rule books."""

    local: Rulebook


class _Parts(Protocol):
    """What the composition root leaves for the commands."""

    books: _Books


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(triage)
    app.cli.add_command(rules)


def _rulebook() -> Rulebook:
    return cast("_Parts", current_app.extensions["intake"]).books.local


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--jsonl", is_flag=True, help="One JSON object a line; one decision a line comes out.")
@with_appcontext
def triage(file: BinaryIO, *, jsonl: bool) -> None:
    """Decide the intake in FILE (JSON facts; - for standard input) and print the decision as JSON."""
    rulebook = _rulebook()
    decisions = [_decided(rulebook, source, place) for source, place in _sources(file, jsonl=jsonl)]
    for decision in decisions:
        click.echo(json.dumps(decision, indent=None if jsonl else 2))


def _sources(file: BinaryIO, *, jsonl: bool) -> Iterator[tuple[str, str]]:
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _stop("", f"the input is not UTF-8 (byte {error.start})", BAD_INPUT)
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
        _stop(place, str(error), BAD_INPUT)
    except EvaluationError as error:
        _stop(place, str(error), FAILED)


def _facts(source: str) -> dict[str, object]:
    try:
        found = json.loads(source, object_pairs_hook=_once, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise AnswerError(f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise AnswerError("not JSON that can be read: a number is too long or the nesting too deep") from error
    if not isinstance(found, dict):
        raise AnswerError("the input must be one JSON object of facts")
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise AnswerError(f"the fact {json.dumps(name)} is given twice")
        found[name] = value
    return found


def _refuse_constant(word: str) -> NoReturn:
    raise AnswerError(f"{word} is not a JSON number")


def _stop(place: str, message: str, status: int) -> NoReturn:
    for line in message.splitlines():
        click.echo(f"triage: {place}{line}", err=True)
    sys.exit(status)


rules = AppGroup("rules", help="Work on the rule book.")
rules.add_command(prove_rules)
rules.add_command(export_rules)
rules.add_command(compare_rules)
rules.add_command(replay_rules)


@rules.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=RULEBOOK_PATH)
def check_rules(file: Path) -> None:
    """Print every fault of the rule book in FILE with its line; warnings do not count."""
    rulebook, problems = examine_rulebook(file, _rulebook().vocabulary)
    today = datetime.now(UTC).date()
    found = chain(check.broken_examples(rulebook), check.overdue_reviews(rulebook, today))
    faults = [*problems, *(Problem(str(file), fault.entry.line, fault.message) for fault in found)]
    for line, message in check.warnings(rulebook):
        click.echo(f"{file}:{line}: warning: {message}" if line else f"{file}: warning: {message}")
    for fault in sorted(faults, key=lambda fault: fault.line):
        click.echo(fault)
    click.echo(f"{file}: {len(rulebook.rules)} rules, {len(rulebook.notes)} notes, {len(faults)} faults")
    sys.exit(FAULTY if faults else 0)
