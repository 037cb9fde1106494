"""Proofs over a whole rule book: each property is one line over one general search for patients who break it.

Nothing is believed that `decide` does not confirm: every refutation carries intakes that were decided again.
Needs z3 (extra `rules`). The ids (P1, P2, ...) and their definitions are in docs/proofs.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

import z3

from intake.engine.book.levels import Needling, Urgency
from intake.engine.book.rulebook import Named, Rule, Rulebook
from intake.engine.decide.decide import applies as applied
from intake.engine.decide.decide import truth
from intake.engine.interpret.truth import Truth
from intake.engine.prove.encoder import TRUE, Formula, applies
from intake.engine.prove.label import monotone_label
from intake.engine.prove.monotone import covers, monotone
from intake.engine.prove.mutants import STATUS
from intake.engine.prove.search import WITHDRAWN, Patient, Refutation, Search, fewest, same
from intake.engine.read.answers import parse_answers

Statuses: TypeAlias = list[list[Truth]]


def prove(book: Rulebook) -> Iterator[Refutation]:
    """Every refutation of P1 to P6, P8 and P10 over the book; none: all proved."""
    yield from refutations(Search(book))


def refutations(search: Search) -> Iterator[Refutation]:
    """The same over a search that is already built, perhaps with another reader."""
    for rule in search.book.rules:
        yield from _alone(search, rule)
        yield from _placed(search, rule)
        yield from monotone(search, rule)
        yield from _never_read_hidden(search, rule)
        yield from _told_apart(search, rule)
    yield from monotone_label(search)
    yield from _silenced(search)


def _refuted(  # noqa: PLR0913 - one refutation: of what, in which words, by which claims
    search: Search, rule: Rule, name: str, text: str, *claims: Formula, hidden: str = "", alone: bool = False
) -> Iterator[Refutation]:
    """Patients of whom all claims hold, if any. `hidden` is not asked of the first; `alone`: that one shows it."""
    patients = search.find([rule], *claims)
    if patients is not None:
        statuses, smallest, confirmed = _smallest(search, (rule,), patients[:1] if alone else patients, hidden)
        yield Refutation(name, rule.id, f"{text} ({statuses})", smallest, confirmed)


def _example(search: Search, rules: tuple[Rule, ...], name: str, text: str, *claims: Formula) -> Refutation:
    """What no patient refutes, with one of whom the first claim holds that can."""
    patients = next(pair for claim in (*claims, TRUE) if (pair := search.find(rules, claim)) is not None)
    statuses, smallest, confirmed = _smallest(search, rules, patients[:1])
    return Refutation(name, rules[0].id, f"{text} ({statuses})", smallest, confirmed)


def _smallest(
    search: Search, rules: tuple[Rule, ...], patients: tuple[Patient, ...], hidden: str = ""
) -> tuple[str, tuple[Patient, ...], bool]:
    """What the rules say of the patients just found, the fewest answers with which they do, and whether all agree."""
    words = search.book.vocabulary

    def seen(asked: tuple[Patient, ...]) -> Statuses:
        return [[truth(words, rule.when, patient) for rule in rules] for patient in asked]

    def alike(asked: tuple[Patient, ...]) -> bool:
        return seen(asked) == at_first and (not hidden or applied(words, hidden, asked[0]) is False)

    at_first = seen(patients)
    formulas = (search.in_x, search.in_y)[: len(patients)]
    solved = [[search.by_formulas(each[rule.id]) for rule in rules] for each in formulas]
    doubt = "" if at_first == solved else f"; the formulas say {_in_words(solved)}"
    return f"{_in_words(at_first)}{doubt}", fewest(patients, alike), not doubt


def _in_words(statuses: Statuses) -> str:
    return ", then ".join(" and ".join(STATUS[each] for each in one) for one in statuses)


def _alone(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P1 reachable, P2 not constant, P5 no unknown suppresses, P6 nothing fires on a guess."""
    x, y = search.in_x[rule.id], search.in_y[rule.id]
    if not search.possible([rule], x.true):
        yield _example(search, (rule,), "P1", "no patient can make it fire", x.unknown)
    if not search.possible([rule], x.false):
        yield _example(search, (rule,), "P2", "no answers keep it quiet", x.true)
    yield from _refuted(search, rule, "P5", "withdrawn answers silence it", WITHDRAWN, x.true, y.false)
    yield from _refuted(search, rule, "P6", "it fires on answers not given", WITHDRAWN, y.true, z3.Not(x.true))


