"""What the answers call for at once: told to the patient on one card, raised for the clinic. Pure; `saving` writes it.

A rule calls when it fires with an urgency of today or now. One that asks calls where the patient said "not sure", it
counts as urgent even so (or is about a crisis), and no later page asks what would decide it: nothing is said about what
nobody was asked yet. For the same reason a higher level counts for certain, or once all that could raise it was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from intake.engine.book.decision import Finding, Status
from intake.engine.book.levels import Urgency
from intake.engine.book.rulebook import Rule, Rulebook
from intake.engine.book.vocabulary import NOT_SURE, Answers, Vocabulary, codes_in, facts_behind
from intake.engine.interpret.evidence import Evidence
from intake.storage.alerts import Raised
from intake.workflow.patient.submit import evaluate

UNSURE_WHICH = "danger-sign-not-sure"
NOT_EVALUATED = "not-evaluated"
NONE: Mapping[str, Raised] = {}
MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Call:
    """A rule that calls for something now, and the answers (fact, code) that say so; none where it asks."""

    rule: Rule
    status: Status
    urgency: Urgency
    stated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AlarmReading:
    """What all answers together call for, the worst first.

    `firing`: every rule that fires, urgent or not. `unsure_of_signs`: the patient is not sure about a danger sign;
    `unsure_which`: and has not said which. `failed`: the answers could not be judged.
    """

    calls: tuple[Call, ...] = ()
    firing: frozenset[str] = frozenset()
    unsure_of_signs: bool = False
    unsure_which: bool = False
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the clinic is told: a rule, the "not sure" that no rule can name yet, or answers that were not judged."""

    rule: str
    status: Status
    title: str
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Changes:
    """What a page changed: alarms to raise, and rules whose answers the patient took back."""

    alarms: tuple[Alarm, ...] = ()
    withdrawn: frozenset[str] = field(default_factory=frozenset)


def read(rulebook: Rulebook, answers: Answers, resolved: Answers | None = None) -> AlarmReading:
    """Judge the answers; `resolved`: the facts that `interview` has read out of them, where it has."""
    evaluation, vocabulary = evaluate(rulebook, answers, resolved, with_cards=False), rulebook.vocabulary
    unsure, which = _doubts(vocabulary, answers)
    if evaluation.decision is None:
        return AlarmReading(unsure_of_signs=unsure, unsure_which=which, failed=True)
    findings, evidence = evaluation.decision.findings, evaluation.evidence
    calls = (
        _call(vocabulary, evaluation.facts, finding, evidence[finding.rule.id])
        for finding in findings
        if finding.rule.id in evidence
    )
    ordered = sorted((call for call in calls if call is not None), key=_order)
    firing = frozenset(finding.rule.id for finding in findings if finding.status is Status.FIRES)
    return AlarmReading(tuple(ordered), firing, unsure, which)


@lru_cache(maxsize=MOST_KEPT)
def may_call(rulebook: Rulebook) -> frozenset[str]:
    """The facts whose answers may bring a card or take one back: read by a rule that can call, or deciding what is."""
    calling = (rule for rule in rulebook.rules if _can_call(rule))
    return frozenset(facts_behind((name for rule in calling for name in rule.facts), rulebook.vocabulary))


def _can_call(rule: Rule) -> bool:
    return max(rule.most_urgent, rule.if_unknown.urgency) >= Urgency.SAME_DAY or rule.is_about_crisis


def changes(reading: AlarmReading, raised: Mapping[str, Raised]) -> Changes:
    """What is news to a draft that has `raised` these alarms."""
    alarms = tuple(alarm for alarm in _alarms(reading) if _is_news(alarm, raised))
    if reading.failed:
        return Changes(alarms)
    fired = (rule for rule, each in raised.items() if each.status is Status.FIRES and not each.withdrawn)
    return Changes(alarms, frozenset(fired) - reading.firing)


def _alarms(reading: AlarmReading) -> list[Alarm]:
    alarms = [Alarm(call.rule.id, call.status, call.rule.title, call.urgency) for call in reading.calls]
    if reading.unsure_which:
        title = "Not sure about a danger sign, not told which yet"
        alarms.append(Alarm(UNSURE_WHICH, Status.ASKS, title, Urgency.SAME_DAY))
    if reading.failed:
        title = "Answers that the rules could not judge"
        alarms.append(Alarm(NOT_EVALUATED, Status.ASKS, title, Urgency.EMERGENCY_NOW))
    return alarms


def _is_news(alarm: Alarm, raised: Mapping[str, Raised]) -> bool:
    before = raised.get(alarm.rule)
    return before is None or before.is_outdone_by(alarm.status, alarm.urgency)


def _call(vocabulary: Vocabulary, facts: Answers, finding: Finding, why: Evidence) -> Call | None:
    """The finding as a call, None where it waits or is not urgent."""
    if finding.status is Status.ASKS:
        return _asking(vocabulary, facts, finding, why)
    waits = _is_asked_later(vocabulary, facts, why.open_facts)
    urgency = why.certain.urgency if waits else finding.levels.urgency
    stated = _stated(vocabulary, why)
    return Call(finding.rule, Status.FIRES, urgency, stated) if urgency >= Urgency.SAME_DAY else None


def _asking(vocabulary: Vocabulary, facts: Answers, finding: Finding, why: Evidence) -> Call | None:
    urgency, rule = finding.levels.urgency, finding.rule
    unsure = any(_said_unsure(vocabulary, facts, name) for name in why.undecided)
    if not unsure or _is_asked_later(vocabulary, facts, why.undecided):
        return None
    if urgency < Urgency.SAME_DAY and not rule.is_about_crisis:
        return None
    return Call(rule, Status.ASKS, max(urgency, Urgency.SAME_DAY))


def _is_asked_later(vocabulary: Vocabulary, facts: Answers, names: tuple[str, ...]) -> bool:
    """Whether a later page asks one of these: what must be answered, and is not."""
    return any(name not in facts and not vocabulary.facts[name].optional for name in names)


def _said_unsure(vocabulary: Vocabulary, facts: Answers, name: str) -> bool:
    """Whether the patient said "not sure" and, where a further question narrows that down, has met it."""
    said = NOT_SURE in codes_in(facts.get(name))
    narrowing = vocabulary.facts[name].narrowed_by
    return said and (narrowing is None or narrowing in facts)


def _doubts(vocabulary: Vocabulary, answers: Answers) -> tuple[bool, bool]:
    """Whether the patient is not sure about a danger sign, and whether the page "which ones?" is still to come."""
    narrowed = (fact for fact in vocabulary.facts.values() if fact.narrowed_by is not None)
    unsure = [fact for fact in narrowed if NOT_SURE in codes_in(answers.get(fact.name))]
    return bool(unsure), any(fact.narrowed_by not in answers for fact in unsure)


def _stated(vocabulary: Vocabulary, why: Evidence) -> tuple[tuple[str, str], ...]:
    """What the patient said that makes it so: codes that they chose, no denials and no numbers."""
    pairs = dict.fromkeys((each.fact, each.code) for each in (*why.deciding, *why.raised_by) if each.holds)
    return tuple(pair for pair in pairs if _is_said(vocabulary, *pair))


def _is_said(vocabulary: Vocabulary, fact: str, code: str) -> bool:
    known = vocabulary.facts[fact]
    return bool(code) and code not in (known.none, known.benign)


def _order(call: Call) -> tuple[bool, int, int]:
    """What fires first, then by urgency; among equals what is urgent on its own, then as the book has it."""
    return call.status is Status.ASKS, -call.urgency, -call.rule.levels.urgency
