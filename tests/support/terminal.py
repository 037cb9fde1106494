"""The commands without the pages: what a command needs and no more, for tests of one command."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from click.testing import Result
from flask import Flask

from intake.cli import table
from intake.cli.console import Console
from intake.engine.book.rulebook import Rulebook
from intake.settings import Settings
from intake.workflow.shared.clinic import Books, Clinic
from tests.support.visitor import questionnaire

TODAY = datetime(2026, 11, 25, tzinfo=UTC)
NOWHERE = Settings(instance=Path("nowhere"), secret_key="s" * 32, database_url="sqlite:///nowhere/intake.sqlite3")


def unwanted(*_given: object) -> NoReturn:
    """What no command of the test may ask for."""
    raise AssertionError("this command should need no more than it was given")


def own(rulebook: Rulebook) -> Books:
    """The rule book, with nothing over it."""
    return Books(rulebook, lambda book: book)


def run(
    *words: str | Path,
    books: Books,
    open_clinic: Callable[[], Clinic] = unwanted,
    settings: Settings = NOWHERE,
    text: str | bytes = "",
) -> Result:
    """What a command says over these rule books; `text` is its standard input."""
    app = Flask("small")
    console = Console(
        settings=settings,
        books=books,
        questionnaire=questionnaire(),
        clock=lambda: TODAY,
        open_clinic=open_clinic,
        hash_password=unwanted,
        static_page=unwanted,
        headers={},
    )
    table.register(app, console)
    return app.test_cli_runner().invoke(args=[str(word) for word in words], input=text)
