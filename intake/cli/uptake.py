"""The `uptake` command: how many forms were begun and sent, and after which page the others stopped. No answers."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from intake.cli.console import console
from intake.workflow.keeping import uptake

WAYS = {"tablet": "on the tablet", "own": "on a device of their own"}


@click.command("uptake")
@click.option("--days", default=30, show_default=True, type=click.IntRange(1, 3650), help="Forms begun within so long.")
@with_appcontext
def command(days: int) -> None:
    """Count forms begun and sent, and where the others stopped; corrections and new versions do not count."""
    click.echo(f"Forms begun within {days} days:")
    for found in uptake.report(console().clinic, days):
        share = f" ({found.sent * 100 // found.begun} %)" if found.begun else ""
        click.echo(f"{WAYS[found.way]}: {found.begun} begun, {found.sent} sent{share}")
        for page, times in found.stopped:
            click.echo(f"  {times} not sent, {f'last page answered: {page}' if page else 'no page answered'}")
