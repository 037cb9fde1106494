"""Proofs over a whole rule book: each property is one line over one general search for patients who break it.

Nothing is believed that `decide` does not confirm: every refutation carries intakes that were decided again.
Needs z3 (development extra). The ids (P1, P2, ...) and their definitions are in docs/proofs.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import z3

from intake.engine.answers import parse_answers
from intake.engine.body import MAIN, MARKED
from intake.engine.decide import decide, truth
from intake.engine.judgement import AXES
from intake.engine.rulebook import Everywhere, Label, Named, Needling, Regions, Rule, Rulebook, Urgency, Where
from intake.engine.search import WITHDRAWN, WORSE, Patient, Search, same
from intake.engine.to_smt import FALSE, Formula, applies, shape
from intake.engine.vocabulary import Vocabulary


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
    yield from _label(search)
    yield from _silenced(search)


def _refuted(search: Search, rules: list[Rule], name: str, text: str, *claims: Formula) -> Iterator[Refutation]:
    """Patients of whom all claims hold, if there are any, with what the interpreter says of the first rule."""
    patients = search.find(rules, *claims)
    if patients is not None:
        rule = rules[0]
        shown = tuple({n: one[n] for n in search.needed[rule.id] if n in one} for one in patients)
        seen = [truth(search.book.vocabulary, rule.when, patient) for patient in shown]
        said = [search.said(search.in_x[rule.id]), search.said(search.in_y[rule.id])]
        doubt = "" if seen == said else f"; the formulas say {', then '.join(map(str, said))}"
        yield Refutation(name, rule.id, f"{text} ({', then '.join(map(str, seen))}{doubt})", shown)


def _alone(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P1 reachable, P2 not constant, P5 no unknown suppresses, P6 nothing fires on a guess."""
    x, y = search.in_x[rule.id], search.in_y[rule.id]
    if not search.possible([rule], x.true):
        yield Refutation("P1", rule.id, "no patient can make it fire")
    if not search.possible([rule], x.false):
        yield Refutation("P2", rule.id, "no answers keep it quiet")
    yield from _refuted(search, [rule], "P5", "withdrawn answers silence it", WITHDRAWN, x.true, y.false)
    yield from _refuted(search, [rule], "P6", "it fires on answers not given", WITHDRAWN, y.true, z3.Not(x.true))


def _placed(search: Search, rule: Rule) -> Iterator[Refutation]:
    """The fact that says where is asked of everybody for whom the rule fires."""
    if isinstance(rule.where, Named):
        asked = applies(search.x, rule.where.fact)
        text = f"it fires where `{rule.where.fact}` is not asked"
        yield from _refuted(search, [rule], "placed", text, search.in_x[rule.id].true, asked.false)


def _monotone(search: Search, rule: Rule) -> Iterator[Refutation]:
    """P8: where y is at least as bad as x, this rule, or another one, counts as high in y, and in the same region."""
    near, proved = _near(search, rule), set[int]()
    for axis, levels in AXES:
        for level in list(levels)[1:]:
            if search.of_x.counts(rule, axis, level) is FALSE:
                continue
            claims = ((others, _lower(search, rule, others, axis, level)) for others in ((rule,), near))
            if all(_holds_of(search, others, claim, proved) for others, claim in claims):
                yield from _falls(search, rule, axis, level)


def _holds_of(search: Search, others: tuple[Rule, ...], claim: Formula, proved: set[int]) -> bool:
    """Some patients of whom y is the worse make the claim true; what was proved impossible is not tried again."""
    if claim.get_id() in proved:
        return False
    found = search.possible(others, WORSE, claim)
    proved.update(() if found else (claim.get_id(),))
    return found


def _near(search: Search, rule: Rule) -> tuple[Rule, ...]:
    """The rule and those that cover its place and read one of its facts: they mostly catch what it lets fall."""
    facts = set(search.needed[rule.id])
    others = (other for other in search.book.rules if covers(other.where, rule.where))
    return (rule, *(other for other in others if other is not rule and not facts.isdisjoint(search.needed[other.id])))


