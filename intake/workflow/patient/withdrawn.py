"""Danger signs that a patient took back: read from the trail of answers, whatever is decided on the last of them.

No finding: the decision is about what was sent. It is an item for a practitioner, who closes it with what was said.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from intake.engine.book.decision import Decision, Finding, Status
from intake.engine.book.levels import Urgency
from intake.engine.book.rulebook import Rule, Rulebook
from intake.engine.book.tree import AllOf, AnyOf, leaves
from intake.engine.book.vocabulary import NOT_SURE, Answer, Answers, Vocabulary, codes_in
from intake.engine.decide.decide import decide
from intake.engine.interpret.evidence import evidence
from intake.engine.interpret.explain import as_answers
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import from_raw
from intake.storage.taken_back import TakenBack
from intake.workflow.patient.interview import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from intake.storage.trail import TrailChange


@dataclass(frozen=True, slots=True)
class Saved:
    """The facts as they stood after one save; `withdrew`: it changed or took back something that was said."""

    at: datetime
    facts: Answers
    withdrew: bool


def taken_back(rulebook: Rulebook, changes: Sequence[TrailChange], last: Decision) -> tuple[TakenBack, ...]:
    """The urgent rules that stood at some time and stand no more, the most urgent first; one for equal answers.

    `last` is the decision on the answers as they are. Raises EvaluationError with the id of a rule that failed.
    """
    saved = tuple(_saved(rulebook.vocabulary, changes))
    standing = {finding.rule.id: finding for finding in last.findings}
    gone: dict[str, tuple[Finding, Answers]] = {}
    for before, after in pairwise(saved):
        findings = decide(rulebook, before.facts).findings if after.withdrew else ()
        for finding in findings:
            if _alarming(finding, before.facts, rulebook.vocabulary) and not _stands(finding, standing):
                gone[finding.rule.id] = finding, before.facts
    signs = [_sign(finding, facts, saved, rulebook.vocabulary) for finding, facts in gone.values()]
    return _once_each(sorted(signs, key=lambda sign: (-sign.urgency, sign.said_at, sign.rule)))


def _saved(vocabulary: Vocabulary, changes: Iterable[TrailChange]) -> Iterator[Saved]:
    """The facts after each save, in the order of time; identity and own words are left out."""
    answers: dict[str, Answer] = {}
    in_clear = (change for change in changes if change.sealed is None)
    for at, group in groupby(in_clear, key=lambda change: change.at):
        save = list(group)
        for change in save:
            answers.pop(change.key, None)
            answers.update(from_raw({change.key: change.new}) if change.new is not None else {})
        yield Saved(at, resolve(vocabulary, answers), any(change.old is not None for change in save))


def _alarming(finding: Finding, facts: Answers, vocabulary: Vocabulary) -> bool:
    """Whether the rule is urgent on what was said, or on a danger sign that the patient was not sure of by name."""
    if finding.status is Status.FIRES:
        return finding.levels.urgency >= Urgency.SAME_DAY
    return finding.at_most.urgency >= Urgency.SAME_DAY and bool(_unsure_signs(finding.rule, facts, vocabulary))


def _unsure_signs(rule: Rule, facts: Answers, vocabulary: Vocabulary) -> list[str]:
    """The danger signs of the rule that the patient named when asked what the "not sure" meant."""
    signs = vocabulary.facts.get(vocabulary.roles.danger_signs)
    if signs is None or NOT_SURE not in codes_in(facts.get(signs.name)):
        return []
    named = codes_in(facts.get(signs.narrowed_by or ""))
    return [code for code in _codes(rule, signs.name) if code in named]


def _codes(rule: Rule, fact: str) -> Iterator[str]:
    for condition in rule.conditions:
        for leaf in leaves(condition):
            if isinstance(leaf, (AnyOf, AllOf)) and leaf.fact == fact:
                yield from leaf.codes


def _stands(finding: Finding, standing: Mapping[str, Finding]) -> bool:
    """Whether the rule still says as much: a rule that fired and only asks now has been taken back."""
    now = standing.get(finding.rule.id)
    if now is None or (finding.status is Status.FIRES and now.status is Status.ASKS):
        return False
    return finding.status is Status.ASKS or now.levels.urgency >= finding.levels.urgency


def _sign(finding: Finding, facts: Answers, saved: Sequence[Saved], vocabulary: Vocabulary) -> TakenBack:
    rule, asks = finding.rule, finding.status is Status.ASKS
    answers = _answers(rule, facts, vocabulary, asks=asks)
    said = [step.at for step in saved if _said(answers, step.facts, vocabulary)]
    last = max(said, default=saved[0].at)
    return TakenBack(
        rule=rule.id,
        title=rule.title,
        status=finding.status,
        urgency=finding.at_most.urgency if asks else finding.levels.urgency,
        answers=answers,
        said_at=min(said, default=saved[0].at),
        taken_at=min((step.at for step in saved if step.at > last), default=last),
    )


def _answers(rule: Rule, facts: Answers, vocabulary: Vocabulary, *, asks: bool) -> dict[str, object]:
    """The answers that made the rule speak: fact -> codes."""
    if asks:
        return {vocabulary.roles.danger_signs: list(dict.fromkeys(_unsure_signs(rule, facts, vocabulary)))}
    why = evidence(rule, Intake(vocabulary, facts))
    return as_answers((*why.deciding, *why.raised_by), facts)


def _said(answers: Mapping[str, object], facts: Answers, vocabulary: Vocabulary) -> bool:
    """Whether all these answers stood, by name or as what the "not sure" meant."""
    return all(_holds(fact, value, facts, vocabulary) for fact, value in from_raw(answers).items())


def _holds(name: str, value: Answer | None, facts: Answers, vocabulary: Vocabulary) -> bool:
    codes = codes_in(value)
    if not codes:
        return facts.get(name) == value
    narrowed = vocabulary.facts[name].narrowed_by or ""
    return set(codes) <= {*codes_in(facts.get(name)), *codes_in(facts.get(narrowed))}


def _once_each(signs: Iterable[TakenBack]) -> tuple[TakenBack, ...]:
    """One for equal answers: the first."""
    first: dict[str, TakenBack] = {}
    for sign in signs:
        first.setdefault(repr(sorted(sign.answers.items())), sign)
    return tuple(first.values())
