"""What a draft changes against the rule book in force: proved over all patients, replayed over the stored intakes.

Needs z3 (extra `rules`).
"""

from __future__ import annotations

from collections.abc import Iterator

from intake.engine.book.rulebook import Rulebook
from intake.engine.prove.compare import compare
from intake.engine.prove.losses import lost_stops
from intake.engine.read.answers import to_raw
from intake.storage.publications import Loss
from intake.workflow.rules import change_report
from intake.workflow.rules.replay import Report, refresh, replay
from intake.workflow.shared.clinic import Clinic


def compared(clinic: Clinic, base: Rulebook, book: Rulebook) -> tuple[list[str], list[Loss]]:
    """The report in lines, without any patient of the clinic, and every stop that somebody would lose."""
    lines = [line for verdict in compare(base, book) for line in change_report.proved(verdict)]
    refresh(clinic.database, book.vocabulary)
    report = replay(clinic.database, base, book, now=clinic.clock())
    return [*lines, *change_report.replayed(report)], list(_losses(base, book, report))


def _losses(base: Rulebook, book: Rulebook, report: Report) -> Iterator[Loss]:
    """What was proved to be lost, with the number of stored intakes that lose it, and what only replay found."""
    stored = {(stop.concept, stop.level.code): number for stop, number in report.tally.lost.items()}
    for lost in lost_stops(base, book):
        yield Loss(lost.subject, lost.level, to_raw(lost.patient), stored.pop((lost.subject, lost.level), 0))
    yield from (Loss(concept, level, {}, number) for (concept, level), number in stored.items())
