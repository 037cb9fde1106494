"""The answers that a check-in begins with: the last ones, what the treatment says in their place, and what is open.

Only what happened since the needles is asked. Nothing that is asked again keeps an old answer, and nobody's own words
are said a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.engine.book.tree import facts_read
from intake.engine.book.vocabulary import NOT_SURE, codes_in, facts_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from intake.engine.book.rulebook import Rule
    from intake.engine.book.vocabulary import Answer, Answers, Vocabulary
    from intake.questions.steps import Step

NONE = "none"
UP_TO = {2: "within_48_hours", 14: "3_to_14_days", 84: "2_to_12_weeks"}
LONGER = "longer"
KIND = ("dry_needling",)  # what was done here, where the patient had named no needling before


def since(days: int) -> str:
    """The code of `last_needled` for needles so many days ago; today, yesterday and the day before are one."""
    return next((code for most, code in UP_TO.items() if days <= most), LONGER)


def begin(vocabulary: Vocabulary, last: Answers, days: int, regions: Sequence[str]) -> dict[str, Answer]:
    """The answers to begin with, after needles so many days ago in these regions."""
    roles = vocabulary.roles
    answers = dict(last)
    answers[roles.last_needled] = since(days)
    answers[roles.last_needled_where] = tuple(regions)
    if set(codes_in(answers.get(roles.needled_before))) <= {NONE, NOT_SURE}:
        answers[roles.needled_before] = KIND
    _open_gate(vocabulary, answers)
    answers.pop(roles.since_needled, None)
    return answers


def passed(vocabulary: Vocabulary, steps: Sequence[Step]) -> list[str]:
    """The pages that count as passed, however the form came in: all but the one that is asked again."""
    return [step.name for step in steps if vocabulary.roles.since_needled not in step.facts]


def alarm_anew(vocabulary: Vocabulary, rules: Sequence[Rule]) -> frozenset[str]:
    """The rules that may alarm once more: those that read what is asked again."""
    asked = vocabulary.roles.since_needled
    return frozenset(rule.id for rule in rules if asked in _read_by(rule, vocabulary))


def _read_by(rule: Rule, vocabulary: Vocabulary) -> set[str]:
    return {fact for when in rule.conditions for fact in facts_behind(facts_read(when), vocabulary)}


def _open_gate(vocabulary: Vocabulary, answers: dict[str, Answer]) -> None:
    """The item of the checklist that stands in front of `last_needled` was seen, and is ticked."""
    placed = vocabulary.facts[vocabulary.roles.last_needled].gate
    if placed is None:
        return
    gate, item = placed
    for name in (gate, f"{gate}_seen"):
        others = (code for code in codes_in(answers.get(name)) if code not in {NONE, item})
        answers[name] = (item, *others)
