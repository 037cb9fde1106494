"""The commands that bring a rule book into force: `rules draft` to `rules publish`, and what is known of each.

People are staff accounts, named by their address with `--by`. Exit status: 0 done; 1 the draft has faults; 2 refused,
with the reason on standard error and nothing changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
from flask.cli import with_appcontext

from intake.cli.console import FILE, Exit, console, read_book, refusals, stop
from intake.storage.publications import Loss
from intake.workflow.keeping.accounts import Account
from intake.workflow.rules import publishing, stages
from intake.workflow.rules.stages import PublicationRecord, Stage
from intake.workflow.shared.clinic import Clinic

SHORT, HASH = 12, 64
BY = click.option("--by", "email", required=True, metavar="EMAIL", help="The account of who does it.")
NUMBER = click.argument("number", type=int)
PublicationStep = Callable[[Clinic, Account, int], object]


@click.command("draft")
@click.argument("file", type=FILE)
@BY
@with_appcontext
def draft(file: Path, email: str) -> None:
    """Take the rule book in FILE in, to be published in the end."""
    with refusals():
        clinic, by = _acting(email)
        number = publishing.draft(clinic, by, read_book(file))
    click.echo(f"Rule book {number} is drafted. Next: `rules examine {number} --by EMAIL`.")


@click.command("examine")
@NUMBER
@BY
@with_appcontext
def examine(number: int, email: str) -> None:
    """Check and prove rule book NUMBER, and report what it changes against the one in force. Takes a minute."""
    with refusals():
        clinic, by = _acting(email)
        faults = publishing.examine(clinic, by, number)
        record = stages.record(clinic, number)
    for line in faults or _report(record):
        click.echo(line)
    if faults:
        stop(f"Rule book {number} has {len(faults)} faults and stays a draft.", Exit.FAULTS)


@click.command("reason")
@NUMBER
@click.argument("concept")
@click.argument("words")
@BY
@with_appcontext
def reason(number: int, concept: str, words: str, email: str) -> None:
    """Write down in WORDS why rule book NUMBER may lose the stops of CONCEPT."""
    with refusals():
        publishing.give_reason(*_acting(email), number, concept, words)
    click.echo(f"Rule book {number}: the reason for {concept} is written down.")


def _step(name: str, step: PublicationStep, text: str) -> click.Command:
    """A command that takes one step and says where the rule book stands then."""

    @click.command(name, help=text)
    @NUMBER
    @BY
    @with_appcontext
    def command(number: int, email: str) -> None:
        with refusals():
            clinic, by = _acting(email)
            step(clinic, by, number)
            record = stages.record(clinic, number)
        click.echo(_line(record))

    return command


acknowledge = _step("acknowledge", publishing.acknowledge, "Say that you have read the report on rule book NUMBER.")
approve = _step("approve", publishing.approve, "Approve rule book NUMBER, as somebody else than its author.")
publish = _step("publish", publishing.publish, "Bring the approved rule book NUMBER into force.")
withdraw = _step("withdraw", publishing.withdraw, "Put rule book NUMBER away; not the one in force.")


@click.command("status")
@with_appcontext
def show_status() -> None:
    """Say which rule book is in force, and how far every other one is."""
    with refusals():
        clinic = console().clinic
        book, records = clinic.rulebook(), stages.everything(clinic)
    published = any(each.publication.state == Stage.LIVE for each in records)
    origin = "published by the clinic" if published else "shipped with this release"
    click.echo(f"In force: version {book.version}, {book.sha256[:SHORT]}, {origin}.")
    for record in records:
        click.echo(_line(record))


@click.command("report")
@NUMBER
@with_appcontext
def show_report(number: int) -> None:
    """Print what rule book NUMBER changes and what would be lost; `rules replay` lists the intakes."""
    with refusals():
        record = stages.record(console().clinic, number)
    for line in _report(record):
        click.echo(line)


@click.command("history")
@NUMBER
@with_appcontext
def show_history(number: int) -> None:
    """Print who did what to rule book NUMBER, and when."""
    with refusals():
        record = stages.record(console().clinic, number)
        entries = stages.history(console().clinic, number)
    names = {f"staff:{number}": email for number, email in record.people.items()}
    for entry in entries:
        details = _details(entry.details)
        action = entry.action.removeprefix("rulebook_").replace("_", " ")
        click.echo(f"{entry.at:%Y-%m-%d %H:%M} UTC  {names.get(entry.actor, entry.actor)}  {action}{details}")


def _acting(email: str) -> tuple[Clinic, Account]:
    """The clinic, and who acts in it; raises PublishingError where there is no such account."""
    clinic = console().clinic
    return clinic, publishing.account_of(clinic, email)


def _line(record: PublicationRecord) -> str:
    """One rule book in one line: number, version, state, people."""
    one, people = record.publication, record.people
    author = people[one.drafted_by] if one.drafted_by else "this program's release"
    parts = [f"Rule book {one.id}: version {one.version}, {one.sha256[:SHORT]}, {one.state}; drafted by {author}"]
    parts += [f"read by {people[one.read_by]}"] if one.read_by else []
    parts += [f"approved by {people[one.approved_by]}"] if one.approved_by else []
    open_ones = sum(loss.reason is None for loss in record.losses)
    parts += [f"{open_ones} of {len(record.losses)} lost stops without a reason"] if record.losses else []
    return ", ".join(parts) + "."


def _report(record: PublicationRecord) -> Iterator[str]:
    """What was compared, then what would be lost."""
    yield _line(record)
    yield from record.publication.report
    yield f"lost stops: {len(record.losses)}"
    yield from (f"  {line}" for loss in record.losses for line in _loss(loss, record.people))


def _loss(loss: Loss, people: Mapping[int, str]) -> Iterator[str]:
    example = json.dumps(loss.shown, ensure_ascii=False)
    stored = f"stored intakes on which a rule of it counts lower: {loss.intakes}"
    yield f"{loss.concept}, {loss.level}: {stored}; for example {example}"
    if loss.reason is not None and loss.reason_by is not None:
        yield f"  reason ({people[loss.reason_by]}): {loss.reason}"
    else:
        yield "  no reason yet"


def _details(details: Mapping[str, object]) -> str:
    pairs = ", ".join(f"{key} {_shortened(str(value))}" for key, value in details.items() if value is not None)
    return f" ({pairs})" if pairs else ""


def _shortened(value: str) -> str:
    """A hash by its beginning, everything else as it is."""
    return value[:SHORT] if len(value) == HASH else value
