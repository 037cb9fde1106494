"""One intake and one rule book -> Decision: what fires and what asks, at which levels, where, and the label they give.

Pure: the same answers under the same rule book always give the same decision. A failure names the rule.
"""

from __future__ import annotations

from functools import lru_cache, partial

from intake.engine.book.rulebook import (
    ALLOWED,
    AVOID,
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
    Weight,
)
from intake.engine.book.tree import Condition
from intake.engine.book.vocabulary import Answers, Vocabulary
from intake.engine.decide.generate import Judged, Reader, load
from intake.engine.interpret import body, explain
from intake.engine.interpret.truth import Intake, Truth
from intake.engine.interpret.weighing import weight
from intake.errors import EvaluationError

MOST_BOOKS = 16


def truth(vocabulary: Vocabulary, condition: Condition, answers: Answers) -> Truth:
    """The truth of any condition on these answers; None is UNKNOWN."""
    return Intake(vocabulary, answers).truth(condition)


def applies(vocabulary: Vocabulary, fact_name: str, answers: Answers) -> Truth:
    """Whether the question applies; None while that is UNKNOWN."""
    return Intake(vocabulary, answers).read(fact_name).applies


def decide(rulebook: Rulebook, answers: Answers) -> Decision:
    """The decision; raises EvaluationError with the id of the rule that failed."""
    try:
        intake = Intake(rulebook.vocabulary, answers)
        reader = compiled(rulebook)
        judged = reader.judge(answers.get, intake)
        return _decision(rulebook, reader, judged, intake)
    except Exception as error:
        raise _failed(rulebook, answers, error) from error


def judge(rule: Rule, intake: Intake) -> Finding | None:
    """What one rule says, read from its tree: None while it is quiet. The generated reader agrees with it."""
    found = intake.truth(rule.when)
    if found is False:
        return None
    open_facts = set() if found else set(explain.open_facts(rule.when, intake))
    return _finding(rule, intake, explain.deciding(rule.when, intake), open_facts, fires=found is True)


@lru_cache(maxsize=MOST_BOOKS)
def compiled(rulebook: Rulebook) -> Reader:
    """The compiled form of a book, made at its first use."""
    return load(rulebook, partial(_draw_up, rulebook))


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
    if open_facts is None:
        open_facts = set(explain.open_facts(rule.when, intake))
    finding = _finding(rule, intake, tuple(deciding), open_facts, fires=fires, fixed=way.weighs[not fires])
    return reader.keep(place, key, finding, fires=fires)


def _failed(rulebook: Rulebook, answers: Answers, error: Exception) -> EvaluationError:
    """Names the first rule that fails by itself, and no answer."""
    intake = Intake(rulebook.vocabulary, answers)
    for rule in rulebook.rules:
        try:
            judge(rule, intake)
        except Exception as own:  # noqa: BLE001 - whatever it is that a rule fails with, the rule is named
            return EvaluationError(rule.id, type(own).__name__)
    return EvaluationError("rule book", type(error).__name__)


def _finding(  # noqa: PLR0913 - the parts of a finding
    rule: Rule,
    intake: Intake,
    deciding: tuple[Literal, ...],
    open_facts: set[str],
    *,
    fires: bool,
    fixed: Weight | None = None,
) -> Finding:
    """The finding with its levels and place; `fixed` where they are known to be the rule's own."""
    status = Status.FIRES if fires else Status.ASKS
    if fixed is not None:
        where = body.place(rule.where, Needling.OK, intake)[0]
        return Finding(rule, status, fixed, where, deciding, (), _in_order(open_facts, intake))
    levels, most = (rule.levels if fires else rule.if_unknown), rule.levels
    reached, asked = _raises(rule, intake)
    for each in reached:
        levels, most = levels.worst(each.levels), most.worst(each.levels)
    for each in asked:
        levels, most = levels.worst(each.if_unknown if fires else each.while_asking), most.worst(each.levels)
    where, needling = body.place(rule.where, levels.needling, intake)
    return Finding(
        rule=rule,
        status=status,
        weight=weight(
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


def _decision(rulebook: Rulebook, reader: Reader, judged: Judged, intake: Intake) -> Decision:
    findings, weighs, beside = judged
    total = reader.total(weighs, beside)
    regions = dict.fromkeys(rulebook.vocabulary.regions, total.everywhere)
    if total.local:
        body.cover(regions, findings)
    label = body.label(total.levels, regions, intake)
    return Decision(
        label,
        total.levels,
        total.at_most,
        AVOID if total.avoids_stimulation else ALLOWED,
        tuple(findings),
        _notes(rulebook, reader, label, intake),
        regions,
        rulebook.version,
        rulebook.sha256,
    )


def _notes(rulebook: Rulebook, reader: Reader, label: Label, intake: Intake) -> tuple[Note, ...]:
    """Evidence in favour is never shown beside a label that says stop."""
    if not rulebook.notes or label >= Label.DO_NOT_NEEDLE:
        return ()
    return tuple([rulebook.notes[place] for place in reader.notes(intake.answers.get, intake)])
