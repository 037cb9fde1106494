"""A search for two patients, x and y, of whom some claims hold: the one general function under every proof.

Both are symbolic intakes. A question looks only at the facts that can change its rules, so each search stays small.
`WITHDRAWN`: y is x with answers withdrawn.
`WORSE`: y is at least as bad as x on every fact that says what worse means, and equal elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import z3

from intake.engine.book.rulebook import Named, Rule, Rulebook
from intake.engine.book.vocabulary import Answer, Fact, Kind, Vocabulary, facts_behind
from intake.engine.interpret.truth import Truth
from intake.engine.prove.encoder import (
    FALSE,
    Formula,
    SymbolicIntake,
    TruthPair,
    Variables,
    applies,
    facts_of,
    holds_in,
    pair,
    shape,
)
from intake.engine.prove.formulas import Judgement, Reader

Patient: TypeAlias = dict[str, Answer]
WITHDRAWN, WORSE = z3.Bool("withdrawn"), z3.Bool("worse")


@dataclass(frozen=True, slots=True)
class Refutation:
    """What does not hold of a rule, a fact or a label, with patients who show it; `confirmed`: `decide` sees it too."""

    id: str
    subject: str
    text: str
    patients: tuple[Patient, ...] = ()
    confirmed: bool = True


def fewest(patients: tuple[Patient, ...], holds: Callable[[tuple[Patient, ...]], bool]) -> tuple[Patient, ...]:
    """The same patients without every answer, and every code of one, that none of them needs for `holds`.

    What is taken from one is taken from all: they differ as they did.
    """
    for name in dict.fromkeys(name for patient in patients for name in patient):
        fewer = tuple({other: patient[other] for other in patient if other != name} for patient in patients)
        patients = fewer if holds(fewer) else _fewest_codes(patients, name, holds)
    return patients


def _fewest_codes(
    patients: tuple[Patient, ...], name: str, holds: Callable[[tuple[Patient, ...]], bool]
) -> tuple[Patient, ...]:
    several = [answer for patient in patients if isinstance(answer := patient.get(name), tuple) and len(answer) > 1]
    for code in dict.fromkeys(code for answer in several for code in answer):
        fewer = tuple(_without(patient, name, code) for patient in patients)
        if all(each.get(name) != () for each in fewer) and holds(fewer):
            patients = fewer
    return patients


def _without(patient: Patient, name: str, code: str) -> Patient:
    answer = patient.get(name)
    rest = tuple(other for other in answer if other != code) if isinstance(answer, tuple) else answer
    return patient if rest is None else {**patient, name: rest}


class Search:
    """The formulas of every rule for both patients, built once, and one solver a set of facts."""

    def __init__(self, book: Rulebook, read: Reader = pair) -> None:
        """Build the formulas with `read`, the reader under proof."""
        self.book = book
        self.x, self.y = SymbolicIntake(book.vocabulary, "x"), SymbolicIntake(book.vocabulary, "y")
        self.of_x, self.of_y = Judgement(self.x, read), Judgement(self.y, read)
        self.in_x = {rule.id: self.of_x.pair(rule.when) for rule in book.rules}
        self.in_y = {rule.id: self.of_y.pair(rule.when) for rule in book.rules}
        self.needed = {rule.id: needed(book.vocabulary, rule) for rule in book.rules}
        self.places = {rule.id: placed(book.vocabulary, rule) for rule in book.rules}
        self.moves: dict[tuple[object, ...], Formula] = {}
        self.meanings: dict[str, tuple[Formula, ...]] = {}
        self.model: Formula = None
        self.solvers: dict[frozenset[str], z3.Solver] = {}

    def find(self, rules: Iterable[Rule], *claims: Formula) -> tuple[Patient, Patient] | None:
        """Two patients of whom every claim holds (facts that can change the rules only); None: proved impossible."""
        return self.among(self._names(rules), *claims)

    def among(self, names: frozenset[str], *claims: Formula) -> tuple[Patient, Patient] | None:
        """The same over the answers to some facts."""
        solver = self._solver(names)
        if solver.check(*claims) == z3.unsat:
            return None
        self.model = solver.model()
        return facts_of(self.x, self.model, names), facts_of(self.y, self.model, names)

    def by_formulas(self, of: TruthPair) -> Truth:
        """What the last patients found make of a condition, by its formulas."""
        true, false = holds_in(self.model, of.true), holds_in(self.model, of.false)
        return True if true else False if false else None

    def possible(self, rules: Iterable[Rule], *claims: Formula) -> bool:
        """Whether there are two patients of whom every claim holds."""
        return bool(self._solver(self._names(rules)).check(*claims) != z3.unsat)

    def _names(self, rules: Iterable[Rule]) -> frozenset[str]:
        return frozenset(name for rule in rules for name in (*self.needed[rule.id], *self.places[rule.id]))

    def _solver(self, facts: frozenset[str]) -> z3.Solver:
        if facts not in self.solvers:
            solver = self.solvers[facts] = z3.Solver()
            for name in self.book.vocabulary.facts:
                if name in facts:
                    solver.add(*self._meaning_of(name))
        return self.solvers[facts]

    def _meaning_of(self, name: str) -> tuple[Formula, ...]:
        """What holds of every answer to a fact, and what the two relations say of it; made at first use."""
        if name not in self.meanings:
            self.meanings[name] = self._meaning(self.book.vocabulary.facts[name])
        return self.meanings[name]

    def _meaning(self, fact: Fact) -> tuple[Formula, ...]:
        applies(self.x, fact.name), applies(self.y, fact.name)
        a, b = self.x.of(fact.name), self.y.of(fact.name)
        gone = z3.Implies(WITHDRAWN, z3.Or(same(a, b), withdrawn(b)))
        return shape(fact, a), shape(fact, b), gone, z3.Implies(WORSE, worse(fact, a, b))


def placed(vocabulary: Vocabulary, rule: Rule) -> tuple[str, ...]:
    """The facts that say where the rule's level applies."""
    return facts_behind([rule.where.fact], vocabulary) if isinstance(rule.where, Named) else ()


