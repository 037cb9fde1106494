"""Replay over a stored archive: time to rebuild the columnar form from the database, and to replay two changed rules.

    python -m bench.replay [COUNT]

Prints both at a quarter of COUNT and at COUNT, and as floor the straight-line two-valued loop in Python over
the same intakes as dicts in memory. The stored intakes hold the facts of a thousand generated patients, no decision.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bench import harness
from bench.patients import patients
from intake.engine.book.levels import Levels, Needling
from intake.engine.book.rulebook import Rule, Rulebook
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Answer
from intake.engine.decide.decide import truth
from intake.engine.interpret.truth import Intake
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from intake.storage.database import Database
from intake.workflow.rules.replay import Report, refresh, replay

T = TypeVar("T")
MILLION, TEMPLATES, SEED = 1_000_000, 1_000, 3
RARE, MISSING = 0.05, 0.01
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CARELESS = ("PRAGMA synchronous=OFF", "PRAGMA cache_size=-2000000")
BOOK = "INSERT OR IGNORE INTO rulebooks VALUES ('bench', '1', '', '2026-01-01')"
TEMPLATE = "CREATE TEMP TABLE template (number INTEGER PRIMARY KEY, facts TEXT)"
WANTED = """CREATE TEMP TABLE wanted AS WITH RECURSIVE n(i) AS
    (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :last)
    SELECT i, printf('%032x', i * 2654435761 % 4294967296) AS id FROM n"""
ROWS = (
    "INSERT INTO subjects (id) SELECT id FROM wanted",
    """INSERT INTO drafts
    (id, subject_id, token_hash, version, changes, answers, passed, expires_at, shown)
    SELECT id, id, id, 1, 0, '{}', '[]', '2026-01-08', '{}' FROM wanted""",
    """INSERT INTO intakes (id, reference, draft_id, subject_id, sent_at, visit_at, due_at, answers, facts,
    rulebook_sha256, rulebook_version, urgency, needling, rank, firing, asking, state, open, version, not_evaluated)
    SELECT id, id, id, id, '2026-01-01 00:00:00.000000', CASE WHEN i % 500 = 0 THEN '2026-12-01 09:00:00.000000' END,
    '2026-01-01 00:00:00.000000', '{}', template.facts, 'bench', '1', 0, 0, 19, 0, 0, 'new', 1, 1, 0
    FROM wanted JOIN template ON template.number = i % :templates""",
)


def main(count: int = MILLION) -> None:
    """Fill a database to a quarter and to the whole, and measure both."""
    words = load_vocabulary(VOCABULARY_PATH)
    old = load_rulebook(RULEBOOK_PATH, words)
    intakes = [asked_only(old, answers) for answers in patients(words, TEMPLATES, SEED, MISSING)]
    new = changed(old, intakes)
    floor = loop(old, intakes)
    print(f"floor: generated two-valued loop, {floor * 1e6:.1f} us an intake")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "private" / "bench.sqlite3"
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        first = 0
        for last in (count // 4, count):
            fill(path, intakes, first, last)
            first = last
            measure(database, old, new, last, floor)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")


def changed(book: Rulebook, intakes: list[dict[str, Answer]]) -> Rulebook:
    """The book without an absolute rule, and with another rule made absolute; both found in few intakes."""
    rare = [rule for rule in book.rules if not rule.raises and 0 < share(book, rule, intakes) < RARE]
    stop = next(rule for rule in rare if rule.levels.needling is Needling.DO_NOT_NEEDLE)
    other = next(rule for rule in rare if rule.levels.needling is Needling.REVIEW_BEFORE)
    raised = replace(other, levels=Levels(Needling.DO_NOT_NEEDLE, other.levels.urgency))
    rules = tuple(raised if rule is other else rule for rule in book.rules if rule is not stop)
    return replace(book, version="new", rules=rules)


def share(book: Rulebook, rule: Rule, intakes: list[dict[str, Answer]]) -> float:
    """The share of the intakes on which a rule fires."""
    return sum(truth(book.vocabulary, rule.when, one) is True for one in intakes) / len(intakes)


def asked_only(book: Rulebook, answers: dict[str, Answer]) -> dict[str, Answer]:
    """The answers to questions that apply: what is stored."""
    intake = Intake(book.vocabulary, answers)
    return {name: answer for name, answer in answers.items() if intake.read(name).applies}


def loop(book: Rulebook, intakes: list[dict[str, Answer]]) -> float:
    """Seconds an intake of the generated two-valued loop; unknown answers are left out for it."""
    run = harness.floor(book)
    known = [{name: answer for name, answer in one.items() if answer not in UNKNOWN_WORDS} for one in intakes]
    return min(seconds(lambda: [run(one) for one in known])[0] for _ in range(5)) / len(known)


def fill(path: Path, intakes: list[dict[str, Answer]], first: int, last: int) -> None:
    """Store the intakes numbered first to last, not in columns; fast and careless: the file is of no worth."""
    templates = [(number, json.dumps(one)) for number, one in enumerate(intakes)]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for careless in CARELESS:
            connection.execute(careless)
        connection.execute("BEGIN")
        connection.execute(BOOK)
        connection.execute(TEMPLATE)
        connection.executemany("INSERT INTO template VALUES (?, ?)", templates)
        connection.execute(WANTED, {"first": first, "last": last})
        for statement in ROWS:
            connection.execute(statement, {"templates": len(intakes)})
        connection.execute("COMMIT")


def measure(database: Database, old: Rulebook, new: Rulebook, count: int, floor: float) -> None:
    """Rebuild once, replay three times."""
    busy = cpu()
    took, _ = seconds(lambda: refresh(database, old.vocabulary, afresh=True))
    print(f"{count:,} intakes: rebuilt in {took:.1f} s, {cpu() - busy:.1f} s of processor over both cores")
    busy = cpu()
    times = [seconds(lambda: replay(database, old, new, now=NOW)) for _ in range(3)]
    best, report = min(times, key=lambda pair: pair[0])
    print(f"{count:,} intakes: replayed in {best:.2f} s, {floor * count / best:.1f} x the loop; {told(report)}")
    print(f"{count:,} intakes: {(cpu() - busy) / len(times):.2f} s of processor a replay")


def cpu() -> float:
    """Processor seconds so far, ended child processes included: what a busy machine does not distort."""
    used = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def told(report: Report) -> str:
    """What the replay found."""
    return f"{len(report.patients):,} patients change, {len(report.lost):,} lose a stop"


def seconds(work: Callable[[], T]) -> tuple[float, T]:
    """How long it took, and what came out."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
