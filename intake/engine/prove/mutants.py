"""Example adequacy (P14): every small change of a rule is told apart by an example, or proved to change nothing.

A mutant drops a branch or a code, swaps all and any, negates a leaf, moves a count or a threshold by one. What survives
the examples goes to the search: equal for every patient, or a patient who tells them apart, cut to the fewest answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

import z3

from intake.engine.book.rulebook import Examples, Note, Rule, Rulebook
from intake.engine.book.tree import (
    All,
    AllOf,
    AnyNode,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Count,
    Not,
    OneOf,
    facts_read,
)
from intake.engine.book.vocabulary import facts_behind
from intake.engine.decide.decide import truth
from intake.engine.prove.encoder import pair
from intake.engine.prove.search import Patient, Search, fewest
from intake.engine.read.answers import parse_answers
from intake.engine.read.check import conditions_of

STATUS = {True: "fires", False: "quiet", None: "asks"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small change, in words, and the condition it makes."""

    change: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no example tells apart, and the example (status, answers) that would."""

    rule: str
    change: str
    status: str
    example: Patient


@dataclass(frozen=True, slots=True)
class Adequacy:
    """How the mutants of a book ended."""

    mutants: int
    equivalent: int
    survivors: tuple[Survivor, ...]


def adequacy(search: Search) -> Adequacy:
    """Try every mutant of the conditions of rules, raises and notes against their examples, then against the search."""
    total = equivalent = 0
    survivors: list[Survivor] = []
    entries: tuple[Rule | Note, ...] = (*search.book.rules, *search.book.notes)
    for name, when, examples in (part for entry in entries for part in conditions_of(entry)):
        known = list(_with_status(search.book, examples))
        for mutant in mutants(when):
            total += 1
            if _is_told_apart(search.book, mutant, known):
                continue
            survivor = _difference(search, name, when, mutant)
            if survivor is None:
                equivalent += 1
            else:
                survivors.append(survivor)
                known.append((survivor.status, survivor.example))
    return Adequacy(total, equivalent, tuple(survivors))


def _with_status(book: Rulebook, examples: Examples) -> Iterator[tuple[str, Patient]]:
    """Every example with the status it must have."""
    for status in STATUS.values():
        for example in getattr(examples, status):
            yield status, parse_answers(book.vocabulary, example)


def _is_told_apart(book: Rulebook, mutant: Mutant, examples: list[tuple[str, Patient]]) -> bool:
    return any(STATUS[truth(book.vocabulary, mutant.when, example)] != status for status, example in examples)


def _difference(search: Search, name: str, when: Condition, mutant: Mutant) -> Survivor | None:
    """The shortest patient found on whom condition and mutant differ; None: proved that they never do."""
    words = search.book.vocabulary
    own, other = search.of_x.pair(when), pair(search.x, mutant.when)
    names = frozenset(facts_behind(facts_read(when), words))
    patients = search.among(names, z3.Or(own.true != other.true, own.false != other.false))
    if patients is None:
        return None
    (patient,) = fewest(patients[:1], lambda one: truth(words, when, *one) != truth(words, mutant.when, *one))
    return Survivor(name, mutant.change, STATUS[truth(words, when, patient)], patient)


def mutants(node: Condition) -> Iterator[Mutant]:
    """Every mutant of a condition."""
    match node:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            yield from _of_branches(node, nodes)
        case Not(inner):
            yield Mutant("`not` dropped", inner)
            yield from (Mutant(one.change, Not(one.when)) for one in mutants(inner))
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            yield Mutant(f"`{node.fact}` negated", Not(node))
            yield from _of_leaf(node)
        case _:
            assert_never(node)


def _of_branches(node: All | AnyNode | AtLeast, nodes: tuple[Condition, ...]) -> Iterator[Mutant]:
    for index, branch in enumerate(nodes):
        rest = (*nodes[:index], *nodes[index + 1 :])
        if rest:
            yield Mutant(f"branch {index + 1} dropped", replace(node, nodes=rest))
        for one in mutants(branch):
            yield Mutant(one.change, replace(node, nodes=(*nodes[:index], one.when, *nodes[index + 1 :])))
    match node:
        case All():
            yield Mutant("`all` made `any`", AnyNode(nodes))
        case AnyNode():
            yield Mutant("`any` made `all`", All(nodes))
        case AtLeast(count):
            yield from (Mutant(f"count {c}", AtLeast(c, nodes)) for c in (count - 1, count + 1) if 0 < c <= len(nodes))


def _without(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    return tuple(other for other in codes if other != code)


def _of_leaf(leaf: OneOf | AnyOf | AllOf | Count | Between) -> Iterator[Mutant]:
    match leaf:
        case OneOf(fact, codes) | AnyOf(fact, codes) | AllOf(fact, codes):
            for code in codes if len(codes) > 1 else ():
                yield Mutant(f"`{fact}`: `{code}` dropped", replace(leaf, codes=_without(codes, code)))
        case Count(fact, count):
            yield Mutant(f"`{fact}`: count {count + 1}", Count(fact, count + 1))
            if count > 1:
                yield Mutant(f"`{fact}`: count {count - 1}", Count(fact, count - 1))
        case Between(fact, low, below):
            for step in (-1, 1):
                if low is not None:
                    yield Mutant(f"`{fact}`: min {low + step}", Between(fact, low + step, below))
                if below is not None:
                    yield Mutant(f"`{fact}`: below {below + step}", Between(fact, low, below + step))
        case _:
            assert_never(leaf)
