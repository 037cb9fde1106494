"""The `paper` commands: the whole form as a PDF, blank or for one visit."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from intake.cli.console import Exit, console, refusals, stop
from intake.workflow.desk.visits import Practitioner
from intake.workflow.keeping import accounts
from intake.workflow.patient.paper import printing
from intake.workflow.patient.paper.printing import NOBODY, Comer, Head

NAME = "paper: "

group = AppGroup("paper", help="The form on paper.")


@group.command("print")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--visit", help="The id of a visit, as its page at /desk has it: the form is headed for who comes.")
@click.option("--by", "email", help="The staff account in whose name a visit is looked at.")
def print_form(file: Path, visit: str | None, email: str | None) -> None:
    """Write the form to FILE, a PDF of A4 pages to be filled in with a pen."""
    parts = console()
    settings = parts.settings
    address = f"{settings.base}/desk/paper"
    head = Head(settings.clinic_name, settings.phone, address, settings.emergency_number, settings.language)
    with refusals(prefix=NAME):
        who = _comer(visit, email, settings.language) if visit else NOBODY
        pdf = printing.form(parts.questionnaire, head, parts.clock(), settings.zone, who)
    try:
        file.write_bytes(pdf)
    except OSError as error:
        stop(f"{error.filename}: {error.strerror}", Exit.FAILED, NAME)
    click.echo(f"Written to {file}.")


def _comer(visit: str, email: str | None, language: str) -> Comer:
    clinic = console().clinic
    account = accounts.by_email(clinic, email) if email else None
    if account is None or not account.active:
        stop("a visit is looked at in somebody's name: --by with the address of an active account", prefix=NAME)
    return printing.comer_of(clinic, visit, Practitioner(account.id), language)
