"""One intake and one rule book -> Decision: what fires and what asks, at which levels, where, and the label they give.

Pure: the same answers under the same rule book always give the same decision. To follow one rule, break in `decide`:
step into `judged` (the rule's own lines), then `_finding`, then `_decision`.
"""

from __future__ import annotations

from functools import reduce

from intake.engine.book.decision import Decision, Finding
from intake.engine.book.levels import CALM, Label, Levels
from intake.engine.book.rulebook import ALLOWED, AVOID, Note, Rulebook
from intake.engine.book.tree import Condition
from intake.engine.book.vocabulary import Answers, Vocabulary
from intake.engine.decide.compiled import CompiledBook, Judged, compiled
from intake.engine.interpret import body, judge
from intake.engine.interpret.truth import Intake, Truth
from intake.errors import EvaluationError


def truth(vocabulary: Vocabulary, condition: Condition, answers: Answers) -> Truth:
    """The truth of any condition on these answers; None is UNKNOWN."""
    return Intake(vocabulary, answers).truth(condition)


def applies(vocabulary: Vocabulary, fact_name: str, answers: Answers) -> Truth:
    """Whether the question applies; None while that is UNKNOWN."""
    return Intake(vocabulary, answers).read(fact_name).applies


def decide(rulebook: Rulebook, answers: Answers) -> Decision:
    """The decision; raises EvaluationError with the id of the rule that failed."""
    intake = Intake(rulebook.vocabulary, answers)
    try:
        book = compiled(rulebook)
        findings = [_finding(book, judged, intake) for judged in book.judged(answers.get, intake)]
        return _decision(rulebook, book, tuple(findings), intake)
    except judge.FAILURES as error:
        judge.findings(rulebook, intake)
        raise EvaluationError("rule book", type(error).__name__) from error


def _finding(book: CompiledBook, judged: Judged, intake: Intake) -> Finding:
    settled = book.settled.get(judged)
    if settled is not None:
        return settled
    rule, fires, raises = judged
    return judge.finding(book.rules[rule], intake, fires=fires, raises=raises)


def _decision(rulebook: Rulebook, book: CompiledBook, findings: tuple[Finding, ...], intake: Intake) -> Decision:
    levels = reduce(Levels.worst, [finding.levels for finding in findings], CALM)
    regions = body.safety_map(findings, rulebook.vocabulary.regions)
    label = body.label(levels, regions, intake)
    return Decision(
        label=label,
        levels=levels,
        at_most=reduce(Levels.worst, [finding.at_most for finding in findings], CALM),
        electrical_stimulation=_stimulation(findings),
        findings=findings,
        notes=_notes(rulebook, book, label, intake),
        regions=regions,
        rulebook_version=rulebook.version,
        rulebook_sha256=rulebook.sha256,
    )


def _stimulation(findings: tuple[Finding, ...]) -> str:
    return AVOID if AVOID in [finding.rule.electrical_stimulation for finding in findings] else ALLOWED


def _notes(rulebook: Rulebook, book: CompiledBook, label: Label, intake: Intake) -> tuple[Note, ...]:
    """Evidence in favour is never shown beside a label that says stop."""
    if not rulebook.notes or label >= Label.DO_NOT_NEEDLE:
        return ()
    return tuple([rulebook.notes[place] for place in book.notes(intake.answers.get, intake)])
