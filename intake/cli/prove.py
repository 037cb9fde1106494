"""`rules prove`: the proofs of the rule book, or of a file that may replace it; needs the development extra (z3).

Exit status: 0 all proved, 1 something is refuted (each refutation with patients who show it), 2 a file is faulty or z3
is missing.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext

from intake.cli.rules import UNUSABLE, read_book
from intake.engine.read.answers import to_raw
from intake.settings import RULEBOOK_PATH

if TYPE_CHECKING:
    from intake.engine.prove.mutants import Survivor
    from intake.engine.prove.proofs import Outcome
    from intake.engine.prove.search import Refutation

REFUTED = 1


@click.command("prove")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=RULEBOOK_PATH)
@click.option("--write-examples", is_flag=True, help="Print the examples that would tell the surviving mutants apart.")
@with_appcontext
def prove_rules(file: Path, *, write_examples: bool) -> None:
    """Prove that no missing answer suppresses a finding, nothing fires on a guess, and the rest of docs/proofs.md."""
    if find_spec("z3") is None:
        click.echo("the proofs need z3: install the development dependencies (requirements/dev.lock)", err=True)
        sys.exit(UNUSABLE)
    from intake.engine.prove.proofs import Proofs, told  # noqa: PLC0415 - z3 is a development extra

    proofs = Proofs(read_book(file), current_app.extensions["intake"].clock().date())
    begun = time.perf_counter()
    refuted = [_say(outcome, told) for outcome in proofs.outcomes()]
    click.echo(f"{sum(refuted)} refuted, {time.perf_counter() - begun:.1f} s")
    for line in _examples(proofs.survivors) if write_examples else ():
        click.echo(line)
    sys.exit(REFUTED if any(refuted) else 0)


def _say(outcome: Outcome, told: Callable[[Refutation], str]) -> int:
    click.echo(f"{outcome.id:6} {outcome.name}: {outcome.told}")
    for one in (*outcome.refuted, *outcome.shown):
        click.echo(f"       {told(one)}")
    return len(outcome.refuted)


def _examples(survivors: Iterable[Survivor]) -> Iterator[str]:
    """The missing examples as they go into the rule book, under rule and list."""
    found: dict[str, list[str]] = {}
    for one in survivors:
        found.setdefault(f"{one.rule} / {one.status}:", []).append(f"    - {json.dumps(to_raw(one.example))}")
    for head, lines in found.items():
        yield from (head, *lines)
