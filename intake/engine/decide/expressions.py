"""A condition as readable Python: one expression that is true where it surely holds, one where it may hold.

Two truths say the third: what may but does not surely hold is UNKNOWN. The expressions read local variables:
`said_x` is the answer to the fact x, None where it is UNKNOWN; of a set the codes that it surely holds, and `may_x`
those that it holds or may hold; `asked_x`, of a question that is not asked of everyone, is whether it surely applies.
`lines_that_read` sets them. Source is made from a checked tree alone: words are quoted by `repr`, names are letters.
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
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Fact, Kind, Vocabulary
from intake.engine.interpret.truth import open_codes

FEW = 3
STEP = "    "
SETS = {Kind.CHOICES, Kind.REGIONS}
NUMBERS = {Kind.NUMBER, Kind.SCORE}


@dataclass(slots=True)
class Writer:
    """Writes expressions over one vocabulary; collects the constants that they name and the facts that they read."""

    vocabulary: Vocabulary
    constants: dict[str, str] = field(default_factory=dict)
    facts: dict[str, None] = field(default_factory=dict)

    # ---- conditions

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

    def truth(self, node: Condition) -> str:
        """The expression of all three: True, None for UNKNOWN, or False."""
        return f"True if {self.holds(node, surely=True)} else None if {self.holds(node, surely=False)} else False"

    def _leaf(self, leaf: Leaf, *, surely: bool) -> str:
        fact = self.vocabulary.facts[leaf.fact]
        self.facts[fact.name] = None
        answer = self._name("said" if surely or fact.kind not in SETS else "may", fact)
        match leaf:
            case OneOf(_, codes):
                return f"({answer} in {_set_of(codes if surely else (None, *UNKNOWN_WORDS, *codes))})"
            case AnyOf(_, codes):
                return self._holds_some(fact, codes, answer)
            case AllOf(_, codes):
                return _all(_each_in(codes, answer))
            case Count(_, count):
                return _counted(fact, answer, count)
            case Between(_, low, below):
                known = f"{answer} is not None and" if surely else f"{answer} is None or"
                return f"({known} {_between(answer, low, below)})"
            case _:
                assert_never(leaf)

    def _holds_some(self, fact: Fact, codes: tuple[str, ...], answer: str) -> str:
        if len(codes) <= FEW:
            return _any(_each_in(codes, answer))
        return f"(not {self._constant(fact, codes)}.isdisjoint({answer}))"

    def _name(self, kind: str, fact: Fact) -> str:
        letters = fact.name.isascii() and fact.name.isidentifier()
        return f"{kind}_{fact.name if letters else self.vocabulary.places[fact.name]}"

    def _constant(self, fact: Fact, codes: tuple[str, ...]) -> str:
        """The name of a constant set of the fact's codes."""
        spelled = f"frozenset({_set_of(codes)})"
        name = self._name(f"CODES_{len(self.constants)}_OF", fact).upper()
        return self.constants.setdefault(spelled, name)

    # ---- answers

    def lines_that_read(self) -> Iterator[str]:
        """Lines that set the variables of every fact read so far, behind those that make it apply."""
        done: set[str] = set()
        for name in tuple(self.facts):
            yield from self._lines_of(self.vocabulary.facts[name], done)

    def _lines_of(self, fact: Fact, done: set[str]) -> Iterator[str]:
        if fact.name in done:
            return
        done.add(fact.name)
        if fact.asked_if is not None:
            for name in facts_read(fact.asked_if):
                yield from self._lines_of(self.vocabulary.facts[name], done)
            yield f"{self._name('asked', fact)} = {self.holds(fact.asked_if, surely=True)}"
        yield from self._lines_of_set(fact) if fact.kind in SETS else self._lines_of_one(fact)

    def _lines_of_one(self, fact: Fact) -> Iterator[str]:
        """A choice or a number; None while UNKNOWN (a choice may keep the words for that), empty if not asked."""
        said, given = self._name("said", fact), f"given({fact.name!r})"
        if fact.asked_if is not None:
            may_be, nothing = self.holds(fact.asked_if, surely=False), "nan" if fact.kind in NUMBERS else "''"
            given += f" if {self._name('asked', fact)} else None if {may_be} else {nothing}"
        yield f"{said} = {given}"
        if fact.kind in NUMBERS:
            yield f"if {said} in {_set_of(UNKNOWN_WORDS)}:"
            yield f"{STEP}{said} = None"

    def _lines_of_set(self, fact: Fact) -> Iterator[str]:
        said, may = self._name("said", fact), self._name("may", fact)
        unknown = f"{said}, {may} = (), {self._constant(fact, tuple(sorted(open_codes(fact))))}"
        lines = [
            f"{said} = {may} = given({fact.name!r})",
            f"if {said} is None:" if fact.kind is Kind.REGIONS else f"if not {said}:",
            STEP + unknown,
            f"elif {' or '.join(f'{word!r} in {said}' for word in UNKNOWN_WORDS)}:",
            f"{STEP}{said}, {may} = intake.sides({fact.name!r})",
        ]
        if fact.asked_if is None:
            yield from lines
            return
        yield f"if {self._name('asked', fact)}:"
        yield from (STEP + line for line in lines)
        yield f"elif {self.holds(fact.asked_if, surely=False)}:"
        yield STEP + unknown
        yield "else:"
        yield f"{STEP}{said} = {may} = ()"


def _each_in(codes: tuple[str, ...], answer: str) -> list[str]:
    return [f"{code!r} in {answer}" for code in codes]


def _counted(fact: Fact, answer: str, count: int) -> str:
    """An answer of `none` holds one word, which is no tick."""
    enough = [f"len({answer}) >= {count}"]
    return _all(enough if fact.none is None or count > 1 else [*enough, f"{fact.none!r} not in {answer}"])


def _between(answer: str, low: float | None, below: float | None) -> str:
    if low is None:
        return "True" if below is None else f"{answer} < {below!r}"
    return f"{answer} >= {low!r}" if below is None else f"{low!r} <= {answer} < {below!r}"


def _set_of(words: tuple[str | None, ...]) -> str:
    return "{" + ", ".join(map(repr, words)) + "}"


def _all(parts: list[str]) -> str:
    return "(" + " and ".join(parts) + ")" if parts else "True"


def _any(parts: list[str]) -> str:
    return "(" + " or ".join(parts) + ")" if parts else "False"
