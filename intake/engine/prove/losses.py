"""What somebody would lose under a new rule book, proved: the stops of a concept, or any level of a rule.

A stop is do_not_needle, avoid_area or emergency_now. Every loss carries a patient whom `decide` judges lower under the
new book; where there is none, the solver has proved it. Needs z3 (extra `rules`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import z3

from intake.engine.book.decision import Decision, Finding
from intake.engine.book.levels import STOPS
from intake.engine.book.rulebook import AVOID, Everywhere, Rule, Rulebook
from intake.engine.decide.decide import decide
from intake.engine.prove.compare import Comparison, judgements
from intake.engine.prove.encoder import FALSE, Formula, pair
from intake.engine.prove.formulas import AXES
from intake.engine.prove.search import Patient

Reached: TypeAlias = Callable[[Decision], frozenset[str]]
BODY, STIMULATION = "body", "electrical stimulation"


@dataclass(frozen=True, slots=True)
class Lost:
    """A level that a patient has under the old book and not under the new; `subject` is a concept or a rule."""

    subject: str
    level: str
    patient: Patient
    confirmed: bool


def lost_stops(old: Rulebook, new: Rulebook) -> Iterator[Lost]:
    """For every concept and stop, a patient who would lose it, if there is one."""
    comparison = Comparison(old, new)
    for concept in _moved(old, new):
        before, after = _of(old, concept), _of(new, concept)
        names = comparison.needed(*before, *after)
        for axis, level in STOPS:
            claim = _less(comparison, before, after, axis, level)
            yield from _losses(comparison, names, claim, (concept, level.code), partial(_stops, concept, axis, level))


def loosened(old: Rulebook, new: Rulebook) -> Iterator[Lost]:
    """For every rule of the old book and every level, a patient for whom the new one counts it lower, if there is one.

    Where there is none, no region's level, urgency or label is lower either: each is the worst of the findings.
    """
    comparison = Comparison(old, new)
    alike, there = judgements(old), judgements(new)
    now = {rule.id: rule for rule in new.rules}
    for rule in old.rules:
        if alike[rule.id] == there.get(rule.id):
            continue
        after = (now[rule.id],) if rule.id in now else ()
        names = comparison.needed(rule, *after)
        for axis, levels in AXES:
            for level in list(levels)[1:]:
                claim = _less(comparison, (rule,), after, axis, level)
                reached = partial(_reached, rule.id, axis, level)
                yield from _losses(comparison, names, claim, (rule.id, level.code), reached)
        claim = _stimulated(comparison, rule, after)
        yield from _losses(comparison, names, claim, (rule.id, STIMULATION), partial(_avoided, rule.id))


def _losses(
    comparison: Comparison, names: frozenset[str], claim: Formula, name: tuple[str, str], reached: Reached
) -> Iterator[Lost]:
    def holds(patient: Patient) -> bool:
        return bool(reached(decide(comparison.old, patient)) - reached(decide(comparison.new, patient)))

    if claim is not FALSE:
        patient = comparison.find(names, claim, holds)
        if patient is not None:
            yield Lost(*name, patient, holds(patient))


def _moved(old: Rulebook, new: Rulebook) -> tuple[str, ...]:
    """The concepts of which a rule came, went, or judges otherwise."""
    before, after = judgements(old), judgements(new)
    rules = [rule for rule in (*old.rules, *new.rules) if before.get(rule.id) != after.get(rule.id)]
    concepts = {rule.id: rule.concept for rule in old.rules}
    renamed = [rule for rule in new.rules if concepts.get(rule.id, rule.concept) != rule.concept]
    named = [rule.concept for rule in (*rules, *renamed)] + [concepts[rule.id] for rule in renamed]
    return tuple(dict.fromkeys(named))


def _of(book: Rulebook, concept: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in book.rules if rule.concept == concept)


def _less(comparison: Comparison, before: tuple[Rule, ...], after: tuple[Rule, ...], axis: str, level: int) -> Formula:
    """When the rules before reach a level (somewhere on the body) and those after do not (there)."""
    was = [(rule, count) for rule in before if (count := comparison.counts(rule, axis, level)) is not FALSE]
    if not was:
        return FALSE
    now = [(rule, comparison.counts(rule, axis, level)) for rule in after]
    if axis == "urgency" or all(isinstance(rule.where, Everywhere) for rule, _ in (*was, *now)):
        return z3.And(z3.Or([count for _, count in was]), z3.Not(z3.Or([count for _, count in now])))
    return z3.Or([z3.And(_on(comparison, was, r), z3.Not(_on(comparison, now, r))) for r in comparison.words.regions])


def _on(comparison: Comparison, counts: list[tuple[Rule, Formula]], region: str) -> Formula:
    return z3.Or([z3.And(count, comparison.covers(rule, region)) for rule, count in counts])


def _stimulated(comparison: Comparison, rule: Rule, after: tuple[Rule, ...]) -> Formula:
    """When the rule forbids electrical stimulation and does so no longer."""
    if rule.electrical_stimulation != AVOID:
        return FALSE
    still = [pair(comparison.record, one.when).false for one in after if one.electrical_stimulation == AVOID]
    return z3.And(z3.Not(pair(comparison.record, rule.when).false), *still)


# ---- what a decision shows of it


def _stops(concept: str, axis: str, level: int, decision: Decision) -> frozenset[str]:
    return _places([one for one in decision.findings if one.rule.concept == concept], axis, level)


def _reached(rule: str, axis: str, level: int, decision: Decision) -> frozenset[str]:
    return _places([one for one in decision.findings if one.rule.id == rule], axis, level)


def _places(findings: list[Finding], axis: str, level: int) -> frozenset[str]:
    reached = [finding for finding in findings if getattr(finding.levels, axis) >= level]
    if axis == "urgency":
        return frozenset((BODY,) if reached else ())
    return frozenset(region for finding in reached for region in finding.where)


def _avoided(rule: str, decision: Decision) -> frozenset[str]:
    findings = [one for one in decision.findings if one.rule.id == rule and one.rule.electrical_stimulation == AVOID]
    return frozenset((BODY,) if findings else ())
