"""Proofs over a whole rule book: each property is one line over one general search for patients who break it.

Nothing is believed that `decide` does not confirm: every refutation carries intakes that were decided again.
Needs z3 (development extra). The ids (P1, P2, ...) and their definitions are in docs/proofs.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from intake.engine.answers import parse_answers
from intake.engine.decide import truth
from intake.engine.rulebook import Everywhere, Named, Needling, Regions, Rule, Rulebook, Urgency, Where
from intake.engine.search import WITHDRAWN, WORSE, Patient, Search, same
from intake.engine.to_smt import FALSE, Formula, Pair, applies

AXES = (("needling", Needling), ("urgency", Urgency))


@dataclass(frozen=True, slots=True)
class Refutation:
    """A property that does not hold of a rule (or a fact), with the patients who show it."""

    id: str
    subject: str
    text: str
    patients: tuple[Patient, ...] = ()


def prove(book: Rulebook) -> Iterator[Refutation]:
    """Every refutation of P1 to P6, P8 and P10 over the book; none: all proved."""
    yield from refutations(Search(book))


def refutations(search: Search) -> Iterator[Refutation]:
    """The same over a search that is already built, perhaps with another reader."""
    for rule in search.book.rules:
        yield from _alone(search, rule)
        yield from _placed(search, rule)
        yield from _monotone(search, rule)
        yield from _never_read_hidden(search, rule)
        yield from _told_apart(search, rule)
    yield from _silenced(search)


def _refuted(search: Search, rules: list[Rule], name: str, text: str, *claims: Formula) -> Iterator[Refutation]:
    """Patients of whom all claims hold, if there are any, with what the interpreter says of the first rule."""
    patients = search.find(rules, *claims)
    if patients is not None:
        rule = rules[0]
        shown = tuple({n: one[n] for n in search.needed[rule.id] if n in one} for one in patients)
        results = ", then ".join(str(truth(search.book.vocabulary, rule.when, patient)) for patient in shown)
        yield Refutation(name, rule.id, f"{text} ({results})", shown)


def _alone(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P1 reachable, P2 not constant, P5 no unknown suppresses, P6 nothing fires on a guess."""
    x, y = search.in_x[rule.id], search.in_y[rule.id]
    if search.find([rule], x.true) is None:
        yield Refutation("P1", rule.id, "no patient can make it fire")
    if search.find([rule], x.false) is None:
        yield Refutation("P2", rule.id, "no answers keep it quiet")
    yield from _refuted(search, [rule], "P5", "withdrawn answers silence it", WITHDRAWN, x.true, y.false)
    yield from _refuted(search, [rule], "P6", "it fires on answers not given", WITHDRAWN, y.true, z3.Not(x.true))


def _placed(search: Search, rule: Rule) -> Iterator[Refutation]:
    """The fact that says where is asked of everybody for whom the rule fires."""
    if isinstance(rule.where, Named):
        asked = applies(search.x, rule.where.fact)
        text = f"it fires where `{rule.where.fact}` is not asked"
        yield from _refuted(search, [rule], "placed", text, search.in_x[rule.id].true, asked.false)


def counted(rule: Rule, own: Pair, raises: list[Pair], axis: str, level: int) -> Formula:
    """When the rule counts at `level` or worse on an axis (`needling`, `urgency`), asking included."""
    cases = [own.true] if getattr(rule.levels, axis) >= level else []
    cases += [own.unknown] if getattr(rule.if_unknown, axis) >= level else []
    for one, when in zip(rule.raises, raises, strict=True):
        active = z3.Not(own.false)
        cases += [z3.And(active, when.true)] if getattr(one.levels, axis) >= level else []
        cases += [z3.And(own.true, when.unknown)] if getattr(one.if_unknown, axis) >= level else []
        cases += [z3.And(own.unknown, when.unknown)] if getattr(one.while_asking, axis) >= level else []
    return z3.Or(cases) if cases else FALSE


def _monotone(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P8: where y is at least as bad as x, this rule, or another that covers its place, counts as high in y."""
    for axis, levels in AXES:
        for level in list(levels)[1:]:
            before = counted(rule, search.in_x[rule.id], search.raised_x[rule.id], axis, level)
            after = counted(rule, search.in_y[rule.id], search.raised_y[rule.id], axis, level)
            if before is FALSE or search.find([rule], WORSE, before, z3.Not(after)) is None:
                continue
            others = [other for other in search.book.rules if axis == "urgency" or covers(other.where, rule.where)]
            after = z3.Or([counted(o, search.in_y[o.id], search.raised_y[o.id], axis, level) for o in others])
            text = f"a worse answer lowers {axis} below {level.code}"
            yield from _refuted(search, [rule, *others], "P8", text, WORSE, before, z3.Not(after))


def covers(wide: Where, narrow: Where) -> bool:
    """The needling level of one rule applies wherever that of the other does."""
    if isinstance(wide, Everywhere) or wide == narrow:
        return True
    return isinstance(wide, Regions) and isinstance(narrow, Regions) and set(narrow.codes) <= set(wide.codes)


def _told_apart(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P3 no duplicate, P4 not shadowed: an example refutes most pairs at once, the search decides the rest."""
    for other in search.book.rules:
        if rule is other or not _outranks(other, rule) or _example_differs(search, rule, other):
            continue
        mine, theirs = search.in_x[rule.id].true, search.in_x[other.id].true
        if search.find([rule, other], mine, z3.Not(theirs)) is not None:
            continue
        twin = _outranks(rule, other) and search.find([rule, other], theirs, z3.Not(mine)) is None
        if not twin:
            yield Refutation("P4", rule.id, f"fires only when {other.id} does, which counts at least as high")
        elif rule.id < other.id:
            yield Refutation("P3", rule.id, f"fires exactly when {other.id} does, at the same levels and place")


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
            hidden = applies(search.x, name).false
            text = f"an answer to `{name}` is read where it is not asked"
            yield from _refuted(search, [rule], "P10", text, hidden, differ, *rest)


def _silenced(search: Search) -> Iterator[Refutation]:
    """P10: a question that can silence an emergency or absolute rule gives its reason."""
    grave = {name for rule in search.book.rules if _is_grave(rule) for name in search.needed[rule.id]}
    for name, fact in search.book.vocabulary.facts.items():
        if name in grave and fact.asked_if is not None and fact.hidden_is_safe is None:
            yield Refutation("P10", name, "can silence an emergency or absolute rule and gives no `hidden_is_safe`")


def _is_grave(rule: Rule) -> bool:
    levels = [rule.levels, *(one.levels for one in rule.raises)]
    return any(one.urgency is Urgency.EMERGENCY_NOW or one.needling is Needling.DO_NOT_NEEDLE for one in levels)
