"""Exactness (P7): a rule asks only where the answers still missing can change it. By exhaustion over classes.

Answers that no leaf tells apart are one class, so that a fact has few. For every partial intake over the classes, the
result is compared with what all its completions say. An answer to a question that is not known to apply is UNKNOWN by
definition, so such intakes are left out. Rules with more than `LIMIT` partial intakes are named, not tried.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from intake.engine.decide import applies
from intake.engine.rulebook import Rule, Rulebook
from intake.engine.search import needed
from intake.engine.tree import AllOf, AnyOf, Between, Count, Leaf, OneOf, leaves
from intake.engine.truth import Truth
from intake.engine.vocabulary import NOT_SURE, Answer, Fact, Kind, Vocabulary

LIMIT = 100_000

Reader: TypeAlias = Callable[[Rule, Mapping[str, Answer]], Truth]
State: TypeAlias = Answer | None


@dataclass(frozen=True, slots=True)
class Exactness:
    """One rule: partial intakes tried (0: too many), and one on which it asks though every completion agrees."""

    rule: str
    cases: int
    inexact: dict[str, Answer] | None


def exactness(book: Rulebook, rule: Rule, read: Reader) -> Exactness:
    """Try every partial intake over the rule's classes with `read`, the engine under test."""
    trial = _Trial(rule, read, {name: _states(book, rule, name) for name in needed(book.vocabulary, rule)}, {})
    cases = prod(len(options) for options in trial.states.values())
    if cases > LIMIT:
        return Exactness(rule.id, 0, None)
    for chosen in product(*trial.states.values()):
        answers = trial.answers(chosen)
        asks = read(rule, answers) is None and _is_told(book.vocabulary, answers)
        if asks and trial.settled(chosen) is not None:
            return Exactness(rule.id, cases, answers)
    return Exactness(rule.id, cases, None)


def reads_once(book: Rulebook, rule: Rule) -> bool:
    """No fact is read by two leaves: Kleene's logic is then exact by construction."""
    read = [leaf.fact for leaf in _leaves(book.vocabulary, rule)]
    return len(read) == len(set(read))


def _is_told(vocabulary: Vocabulary, answers: Mapping[str, Answer]) -> bool:
    return all(applies(vocabulary, name, answers) is not None for name in answers)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One rule with its states; `known` remembers what the completions of a partial intake say."""

    rule: Rule
    read: Reader
    states: dict[str, dict[State, tuple[Answer, ...]]]
    known: dict[tuple[State, ...], Truth]

    def answers(self, chosen: tuple[State, ...]) -> dict[str, Answer]:
        return {name: value for name, value in zip(self.states, chosen, strict=True) if value is not None}

    def settled(self, chosen: tuple[State, ...]) -> Truth:
        """What every completion says, or None where they differ."""
        if chosen not in self.known:
            options = [states[value] for states, value in zip(self.states.values(), chosen, strict=True)]
            index = next((i for i, value in enumerate(chosen) if options[i] != (value,)), None)
            if index is None:
                self.known[chosen] = self.read(self.rule, self.answers(chosen))
            else:
                found = {self.settled((*chosen[:index], value, *chosen[index + 1 :])) for value in options[index]}
                self.known[chosen] = found.pop() if len(found) == 1 else None
        return self.known[chosen]


def _states(book: Rulebook, rule: Rule, name: str) -> dict[State, tuple[Answer, ...]]:
    """Each state of the fact with the full answers that it may turn out to be; None: not answered."""
    fact = book.vocabulary.facts[name]
    full = tuple(_full(fact, [leaf for leaf in _leaves(book.vocabulary, rule) if leaf.fact == name]))
    found: dict[State, tuple[Answer, ...]] = {value: (value,) for value in full}
    if fact.kind is Kind.CHOICES and fact.narrows is None:
        for value in full:
            ticked = () if value == (fact.none,) else tuple(value)  # type: ignore[arg-type]  # a choices answer is a tuple
            beside = tuple(other for other in full if set(ticked) <= set(other))  # type: ignore[arg-type]
            found[(*ticked, NOT_SURE)] = beside
    return found | {None: full}


def _leaves(vocabulary: Vocabulary, rule: Rule) -> Iterator[Leaf]:
    """Every leaf that can change the rule: its own, and those that decide whether a question is asked."""
    conditions = [rule.when, *(vocabulary.facts[other].asked_if for other in needed(vocabulary, rule))]
    yield from (leaf for condition in conditions if condition is not None for leaf in leaves(condition))


def _full(fact: Fact, read: list[Leaf]) -> Iterator[Answer]:
    """One full answer a class."""
    match fact.kind:
        case Kind.CHOICE:
            yield from _distinct(fact.codes, read)
        case Kind.CHOICES | Kind.REGIONS:
            most = max((leaf.count for leaf in read if isinstance(leaf, Count)), default=1)
            codes = _distinct([code for code in fact.codes if code != fact.none], read, keep=most)
            none = () if fact.kind is Kind.REGIONS else (fact.none,) if fact.none else None
            yield from [none] if none is not None else []
            yield from (some for size in range(1, len(codes) + 1) for some in combinations(codes, size))
        case Kind.NUMBER | Kind.SCORE:
            yield from _values(fact, read)
        case Kind.TEXT:
            return


def _distinct(codes: tuple[str, ...] | list[str], read: list[Leaf], keep: int = 1) -> tuple[str, ...]:
    """`keep` codes of each group that no leaf tells apart."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for code in codes:
        groups.setdefault(tuple(_role(code, leaf) for leaf in read), []).append(code)
    return tuple(code for group in groups.values() for code in group[:keep])


def _role(code: str, leaf: Leaf) -> object:
    match leaf:
        case OneOf(_, codes) | AnyOf(_, codes):
            return code in codes
        case AllOf(_, codes):
            return code if code in codes else ""
        case Count() | Between():
            return True


def _values(fact: Fact, read: list[Leaf]) -> Iterator[float]:
    """A value at each threshold and one below it, within the fact's range."""
    edges = {edge for leaf in read if isinstance(leaf, Between) for edge in (leaf.low, leaf.below) if edge is not None}
    for value in sorted({each for edge in edges for each in (edge - 1, edge)}):
        if (fact.low is None or value >= fact.low) and (fact.high is None or value <= fact.high):
            yield value
