"""One intake and one rule book -> Decision: what fires and what asks, at which levels, where, and the label they give.

Pure: the same answers under the same rule book always give the same decision. A failure names the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, partial
from types import TracebackType
from typing import Self

from intake.engine import body, explain
from intake.engine.generate import Reader, load
from intake.engine.rulebook import (
    Decision,
    Finding,
    Label,
    Levels,
    Literal,
    Needling,
    Note,
    Raise,
    Rule,
    Rulebook,
    Status,
    Urgency,
    Weight,
)
from intake.engine.tree import Condition
from intake.engine.truth import Intake, Truth
from intake.engine.vocabulary import Answers, Vocabulary
from intake.errors import EvaluationError

CALM = Levels(Needling.OK, Urgency.NONE)
AVOID, ALLOWED = "avoid", "allowed"
MOST_TOTALS = 4096


def truth(vocabulary: Vocabulary, condition: Condition, answers: Answers) -> Truth:
    """The truth of any condition on these answers; None is UNKNOWN."""
    return Intake(vocabulary, answers).truth(condition)


def applies(vocabulary: Vocabulary, fact_name: str, answers: Answers) -> Truth:
    """Whether the question applies; None while that is UNKNOWN."""
    return Intake(vocabulary, answers).read(fact_name).applies


def decide(rulebook: Rulebook, answers: Answers) -> Decision:
    """The decision; raises EvaluationError with the id of the rule that failed."""
    intake = Intake(rulebook.vocabulary, answers)
    with _Blame("rule book", partial(_one_by_one, rulebook, intake)):
        reader = rulebook.made[0] if rulebook.made else _make(rulebook)
        findings = reader.judge(answers.get, intake.sides, partial(_draw_up, rulebook, reader, intake))
        return _decision(rulebook, reader, findings, intake)


def judge(rule: Rule, intake: Intake) -> Finding | None:
    """What one rule says, read from its tree: None while it is quiet. The generated reader agrees with it."""
    found = intake.truth(rule.when)
    if found is False:
        return None
    return _finding(rule, intake, explain.deciding(rule.when, intake), None, fires=found is True)


def _make(rulebook: Rulebook) -> Reader:
    rulebook.made.append(load(rulebook))
    return rulebook.made[0]


def _draw_up(  # noqa: PLR0913, PLR0917 - the generated reader calls it by place
    rulebook: Rulebook,
    reader: Reader,
    intake: Intake,
    place: int,
    fires: bool,  # noqa: FBT001
    key: object,
) -> Finding:
    rule, way = rulebook.rules[place], reader.ways[place]
    deciding = way.deciding(key) if fires else ()
    if deciding is None:
        deciding = explain.why(rule.when, intake, value=True, apart=False)
    elif len(deciding) > 1:
        deciding = sorted(set(deciding), key=explain.order(rulebook.vocabulary))
    open_facts = set() if fires else way.open(key)
    finding = _finding(rule, intake, tuple(deciding), open_facts, fires=fires)
    return reader.keep(place, key, finding, fires=fires)


@cache
def _weight(levels: Levels, at_most: Levels, avoids: bool, local: bool) -> Weight:  # noqa: FBT001 - a cached constructor
    return Weight(levels, at_most, avoids, local)


class _Blame:
    """Turns whatever goes wrong inside into an EvaluationError that names the rule and no answer.

    `again` looks closer: it may raise an error that names a rule.
    """

    def __init__(self, rule: str, again: Callable[[], None] | None = None) -> None:
        self.rule, self.again = rule, again

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is not None and isinstance(error, Exception):
            if self.again is not None:
                self.again()
            raise EvaluationError(self.rule, kind.__name__) from error


def _one_by_one(rulebook: Rulebook, intake: Intake) -> None:
    """Judge every rule by itself; the first that fails is named."""
    for rule in rulebook.rules:
        with _Blame(rule.id):
            judge(rule, intake)


def _finding(
    rule: Rule, intake: Intake, deciding: tuple[Literal, ...], open_facts: set[str] | None, *, fires: bool
) -> Finding:
    """The finding with its levels and place; `open_facts` None: the tree tells what is open while the rule asks."""
    levels, most = (rule.levels if fires else rule.if_unknown), rule.levels
    reached, asked = _raises(rule, intake)
    for each in reached:
        levels, most = levels.worst(each.levels), most.worst(each.levels)
    for each in asked:
        levels, most = levels.worst(each.if_unknown if fires else each.while_asking), most.worst(each.levels)
    where, needling = body.place(rule.where, levels.needling, intake)
    if open_facts is None:
        open_facts = set() if fires else set(explain.open_facts(rule.when, intake))
    return Finding(
        rule=rule,
        status=Status.FIRES if fires else Status.ASKS,
        weight=_weight(
            Levels(needling, levels.urgency),
            Levels(body.highest(rule.where, most.needling, intake), most.urgency),
            rule.electrical_stimulation == AVOID,
            needling > Needling.OK and where is not intake.vocabulary.regions,
        ),
        where=where,
        deciding=deciding,
        raised_by=_raised_by(reached, intake),
        open_facts=_in_order(open_facts.union(*(explain.open_facts(each.when, intake) for each in asked)), intake),
    )


def _raises(rule: Rule, intake: Intake) -> tuple[list[Raise], list[Raise]]:
    truths = [(each, intake.truth(each.when)) for each in rule.raises]
    return [each for each, found in truths if found], [each for each, found in truths if found is None]


def _raised_by(reached: list[Raise], intake: Intake) -> tuple[Literal, ...]:
    return tuple(dict.fromkeys(literal for each in reached for literal in explain.deciding(each.when, intake)))


def _in_order(names: set[str], intake: Intake) -> tuple[str, ...]:
    return tuple(sorted(names, key=intake.vocabulary.places.__getitem__))


def _decision(rulebook: Rulebook, reader: Reader, findings: list[Finding], intake: Intake) -> Decision:
    total, everywhere = _total(frozenset([finding.weight for finding in findings]))
    covered = [(rulebook.vocabulary.regions, everywhere)]
    if total.local:
        covered += [(finding.where, finding.weight.levels.needling) for finding in findings if finding.weight.local]
    safety_map = body.safety_map(rulebook.vocabulary.regions, covered)
    label = body.label(total.levels, safety_map, intake)
    return Decision(
        label=label,
        levels=total.levels,
        at_most=total.at_most,
        electrical_stimulation=AVOID if total.avoids_stimulation else ALLOWED,
        findings=tuple(findings),
        notes=_notes(rulebook, reader, label, intake),
        regions=safety_map,
        rulebook_version=rulebook.version,
        rulebook_sha256=rulebook.sha256,
        answers=intake.answers,
    )


@lru_cache(maxsize=MOST_TOTALS)
def _total(weights: frozenset[Weight]) -> tuple[Weight, Needling]:
    """All weights as one, and the worst level of the whole body."""
    levels, most = CALM, CALM
    for weight in weights:
        levels, most = levels.worst(weight.levels), most.worst(weight.at_most)
    avoids = any(weight.avoids_stimulation for weight in weights)
    everywhere = (weight.levels.needling for weight in weights if not weight.local)
    return Weight(levels, most, avoids, any(weight.local for weight in weights)), max(everywhere, default=Needling.OK)


def _notes(rulebook: Rulebook, reader: Reader, label: Label, intake: Intake) -> tuple[Note, ...]:
    """Evidence in favour is never shown beside a label that says stop."""
    if label >= Label.DO_NOT_NEEDLE or not rulebook.notes:
        return ()
    return tuple([rulebook.notes[place] for place in reader.notes(intake.answers.get, intake.sides)])
