"""What a draft changes against the rule book in force: proved over all patients, replayed over the stored intakes.

Needs z3 (development extra).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

from intake.engine.answers import to_raw
from intake.engine.compare import compare
from intake.engine.losses import Lost, lost_stops
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
    return [*lines, *change_report.replayed(report)], list(_losses(lost_stops(base, book), report))


def _losses(proved: Iterable[Lost], report: Report) -> Iterator[Loss]:
    """What was proved to be lost, with the number of stored intakes that lose it, and what only replay found."""
    replayed = Counter(concept for patient in report.lost for concept in patient.lost)
    seen = set()
    for lost in proved:
        seen.add(lost.subject)
        yield Loss(lost.subject, lost.level, to_raw(lost.patient), replayed[lost.subject])
    yield from (Loss(concept, STOP, {}, number) for concept, number in replayed.items() if concept not in seen)