def needed(vocabulary: Vocabulary, rule: Rule) -> tuple[str, ...]:
    """Every fact that can change the rule: its own, its raises', and those that decide whether they are asked."""
    return facts_behind(rule.facts, vocabulary)


# ---- how two patients relate, fact by fact


def same(a: Variables, b: Variables) -> Formula:
    """Both gave the same answer, or none."""
    ticks = [a.codes[code] == b.codes[code] for code in a.codes]
    value = [] if a.value is None else [a.value == b.value]
    blank = [] if a.blank is None else [a.blank == b.blank]
    return z3.And(a.open == b.open, *ticks, *value, *blank)


def withdrawn(b: Variables) -> Formula:
    """No answer to the fact."""
    blank = [] if b.blank is None else [b.blank]
    return z3.And(b.open, z3.Not(z3.Or(list(b.codes.values()) or [FALSE])), *blank)


def worse(fact: Fact, a: Variables, b: Variables) -> Formula:
    """The answer b is at least as bad as a, by the fact's own `worse`."""
    match fact.kind, fact.worse:
        case _, None:
            return same(a, b)
        case Kind.CHOICES, tuple(codes):
            rest = [a.codes[code] == b.codes[code] for code in a.codes if code not in codes]
            blank = [] if a.blank is None else [a.blank == b.blank]
            return z3.And(a.open == b.open, *blank, *rest, *[z3.Implies(a.codes[c], b.codes[c]) for c in codes])
        case _, tuple(order):
            steps = [z3.And(a.codes[low], b.codes[high]) for i, low in enumerate(order) for high in order[i + 1 :]]
            return z3.Or(same(a, b), *steps)
        case _, direction:
            up = b.value >= a.value if direction == "higher" else b.value <= a.value
            return z3.Or(same(a, b), z3.And(z3.Not(a.open), z3.Not(b.open), up))
