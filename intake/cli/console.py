"""What every command shares: the parts it works with, how it refuses, and what its exit status means."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn, cast

import click
from flask import current_app

from intake.engine.book.rulebook import Rulebook
from intake.engine.read.load import load_rulebook
from intake.errors import IntakeError
from intake.questions.questionnaire import Questionnaire
from intake.settings import Settings
from intake.workflow.shared.clinic import Books, Clinic

EXTENSION = "intake_console"
ERROR = "Error: "  # as click begins its own
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Exit(IntEnum):
    """What a command's exit status says."""

    DONE = 0
    FAULTS = 1
    BAD_INPUT = 2
    FAILED = 3


@dataclass(frozen=True, slots=True)
class Console:
    """What the composition root hands to the commands.

    `open_clinic` opens the database and brings it to this program's revision, `hash_password` gives a password's stored
    form, `static_page` the rule book as one HTML file, `headers` are those that every response carries.
    """

    settings: Settings
    books: Books
    questionnaire: Questionnaire
    clock: Callable[[], datetime]
    open_clinic: Callable[[], Clinic]
    hash_password: Callable[[str], str]
    static_page: Callable[[Rulebook], str]
    headers: Mapping[str, str]

    @property
    def today(self) -> date:
        """The day in the clinic."""
        return self.clock().astimezone(self.settings.zone).date()

    @property
    def clinic(self) -> Clinic:
        """The clinic; ends the command with one sentence where it cannot be opened."""
        with refusals(Exit.FAULTS, ERROR):
            return self.open_clinic()


def speak_any_terminal() -> None:
    """Let signs that the terminal's encoding lacks be spelt out, not end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def console() -> Console:
    """The parts of the application whose command runs."""
    return cast("Console", current_app.extensions[EXTENSION])


def stop(message: str, status: Exit = Exit.BAD_INPUT, prefix: str = "") -> NoReturn:
    """End the command: the message on standard error, each of its lines behind the prefix."""
    for line in message.splitlines():
        click.echo(f"{prefix}{line}", err=True)
    sys.exit(status)


@contextmanager
def refusals(status: Exit = Exit.BAD_INPUT, prefix: str = "") -> Iterator[None]:
    """End the command with the sentence of whatever the product refuses inside."""
    try:
        yield
    except IntakeError as error:
        stop(str(error), status, prefix)


def read_book(file: Path) -> Rulebook:
    """The rule book in a file, over this program's vocabulary; a faulty one ends the command with every fault."""
    with refusals():
        return load_rulebook(file, console().books.shipped.vocabulary)
