"""`rules compare` and `rules replay`: whom a new rule book would judge otherwise, proved and over the stored intakes.

Exit status: 0 nobody (compare), no stop lost (replay); 1 somebody; 2 a file is faulty or z3 is missing; 3 the solver
found a patient whom `decide` does not confirm.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from intake.engine.book.rulebook import Rulebook
from intake.engine.read.load import load_rulebook
from intake.errors import DataFileError
from intake.workflow.rules import change_report

if TYPE_CHECKING:
    from intake.engine.prove.compare import Verdict

CHANGED, UNUSABLE, UNCONFIRMED = 1, 2, 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def read_book(file: Path) -> Rulebook:
    """The rule book in a file; a faulty one ends the command with every fault."""
    try:
        return load_rulebook(file, current_app.extensions["intake"].vocabulary)
    except DataFileError as error:
        click.echo(str(error), err=True)
        sys.exit(UNUSABLE)


# ---- compare


@click.command("compare")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@with_appcontext
def compare_rules(old: Path, new: Path) -> None:
    """Prove of each rule and label that OLD and NEW judge everybody alike, or show patients whom they do not."""
    if find_spec("z3") is None:
        click.echo("comparing needs z3: install the development dependencies (requirements/dev.lock)", err=True)
        sys.exit(UNUSABLE)
    from intake.engine.prove.compare import compare  # noqa: PLC0415 - z3 is a development extra

    verdicts = []
    for verdict in compare(read_book(old), read_book(new)):
        verdicts.append(verdict)
        for line in change_report.proved(verdict):
            click.echo(line)
    sys.exit(_status(verdicts))


def _status(verdicts: Iterable[Verdict]) -> int:
    shown = [one for verdict in verdicts for one in verdict.shown]
    if not all(one.confirmed for one in shown):
        return UNCONFIRMED
    return CHANGED if shown else 0


# ---- replay


@click.command("replay")
@click.argument("new", type=FILE)
@click.option("--most", default=100, show_default=True, help="Patients to list; 0 lists all.")
@click.option("--rebuild", is_flag=True, help="Build the columnar archive again first.")
@with_appcontext
def replay_rules(new: Path, *, most: int, rebuild: bool) -> None:
    """Say for every stored intake what NEW would change: by label, by rule, by patient (visits to come first)."""
    from intake.workflow.rules.replay import refresh, replay  # noqa: PLC0415 - the web server never needs Polars

    services = current_app.extensions["intake"]
    book = services.books.overlaid(read_book(new))
    database = services.store.database
    added = refresh(database, services.vocabulary, afresh=rebuild)
    if added:
        click.echo(f"{added} intakes added to the archive")
    report = replay(database, services.rulebook, book, now=datetime.now(UTC))
    for line in chain(change_report.replayed(report), change_report.patients(report, most or None)):
        click.echo(line)
    sys.exit(CHANGED if report.lost else 0)
