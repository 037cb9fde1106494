"""Scores that are made of several answers: the PEG, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.engine.book.roles import Roles
    from intake.engine.book.vocabulary import Answer, Answers

PEG = "peg"
ITEMS = 3


def peg(roles: Roles, answers: Answers) -> float | None:
    """The PEG: the mean of average pain, enjoyment and general activity, each 0 to 10; 10 is the worst.

    None where one of the three was not given as a number: the mean of the others would be another score.
    Krebs EE, Lorenz KA, Bair MJ, et al. J Gen Intern Med 2009;24:733-738, doi 10.1007/s11606-009-0981-1.
    """
    given = [number(answers.get(name)) for name in roles.peg]
    known = [value for value in given if value is not None]
    return sum(known) / ITEMS if len(known) == len(given) == ITEMS else None


def change(before: float | None, now: float | None) -> float | None:
    """By how many percent a score is higher (above 0) or lower than before; None where that cannot be said."""
    return None if before is None or now is None or before == 0 else (now - before) / before * 100


def number(answer: Answer | None) -> float | None:
    """A score as a number; None where it was not given, or as a state."""
    return float(answer) if isinstance(answer, (int, float)) else None
