"""`rules compare` and `rules replay`: whom a new rule book would judge otherwise, proved and over the stored intakes.

Exit status: 0 nobody (compare), no stop lost (replay); 1 somebody; 2 a file is faulty or z3 is missing; 3 the solver
found a patient whom `decide` does not confirm.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from intake.engine.answers import to_raw
from intake.engine.load import load_rulebook
from intake.engine.rulebook import Rulebook
from intake.errors import DataFileError

if TYPE_CHECKING:
    from intake.engine.column_changes import Move, State
    from intake.engine.compare import Shown, Verdict
    from intake.workflow.replay import Patient, Report

CHANGED, UNUSABLE, UNCONFIRMED = 1, 2, 3
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _book(file: Path) -> Rulebook:
    try:
        return load_rulebook(file, current_app.extensions["intake"].rulebook.vocabulary)
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
    from intake.engine.compare import compare  # noqa: PLC0415 - z3 is a development extra

    verdicts = []
    for verdict in compare(_book(old), _book(new)):
        verdicts.append(verdict)
        click.echo(f"{verdict.subject}: {verdict.text}")
        for shown in verdict.shown:
            click.echo(_patient_shown(shown))
    sys.exit(_status(verdicts))


def _patient_shown(shown: Shown) -> str:
    doubt = "" if shown.confirmed else " (NOT CONFIRMED by the interpreter: report this)"
    told = json.dumps(to_raw(shown.patient), ensure_ascii=False)
    return f"  {shown.at}{doubt}: {told}\n    before: {shown.before}\n    after:  {shown.after}"


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
    from intake.workflow.replay import refresh, replay  # noqa: PLC0415 - the web server never needs Polars

    book, services = _book(new), current_app.extensions["intake"]
    database = services.store.database
    added = refresh(database, services.rulebook.vocabulary, afresh=rebuild)
    if added:
        click.echo(f"{added} intakes added to the archive")
    report = replay(database, services.rulebook, book, now=datetime.now(UTC))
    for line in _report(report, most or None):
        click.echo(line)
    sys.exit(CHANGED if report.lost else 0)


def _report(report: Report, most: int | None) -> Iterator[str]:
    yield f"{report.tally.intakes} intakes, {len(report.patients)} change"
    yield from _section("labels", _labels(report))
    yield from _section("rules", _rules(report))
    yield from _section(f"lost do_not_needle or emergency_now: {len(report.lost)}", _listed(report.lost, most))
    others = [patient for patient in report.patients if not patient.lost]
    yield from _section(f"all others who change: {len(others)}", _listed(others, most))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield title
    yield from (f"  {line}" for line in lines)


def _labels(report: Report) -> Iterator[str]:
    for (before, after), number in sorted(report.tally.labels.items()):
        if before != after:
            yield f"{before.code} -> {after.code}: {number}"


def _rules(report: Report) -> Iterator[str]:
    for move, number in sorted(report.tally.moves.items(), key=lambda pair: (pair[0].rule, -pair[1])):
        yield f"{_moved(move)}: {number}"


def _listed(patients: Iterable[Patient], most: int | None) -> Iterator[str]:
    waiting = iter(patients)
    yield from map(_patient, islice(waiting, most))
    more = sum(1 for _ in waiting)
    if more:
        yield f"and {more} more (--most 0 lists all)"


def _patient(patient: Patient) -> str:
    visit = "" if patient.visit_at is None else f", visit {patient.visit_at:%Y-%m-%d %H:%M} UTC"
    before, after = patient.labels
    label = before.code if before == after else f"{before.code} -> {after.code}"
    lost = f", loses {', '.join(patient.lost)}" if patient.lost else ""
    return f"{patient.intake_id}{visit}: {label}{lost}; {'; '.join(map(_moved, patient.moves))}".rstrip("; ")


def _moved(move: Move) -> str:
    return f"{move.rule} {_state(move.before)} -> {_state(move.after)}"


def _state(state: State) -> str:
    if state.status is None:
        return "quiet"
    return f"{state.status} ({state.levels.needling.code}, {state.levels.urgency.code})"