def _lower(search: Search, rule: Rule, others: tuple[Rule, ...], axis: str, level: int) -> Formula:
    """The rule counts at a level in x, and none of the others does so in y, in a region where it does."""
    before = search.of_x.counts(rule, axis, level)
    after = [(other, search.of_y.counts(other, axis, level)) for other in others]
    lost = z3.Not(z3.Or([count for _, count in after]))
    whole = not isinstance(rule.where, Named) and all(covers(each.where, rule.where) for each in others)
    if whole or axis == "urgency":
        return z3.And(before, lost)
    if others == (rule,):
        return z3.And(before, z3.Or(lost, _moves(search, rule)))
    lower = []
    for region in search.book.vocabulary.regions:
        there = [z3.And(count, search.of_y.covers(other, region)) for other, count in after]
        lower.append(z3.And(search.of_x.covers(rule, region), z3.Not(z3.Or(there))))
    return z3.And(before, z3.Or(lower))


def _moves(search: Search, rule: Rule) -> Formula:
    """The rule covers some region in x that it does not cover in y."""
    if rule.id not in search.moves:
        regions = search.book.vocabulary.regions
        parts = [z3.And(search.of_x.covers(rule, each), z3.Not(search.of_y.covers(rule, each))) for each in regions]
        search.moves[rule.id] = z3.Or(parts)
    return search.moves[rule.id]


def _falls(search: Search, rule: Rule, axis: str, level: int) -> Iterator[Refutation]:
    """The rule and its neighbours fall: does the whole book?"""
    rules = search.book.rules
    patients = search.find(rules, WORSE, _lower(search, rule, rules, axis, level))
    if patients is not None:
        x, y = (decide(search.book, patient) for patient in patients)
        regions = [(x.regions[region], y.regions[region]) for region in x.regions]
        parts = regions if axis == "needling" else [(x.levels.urgency, y.levels.urgency)]
        told = (f"{one.code}, then {other.code}" for one, other in parts if one >= level > other)
        code = dict(AXES)[axis](level).code
        text = f"a worse answer lowers {axis} below {code} ({next(told, 'not confirmed')})"
        yield Refutation("P8", rule.id, text, patients)


def _label(search: Search) -> Iterator[Refutation]:
    """P8: levels and regions that do not fall keep the label from falling, whatever the book."""
    judged, words = search.of_x, search.book.vocabulary
    if MARKED not in words.facts or MAIN not in words.facts:
        return
    solver, given = z3.Solver(), []
    before, after = (_Levels(words, name) for name in "xy")
    for name in (MARKED, MAIN):
        solver.add(shape(words.facts[name], search.x.of(name)))
    solver.add(*(z3.Implies(one, other) for one, other in zip(before.all(), after.all(), strict=True)))
    given = [judged.label_of(each.reached, *each.regions) for each in (before, after)]
    for label in list(Label)[1:]:
        high = [z3.Or([each[other] for other in Label if other >= label]) for each in given]
        if solver.check(high[0], z3.Not(high[1])) != z3.unsat:
            yield Refutation("P8", label.code, "levels that do not fall can lower the label")


class _Levels:
    """Free levels of one patient: what each axis has reached, and the regions at avoid_area and at review_before."""

    def __init__(self, words: Vocabulary, name: str) -> None:
        self.axes: dict[tuple[str, int], Formula] = {}
        for axis, levels in AXES:
            self.axes |= {(axis, level): z3.Bool(f"{name}.{axis}.{level}") for level in list(levels)[1:]}
        self.regions = [
            {region: z3.Bool(f"{name}.{region}.{level}") for region in words.regions} for level in ("avoid", "review")
        ]

    def reached(self, axis: str, level: int) -> Formula:
        """Whether the axis has reached the level."""
        return self.axes[axis, level]

    def all(self) -> list[Formula]:
        """Every level, in one order."""
        return [*self.axes.values(), *(one for regions in self.regions for one in regions.values())]


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
        if search.possible([rule, other], mine, z3.Not(theirs)):
            continue
        twin = _outranks(rule, other) and not search.possible([rule, other], theirs, z3.Not(mine))
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