def _placed(search: Search, rule: Rule) -> Iterator[Refutation]:
    """The fact that says where is asked of everybody for whom the rule fires."""
    if isinstance(rule.where, Named):
        fact = rule.where.fact
        claims = search.in_x[rule.id].true, applies(search.x, fact).false
        text = f"it fires where `{fact}` is not asked"
        yield from _refuted(search, rule, "placed", text, *claims, hidden=fact, alone=True)


def _told_apart(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P3 no duplicate, P4 not shadowed: an example refutes most pairs at once, the search decides the rest."""
    for other in search.book.rules:
        if rule is other or not _outranks(other, rule) or _example_differs(search, rule, other):
            continue
        mine, theirs = search.in_x[rule.id].true, search.in_x[other.id].true
        if search.possible([rule, other], mine, z3.Not(theirs)):
            continue
        twin = _outranks(rule, other) and not search.possible([rule, other], theirs, z3.Not(mine))
        if not twin:
            text = f"fires only when {other.id} does, which counts at least as high"
            yield _example(search, (rule, other), "P4", text, mine)
        elif rule.id < other.id:
            text = f"fires exactly when {other.id} does, at the same levels and place"
            yield _example(search, (rule, other), "P3", text, mine)


def _outranks(other: Rule, rule: Rule) -> bool:
    """Another rule of the finding counts at least as high wherever this one does (a raise says why both are there)."""
    higher = other.levels.needling >= rule.levels.needling and other.levels.urgency >= rule.levels.urgency
    alike = other.concept == rule.concept and other.depth == rule.depth
    return higher and alike and not rule.raises and covers(other.where, rule.where)


def _example_differs(search: Search, rule: Rule, other: Rule) -> bool:
    """An example that fires the rule and not the other."""
    words = search.book.vocabulary
    fires = (parse_answers(words, example) for example in rule.examples.fires)
    return any(truth(words, rule.when, one) is True and truth(words, other.when, one) is not True for one in fires)


def _never_read_hidden(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P10: where a question does not apply, whatever is stored for it changes nothing."""
    x, y = search.in_x[rule.id], search.in_y[rule.id]
    differ = z3.Or(x.true != y.true, x.false != y.false)
    for name in search.needed[rule.id]:
        if search.book.vocabulary.facts[name].asked_if is not None:
            rest = [same(search.x.of(other), search.y.of(other)) for other in search.needed[rule.id] if other != name]
            unasked = applies(search.x, name).false
            text = f"an answer to `{name}` is read where it is not asked"
            yield from _refuted(search, rule, "P10", text, unasked, differ, *rest, hidden=name)


def _silenced(search: Search) -> Iterator[Refutation]:
    """P10: a question that can silence an emergency or absolute rule gives its reason."""
    for fact in search.book.vocabulary.facts.values():
        if fact.asked_if is not None and fact.hidden_is_safe is None:
            grave = (rule for rule in search.book.rules if _is_grave(rule) and fact.name in search.needed[rule.id])
            silences = (one for rule in grave for one in _silences(search, rule, fact.name))
            yield from islice(silences, 1)


def _silences(search: Search, rule: Rule, fact: str) -> Iterator[Refutation]:
    text = f"`{fact}` gives no `hidden_is_safe`, and where it is not asked {rule.id} is silent"
    claims = applies(search.x, fact).false, search.in_x[rule.id].false
    refuted = _refuted(search, rule, "P10", text, *claims, hidden=fact, alone=True)
    yield from (replace(one, subject=fact) for one in refuted)


def _is_grave(rule: Rule) -> bool:
    levels = [rule.levels, *(one.levels for one in rule.raises)]
    return any(one.urgency is Urgency.EMERGENCY_NOW or one.needling is Needling.DO_NOT_NEEDLE for one in levels)
