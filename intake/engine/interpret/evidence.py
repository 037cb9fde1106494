"""Why a finding stands: the answers that decide it, what raised its level, and the questions that could change it."""

from __future__ import annotations

from dataclasses import dataclass

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
    have one cause. `raised_by` is what raised the level, `open_facts` what could still change the finding.
    """

    deciding: tuple[Literal, ...]
    raised_by: tuple[Literal, ...]
    open_facts: tuple[str, ...]


def evidence(rule: Rule, intake: Intake) -> Evidence:
    """Why a rule that fires or asks does so; raises EvaluationError with its id, and no answer."""
    try:
        reached = [each.when for each in rule.raises if intake.truth(each.when)]
        raised_by = dict.fromkeys(literal for when in reached for literal in deciding(when, intake))
        names = {name for when in rule.conditions for name in open_facts(when, intake)}
        in_order = sorted(names, key=intake.vocabulary.places.__getitem__)
        return Evidence(deciding(rule.when, intake), tuple(raised_by), tuple(in_order))
    except FAILURES as error:
        raise EvaluationError(rule.id, type(error).__name__) from error
