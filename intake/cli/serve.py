"""`flask --app wsgi serve`: waitress on the loopback address, or behind the proxy that `public_url` names.

waitress answers others while slow or half-open connections wait; a server without a buffering proxy needs that.
"""

from __future__ import annotations

import gc
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import waitress
from flask import current_app
from flask.cli import with_appcontext
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask

from intake.errors import IntakeError
from intake.web import security
from intake.web.services import services
from intake.web.staff.signed_in import registry
from intake.workflow.keeping import accounts
from intake.workflow.rules import publishing

if TYPE_CHECKING:
    from flask import Flask

    from intake.settings import Settings

TOKEN_BYTES = 32
LIMITS = {
    "threads": 8,
    "connection_limit": 1000,
    "channel_timeout": 15,
    "max_request_header_size": 32 * 1024,
    "max_request_body_size": 1024 * 1024,
    "ident": "",
}


class StrictError(ErrorTask):  # type: ignore[misc]  # waitress carries no types
    """What the server refuses before any page is asked, with the headers that every page has."""

    def execute(self) -> None:
        """Answer, and close."""
        self.response_headers.extend([*security.HEADERS.items(), ("Cache-Control", "no-store")])
        super().execute()


def command(settings: Settings) -> click.Command:
    """The command for these settings."""

    @click.command("serve")
    @with_appcontext
    def serve() -> None:
        """Serve the product; print the link that makes the first account where there is none."""
        try:
            offer = offered_release()
        except IntakeError as error:
            raise click.ClickException(str(error)) from error
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the documented way to the real one
        base = settings.public_url or f"http://{settings.host}:{settings.port}"
        link = setup_link(base)
        click.echo(f"Serving on {base}")
        if offer:
            click.echo(offer)
        if link:
            click.echo(f"Make the first staff account within 30 minutes: {link}")
        HTTPChannel.error_task_class = StrictError
        settle()
        waitress.serve(
            app,
            host=settings.host,
            port=settings.port,
            clear_untrusted_proxy_headers=not settings.behind_tls,
            **LIMITS,
        )

    return serve


def offered_release() -> str | None:
    """What to say where a published rule book stays in force beside the one of this release, which is drafted once.

    Raises DataFileError where the rule book in force cannot be read: such a start must fail.
    """
    parts = services()
    book, shipped = parts.rulebook, parts.books.shipped
    number = publishing.offer_release(registry(), shipped, parts.clock())
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
    """The one-time link to the set-up page; None where somebody has an account. Opens and upgrades the database."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    offered = accounts.offer_setup(registry(), token, datetime.now(UTC))
    return f"{base}/staff/setup/{token}" if offered else None
