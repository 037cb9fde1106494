"""The `accounts` commands: who may sign in. Passwords come from a prompt or standard input, never as an argument."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import NoReturn

import click
from flask import Flask
from flask.cli import AppGroup

from intake.errors import IntakeError
from intake.web.staff.accounts import hashed, stamp
from intake.web.staff.signed_in import registry
from intake.workflow.keeping import accounts, passwords
from intake.workflow.keeping.accounts import Act, NewAccount

BY = "command line"
REFUSED = 2
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")


group = AppGroup("accounts", help="Who may sign in.")


def register(app: Flask) -> None:
    """Add the commands to the application."""
    app.cli.add_command(group)


@group.command("add")
@click.argument("email")
@STDIN
def add(email: str, *, password_stdin: bool) -> None:
    """Make an account for EMAIL."""
    if not accounts.is_email(email):
        _stop(f"{email} is not an email address")
    new = NewAccount(email, hashed(_password(email, from_input=password_stdin)), stamp())
    try:
        accounts.add(registry(), new, BY, _now())
    except IntakeError as error:
        _stop(str(error))
    click.echo(f"{accounts.known_email(email)} may sign in.")


@group.command("list")
def show() -> None:
    """Print every account and whether it may sign in."""
    for account in accounts.everyone(registry()):
        click.echo(f"{account.email}\t{'active' if account.active else 'disabled'}")


@group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Keep EMAIL out, from its next click on."""
    _change(email, active=False)
    click.echo(f"{accounts.known_email(email)} is out.")


@group.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Let EMAIL in again."""
    _change(email, active=True)
    click.echo(f"{accounts.known_email(email)} may sign in.")


@group.command("reset")
@click.argument("email")
@STDIN
def reset(email: str, *, password_stdin: bool) -> None:
    """Give EMAIL a new password; whoever is signed in with the old one is out."""
    password = _password(email, from_input=password_stdin)
    try:
        accounts.set_password(registry(), email, hashed(password), _act())
    except IntakeError as error:
        _stop(str(error))
    click.echo(f"{accounts.known_email(email)} has a new password.")


def _change(email: str, *, active: bool) -> None:
    try:
        accounts.set_active(registry(), email, _act(), active=active)
    except IntakeError as error:
        _stop(str(error))


def _password(email: str, *, from_input: bool) -> str:
    if from_input:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    problems = passwords.problems(password, email)
    if problems:
        _stop(" ".join(problems))
    return str(password)


def _act() -> Act:
    return Act(BY, _now(), stamp())


def _now() -> datetime:
    return datetime.now(UTC)


def _stop(message: str) -> NoReturn:
    click.echo(f"accounts: {message}", err=True)
    sys.exit(REFUSED)
