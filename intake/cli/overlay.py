"""`rules overlay`: what the clinic's overlay adds and makes stricter, and the proof that it loosens nothing.

Exit status: 0 nobody is judged lower; 1 faults, broken examples or overdue reviews; 2 there is no overlay.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click
from flask.cli import with_appcontext

from intake.cli.console import FILE, Exit, console, refusals, stop
from intake.engine.book.rulebook import Rulebook
from intake.engine.read import check
from intake.engine.read.overlay import added, read_overlay
from intake.workflow.rules import change_report
from intake.workflow.rules.extra import HOW_TO_GET, has_rules_extra


@click.command("overlay")
@click.argument("file", type=FILE, required=False)
@with_appcontext
def show_overlay(file: Path | None) -> None:
    """Say what the overlay in FILE (or the clinic's own) changes in the book in force; prove it loosens nothing."""
    chosen = file or console().settings.overlay_file
    if chosen is None:
        stop("There is no overlay: put one at overlay.yaml in the instance, or name a FILE.")
    with refusals(Exit.FAULTS):
        clinic = console().clinic
        base = clinic.books.bare(clinic.database)
        book = read_overlay(chosen).over(base)
    for line in _changes(base, book):
        click.echo(line)
    faults = [*_faults(base, book), *_loosened(base, book)]
    for line in faults:
        click.echo(line, err=True)
    sys.exit(Exit.FAULTS if faults else Exit.DONE)


def _changes(base: Rulebook, book: Rulebook) -> Iterator[str]:
    before = {rule.id: rule for rule in base.rules}
    yield from (f"{entry.id}: added" for entry in added(base, book))
    for rule in book.rules:
        was = before.get(rule.id, rule)
        for name, old, new in (("", was.levels, rule.levels), (" if unknown", was.if_unknown, rule.if_unknown)):
            if old != new:
                levels = f"{old.needling.code}, {old.urgency.code} -> {new.needling.code}, {new.urgency.code}"
                yield f"{rule.id}{name}: {levels}"
        if was.electrical_stimulation != rule.electrical_stimulation:
            yield f"{rule.id}: no electrical stimulation"


def _faults(base: Rulebook, book: Rulebook) -> Iterator[str]:
    """What `rules check` would say of the overlay's own rules."""
    own = added(base, book)
    today = console().today
    for fault in chain(check.broken_examples(book), check.overdue_reviews(book, today)):
        if fault.entry in own:
            yield f"line {fault.entry.line}: {fault.message}"


def _loosened(base: Rulebook, book: Rulebook) -> Iterator[str]:
    """The proof; without the solver the structure was checked, which the reader is told."""
    if not has_rules_extra():
        click.echo(f"nothing is loosened, by structure (the proof needs the extra `rules`: {HOW_TO_GET})")
        return
    from intake.engine.prove.losses import loosened  # noqa: PLC0415 - z3 is in the extra `rules`

    losses = [change_report.lost(one) for one in loosened(base, book)]
    if not losses:
        click.echo("nothing is loosened, proved")
    yield from losses
