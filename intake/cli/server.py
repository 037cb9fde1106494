"""`flask --app wsgi serve`: on the loopback address, or behind the proxy that `public_url` names."""

from __future__ import annotations

import errno
import gc
import secrets
import socket
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from intake.cli import first_run, http_server, messages, post_room
from intake.cli.console import ERROR, Exit, console, refusals, stop
from intake.cli.demo import tablet as demo_tablet
from intake.cli.http_server import ServedAt
from intake.workflow.keeping import accounts
from intake.workflow.rules import publishing

if TYPE_CHECKING:
    from flask import Flask

TOKEN_BYTES = 32
REFUSED = {
    errno.EADDRINUSE: "another program listens there, perhaps this one; stop it, or set another port",
    errno.EACCES: "this user may not; set a port from 1024 on",
    errno.EADDRNOTAVAIL: "this machine does not have that address; set host",
}


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Serve the product; print the link that makes the first account where there is none."""
    settings = console().settings
    first_run.ask(settings)
    refuse_taken_port(settings.host, settings.port)
    base = settings.base
    with refusals(Exit.FAULTS, ERROR):
        offer = offered_release()
        link = setup_link(base)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the documented way to the real one
    click.echo(f"Serving on {base}, by the clock of {settings.zone.key}")
    if not settings.phone and not settings.demo:
        click.echo("Patients cannot begin yet: set phone in settings.toml, the number that they call.")
    tablet = demo_tablet.invitation(console().clinic, base) if settings.demo else ""
    if tablet:
        click.echo(tablet)
    if offer:
        click.echo(offer)
    if link:
        click.echo(f"Make the first staff account within 30 minutes: {link}")
    if not (settings.duty_address or settings.webhook_url or settings.demo):
        click.echo("Alarms are told to nobody outside these pages: set duty_address and smtp_host, or webhook_url.")
    settle()
    place = ServedAt(settings.host, settings.port, settings.behind_tls, settings.prefix)
    with post_room.at_work(console().clinic, messages.ways_out()):
        anew = http_server.run(app, place, console().headers)
    if anew:
        first_run.start_again()


def refuse_taken_port(host: str, port: int) -> None:
    """End the command where the server could not listen, before anything is offered or printed."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            trial.listen()
    except OSError as error:
        reason = REFUSED.get(error.errno or 0, str(error.strerror))
        stop(f"Cannot listen on {host}, port {port}: {reason}.", Exit.FAULTS, ERROR)


def offered_release() -> str | None:
    """What to say where a published rule book stays in force beside the one of this release, which is drafted once.

    Raises DataFileError where the rule book in force cannot be read: such a start must fail.
    """
    clinic = console().clinic
    book, shipped = clinic.rulebook(), clinic.books.shipped
    number = publishing.offer_release(clinic)
    if number is None:
        return None
    return (
        f"This release ships rule book {shipped.version}; the published one, {book.version}, stays in force. "
        f"The new one is drafted as rule book {number}: `rules examine {number} --by EMAIL`."
    )


def settle() -> None:
    """Let the garbage collector pass over what was loaded at the start: looking at it holds a request up for 0.1 s."""
    gc.collect()
    gc.freeze()


def setup_link(base: str) -> str | None:
    """The one-time link to the set-up page; None where somebody has an account."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return f"{base}/staff/setup/{token}" if accounts.offer_setup(console().clinic, token) else None
