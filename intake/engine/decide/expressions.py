"""Reader 4: conditions -> readable straight-line Python, so that deciding one intake costs no walk over trees.

Two truths say the third: what surely holds and what may hold; what may but does not surely hold is UNKNOWN. A fact is
read once into `a_fact` (a set of codes also into `may_fact`: those that hold or may hold); None is UNKNOWN.
Beside the truth stands a `key`: the answers that the evidence depends on, so that equal evidence is drawn up once.
Source is made from a checked tree alone: words are quoted by `repr`, names are letters. It names only these constants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import assert_never

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
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Fact, Kind, Vocabulary, facts_behind
from intake.engine.decide import reasons
from intake.engine.decide.reasons import Reason

FEW, MANY = 3, 1_000
SETS = {Kind.CHOICES, Kind.REGIONS}


@dataclass(frozen=True, slots=True)
class Why:
    """A test that holds where a node has its truth, and the key of what decides it; "" where nothing varies.

    `reason` reads the key back into the deciding answers.
    `fewest` and `most` answers decide it, `place` is the first of them in the vocabulary (None: it depends).
    """

    test: str
    key: str
    reason: Reason
    fewest: int
    most: int
    place: int | None = None

    @property
    def part(self) -> tuple[Reason, bool]:
        """The way back, and whether it needs a key."""
        return self.reason, self.key != ""


@dataclass(slots=True)
class Writer:
    """Writes expressions over one vocabulary; collects the constants they name and the facts they read."""

    vocabulary: Vocabulary
    constants: dict[str, str] = field(default_factory=dict)
    facts: dict[str, None] = field(default_factory=dict)
    names: int = 0

    # ---- truth

    def holds(self, node: Condition, *, surely: bool) -> str:
        """The expression that is true where the node surely holds, or where it may hold."""
        match node:
            case All(nodes):
                return _all([self.holds(each, surely=surely) for each in nodes])
            case AnyNode(nodes):
                return _any([self.holds(each, surely=surely) for each in nodes])
            case Not(inner):
                return f"(not {self.holds(inner, surely=not surely)})"
            case AtLeast(count, nodes):
                return "(" + " + ".join(self.holds(each, surely=surely) for each in nodes) + f" >= {count})"
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return self._leaf(node, surely=surely)
            case _:
                assert_never(node)

    def _leaf(self, leaf: Leaf, *, surely: bool) -> str:
        fact = self.vocabulary.facts[leaf.fact]
        self.facts[fact.name] = None
        answer = self.answer(fact) if surely or fact.kind not in SETS else self.may(fact)
        match leaf:
            case OneOf(_, codes):
                return f"({answer} in {set_of(codes if surely else (None, *UNKNOWN_WORDS, *codes))})"
            case AnyOf(_, codes) if len(codes) <= FEW:
                return _any([f"{code!r} in {answer}" for code in codes])
            case AnyOf(_, codes):
                return f"(not {self.constant(fact, frozen(codes))}.isdisjoint({answer}))"
            case AllOf(_, codes):
                return _all([f"{code!r} in {answer}" for code in codes])
            case Count(_, count):
                some = [f"len({answer}) >= {count}"]
                return _all(some if fact.none is None or count > 1 else [*some, f"{fact.none!r} not in {answer}"])
            case Between(_, low, below):
                known = f"{answer} is not None and" if surely else f"{answer} is None or"
                return f"({known} {_between(answer, low, below)})"
            case _:
                assert_never(leaf)

    def answer(self, fact: Fact) -> str:
        """The variable of what the fact holds."""
        return "a_" + self._name(fact)

    def may(self, fact: Fact) -> str:
        """The variable of the codes that the fact holds or may hold."""
        return "may_" + self._name(fact)

    def asked(self, fact: Fact) -> str:
        """The variable of whether the question surely applies."""
        return "asked_" + self._name(fact)

    def _name(self, fact: Fact) -> str:
        return fact.name if fact.name.isascii() and fact.name.isidentifier() else str(self.vocabulary.places[fact.name])

    def constant(self, fact: Fact, spelled: str) -> str:
        """The name of a constant made of the fact's codes."""
        name = self.constants.get(spelled)
        if name is None:
            name = self.constants[spelled] = f"CODES_{len(self.constants)}_OF_{self._name(fact).upper()}"
        return name

    # ---- what decides

    def why(self, node: Condition, *, value: bool) -> Why:
        """The test that the node surely is `value`, and the key of the answers that decide it."""
        match node:
            case All(nodes):
                return self._every(nodes, value=True) if value else self._some(nodes, value=False)
            case AnyNode(nodes):
                return self._some(nodes, value=True) if value else self._every(nodes, value=False)
            case Not(inner):
                return self.why(inner, value=not value)
            case AtLeast(count, nodes):
                if count == (1 if value else len(nodes)):
                    return self._some(nodes, value=value)
                return self._counted(node, value=value)
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return self._one(node, value=value)
            case _:
                assert_never(node)

    def _every(self, nodes: tuple[Condition, ...], *, value: bool) -> Why:
        return _together([self.why(each, value=value) for each in nodes])

    def _some(self, nodes: tuple[Condition, ...], *, value: bool) -> Why:
        """One node decides: the one with the fewest answers, if the tree alone tells which; else all are key."""
        same_kind = AnyNode if value else All
        found = [self.why(each, value=value) for each in dict.fromkeys(_flat(nodes, same_kind))]
        if len(found) == 1:
            return found[0]
        found.sort(key=lambda each: (each.fewest, each.most, each.place or 0))
        if not all(map(_goes_before, found, found[1:])):
            return self._each(_any([each.test for each in found]), 1, found)
        self.names += 1
        name = f"why_{self.names}"
        tests = " or ".join(f"{one.test} and ({place}, {one.key or None})" for place, one in enumerate(found))
        reason = reasons.chosen([each.reason for each in found])
        return Why(f"({name} := {tests})", name, reason, found[0].fewest, found[-1].most)

    def _counted(self, node: AtLeast, *, value: bool) -> Why:
        test = self.holds(node, surely=True) if value else f"(not {self.holds(node, surely=False)})"
        needed = node.count if value else len(node.nodes) - node.count + 1
        return self._each(test, needed, [self.why(each, value=value) for each in node.nodes])

    def _each(self, test: str, needed: int, found: list[Why]) -> Why:
        """Some of the nodes decide: all that agree are key."""
        key = _tuple([f"{each.test} and ({each.key},)" if each.key else each.test for each in found])
        fewest, most = sorted(each.fewest for each in found), sorted(each.most for each in found)
        reason = reasons.fewest([each.part for each in found], needed, self.vocabulary)
        return Why(test, key, reason, sum(fewest[:needed]), sum(most[-needed:]))

    def _one(self, leaf: Leaf, *, value: bool) -> Why:
        """A leaf, with what makes its question apply, or not."""
        fact = self.vocabulary.facts[leaf.fact]
        own = self._own(leaf, fact, value=value)
        if fact.asked_if is None:
            return own
        asked = self.why(fact.asked_if, value=True)
        both = _together([asked, own])
        if value:
            return both
        hidden = self.why(fact.asked_if, value=False)
        key = f"({hidden.test} and (0, {hidden.key or None}) or {asked.test} and (1, {both.key or None}))"
        reason = reasons.chosen([hidden.reason, both.reason])
        return Why(own.test, key, reason, min(hidden.fewest, both.fewest), max(hidden.most, both.most))

    def _own(self, leaf: Leaf, fact: Fact, *, value: bool) -> Why:
        test = self._leaf(leaf, surely=True) if value else f"(not {self._leaf(leaf, surely=False)})"
        if fact.narrowed_by is not None and not value:
            narrowed = reasons.of_narrowed(leaf, fact, fact.narrowed_by, self.vocabulary)
            return Why(test, self.given((fact.name, fact.narrowed_by)), narrowed, 1, MANY)
        key = self._key_of_true(leaf, fact) if value else self._key_of_false(leaf, fact)
        reason = reasons.of_true(leaf, fact) if value else reasons.of_false(leaf, fact)
        return Why(test, key, reason, *_size(leaf, fact, value=value), self.vocabulary.places[fact.name])

    def _key_of_true(self, leaf: Leaf, fact: Fact) -> str:
        match leaf:
            case Between() | AllOf():
                return ""
            case OneOf(_, codes) | AnyOf(_, codes) if len(codes) == 1:
                return ""
            case AnyOf(_, codes):
                return self._first(fact, codes)
            case Count(_, 1):
                return self._first(fact, tuple(code for code in fact.codes if code != fact.none))
            case _:
                return self.answer(fact)

    def _key_of_false(self, leaf: Leaf, fact: Fact) -> str:
        match leaf:
            case Between():
                return ""
            case AnyOf() | Count(_, 1):
                return (
                    f"{fact.none!r} in {self.answer(fact)}" if fact.kind is Kind.CHOICES else f"not {self.answer(fact)}"
                )
            case _:
                return self.answer(fact)

    def _first(self, fact: Fact, codes: tuple[str, ...]) -> str:
        """The first of the codes that the fact holds."""
        answer = self.answer(fact)
        if len(codes) > FEW:
            return f"next(filter({answer}.__contains__, {self.constant(fact, _tuple([repr(code) for code in codes]))}))"
        *first, last = codes
        return "(" + "".join(f"{code!r} if {code!r} in {answer} else " for code in first) + f"{last!r})"

    def given(self, names: tuple[str, ...]) -> str:
        """The key of the answers to the facts as they were given."""
        return _tuple([f"given({name!r})" for name in names])

    # ---- what is open

    def open(self, node: Condition) -> str:
        """The key of what is open in a node that is UNKNOWN."""
        match node:
            case All(nodes):
                return _tuple([f"{self.holds(each, surely=True)} or {self.open(each)}" for each in nodes])
            case AnyNode(nodes):
                return _tuple([f"{self.holds(each, surely=False)} and {self.open(each)}" for each in nodes])
            case AtLeast(_, nodes):
                return _tuple([self._open_of_some(each) for each in nodes])
            case Not(inner):
                return self.open(inner)
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                fact = self.vocabulary.facts[node.fact]
                if fact.asked_if is None:
                    return repr(fact.name)
                behind = facts_behind(facts_read(fact.asked_if), self.vocabulary)
                return f"({self.asked(fact)} and {fact.name!r} or {self.given(behind)})"
            case _:
                assert_never(node)

    def _open_of_some(self, node: Condition) -> str:
        return f"{self.holds(node, surely=True)} or {self.holds(node, surely=False)} and {self.open(node)}"


