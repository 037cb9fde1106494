"""`rules export`: the rule book in force for other systems, as FHIR PlanDefinition, ELM library or FEEL (JSON).

Exit status: 0 written, 1 OUT cannot be written, 2 wrong usage. A file that is there is replaced whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TextIO

import click
from flask import current_app
from flask.cli import with_appcontext

from intake.engine.book.rulebook import Rulebook
from intake.interop import elm, feel
from intake.interop.plan_definition import plan_definition

FORMATS: dict[str, Callable[[Rulebook], dict[str, object]]] = {
    "plan-definition": plan_definition,
    "elm": elm.library,
    "feel": feel.export,
}


@click.command("export")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), required=True, help="What to write.")
@click.argument("out", type=click.File("w", encoding="utf-8", atomic=True), default="-")
@with_appcontext
def export_rules(form: str, out: TextIO) -> None:
    """Write the rule book in force to OUT (standard output) in a form that other systems read; docs/interop.md."""
    json.dump(FORMATS[form](current_app.extensions["intake"].rulebook), out, indent=1, ensure_ascii=False)
    out.write("\n")
