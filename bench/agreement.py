"""Do `decide` and `to_columns` agree? Generated intakes through both readers of the shipped rule book, on every core.

    python -m bench.agreement [COUNT [FIRST]]

One intake in ten is drawn by itself, the others change the one before by a few answers.
Compares status, counted levels and regions of every rule, every note, the label, both axes, the electrical stimulation
and the level of every region. Prints how far it is, and every intake on which the two differ. FIRST is the seed
of the first chunk. Exit status 1 if there is any difference.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import polars as pl

from bench.patients import patients, walk
from intake.engine.book.decision import Decision, Status
from intake.engine.book.levels import Label
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.vocabulary import Answers
from intake.engine.decide.decide import decide
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.engine.replay.columns import Columns, outcomes, to_columns
from intake.engine.replay.expressions import region_bits
from intake.engine.replay.frames import encode
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH

MILLION, CHUNK, ONE_BY_ONE, TOLD = 1_000_000, 5_000, 500, 40
MISSING = (0.1, 0.05, 0.02)
FIRES = {Status.FIRES: True, Status.ASKS: None}


def differences(book: Rulebook, columns: Columns, intakes: Sequence[Answers]) -> Iterator[tuple[int, str]]:
    """The number of each intake on which the two readers differ, with the first column that does."""
    found = _notes_shown(book, outcomes(columns, encode(book.vocabulary, intakes)))
    rows = Decided(book)
    expected = rows.frame([decide(book, answers) for answers in intakes], found.schema)
    if expected.equals(found):
        return
    for number, (one, other) in enumerate(zip(expected.iter_rows(), found.iter_rows(), strict=True)):
        wrong = [place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
        for place in wrong[:1]:
            yield number, f"{found.columns[place]}: decide {one[place]!r}, to_columns {other[place]!r}"


def _notes_shown(book: Rulebook, found: pl.DataFrame) -> pl.DataFrame:
    """A note is shown where it is true and the label does not say stop."""
    calm = pl.col("label") < Label.DO_NOT_NEEDLE.value
    return found.with_columns((pl.col(note.id).fill_null(value=False) & calm) for note in book.notes)


class Decided:
    """Spells decisions as the rows of `outcomes`."""

    def __init__(self, book: Rulebook) -> None:
        """Begin a row for an intake on which nothing is found."""
        self._book = book
        self._rules = {rule.id: place for place, rule in enumerate(book.rules)}
        self._bits = cache(lambda codes: region_bits(book.vocabulary, codes))

    def frame(self, decisions: Iterable[Decision], schema: pl.Schema) -> pl.DataFrame:
        """The decisions, one a row, under the names of the schema."""
        return pl.DataFrame(list(map(self._row, decisions)), schema, orient="row")

    def _row(self, decision: Decision) -> tuple[object, ...]:
        count = len(self._rules)
        truths: list[bool | None] = [False] * count
        needling, urgency, where = [0] * count, [0] * count, [0] * count
        for finding in decision.findings:
            place, levels = self._rules[finding.rule.id], finding.levels
            truths[place], where[place] = FIRES[finding.status], self._bits(finding.where)
            needling[place], urgency[place] = int(levels.needling), int(levels.urgency)
        shown = {note.id for note in decision.notes}
        return (
            *truths,
            *(note.id in shown for note in self._book.notes),
            *needling,
            *urgency,
            *where,
            int(decision.label),
            int(decision.levels.needling),
            int(decision.levels.urgency),
            decision.electrical_stimulation == "avoid",
            *map(int, decision.regions.values()),
        )


@cache
def shipped() -> tuple[Rulebook, Columns]:
    """The shipped rule book and its expressions, once a process."""
    book = load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))
    return book, to_columns(book)


def chunk(seed: int) -> list[str]:
    """The differences of one seeded chunk."""
    book, columns = shipped()
    words, missing = book.vocabulary, MISSING[seed % len(MISSING)]
    intakes = [*patients(words, ONE_BY_ONE, seed, missing), *walk(words, CHUNK - ONE_BY_ONE, seed, missing)]
    return [f"chunk {seed}, intake {number}: {text}" for number, text in differences(book, columns, intakes)]


def main(count: int = MILLION, first: int = 0) -> None:
    """Check `count` intakes, rounded up to whole chunks."""
    chunks, wrong, start = -(-count // CHUNK), 0, time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for done, found in enumerate(pool.map(chunk, range(first, first + chunks)), start=1):
            wrong += len(found)
            print("\n".join(found), end="\n" if found else "")
            if done % max(1, chunks // TOLD) == 0 or done == chunks:
                print(f"{done * CHUNK:,} intakes in {time.perf_counter() - start:.0f} s, {wrong} differ", flush=True)
    print(f"{chunks * CHUNK:,} intakes x {len(shipped()[0].rules)} rules: {wrong} intakes differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
