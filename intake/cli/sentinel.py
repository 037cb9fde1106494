"""Commands on the rule book's life: `rules sentinel` names rules that drifted, `rules book` writes it for readers.

Exit status: 0 done, 1 a rule drifted, or the written book is stale.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from intake.engine.book.rulebook import Rulebook
from intake.storage.database import Database
from intake.workflow.rules import sentinel

DRIFTED = STALE = 1
DOCUMENT = Path(__file__).parents[2] / "docs" / "rules.html"
Page = Callable[[Rulebook], str]


class _Store(Protocol):
    """The open database."""

    database: Database


class _Parts(Protocol):
    """What the composition root leaves for the commands."""

    rulebook: Rulebook
    store: _Store
    clock: Callable[[], datetime]


def commands(page: Page) -> tuple[click.Command, ...]:
    """The commands; `page` makes the book's text."""
    return watch_rules, _book(page)


@click.command("sentinel")
@with_appcontext
def watch_rules() -> None:
    """Name the rules that fell silent or surged in the last 30 days against the 180 days before."""
    parts = cast("_Parts", current_app.extensions["intake"])
    with parts.store.database.read() as connection:
        found = sentinel.watch(connection, parts.rulebook, parts.clock())
    for signal in found:
        recent, history = signal.recent, signal.history
        click.echo(
            f"{signal.rule}: {signal.drift.value}: fired on {recent.fired} of {recent.intakes} intakes in the last "
            f"30 days, on {history.fired} of {history.intakes} before (chance {signal.chance:.1g})"
        )
    click.echo(f"{len(found)} of {len(parts.rulebook.rules)} rules left their own history.")
    sys.exit(DRIFTED if found else 0)


def _book(page: Page) -> click.Command:
    @click.command("book")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=DOCUMENT)
    @click.option("--check", is_flag=True, help="Only say whether FILE is what would be written.")
    @with_appcontext
    def book(file: Path, *, check: bool) -> None:
        """Write the rule book in force for readers into FILE."""
        text = page(cast("_Parts", current_app.extensions["intake"]).rulebook)
        if not check:
            file.write_text(text, encoding="utf-8")
            click.echo(f"{file} is written.")
        elif not file.exists() or file.read_text(encoding="utf-8") != text:
            click.echo(f"{file} is stale: run `flask --app wsgi rules book`.", err=True)
            sys.exit(STALE)

    return book
