"""The proofs: `rules prove` for one book or a file that may replace it, `rules compare` for what differs between two.

Both need the extra `rules`. Exit status: 0 all proved, or nobody is judged otherwise; 1 something is refuted, or
somebody is (each with patients who show it); 2 a file is faulty or the extra is missing; 3 the solver found a patient
whom `decide` does not confirm.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext

from intake.cli.console import FILE, Exit, console, read_book, refusals
from intake.engine.read.answers import to_raw
from intake.settings import RULEBOOK_PATH
from intake.workflow.rules import change_report
from intake.workflow.rules.extra import require_rules_extra

if TYPE_CHECKING:
    from intake.engine.prove.compare import EquivalenceResult
    from intake.engine.prove.mutants import Survivor
    from intake.engine.prove.proofs import ProofResult
    from intake.engine.prove.search import Refutation


@click.command("prove")
@click.argument("file", type=FILE, default=RULEBOOK_PATH)
@click.option("--write-examples", is_flag=True, help="Print the examples that would tell the surviving mutants apart.")
@with_appcontext
def prove_rules(file: Path, *, write_examples: bool) -> None:
    """Prove that no missing answer suppresses a finding, nothing fires on a guess, and the rest of docs/proofs.md."""
    with refusals():
        require_rules_extra()
    from intake.engine.prove.proofs import Proofs, as_line  # noqa: PLC0415 - z3 is in the extra `rules`

    proofs = Proofs(read_book(file), console().today)
    begun = time.perf_counter()
    refuted = [_say(result, as_line) for result in proofs.results()]
    click.echo(f"{sum(refuted)} refuted, {time.perf_counter() - begun:.1f} s")
    for line in _examples(proofs.survivors) if write_examples else ():
        click.echo(line)
    sys.exit(Exit.FAULTS if any(refuted) else Exit.DONE)


def _say(result: ProofResult, as_line: Callable[[Refutation], str]) -> int:
    click.echo(f"{result.id:6} {result.name}: {result.summary}")
    for refutation in (*result.refuted, *result.shown):
        click.echo(f"       {as_line(refutation)}")
    return len(result.refuted)


def _examples(survivors: Iterable[Survivor]) -> Iterator[str]:
    """The missing examples as they go into the rule book, under rule and list."""
    examples: dict[str, list[str]] = {}
    for survivor in survivors:
        examples.setdefault(f"{survivor.rule} / {survivor.status}:", []).append(
            f"    - {json.dumps(to_raw(survivor.example))}"
        )
    for head, lines in examples.items():
        yield from (head, *lines)


@click.command("compare")
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@with_appcontext
def compare_rules(old: Path, new: Path) -> None:
    """Prove of each rule and label that OLD and NEW judge everybody alike, or show patients whom they do not."""
    with refusals():
        require_rules_extra()
    from intake.engine.prove.compare import compare  # noqa: PLC0415 - z3 is in the extra `rules`

    results = []
    for result in compare(read_book(old), read_book(new)):
        results.append(result)
        for line in change_report.proved(result):
            click.echo(line)
    sys.exit(_status(results))


def _status(results: Iterable[EquivalenceResult]) -> Exit:
    witnesses = [each for result in results for each in result.witnesses]
    if not all(witness.confirmed for witness in witnesses):
        return Exit.FAILED
    return Exit.FAULTS if witnesses else Exit.DONE
