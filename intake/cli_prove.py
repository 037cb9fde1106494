"""`rules prove`: the proofs of the rule book, or of a file that may replace it; needs the development extra (z3).

Exit status: 0 all proved, 1 something is refuted (each refutation with patients who show it), 2 z3 is not installed.
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

from intake import RULEBOOK_PATH
from intake.engine import check
from intake.engine.answers import to_raw
from intake.engine.decide import truth
from intake.engine.load import load_rulebook

if TYPE_CHECKING:
    from intake.engine.mutants import Survivor
    from intake.engine.prove import Refutation
    from intake.engine.rulebook import Rulebook

REFUTED, NO_SOLVER = 1, 2


@click.command("prove")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=RULEBOOK_PATH)
@click.option("--write-examples", is_flag=True, help="Print the examples that would tell the surviving mutants apart.")
@with_appcontext
def prove_rules(file: Path, *, write_examples: bool) -> None:
    """Prove that no missing answer suppresses a finding, nothing fires on a guess, and the rest of docs/proofs.md."""
    if find_spec("z3") is None:
        click.echo("the proofs need z3: install the development dependencies (requirements/dev.lock)", err=True)
        sys.exit(NO_SOLVER)
    book = load_rulebook(file, current_app.extensions["intake"].vocabulary)
    broken = _timed("P13 examples", lambda: [f"line {line}: {text}" for line, text in check.broken_examples(book)])
    refuted = _timed("P1-P6, P8, P10", lambda: [_told(one) for one in _refutations(book)])
    inexact = _timed("P7 exact", lambda: list(_inexact(book)))
    survivors = _survivors(book)
    if write_examples:
        click.echo("\n".join(_example(one) for one in survivors))
    sys.exit(REFUTED if broken or refuted or inexact or survivors else 0)


def _refutations(book: Rulebook) -> Iterable[Refutation]:
    from intake.engine.prove import prove  # noqa: PLC0415 - z3 is a development extra

    return prove(book)


def _inexact(book: Rulebook) -> Iterator[str]:
    """Read-once rules are exact by construction; the others are tried by exhaustion."""
    from intake.engine.exact import LIMIT, exactness, reads_once  # noqa: PLC0415 - shares the search with z3

    for rule in book.rules:
        if reads_once(book, rule):
            continue
        found = exactness(book, rule, lambda one, answers: truth(book.vocabulary, one.when, answers))
        if found.inexact is not None:
            yield f"{rule.id} asks although every completion agrees: {json.dumps(to_raw(found.inexact))}"
        if not found.cases:
            click.echo(f"  {rule.id}: over {LIMIT} cases, not tried")


def _survivors(book: Rulebook) -> tuple[Survivor, ...]:
    from intake.engine.mutants import adequacy  # noqa: PLC0415 - z3 is a development extra
    from intake.engine.search import Search  # noqa: PLC0415

    start = time.perf_counter()
    found = adequacy(Search(book))
    told = f"{found.mutants} mutants, {found.equivalent} proved equivalent, {len(found.survivors)} survivors"
    click.echo(f"P14 adequacy: {told}, {time.perf_counter() - start:.2f} s")
    for one in found.survivors:
        click.echo(f"  {one.rule}: {one.change}: no example tells it apart")
    return found.survivors


def _timed(name: str, work: Callable[[], list[str]]) -> list[str]:
    start = time.perf_counter()
    refuted = work()
    click.echo(f"{name}: {f'{len(refuted)} refuted' if refuted else 'proved'}, {time.perf_counter() - start:.2f} s")
    for line in refuted:
        click.echo(f"  {line}")
    return refuted


def _told(one: Refutation) -> str:
    patients = "; ".join(json.dumps(to_raw(patient)) for patient in one.patients)
    return f"{one.id} {one.subject}: {one.text}{f': {patients}' if patients else ''}"


def _example(one: Survivor) -> str:
    return f"{one.rule} / {one.status}:\n    - {json.dumps(to_raw(one.example))}"
