"""How pain and function went from one form of a patient to the next, and which findings are no longer there.

The PEG, a mean of three of the scores, comes first; where one of the three is missing there is none.

Only what was asked at the time is a point: of several versions for one visit the newest counts, and a check-in, which
repeats what was given before, is none. A score that nobody gave is a gap, never a nought.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw
from intake.storage import check_ins, intakes, visit_forms
from intake.workflow.desk import people
from intake.workflow.review import scores
from intake.workflow.review.vanished import Vanished, vanished

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.engine.book.roles import Roles
    from intake.engine.book.vocabulary import Answers
    from intake.storage.intakes import Stored
    from intake.storage.visit_forms import Unbound
    from intake.workflow.review.story import Words
    from intake.workflow.shared.clinic import Clinic

MOST = 12
WIDE, HIGH, MARGIN = 240, 60, 8  # of one line's drawing
TOP = 10  # the highest score


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One score over time, in the order of the forms; None where it was not given."""

    words: str
    given: tuple[float | None, ...]

    @property
    def points(self) -> tuple[tuple[float, float], ...]:
        """Where the given values stand in a drawing `WIDE` by `HIGH`, 0 below and 10 above."""
        step = (WIDE - 2 * MARGIN) / max(1, len(self.given) - 1)
        high = HIGH - 2 * MARGIN
        return tuple(
            (round(MARGIN + step * place, 1), round(MARGIN + high * (1 - value / TOP), 1))
            for place, value in enumerate(self.given)
            if value is not None
        )

    @property
    def strokes(self) -> tuple[tuple[tuple[float, float], ...], ...]:
        """The points in runs without a gap between them."""
        runs: list[list[tuple[float, float]]] = [[]]
        points = iter(self.points)
        for value in self.given:
            if value is None:
                runs.append([])
            else:
                runs[-1].append(next(points))
        return tuple(tuple(run) for run in runs if len(run) > 1)


@dataclass(frozen=True, slots=True)
class ScoreCourse:
    """The scores of several forms. `before`: the form before this one; `gone`: what it found and this one does not.

    `peg_change`: by how many percent the PEG is higher (above 0) or lower than in the form before; None: not known.
    """

    days: tuple[datetime, ...]
    lines: tuple[ScoreLine, ...]
    before: datetime
    gone: tuple[Vanished, ...]
    peg_change: float | None


def read(clinic: Clinic, words: Words, intake_id: str) -> ScoreCourse | None:
    """How it went up to this intake; None where there is no earlier form. Raises NotFoundError."""
    with clinic.database.read() as connection:
        here = intakes.by_id(connection, intake_id)
        forms = _forms(connection, here)
        told = [here if each.intake_id == intake_id else intakes.by_id(connection, each.intake_id) for each in forms]
    if len(told) < 2:  # noqa: PLR2004 - one form has no course
        return None
    roles, facts = clinic.vocabulary.roles, [from_raw(each.facts) for each in told]
    days = tuple(each.line.sent_at.astimezone(clinic.zone) for each in told)
    pegs = [scores.peg(roles, each) for each in facts]
    gone = vanished(clinic.vocabulary, told[-2], here)
    return ScoreCourse(days, _lines(roles, words, facts, pegs), days[-2], gone, scores.change(pegs[-2], pegs[-1]))


def _lines(roles: Roles, words: Words, facts: Sequence[Answers], pegs: Sequence[float | None]) -> tuple[ScoreLine, ...]:
    """The PEG, to one decimal, where some form has one, and each score that was asked at some time."""
    names = [name for name in roles.scores if any(name in each for each in facts)]
    lines = [ScoreLine(words.question(name), tuple(scores.number(each.get(name)) for each in facts)) for name in names]
    if all(each is None for each in pegs):
        return tuple(lines)
    mean = ScoreLine(words.question(scores.PEG), tuple(None if each is None else round(each, 1) for each in pegs))
    return (mean, *lines)


def _forms(connection: Connection, here: Stored) -> Sequence[Unbound]:
    """The forms of this person up to this one, the oldest first; a check-in shows no course of its own."""
    of_person = people.person(connection, here.line.subject.id)
    sent = [each for each in visit_forms.sent_by(connection, of_person) if each.sent_at <= here.line.sent_at]
    repeats = check_ins.among(connection, [each.draft_id for each in sent])
    counted: dict[str, Unbound] = {}
    for each in sent:  # the newest first
        if each.draft_id not in repeats:
            counted.setdefault(each.visit_id or each.intake_id, each)
    forms = sorted(counted.values(), key=lambda each: each.sent_at)[-MOST:]
    return forms if forms and forms[-1].intake_id == here.line.id else ()