def _flat(nodes: tuple[Condition, ...], kind: type[Condition]) -> Iterator[Condition]:
    for node in nodes:
        if isinstance(node, kind) and isinstance(node, All | AnyNode):
            yield from _flat(node.nodes, kind)
        else:
            yield node


def _together(found: list[Why]) -> Why:
    """All of them decide."""
    keys = [each.key for each in found if each.key]
    places = [each.place for each in found if each.place is not None]
    return Why(
        _all([each.test for each in found]),
        keys[0] if len(keys) == 1 else _tuple(keys) if keys else "",
        reasons.together([each.part for each in found]),
        sum(each.fewest for each in found),
        sum(each.most for each in found),
        min(places) if len(places) == len(found) else None,
    )


def _goes_before(one: Why, other: Why) -> bool:
    """Wherever both hold, the first decides: fewer answers, or as many that stand before in the vocabulary."""
    if one.most < other.fewest:
        return True
    known = one.place is not None and other.place is not None and one.place < other.place
    return known and one.fewest == one.most == other.fewest == other.most


def _size(leaf: Leaf, fact: Fact, *, value: bool) -> tuple[int, int]:
    """How many codes decide the leaf, at least and at most; a ticked none denies every code at once."""
    match leaf:
        case OneOf() | Between():
            return 1, 1
        case AnyOf(_, codes):
            return 1, 1 if value else len(codes)
        case AllOf(_, codes):
            return (len(codes), len(codes)) if value else (1, 1)
        case Count(_, count):
            most = len(fact.codes) - (fact.none in fact.codes)
            return (count, count) if value else (1, most - count + 1)
        case _:
            assert_never(leaf)


def _between(answer: str, low: float | None, below: float | None) -> str:
    if low is None:
        return "True" if below is None else f"{answer} < {below!r}"
    return f"{answer} >= {low!r}" if below is None else f"{low!r} <= {answer} < {below!r}"


def frozen(codes: tuple[str, ...]) -> str:
    """A frozen set of codes, as source."""
    return f"frozenset({set_of(codes)})"


def set_of(words: tuple[str | None, ...]) -> str:
    """A set of words, as source."""
    return "{" + ", ".join(map(repr, words)) + "}"


def _tuple(parts: list[str]) -> str:
    return f"({parts[0]},)" if len(parts) == 1 else "(" + ", ".join(parts) + ")"


def _all(parts: list[str]) -> str:
    return "(" + " and ".join(parts) + ")" if parts else "True"


def _any(parts: list[str]) -> str:
    return "(" + " or ".join(parts) + ")" if parts else "False"
