"""The rule book on paper: `rules check` a file, `rules export` for other systems, `rules book` for readers.

Exit status: 0 done; 1 the file has faults, OUT cannot be written, or the written book is stale; 2 wrong usage. A file
that is exported over is replaced whole or not at all.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TextIO

import click
from flask.cli import with_appcontext

from intake.cli.console import FILE, Exit, console, stop
from intake.engine.book.rulebook import Rulebook
from intake.engine.read import check
from intake.engine.read.load import examine_rulebook
from intake.engine.read.texts import faulty_texts
from intake.errors import Problem
from intake.interop import elm, feel
from intake.interop.plan_definition import plan_definition
from intake.settings import RULEBOOK_PATH

DOCUMENT = Path(__file__).parents[2] / "docs" / "rules.html"
FORMATS: dict[str, Callable[[Rulebook], dict[str, object]]] = {
    "plan-definition": plan_definition,
    "elm": elm.library,
    "feel": feel.export,
}


@click.command("check")
@click.argument("file", type=FILE, default=RULEBOOK_PATH)
@with_appcontext
def check_rules(file: Path) -> None:
    """Print every fault of the rule book in FILE with its line; warnings do not count."""
    rulebook, problems = examine_rulebook(file, console().books.shipped.vocabulary)
    today = console().today
    findings = chain(check.broken_examples(rulebook), check.overdue_reviews(rulebook, today), faulty_texts(rulebook))
    faults = [*problems, *(Problem(str(file), fault.entry.line, fault.message) for fault in findings)]
    for line, message in check.warnings(rulebook):
        click.echo(f"{file}:{line}: warning: {message}" if line else f"{file}: warning: {message}")
    for fault in sorted(faults, key=lambda fault: fault.line):
        click.echo(fault)
    click.echo(f"{file}: {len(rulebook.rules)} rules, {len(rulebook.notes)} notes, {len(faults)} faults")
    sys.exit(Exit.FAULTS if faults else Exit.DONE)


@click.command("export")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="What to write.")
@click.argument("out", type=click.File("w", encoding="utf-8", atomic=True), default="-")
@with_appcontext
def export_rules(form: str, out: TextIO) -> None:
    """Write the rule book in force to OUT (standard output) in a form that other systems read; docs/interop.md."""
    json.dump(FORMATS[form](console().clinic.rulebook()), out, indent=1, ensure_ascii=False)
    out.write("\n")


@click.command("book")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), default=DOCUMENT)
@click.option("--check", "is_check", is_flag=True, help="Only say whether FILE is what would be written.")
@with_appcontext
def write_book(file: Path, *, is_check: bool) -> None:
    """Write the rule book in force for readers into FILE."""
    text = console().static_page(console().clinic.rulebook())
    if not is_check:
        file.write_text(text, encoding="utf-8")
        click.echo(f"{file} is written.")
    elif not file.exists() or file.read_text(encoding="utf-8") != text:
        stop(f"{file} is stale: run `flask --app wsgi rules book`.", Exit.FAULTS)
