"""The `accounts` commands: who may sign in. Passwords come from a prompt or standard input, never as an argument."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from intake.cli.console import console, refusals, stop
from intake.workflow.keeping import accounts, passwords
from intake.workflow.keeping.accounts import Act, NewAccount, Role

BY = "command line"
NAME = "accounts: "
ROLES = click.Choice([role.value for role in Role])
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")


group = AppGroup("accounts", help="Who may sign in.")


@group.command("add")
@click.argument("email")
@click.option("--role", type=ROLES, default=Role.PRACTITIONER.value, show_default=True, help="What they may open.")
@STDIN
def add(email: str, role: str, *, password_stdin: bool) -> None:
    """Make an account for EMAIL."""
    if not accounts.is_email(email):
        stop(f"{email} is not an email address", prefix=NAME)
    password = _password(email, from_input=password_stdin)
    new = NewAccount(email, console().hash_password(password), accounts.new_stamp(), Role(role))
    with refusals(prefix=NAME):
        accounts.add(console().clinic, new, BY)
    click.echo(f"{accounts.known_email(email)} may sign in.")


@group.command("list")
def show() -> None:
    """Print every account and whether it may sign in."""
    for account in accounts.everyone(console().clinic):
        click.echo(f"{account.email}\t{'active' if account.active else 'disabled'}\t{account.role}")


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
    with refusals(prefix=NAME):
        accounts.set_password(console().clinic, email, console().hash_password(password), _act())
    click.echo(f"{accounts.known_email(email)} has a new password.")


def _change(email: str, *, active: bool) -> None:
    with refusals(prefix=NAME):
        accounts.set_active(console().clinic, email, _act(), active=active)


def _password(email: str, *, from_input: bool) -> str:
    if from_input:
        try:
            password = sys.stdin.buffer.readline().decode().rstrip("\r\n")
        except UnicodeDecodeError:
            stop("the password on standard input is not UTF-8", prefix=NAME)
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    problems = passwords.problems(password, email)
    if problems:
        stop(" ".join(problems), prefix=NAME)
    return str(password)


def _act() -> Act:
    return Act(BY, accounts.new_stamp())
