"""The commands that bring a rule book into force (`rules draft` to `rules publish`), and `rules verify`.

People are staff accounts, named by their address with `--by`. Exit status: 0 done; 1 the draft has faults, or history
comes out otherwise; 2 refused, with the reason on standard error and nothing changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from intake.engine.read.load import load_rulebook
from intake.errors import IntakeError
from intake.storage.publications import Loss
from intake.web.services import services
from intake.web.staff.signed_in import registry
from intake.workflow.clinic import Books
from intake.workflow.rules import publishing
from intake.workflow.rules import verify as history_check
from intake.workflow.rules.publishing import Act, Standing, State

WRONG, REFUSED = 1, 2
SHORT, HASH = 12, 64
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
BY = click.option("--by", required=True, metavar="EMAIL", help="The account of who does it.")
NUMBER = click.argument("number", type=int)
Step = Callable[[Act, int], object]


def commands(books: Books) -> tuple[click.Command, ...]:
    """The commands over these rule books."""
    return (
        _draft(books),
        _examine(books),
        _reason(books),
        _step(books, "acknowledge", publishing.acknowledge, "Say that you have read the report on rule book NUMBER."),
        _step(books, "approve", publishing.approve, "Approve rule book NUMBER, as somebody else than its author."),
        _step(books, "publish", publishing.publish, "Bring the approved rule book NUMBER into force."),
        _step(books, "withdraw", publishing.withdraw, "Put rule book NUMBER away; not the one in force."),
        show_status,
        show_report,
        show_history,
        verify,
    )


def _draft(books: Books) -> click.Command:
    @click.command("draft")
    @click.argument("file", type=FILE)
    @BY
    @with_appcontext
    def draft(file: Path, by: str) -> None:
        """Take the rule book in FILE in, to be published in the end."""
        with _refusals():
            number = publishing.draft(_act(books, by), load_rulebook(file, books.shipped.vocabulary))
        click.echo(f"Rule book {number} is drafted. Next: `rules examine {number} --by EMAIL`.")

    return draft


def _examine(books: Books) -> click.Command:
    @click.command("examine")
    @NUMBER
    @BY
    @with_appcontext
    def examine(number: int, by: str) -> None:
        """Check and prove rule book NUMBER, and report what it changes against the one in force. Takes a minute."""
        with _refusals():
            faults = publishing.examine(_act(books, by), number)
            standing = publishing.standing(registry(), number)
        for line in faults or _report(standing):
            click.echo(line)
        if faults:
            click.echo(f"Rule book {number} has {len(faults)} faults and stays a draft.", err=True)
            sys.exit(WRONG)

    return examine


def _reason(books: Books) -> click.Command:
    @click.command("reason")
    @NUMBER
    @click.argument("concept")
    @click.argument("words")
    @BY
    @with_appcontext
    def reason(number: int, concept: str, words: str, by: str) -> None:
        """Write down in WORDS why rule book NUMBER may lose the stops of CONCEPT."""
        with _refusals():
            publishing.give_reason(_act(books, by), number, concept, words)
        click.echo(f"Rule book {number}: the reason for {concept} is written down.")

    return reason


def _step(books: Books, name: str, step: Step, text: str) -> click.Command:
    @click.command(name, help=text)
    @NUMBER
    @BY
    @with_appcontext
    def command(number: int, by: str) -> None:
        with _refusals():
            step(_act(books, by), number)
            standing = publishing.standing(registry(), number)
        click.echo(_line(standing))

    return command


@click.command("status")
@with_appcontext
def show_status() -> None:
    """Say which rule book is in force, and how far every other one is."""
    with _refusals():
        book = services().rulebook
        standings = publishing.everything(registry())
    published = any(each.publication.state == State.LIVE for each in standings)
    origin = "published by the clinic" if published else "shipped with this release"
    click.echo(f"In force: version {book.version}, {book.sha256[:SHORT]}, {origin}.")
    for standing in standings:
        click.echo(_line(standing))


@click.command("report")
@NUMBER
@with_appcontext
def show_report(number: int) -> None:
    """Print what rule book NUMBER changes and what would be lost; `rules replay` lists the intakes."""
    with _refusals():
        standing = publishing.standing(registry(), number)
    for line in _report(standing):
        click.echo(line)


@click.command("history")
@NUMBER
@with_appcontext
def show_history(number: int) -> None:
    """Print who did what to rule book NUMBER, and when."""
    with _refusals():
        standing = publishing.standing(registry(), number)
        entries = publishing.history(registry(), number)
    names = {f"staff:{number}": email for number, email in standing.people.items()}
    for entry in entries:
        told = _details(entry.details)
        action = entry.action.removeprefix("rulebook_").replace("_", " ")
        click.echo(f"{entry.at:%Y-%m-%d %H:%M} UTC  {names.get(entry.actor, entry.actor)}  {action}{told}")


@click.command("verify")
@with_appcontext
def verify() -> None:
    """Decide every stored intake again by the rule book that decided it; print those that come out otherwise, by id."""
    tally, wrong = history_check.Tally(), 0
    with _refusals():
        for mismatch in history_check.verify(services().store.database, tally):
            wrong += 1
            click.echo(f"{mismatch.intake_id}: {', '.join(mismatch.parts)}")
    never = f"; {tally.not_evaluated} never were" if tally.not_evaluated else ""
    click.echo(f"{tally.decided} intakes decided again by {len(tally.books)} rule books{never}: {wrong} mismatches.")
    sys.exit(WRONG if wrong else 0)


def _act(books: Books, email: str) -> Act:
    found = registry()
    return Act(found, books, publishing.person(found, email), datetime.now(UTC))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except IntakeError as error:
        click.echo(str(error), err=True)
        sys.exit(REFUSED)


def _line(standing: Standing) -> str:
    """One rule book in one line: number, version, state, people."""
    one, people = standing.publication, standing.people
    author = people[one.drafted_by] if one.drafted_by else "this program's release"
    told = [f"Rule book {one.id}: version {one.version}, {one.sha256[:SHORT]}, {one.state}; drafted by {author}"]
    told += [f"read by {people[one.read_by]}"] if one.read_by else []
    told += [f"approved by {people[one.approved_by]}"] if one.approved_by else []
    open_ones = sum(loss.reason is None for loss in standing.losses)
    told += [f"{open_ones} of {len(standing.losses)} lost stops without a reason"] if standing.losses else []
    return ", ".join(told) + "."


def _report(standing: Standing) -> Iterator[str]:
    """What was compared, then what would be lost."""
    yield _line(standing)
    yield from standing.publication.report
    yield f"lost stops: {len(standing.losses)}"
    yield from (f"  {line}" for loss in standing.losses for line in _loss(loss, standing.people))


def _loss(loss: Loss, people: Mapping[int, str]) -> Iterator[str]:
    shown = json.dumps(loss.shown, ensure_ascii=False)
    stored = f"stored intakes on which a rule of it counts lower: {loss.intakes}"
    yield f"{loss.concept}, {loss.level}: {stored}; for example {shown}"
    if loss.reason is not None and loss.reason_by is not None:
        yield f"  reason ({people[loss.reason_by]}): {loss.reason}"
    else:
        yield "  no reason yet"


def _details(details: Mapping[str, object]) -> str:
    told = ", ".join(f"{key} {_shortened(str(value))}" for key, value in details.items() if value is not None)
    return f" ({told})" if told else ""


def _shortened(value: str) -> str:
    """A hash by its beginning, everything else as it is."""
    return value[:SHORT] if len(value) == HASH else value
