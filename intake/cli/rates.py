"""`rules triage-rate`: how many ordinary patients the rule book would hold back, by rule.

Exit status: 0 done; 1 a rule holds more than one in a hundred of them above precaution and gives no reason (`often`).
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from intake.cli.console import FILE, Exit, read_book, refusals
from intake.engine.book.levels import Label
from intake.settings import ORDINARY_PATH, RULEBOOK_PATH
from intake.workflow.rules.frequencies import load_frequencies
from intake.workflow.rules.triage_rate import FEW, triage_rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intake.workflow.rules.triage_rate import Rate, TriageRate


@click.command("triage-rate")
@click.argument("file", type=FILE, default=RULEBOOK_PATH)
@click.option("--number", default=2000, show_default=True, type=click.IntRange(1), help="Patients to draw.")
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same patients.")
@click.option("--frequencies", type=FILE, default=ORDINARY_PATH, help="How often people give an answer.")
@with_appcontext
def rate_triage(file: Path, *, number: int, seed: int, frequencies: Path) -> None:
    """Draw ordinary patients from published frequencies; print how many the rules in FILE hold above precaution."""
    book = read_book(file)
    with refusals():
        population = load_frequencies(frequencies, book.vocabulary)
    outcome = triage_rate(book, population, Random(seed), number)  # noqa: S311 - invented patients, no secret
    for line in told(outcome):
        click.echo(line)
    sys.exit(Exit.FAULTS if outcome.without_reason else Exit.DONE)


def told(outcome: TriageRate) -> Iterator[str]:
    """The outcome in lines: in all, by label, by row of the evidence, by rule."""
    yield f"{_share(outcome.above, outcome)} of {outcome.patients} ordinary patients come out above precaution:"
    yield f"  {_share(outcome.by_no_row, outcome)} by no row of the evidence"
    yield from (f"  {_share(count, outcome)} by the row: {row}" for row, count in outcome.by_row.most_common())
    yield "by label:"
    yield from (f"  {_share(outcome.labels[label], outcome)}  {label.code}" for label in Label)
    yield "by rule, above precaution (to a doctor):"
    yield from (f"  {_rate(rate, outcome)}" for rate in outcome.rates)
    for rate in outcome.without_reason:
        yield f"rule `{rate.rule.id}` holds more than {FEW:.0%} and gives no reason: write `often:`, or mend it"


def _share(count: int, outcome: TriageRate) -> str:
    return f"{count} ({count / outcome.patients:.1%})"


def _rate(rate: Rate, outcome: TriageRate) -> str:
    reason = f": {rate.rule.often}" if rate.rule.often else ""
    return f"{_share(rate.above, outcome)} ({_share(rate.to_a_doctor, outcome)})  {rate.rule.id}{reason}"
