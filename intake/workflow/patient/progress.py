"""How far a patient is through the questionnaire, in percent of the pages that stand before them now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw
from intake.workflow.patient import interview

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from intake.engine.book.vocabulary import Vocabulary
    from intake.questions.steps import Step

WHOLE = 100


def percent(vocabulary: Vocabulary, steps: Sequence[Step], stored: Mapping[str, object], passed: Sequence[str]) -> int:
    """The share of pages passed, from a draft as stored; what is all answered and not sent yet is 99."""
    path = interview.route(vocabulary, steps, from_raw(stored), passed).path
    behind = sum(name in passed for name in path)
    return min(WHOLE - 1, behind * WHOLE // max(1, len(path)))
