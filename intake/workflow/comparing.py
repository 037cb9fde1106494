"""What a draft changes against the rule book in force: proved over all patients, replayed over the stored intakes.

Needs z3 (development extra).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from intake.engine.answers import to_raw
from intake.engine.column_changes import Move
from intake.engine.compare import compare
from intake.engine.losses import STOPS, lost_stops
from intake.engine.rulebook import Rulebook
from intake.storage.database import Database
from intake.storage.publications import Loss
from intake.workflow import change_report
from intake.workflow.replay import Report, refresh, replay

STOP = "stop"


def compared(db: Database, base: Rulebook, book: Rulebook, now: datetime) -> tuple[list[str], list[Loss]]:
    """The report in lines, without any patient of the clinic, and every stop that somebody would lose."""
    lines = [line for verdict in compare(base, book) for line in change_report.proved(verdict)]
    refresh(db, book.vocabulary)
    report = replay(db, base, book, now=now)
    return [*lines, *change_report.replayed(report)], list(_losses(base, book, report))


def _losses(base: Rulebook, book: Rulebook, report: Report) -> Iterator[Loss]:
    """What was proved to be lost, with the number of stored intakes that lose it, and what only replay found."""
    lowered, replayed = _lowered(base, book, report), Counter(c for patient in report.lost for c in patient.lost)
    seen = set()
    for lost in lost_stops(base, book):
        seen.add(lost.subject)
        yield Loss(lost.subject, lost.level, to_raw(lost.patient), lowered[lost.subject, lost.level])
    yield from (Loss(concept, STOP, {}, number) for concept, number in replayed.items() if concept not in seen)


def _lowered(base: Rulebook, book: Rulebook, report: Report) -> Counter[tuple[str, str]]:
    """Of how many stored intakes a rule of the concept no longer reaches a level that it reached."""
    concepts = {rule.id: rule.concept for rule in (*book.rules, *base.rules)}
    found: Counter[tuple[str, str]] = Counter()
    for patient in report.patients:
        moves = [move for move in patient.moves if move.rule in concepts]
        falls = ((move, level) for move in moves for axis, level in STOPS if _falls(move, axis, level))
        found.update({(concepts[move.rule], level.code) for move, level in falls})
    return found


def _falls(move: Move, axis: str, level: int) -> bool:
    return bool(getattr(move.before.levels, axis) >= level > getattr(move.after.levels, axis))
