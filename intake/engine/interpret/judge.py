"""What one rule says of one intake: nothing, or a finding with its status, levels and place. Read from the tree."""

from __future__ import annotations

from collections.abc import Sequence

from intake.engine.book.decision import Finding, Status
from intake.engine.book.levels import Levels
from intake.engine.book.rulebook import Named, Rule, Rulebook
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.interpret import body
from intake.engine.interpret.truth import Intake, Truth
from intake.errors import EvaluationError

FAILURES = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What reading a rule that does not fit its vocabulary, or answers of another kind, can end in."""


def findings(rulebook: Rulebook, intake: Intake) -> tuple[Finding, ...]:
    """What each rule says; raises EvaluationError with the id of the first that fails."""
    return tuple(each for rule in rulebook.rules if (each := judge(rule, intake)) is not None)


def judge(rule: Rule, intake: Intake) -> Finding | None:
    """What the rule says; None while it is quiet. Raises EvaluationError with its id, and no answer."""
    try:
        truth = intake.truth(rule.when)
        if truth is False:
            return None
        return finding(rule, intake, fires=truth is True, raises=[intake.truth(each.when) for each in rule.raises])
    except FAILURES as error:
        raise EvaluationError(rule.id, type(error).__name__) from error


def finding(rule: Rule, intake: Intake, *, fires: bool, raises: Sequence[Truth]) -> Finding:
    """The finding of a rule that fires or asks, where its raises have these truths."""
    levels, most = (rule.levels if fires else rule.if_unknown), rule.levels
    for each, reached in zip(rule.raises, raises, strict=True):
        if reached is not False:
            most = most.worst(each.levels)
            levels = levels.worst(each.levels if reached else each.if_unknown if fires else each.while_asking)
    where, needling = body.place(rule.where, levels.needling, intake)
    return Finding(
        rule,
        Status.FIRES if fires else Status.ASKS,
        Levels(needling, levels.urgency),
        Levels(body.highest(rule.where, most.needling, intake), most.urgency),
        where,
    )


def settled(rule: Rule, vocabulary: Vocabulary, *, fires: bool) -> Finding | None:
    """The finding that is the same whatever else is answered; None where a raise or a named place has a say."""
    if rule.raises or isinstance(rule.where, Named):
        return None
    return finding(rule, Intake(vocabulary, {}), fires=fires, raises=())
