"""Why a condition is true or false: the smallest set of answers that decides it.

A set of literals suffices if Kleene's logic reaches the same result from these answers alone. `deciding` returns one of
which no answer can be left out: the fewest answers, and among equals the first in vocabulary order. A literal brings
along the answers that make its question apply (`asked_if`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, groupby, islice
from typing import NamedTuple, TypeAlias, assert_never

from intake.engine.book.tree import (
    All,
    AllOf,
    AnyNode,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Count,
    Leaf,
    Not,
    OneOf,
    facts_read,
)
from intake.engine.book.vocabulary import (
    NOT_SURE,
    Answer,
    Answers,
    Fact,
    Kind,
    Vocabulary,
    codes_in,
    facts_behind,
    leaves_behind,
)
from intake.engine.interpret.truth import Intake


class Literal(NamedTuple):
    """One deciding answer: the fact holds the code, or is known not to; no code for a number and for "no region"."""

    fact: str
    code: str
    holds: bool


Reasons: TypeAlias = list[frozenset[Literal]]
MOST_REASONS = 200


def deciding(condition: Condition, intake: Intake) -> tuple[Literal, ...]:
    """The smallest set of answers that makes the condition what it is; empty while it is UNKNOWN."""
    value = intake.truth(condition)
    if value is None:
        return ()
    best = _smallest(condition, intake, value=value) or frozenset()
    if not _parts_read_apart(condition, intake.vocabulary, value=value):
        search = ReasonSearch(intake, len(best), named_in(condition, intake.vocabulary))
        best = min(search.reasons(condition, value=value), key=_rank(intake.vocabulary))
    return tuple(sorted(best, key=_order(intake.vocabulary)))


def _parts_read_apart(node: Condition, vocabulary: Vocabulary, *, value: bool) -> bool:
    """Parts that together make the node `value` depend on no fact in common: each then has its own smallest reason."""
    match node:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            apart = _is_apart(node, nodes, vocabulary, value=value)
            return apart and all(_parts_read_apart(each, vocabulary, value=value) for each in nodes)
        case Not(inner):
            return _parts_read_apart(inner, vocabulary, value=not value)
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            asked_if = vocabulary.facts[node.fact].asked_if
            return asked_if is None or all(
                _parts_read_apart(asked_if, vocabulary, value=each) for each in (True, False)
            )
        case _:
            assert_never(node)


def as_answers(literals: Iterable[Literal], answers: Answers) -> dict[str, object]:
    """The deciding answers as fact -> code, list of codes or number, as the command line prints them."""
    facts: dict[str, list[str]] = {}
    for literal in literals:
        facts.setdefault(literal.fact, []).extend([literal.code] if literal.holds and literal.code else [])
    return {fact: _as_answer(answers.get(fact), codes) for fact, codes in facts.items()}


def _as_answer(answer: Answer | None, codes: list[str]) -> object:
    return (codes or list(answer)) if isinstance(answer, tuple) else answer


def _is_apart(node: Condition, nodes: Iterable[Condition], vocabulary: Vocabulary, *, value: bool) -> bool:
    """One of the parts is enough, or no two of them depend on the same fact."""
    if isinstance(node, AnyNode if value else All):
        return True
    behind = [facts_behind(facts_read(each), vocabulary) for each in nodes]
    return sum(map(len, behind)) == len({*chain(*behind)})


def _order(vocabulary: Vocabulary) -> Callable[[Literal], tuple[int, int]]:
    """Where a literal stands in the vocabulary, for sorting."""
    facts, places = vocabulary.facts, vocabulary.places

    def key(literal: Literal) -> tuple[int, int]:
        codes = facts[literal.fact].codes
        return places[literal.fact], codes.index(literal.code) if literal.code in codes else -1

    return key


def _rank(vocabulary: Vocabulary) -> Callable[[Iterable[Literal]], tuple[int, list[tuple[int, int]]]]:
    """How small a reason is, for sorting: the fewest answers, then the first in the vocabulary."""
    place = _order(vocabulary)

    def key(reason: Iterable[Literal]) -> tuple[int, list[tuple[int, int]]]:
        places = sorted(map(place, reason))
        return len(places), places

    return key


# ---- the smallest reason of each part, joined: of the whole where parts read apart, else the size that suffices


def _smallest(condition: Condition, intake: Intake, *, value: bool) -> frozenset[Literal] | None:
    """The smallest reason; None where the condition is not `value`."""
    match condition:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            needed = parts_needed(condition, value=value)
            each = (_smallest(node, intake, value=value) for node in nodes)
            reasons = [reason for reason in each if reason is not None]
            if len(reasons) < needed:
                return None
            best = reasons if len(reasons) == needed else sorted(reasons, key=_rank(intake.vocabulary))[:needed]
            return frozenset(chain(*best))
        case Not(node):
            return _smallest(node, intake, value=not value)
        case OneOf() | AnyOf() | AllOf() | Count() | Between():
            return _smallest_of_leaf(condition, intake, value=value) if intake.truth(condition) is value else None
        case _:
            assert_never(condition)


def parts_needed(node: All | AnyNode | AtLeast, *, value: bool) -> int:
    """How many of the parts must be `value` for the node to be so."""
    match node:
        case All(nodes):
            return len(nodes) if value else 1
        case AnyNode(nodes):
            return 1 if value else len(nodes)
        case AtLeast(count, nodes):
            return count if value else len(nodes) - count + 1
        case _:
            assert_never(node)


def _smallest_of_leaf(leaf: Leaf, intake: Intake, *, value: bool) -> frozenset[Literal]:
    fact = intake.vocabulary.facts[leaf.fact]
    applies = bool(intake.read(fact.name).applies)
    best = next(iter(_own(leaf, fact, intake, value=value))) if applies else frozenset[Literal]()
    asked = None if fact.asked_if is None else _smallest(fact.asked_if, intake, value=applies)
    return best if asked is None else best | asked


# ---- parts that share facts: every reason of each that is small enough, joined


@dataclass(frozen=True, slots=True)
class ReasonSearch:
    """The reasons of a condition in one intake that hold at most so many answers.

    `named_in` tells by fact and code which parts of the condition name it: codes that the same ones name say the same.
    """

    intake: Intake
    most: int
    named_in: Mapping[tuple[str, str], int]

    def reasons(self, condition: Condition, *, value: bool) -> Reasons:
        """Those of a part, of which none holds another."""
        match condition:
            case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
                agree = [node for node in nodes if self.intake.truth(node) is value]
                needed = parts_needed(condition, value=value)
                if len(agree) == needed:
                    return self._every(agree, value=value)
                chosen = islice(combinations(agree, needed), MOST_REASONS)
                return _minimal(reason for parts in chosen for reason in self._every(parts, value=value))
            case Not(node):
                return self.reasons(node, value=not value)
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return self._of_leaf(condition, value=value)
            case _:
                assert_never(condition)

    def _every(self, nodes: Iterable[Condition], *, value: bool) -> Reasons:
        reasons: Reasons = [frozenset()]
        for node in nodes:
            reasons = _joined(reasons, self.reasons(node, value=value), self.most)
        return reasons

    def _of_leaf(self, leaf: Leaf, *, value: bool) -> Reasons:
        fact = self.intake.vocabulary.facts[leaf.fact]
        if fact.asked_if is not None and not self.intake.read(fact.name).applies:
            return self.reasons(fact.asked_if, value=False)
        own = self._different(_own(leaf, fact, self.intake, value=value))
        return own if fact.asked_if is None else _joined(own, self.reasons(fact.asked_if, value=True), self.most)

    def _different(self, own: Iterable[frozenset[Literal]]) -> Reasons:
        """Of single answers that say the same to every part, the first: another in its place changes nothing."""
        different: dict[object, frozenset[Literal]] = {}
        for reason in own:
            different.setdefault(self._what_it_says(reason), reason)
        return list(different.values())

    def _what_it_says(self, reason: frozenset[Literal]) -> object:
        one = next(iter(reason), None)
        if len(reason) != 1 or one is None or not one.holds:
            return reason
        return self.named_in.get((one.fact, one.code), 0)


def named_in(condition: Condition, vocabulary: Vocabulary) -> Mapping[tuple[str, str], int]:
    """Which parts of the condition, and of what makes its questions apply, name a code of a fact: a bit for each."""
    bits: dict[tuple[str, str], int] = {}
    for place, part in enumerate(leaves_behind(condition, vocabulary)):
        for code in part.codes if isinstance(part, OneOf | AnyOf | AllOf) else ():
            bits[part.fact, code] = bits.get((part.fact, code), 0) | 1 << place
    return bits


def _joined(left: Reasons, right: Reasons, most: int) -> Reasons:
    """The reasons of both sides together; where one is a reason of the other side too, nothing is added to it."""
    of_both = dict.fromkeys(
        [one for one in left if any(map(one.issuperset, right))]
        + [other for other in right if any(map(other.issuperset, left))]
    )
    rest = [other for other in right if other not in of_both]
    joined = (one | other for one in left if one not in of_both for other in rest)
    return _minimal(reason for reason in chain(of_both, joined) if len(reason) <= most)


def _minimal(reasons: Iterable[frozenset[Literal]]) -> Reasons:
    """The reasons that hold no smaller one, the shortest first; no more than enough of them."""
    smallest: Reasons = []
    for _size, alike in groupby(sorted(dict.fromkeys(reasons), key=len), key=len):
        shorter = tuple(smallest)
        kept = (reason for reason in alike if not any(map(reason.issuperset, shorter)))
        smallest.extend(islice(kept, MOST_REASONS - len(shorter)))
        if len(smallest) == MOST_REASONS:
            break
    return smallest


def _own(leaf: Leaf, fact: Fact, intake: Intake, *, value: bool) -> Iterable[frozenset[Literal]]:
    """The sets of its own answers that decide a leaf, all of one size, the first in vocabulary order first."""
    answer = intake.answers[fact.name]
    if fact.kind is Kind.CHOICE:
        return [frozenset((Literal(fact.name, str(answer), holds=True),))]
    if not isinstance(answer, tuple) or not answer:
        return [frozenset((Literal(fact.name, "", holds=True),))]
    if fact.none is not None and fact.none in answer:
        return [frozenset((Literal(fact.name, fact.none, holds=True),))]
    return _of_set(leaf, fact, intake, value=value)


def _of_set(leaf: Leaf, fact: Fact, intake: Intake, *, value: bool) -> Iterator[frozenset[Literal]]:
    reading = intake.read(fact.name)
    needed, pool = _needed(leaf, fact, value=value)
    agree = [
        code for code in pool if (code in reading.holds if value else code not in reading.holds | reading.may_hold)
    ]
    chosen = islice(combinations(agree, needed), MOST_REASONS)
    return (frozenset(_literals(fact, codes, intake, value=value)) for codes in chosen)


def _needed(leaf: Leaf, fact: Fact, *, value: bool) -> tuple[int, tuple[str, ...]]:
    match leaf:
        case OneOf(_, codes) | AnyOf(_, codes):
            return (1 if value else len(codes)), codes
        case AllOf(_, codes):
            return (len(codes) if value else 1), codes
        case Count(_, count):
            codes = tuple(code for code in fact.codes if code != fact.none)
            return (count if value else len(codes) - count + 1), codes
        case Between():
            return 0, ()
        case _:
            assert_never(leaf)


def _literals(fact: Fact, codes: Iterable[str], intake: Intake, *, value: bool) -> Iterator[Literal]:
    narrowed = not value and NOT_SURE in codes_in(intake.answers[fact.name])
    for code in codes:
        yield Literal(fact.name, code, holds=value)
        if narrowed and fact.narrowed_by is not None:
            yield Literal(fact.narrowed_by, code, holds=False)
