"""The stored intakes under the rules: `rules replay` a new book, `rules verify` the old decisions, `rules sentinel`.

Exit status: 0 done; 1 a stop is lost (replay), a decision comes out otherwise (verify), a rule drifted (sentinel); 2
refused, with the reason on standard error.
"""

from __future__ import annotations

import sys
from itertools import chain
from pathlib import Path

import click
from flask.cli import with_appcontext

from intake.cli.console import FILE, Exit, console, read_book, refusals
from intake.workflow.rules import change_report, sentinel
from intake.workflow.rules import verify as history_check
from intake.workflow.rules.extra import require_rules_extra


@click.command("replay")
@click.argument("new", type=FILE)
@click.option("--most", default=100, show_default=True, help="Patients to list; 0 lists all.")
@click.option("--rebuild", is_flag=True, help="Build the columnar archive again first.")
@with_appcontext
def replay_rules(new: Path, *, most: int, rebuild: bool) -> None:
    """Say for every stored intake what NEW would change: by label, by rule, by patient (visits to come first)."""
    with refusals():
        require_rules_extra()
    from intake.workflow.rules.replay import refresh, replay  # noqa: PLC0415 - Polars is in the extra `rules`

    book = console().books.overlaid(read_book(new))
    clinic = console().clinic
    added = refresh(clinic.database, clinic.vocabulary, afresh=rebuild)
    if added:
        click.echo(f"{added} intakes added to the archive")
    report = replay(clinic.database, clinic.rulebook(), book, now=clinic.clock())
    for line in chain(change_report.replayed(report), change_report.patients(report, most or None)):
        click.echo(line)
    sys.exit(Exit.FAULTS if report.lost else Exit.DONE)


@click.command("verify")
@with_appcontext
def verify_history() -> None:
    """Decide every stored intake again by the rule book that decided it; print those that come out otherwise, by id."""
    tally, wrong = history_check.Verification(), 0
    with refusals():
        for mismatch in history_check.verify(console().clinic, tally):
            wrong += 1
            click.echo(f"{mismatch.intake_id}: {', '.join(mismatch.parts)}")
    never = f"; {tally.not_evaluated} never were" if tally.not_evaluated else ""
    click.echo(f"{tally.decided} intakes decided again by {len(tally.books)} rule books{never}: {wrong} mismatches.")
    sys.exit(Exit.FAULTS if wrong else Exit.DONE)


@click.command("sentinel")
@with_appcontext
def watch_rules() -> None:
    """Name the rules that fell silent or surged in the last 30 days against the 180 days before."""
    clinic = console().clinic
    rulebook = clinic.rulebook()
    with clinic.database.read() as connection:
        signals = sentinel.watch(connection, rulebook, clinic.clock())
    for signal in signals:
        recent, history = signal.recent, signal.history
        click.echo(
            f"{signal.rule}: {signal.drift.value}: fired on {recent.fired} of {recent.intakes} intakes in the last "
            f"30 days, on {history.fired} of {history.intakes} before (chance {signal.chance:.1g})"
        )
    click.echo(f"{len(signals)} of {len(rulebook.rules)} rules left their own history.")
    sys.exit(Exit.FAULTS if signals else Exit.DONE)
