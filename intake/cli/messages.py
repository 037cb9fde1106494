"""The `messages` commands: try the ways out, see what does not get out, give a message up. No content is printed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup

from intake.cli.console import ERROR, Exit, console, stop
from intake.errors import DeliveryError
from intake.storage.outbox import Channel, Message
from intake.workflow.keeping.messages import stuck
from intake.workflow.keeping.messages.catcher import Catcher
from intake.workflow.keeping.messages.smtp import MailServer
from intake.workflow.keeping.messages.webhook import Webhook

if TYPE_CHECKING:
    from datetime import datetime

    from intake.workflow.keeping.messages.courier import WayOut
    from intake.workflow.keeping.messages.stuck import Waiting

NOTHING_SET = "No way out is set: set duty_address, smtp_host and mail_from, or webhook_url and webhook_secret."
TEST = "This is a test. Alarms of the intake questionnaire come to this address.\n"
ID_BYTES = 16

group = AppGroup("messages", help="What goes out to whoever is on duty.")


@group.command("test")
def try_ways() -> None:
    """Send a test to the duty address and to the webhook, whichever is set."""
    clinic = console().clinic
    ways = {way.channel: way for way in ways_out()}
    duty = clinic.duty
    recipients = {Channel.MAIL: duty.address, Channel.WEBHOOK: duty.webhook}
    wanted = {channel: to for channel, to in recipients.items() if to and channel in ways}
    if not wanted:
        stop(NOTHING_SET, Exit.FAULTS, ERROR)
    refused = [channel for channel, to in wanted.items() if not _try(ways[channel], to, clinic.clock())]
    if refused:
        stop(f"Not accepted: {', '.join(refused)}.", Exit.FAULTS, ERROR)


@group.command("list")
@click.option("--all", "every", is_flag=True, help="Every message that waits, not only those that are stuck.")
def show(*, every: bool) -> None:
    """Print what does not get out: id, way, kind, since when, tries, next try, reason."""
    found = stuck.listed(console().clinic, every=every)
    for message in found:
        click.echo("\t".join(_columns(message)))
    if not found:
        click.echo("Nothing waits." if every else "Nothing is stuck.")


@group.command("drop")
@click.argument("message_id")
def drop(message_id: str) -> None:
    """Give the message MESSAGE_ID up: it is never sent. An alarm stays open, and is told again."""
    if not stuck.drop(console().clinic, message_id):
        stop("No message of that id waits.", Exit.FAULTS, ERROR)
    click.echo("Given up.")


def ways_out() -> list[WayOut]:
    """The ways that are set; in a demonstration mails are caught."""
    settings = console().settings
    ways: list[WayOut] = []
    if settings.demo:
        ways.append(Catcher())
    elif settings.smtp_host:
        sender, user, password = settings.mail_from, settings.smtp_user, settings.smtp_password
        ways.append(MailServer(settings.smtp_host, settings.smtp_port, sender, user, password))
    if settings.webhook_url:
        ways.append(Webhook(settings.webhook_url, settings.webhook_secret, console().clock))
    return ways


def _try(way: WayOut, recipient: str, now: datetime) -> bool:
    """Send one test, past the outbox; whether it was accepted."""
    name, duty = secrets.token_hex(ID_BYTES), console().clinic.duty
    message = Message(name, way.channel, "test", now, now, 1, None, None, "", None, None)
    mail = {"subject": f"Test - {duty.clinic}", "text": TEST, "message_id": duty.message_id(name)}
    event = {"id": name, "event": "test", "clinic": duty.clinic}
    try:
        with way.session() as send:
            send(message, recipient, event if way.channel is Channel.WEBHOOK else mail)
    except DeliveryError as error:
        click.echo(f"{way.channel}: {error.reason}", err=True)
        return False
    click.echo(f"{way.channel}: accepted, for {recipient}")
    return True


def _columns(message: Waiting) -> tuple[str, ...]:
    times = (moment.isoformat(timespec="seconds") for moment in (message.created_at, message.due_at))
    written, due = times
    why = message.failure or "not tried yet, or being tried"
    return message.id, message.channel, message.kind, written, f"tries {message.tries}", f"next {due}", why
