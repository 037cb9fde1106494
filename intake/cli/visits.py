"""The `visits` commands: a day list from a file, for a booking system that exports one every night.

What the list leaves open is answered by options, never guessed; without `--save` it only says what would happen. Names
stay out of the terminal: rows are told by their numbers.
"""

from __future__ import annotations

import secrets
from datetime import date
from pathlib import Path

import click
from flask.cli import AppGroup

from intake.cli.console import FILE, Exit, console, refusals, stop
from intake.interop.day_lists.letters import NAMES
from intake.interop.day_lists.reading import Choices, Column, Order
from intake.workflow.desk import imports
from intake.workflow.desk.day_list import Fate
from intake.workflow.desk.imports import Checked
from intake.workflow.desk.visits import Practitioner
from intake.workflow.keeping import accounts

NAME = "visits: "
ORDERS = click.Choice([order.value for order in Order])

group = AppGroup("visits", help="The visits of the front desk.")


@group.command("import")
@click.argument("file", type=FILE)
@click.option("--by", "email", required=True, help="The staff account in whose name it is done.")
@click.option("--dates", type=ORDERS, help="Which number of a date comes first, where the list does not tell.")
@click.option("--letters", type=click.Choice(list(NAMES)), help="How its letters are written, where that is open.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day of a list that has no column of days.")
@click.option("--save", is_flag=True, help="Add and change what is shown; without it nothing is saved.")
def import_list(file: Path, email: str, *, save: bool, **answers: object) -> None:
    """Add and change visits from the day list FILE, CSV or iCalendar."""
    clinic, list_id = console().clinic, secrets.token_hex(16)
    account = accounts.by_email(clinic, email)
    if account is None or not account.active:
        stop(f"no active account has the address {email}", prefix=NAME)
    by = Practitioner(account.id)
    with refusals(prefix=NAME):
        imports.receive(clinic, list_id, file.read_bytes(), by)
        imports.choose(clinic, list_id, _choices(answers), {})
        checked = imports.load(clinic, list_id)
        _tell(checked)
        if save and not checked.reading.open:
            imports.save(clinic, list_id, checked.preview.digest, by, lambda: secrets.token_hex(16))
            click.echo("Saved.")
            return
        imports.leave(clinic, list_id, by)
    if checked.reading.open:
        stop(f"the list leaves open: {', '.join(checked.reading.open)}; see --help", Exit.BAD_INPUT, NAME)


def _choices(answers: dict[str, object]) -> Choices:
    order, day, letters = answers["dates"], answers["day"], answers["letters"]
    orders = dict.fromkeys((Column.DAY.value, Column.BORN.value), str(order)) if order else {}
    return Choices(letters=str(letters or ""), orders=orders, day=date.fromisoformat(str(day)[:10]) if day else None)


def _tell(checked: Checked) -> None:
    counts = {fate.value: len(checked.preview.of(fate)) for fate in Fate}
    left_out = checked.preview.left_out
    click.echo(", ".join(f"{fate}: {count}" for fate, count in counts.items()) + f", left out: {len(left_out)}")
    near = sum(row.near is not None for row in checked.preview.rows)
    if near:
        click.echo(f"{near} may be somebody who is known: decide at /desk/people")
    for row in left_out:
        click.echo(f"row {row.row}: {row.reason}{f' ({row.column})' if row.column else ''}")
