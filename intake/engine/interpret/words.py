"""Reads a condition, and a place, as plain English for a practitioner; the words for questions and answers come in.

A condition becomes a `Line`: one sentence, or a heading ("All of these") over more lines. `flat` puts it on one line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from intake.engine.book.rulebook import Everywhere, Named, Regions, Where
from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Leaf, Not, OneOf
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary

SIDES = ("right", "left")
SHORT = 110
SEVERAL = 2
GROUPS = {
    "thorax": "chest wall, upper back or neck (over the lungs)",
    "deep_or_compartment": "deep muscles or tight compartments",
    "head_and_neck": "head or neck",
}

BACK_TO_FRONT = {
    "neck_front": "front of neck",
    "thigh_front": "front of thigh",
    "thigh_back": "back of thigh",
    "ribs_side": "side of ribs",
}


class Words(Protocol):
    """What the patient read."""

    def question(self, fact: str) -> str:
        """The question, short."""

    def code(self, fact: str, code: str) -> str:
        """One answer to it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence without a full stop; with `parts` it is the heading over them."""

    text: str
    parts: tuple[Line, ...] = ()


def line(condition: Condition, vocabulary: Vocabulary, words: Words) -> Line:
    """The condition in words."""
    return _Reader(vocabulary, words).read(condition, holds=True)


def flat(found: Line) -> str:
    """A line and what stands under it, in one line."""
    if not found.parts:
        return found.text
    return f"{found.text.lower()} ({'; '.join(flat(part) for part in found.parts)})"


def place(where: Where, vocabulary: Vocabulary, words: Words) -> str:
    """Where a level applies, in words."""
    match where:
        case Everywhere():
            return "the whole body"
        case Regions(codes):
            return listed(regions(codes, vocabulary), "and")
        case Named(name, places):
            return _named(vocabulary.facts[name], places, vocabulary, words)
        case _:
            assert_never(where)


def regions(codes: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Region codes in words: a whole group by its name, both sides of a place as one."""
    found = tuple(codes)
    for name, group in vocabulary.groups.items():
        if set(group) == set(found):
            return (_group(name),)
    told: dict[str, None] = {}
    for stem, codes_of in vocabulary.stems.items():
        here = [code for code in codes_of if code in found]
        name = stem_in_words(stem)
        if here:
            told |= dict.fromkeys([name] if len(here) == len(codes_of) else [_region(code, name) for code in here])
    return tuple(told)


def stem_in_words(stem: str) -> str:
    """A place without its side: `thigh_front` is "front of thigh"."""
    return BACK_TO_FRONT.get(stem, stem.replace("_", " "))


def listed(items: Iterable[str], last: str) -> str:
    """Items with commas, and `last` before the last of them."""
    found = list(items)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {last} {found[-1]}" if found else ""


def _group(name: str) -> str:
    return GROUPS.get(name, name.replace("_", " "))


def _region(code: str, name: str) -> str:
    side = code.rpartition("_")[2]
    return f"{side} {name}" if side in SIDES else name


def _named(fact: Fact, places: dict[str, tuple[str, ...]], vocabulary: Vocabulary, words: Words) -> str:
    reached = {region for found in places.values() for region in found}
    inside = regions([code for code in vocabulary.regions if code in reached], vocabulary)
    asked = f"the places named under “{words.question(fact.name)}”"
    if len(reached) == len(vocabulary.regions):
        return asked
    return f"{asked}, within {listed(inside, 'and')}"


class _Reader:
    """One function a node; `holds` False reads the opposite."""

    def __init__(self, vocabulary: Vocabulary, words: Words) -> None:
        self._vocabulary = vocabulary
        self._words = words

    def read(self, condition: Condition, *, holds: bool) -> Line:
        """The condition, or its opposite, as a line."""
        match condition:
            case All(nodes):
                return self._several(
                    "All of these" if holds else "Not all of these together", "and", nodes, holds=holds
                )
            case AnyNode(nodes):
                return self._several("Any of these" if holds else "None of these", "or", nodes, holds=holds)
            case AtLeast(count, nodes):
                return self._at_least(count, nodes, holds=holds)
            case Not(node):
                return self.read(node, holds=not holds)
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return Line(f"{self._words.question(condition.fact)}: {self._answer(condition, holds=holds)}")
            case _:
                assert_never(condition)

    def _several(self, heading: str, join: str, nodes: tuple[Condition, ...], *, holds: bool) -> Line:
        if len(nodes) == 1:
            return self.read(nodes[0], holds=holds)
        parts = tuple(self.read(node, holds=True) for node in nodes)
        told = f", {join} ".join(part.text for part in parts)
        if holds and join and len(nodes) == SEVERAL and len(told) <= SHORT and not any(part.parts for part in parts):
            return Line(told)
        return replace(Line(heading), parts=parts)

    def _at_least(self, count: int, nodes: tuple[Condition, ...], *, holds: bool) -> Line:
        how_many = f"at least {count}" if holds else f"fewer than {count}"
        single = [node for node in nodes if isinstance(node, AnyOf) and len(node.codes) == 1]
        if len(single) == len(nodes) and len({node.fact for node in single}) == 1:
            fact = self._vocabulary.facts[single[0].fact]
            told = self._codes(fact, tuple(node.codes[0] for node in single), "and")
            return Line(f"{self._words.question(fact.name)}: {how_many} of {told}")
        return self._several(f"{how_many.capitalize()} of these", "", nodes, holds=holds)

    def _answer(self, leaf: Leaf, *, holds: bool) -> str:
        fact = self._vocabulary.facts[leaf.fact]
        match leaf:
            case OneOf(_, codes) | AnyOf(_, codes):
                return self._codes(fact, codes, "or") if holds else self._denied(fact, codes)
            case AllOf(_, codes):
                told = self._codes(fact, codes, "and")
                return told if holds else f"not {told} together"
            case Count(_, count):
                return _counted(count, holds=holds)
            case Between(_, low, below):
                return bounds(fact, low, below) if holds else f"not {bounds(fact, low, below)}"
            case _:
                assert_never(leaf)

    def _codes(self, fact: Fact, codes: tuple[str, ...], last: str) -> str:
        if set(codes) <= set(self._vocabulary.regions):
            places = regions(codes, self._vocabulary)
            told = listed(places, last)
            return told if last == "or" or len(codes) == 1 else f"{told}, on both sides"
        return listed((f"“{self._words.code(fact.name, code)}”" for code in codes), last)

    def _denied(self, fact: Fact, codes: tuple[str, ...]) -> str:
        told = self._codes(fact, codes, "or")
        return f"not {told}" if len(codes) == 1 or fact.kind is Kind.REGIONS else f"none of {told}"


def bounds(fact: Fact, low: float | None, below: float | None) -> str:
    """A range of numbers as a person says it: whole numbers for scores, "under" for the rest."""
    unit = f" {fact.unit}" if fact.unit else ""
    if low is not None and below is not None:
        return f"{low:g} to {below - 1:g}{unit}" if fact.kind is Kind.SCORE else f"{low:g} to under {below:g}{unit}"
    if low is not None:
        return f"{low:g} or more{unit}"
    if below is None:
        return "any number"
    return f"{below - 1:g} or less{unit}" if fact.kind is Kind.SCORE else f"under {below:g}{unit}"


def _counted(count: int, *, holds: bool) -> str:
    if count == 1:
        return "anything ticked" if holds else "nothing ticked"
    return f"{count} or more ticked" if holds else f"fewer than {count} ticked"
