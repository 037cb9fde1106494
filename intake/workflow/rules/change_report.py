"""What a new rule book changes, in lines for people: what was proved, and what replay found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from intake.engine.read.answers import to_raw

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Answers
    from intake.engine.prove.compare import EquivalenceResult, Witness
    from intake.engine.prove.losses import Lost
    from intake.engine.replay.changes import Move, RuleState
    from intake.workflow.rules.replay import ChangedIntake, Report

LEFT, ENTERED = "no longer at some places", "at new places"


def proved(result: EquivalenceResult) -> Iterator[str]:
    """One rule, note or label, and the patients who show what changes."""
    yield f"{result.subject}: {result.text}"
    yield from map(_witness, result.witnesses)


def lost(one: Lost) -> str:
    """A level that a patient would lose, and the patient."""
    return f"{one.subject} loses {one.level}{_doubt(confirmed=one.confirmed)}: {_json(one.patient)}"


def replayed(report: Report) -> Iterator[str]:
    """What changes over the stored intakes, by label and by rule."""
    yield f"{report.tally.intakes} intakes, {len(report.patients)} change"
    yield from _section("labels", _labels(report))
    yield from _section("rules", _rules(report))


def patients(report: Report, most: int | None) -> Iterator[str]:
    """Each intake that changes, by its id; those who lose a stop are set apart."""
    yield from _section(f"lost do_not_needle or emergency_now: {len(report.lost)}", _listed(report.lost, most))
    others = [patient for patient in report.patients if not patient.lost]
    yield from _section(f"all others who change: {len(others)}", _listed(others, most))


def _witness(witness: Witness) -> str:
    first = f"  {witness.at}{_doubt(confirmed=witness.confirmed)}: {_json(witness.patient)}"
    return f"{first}\n    before: {witness.before}\n    after:  {witness.after}"


def _doubt(*, confirmed: bool) -> str:
    return "" if confirmed else " (NOT CONFIRMED by the interpreter: report this)"


def _json(answers: Answers) -> str:
    return json.dumps(to_raw(answers), ensure_ascii=False)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield title
    yield from (f"  {line}" for line in lines)


def _labels(report: Report) -> Iterator[str]:
    for (before, after), number in sorted(report.tally.labels.items()):
        if before != after:
            yield f"{before.code} -> {after.code}: {number}"


def _rules(report: Report) -> Iterator[str]:
    for move, number in sorted(report.tally.moves.items(), key=lambda pair: (pair[0].rule, -pair[1])):
        yield f"{_moved(move)}: {number}"


def _listed(patients: Iterable[ChangedIntake], most: int | None) -> Iterator[str]:
    waiting = iter(patients)
    yield from map(_patient, islice(waiting, most))
    more = sum(1 for _ in waiting)
    if more:
        yield f"and {more} more (--most 0 lists all)"


def _patient(patient: ChangedIntake) -> str:
    visit = "" if patient.visit_at is None else f", visit {patient.visit_at:%Y-%m-%d %H:%M} UTC"
    before, after = patient.labels
    label = before.code if before == after else f"{before.code} -> {after.code}"
    lost = f", loses {', '.join(patient.lost)}" if patient.lost else ""
    return f"{patient.intake_id}{visit}: {label}{lost}; {'; '.join(map(_moved, patient.moves))}".rstrip("; ")


def _moved(move: Move) -> str:
    where = [words for words, is_so in ((LEFT, move.leaves), (ENTERED, move.enters)) if is_so]
    states = [_state(move.before)] if move.before == move.after else [_state(move.before), _state(move.after)]
    return ", ".join((f"{move.rule} {' -> '.join(states)}", *where))


def _state(state: RuleState) -> str:
    if state.status is None:
        return "quiet"
    return f"{state.status} ({state.levels.needling.code}, {state.levels.urgency.code})"
