"""One intake and one rule book -> Decision: what fires and what asks, at which levels, where, and the label they give.

Pure: the same answers under the same rule book always give the same decision. A failure names the rule.
"""

from __future__ import annotations

from functools import partial
from itertools import chain
from types import TracebackType
from typing import Self

from intake.engine import body, explain, tree
from intake.engine.memory import Memory, facts_behind
from intake.engine.rulebook import (
    Decision,
    Finding,
    Label,
    Levels,
    Named,
    Needling,
    Note,
    Raise,
    Rule,
    Rulebook,
    Status,
    Urgency,
)
from intake.engine.tree import Condition
from intake.engine.truth import Intake, Truth
from intake.engine.vocabulary import Answers, Vocabulary
from intake.errors import EvaluationError

CALM = Levels(Needling.OK, Urgency.NONE)
AVOID, ALLOWED = "avoid", "allowed"


def truth(vocabulary: Vocabulary, condition: Condition, answers: Answers) -> Truth:
    """The truth of any condition on these answers; None is UNKNOWN."""
    return Intake(vocabulary, answers).truth(condition)


def applies(vocabulary: Vocabulary, fact_name: str, answers: Answers) -> Truth:
    """Whether the question applies; None while that is UNKNOWN."""
    return Intake(vocabulary, answers).read(fact_name).applies


def decide(rulebook: Rulebook, answers: Answers) -> Decision:
    """The decision; raises EvaluationError with the id of the rule that failed."""
    intake = Intake(rulebook.vocabulary, answers)
    with _Blame() as blame:
        findings: list[Finding] = []
        for place, rule in enumerate(rulebook.rules):
            blame.rule = rule.id
            memory = rulebook.remembered.get(place) or _remember(place, rule, rulebook)
            finding = memory.recall(answers, partial(_judge, rule, intake))
            if finding is not None:
                findings.append(finding)
        blame.rule = "label"
        return _decision(rulebook, tuple(findings), intake)


class _Blame:
    """Turns whatever goes wrong inside into an EvaluationError that names the rule and no answer."""

    rule = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None and isinstance(error, Exception):
            raise EvaluationError(self.rule, kind.__name__) from error


def _remember(place: int, rule: Rule, rulebook: Rulebook) -> Memory[Finding | None]:
    where = (rule.where.fact,) if isinstance(rule.where, Named) else ()
    read = chain(tree.facts_read(rule.when), where, *(tree.facts_read(each.when) for each in rule.raises))
    return rulebook.remembered.setdefault(place, Memory(facts_behind(read, rulebook.vocabulary)))


def _judge(rule: Rule, intake: Intake) -> Finding | None:
    found = intake.truth(rule.when)
    return None if found is False else _finding(rule, intake, fires=found is True)


def _finding(rule: Rule, intake: Intake, *, fires: bool) -> Finding:
    levels, most = (rule.levels if fires else rule.if_unknown), rule.levels
    reached, asked = _raises(rule, intake)
    for each in reached:
        levels, most = levels.worst(each.levels), most.worst(each.levels)
    for each in asked:
        levels, most = levels.worst(each.if_unknown if fires else each.while_asking), most.worst(each.levels)
    where, needling = body.place(rule.where, levels.needling, intake)
    deciding = explain.deciding(rule.when, intake) if fires else ()
    open_facts = _open(rule, asked, intake, fires=fires)
    return Finding(
        rule=rule,
        status=Status.FIRES if fires else Status.ASKS,
        levels=Levels(needling, levels.urgency),
        at_most=Levels(body.highest(rule.where, most.needling, intake), most.urgency),
        where=where,
        deciding=deciding,
        raised_by=_raised_by(reached, intake),
        answers=dict.fromkeys(open_facts) | explain.shown(deciding, intake.answers),
        open_facts=open_facts,
    )


def _raises(rule: Rule, intake: Intake) -> tuple[list[Raise], list[Raise]]:
    truths = [(each, intake.truth(each.when)) for each in rule.raises]
    return [each for each, found in truths if found], [each for each, found in truths if found is None]


def _raised_by(reached: list[Raise], intake: Intake) -> dict[str, object]:
    literals = dict.fromkeys(literal for each in reached for literal in explain.deciding(each.when, intake))
    return explain.shown(literals, intake.answers)


def _open(rule: Rule, asked: list[Raise], intake: Intake, *, fires: bool) -> tuple[str, ...]:
    conditions = [each.when for each in asked] if fires else [rule.when, *(each.when for each in asked)]
    if not conditions:
        return ()
    found = {name for condition in conditions for name in explain.open_facts(condition, intake)}
    return tuple(sorted(found, key=intake.place_of))


def _decision(rulebook: Rulebook, findings: tuple[Finding, ...], intake: Intake) -> Decision:
    levels, most = CALM, CALM
    for finding in findings:
        levels, most = levels.worst(finding.levels), most.worst(finding.at_most)
    regions = body.safety_map(
        rulebook.vocabulary.regions, ((finding.where, finding.levels.needling) for finding in findings)
    )
    label = body.label(levels, regions, intake)
    return Decision(
        label=label,
        levels=levels,
        at_most=most,
        electrical_stimulation=_stimulation(findings),
        findings=findings,
        notes=_notes(rulebook, label, intake),
        regions=regions,
        rulebook_version=rulebook.version,
        rulebook_sha256=rulebook.sha256,
    )


def _stimulation(findings: tuple[Finding, ...]) -> str:
    return AVOID if any(finding.rule.electrical_stimulation == AVOID for finding in findings) else ALLOWED


def _notes(rulebook: Rulebook, label: Label, intake: Intake) -> tuple[Note, ...]:
    """Evidence in favour is never shown beside a label that says stop."""
    if label >= Label.DO_NOT_NEEDLE:
        return ()
    return tuple(note for note in rulebook.notes if intake.truth(note.when))
