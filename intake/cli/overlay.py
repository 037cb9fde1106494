"""`rules overlay`: what the clinic's overlay adds and makes stricter, and the proof that it loosens nothing.

Exit status: 0 nobody is judged lower; 1 faults, broken examples or overdue reviews; 2 there is no overlay.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import click
from flask.cli import with_appcontext

from intake.engine.book.rulebook import Rulebook
from intake.engine.read import check
from intake.engine.read.overlay import added, read_overlay
from intake.errors import DataFileError
from intake.settings import Settings
from intake.web.services import services
from intake.workflow.clinic import Books
from intake.workflow.rules import change_report

FAULTY, NONE = 1, 2


def command(settings: Settings, books: Books) -> click.Command:
    """The command for these settings."""

    @click.command("overlay")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
    @with_appcontext
    def overlay(file: Path | None) -> None:
        """Say what the overlay in FILE (or the clinic's own) changes in the book in force; prove it loosens nothing."""
        chosen = file or settings.overlay_file
        if chosen is None:
            click.echo("There is no overlay: put one at overlay.yaml in the instance, or name a FILE.", err=True)
            sys.exit(NONE)
        try:
            base = books.bare(services().store.database)
            book = read_overlay(chosen).over(base)
        except DataFileError as error:
            click.echo(str(error), err=True)
            sys.exit(FAULTY)
        for line in _changes(base, book):
            click.echo(line)
        faults = [*_faults(base, book), *_loosened(base, book)]
        for line in faults:
            click.echo(line, err=True)
        sys.exit(FAULTY if faults else 0)

    return overlay


def _changes(base: Rulebook, book: Rulebook) -> Iterator[str]:
    before = {rule.id: rule for rule in base.rules}
    yield from (f"{entry.id}: added" for entry in added(base, book))
    for rule in book.rules:
        was = before.get(rule.id, rule)
        for name, old, new in (("", was.levels, rule.levels), (" if unknown", was.if_unknown, rule.if_unknown)):
            if old != new:
                told = f"{old.needling.code}, {old.urgency.code} -> {new.needling.code}, {new.urgency.code}"
                yield f"{rule.id}{name}: {told}"
        if was.electrical_stimulation != rule.electrical_stimulation:
            yield f"{rule.id}: no electrical stimulation"


def _faults(base: Rulebook, book: Rulebook) -> Iterator[str]:
    """What `rules check` would say of the overlay's own rules."""
    own = added(base, book)
    today = datetime.now(UTC).date()
    for fault in chain(check.broken_examples(book), check.overdue_reviews(book, today)):
        if fault.entry in own:
            yield f"line {fault.entry.line}: {fault.message}"


def _loosened(base: Rulebook, book: Rulebook) -> Iterator[str]:
    """The proof; without z3 the structure was checked, which the reader is told."""
    if find_spec("z3") is None:
        click.echo("nothing is loosened, by structure (the proof needs the development dependencies)")
        return
    from intake.engine.prove.losses import loosened  # noqa: PLC0415 - z3 is a development extra

    lost = [change_report.lost(one) for one in loosened(base, book)]
    if not lost:
        click.echo("nothing is loosened, proved")
    yield from lost
