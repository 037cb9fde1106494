"""Why a finding stands: the answers that decide it, what raised its level, and the questions that could change it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from intake.engine.book.levels import Levels
from intake.engine.book.rulebook import Rule
from intake.engine.interpret.explain import Literal, deciding
from intake.engine.interpret.judge import FAILURES
from intake.engine.interpret.open_facts import open_facts
from intake.engine.interpret.truth import Intake
from intake.errors import EvaluationError


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a rule says what it says of one intake.

    `deciding` is the smallest set of answers that makes the rule fire (empty while it asks): findings with equal sets
    have one cause. `raised_by` is what raised the level to `certain`, whatever the open questions are answered;
    `open_facts` could still change the finding, `undecided` whether the rule fires at all.
    """

    deciding: tuple[Literal, ...]
    raised_by: tuple[Literal, ...]
    open_facts: tuple[str, ...]
    undecided: tuple[str, ...]
    certain: Levels


def evidence(rule: Rule, intake: Intake) -> Evidence:
    """Why a rule that fires or asks does so; raises EvaluationError with its id, and no answer."""
    try:
        reached = [each for each in rule.raises if intake.truth(each.when)]
        raised_by = dict.fromkeys(literal for each in reached for literal in deciding(each.when, intake))
        undecided = open_facts(rule.when, intake)
        open_at_all = {*undecided, *(name for each in rule.raises for name in open_facts(each.when, intake))}
        return Evidence(
            deciding=deciding(rule.when, intake),
            raised_by=tuple(raised_by),
            open_facts=tuple(sorted(open_at_all, key=intake.vocabulary.places.__getitem__)),
            undecided=undecided,
            certain=reduce(Levels.worst, (each.levels for each in reached), rule.levels),
        )
    except FAILURES as error:
        raise EvaluationError(rule.id, type(error).__name__) from error
