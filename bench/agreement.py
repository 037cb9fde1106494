"""Do `decide` and `to_columns` agree? Generated intakes through both readers of the shipped rule book, on every core.

    python -m bench.agreement [COUNT]

Prints every intake on which they differ (truth or counted level of a rule, note, label, region), and the time.
Exit status 1 if there is any.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache

from bench.patients import patients
from intake import RULEBOOK_PATH, VOCABULARY_PATH
from intake.engine.decide import decide
from intake.engine.load import load_rulebook, load_vocabulary
from intake.engine.rulebook import Label, Rulebook, Status
from intake.engine.to_columns import Columns, encode, outcomes, to_columns
from intake.engine.vocabulary import Answers

MILLION, CHUNK = 1_000_000, 1_000


def differences(book: Rulebook, columns: Columns, intakes: Sequence[Answers]) -> Iterator[tuple[int, str]]:
    """The number of each intake on which the two readers differ, with the first column that does."""
    rows = outcomes(columns, encode(book.vocabulary, intakes)).iter_rows(named=True)
    for number, (answers, row) in enumerate(zip(intakes, rows, strict=True)):
        expected = decided(book, answers)
        for name in [note.id for note in book.notes]:
            row[name] = row[name] is True and row["label"] < Label.DO_NOT_NEEDLE
        wrong = next((name for name, value in row.items() if expected[name] != value), None)
        if wrong is not None:
            yield number, f"{wrong}: decide {expected[wrong]!r}, to_columns {row[wrong]!r}"


def decided(book: Rulebook, answers: Answers) -> dict[str, object]:
    """What `decide` says, in the names of the columns."""
    decision = decide(book, answers)
    row: dict[str, object] = {}
    for rule in book.rules:
        row |= {rule.id: False, f"{rule.id} needling": 0, f"{rule.id} urgency": 0}
    for finding in decision.findings:
        name = finding.rule.id
        row[name] = True if finding.status is Status.FIRES else None
        row |= {f"{name} needling": finding.levels.needling.value, f"{name} urgency": finding.levels.urgency.value}
    shown = {note.id for note in decision.notes}
    return {
        **row,
        **{note.id: note.id in shown for note in book.notes},
        "label": decision.label.value,
        "needling": decision.levels.needling.value,
        "urgency": decision.levels.urgency.value,
        "electrical_stimulation": decision.electrical_stimulation == "avoid",
        **{region: level.value for region, level in decision.regions.items()},
    }


@cache
def shipped() -> tuple[Rulebook, Columns]:
    """The shipped rule book and its expressions, once a process."""
    book = load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))
    return book, to_columns(book)


def chunk(seed: int) -> list[str]:
    """The differences of one seeded chunk."""
    book, columns = shipped()
    intakes = list(patients(book.vocabulary, CHUNK, seed))
    return [f"chunk {seed}, intake {number}: {text}" for number, text in differences(book, columns, intakes)]


def main(count: int = MILLION) -> None:
    """Check `count` intakes, rounded up to whole chunks."""
    chunks = -(-count // CHUNK)
    start = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        wrong = list(_told(pool.map(chunk, range(chunks))))
    seconds, rules = time.perf_counter() - start, len(shipped()[0].rules)
    print(f"{chunks * CHUNK:,} intakes x {rules} rules in {seconds:.0f} s: {len(wrong)} intakes differ")
    sys.exit(1 if wrong else 0)


def _told(results: Iterable[list[str]]) -> Iterator[str]:
    for found in results:
        for text in found:
            print(text)
            yield text


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
