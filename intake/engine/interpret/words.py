"""Reads a condition, and a place, as plain English for a practitioner; the words for questions and answers come in.

A condition becomes one `Sentence`, or a heading ("All of these") over more of them. `flat` puts it on one line.
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


class Wording(Protocol):
    """What the patient read."""

    def question(self, fact: str) -> str:
        """The question, short."""

    def code(self, fact: str, code: str) -> str:
        """One answer to it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without a full stop; with `parts` it is the heading over them."""

    text: str
    parts: tuple[Sentence, ...] = ()


def line(condition: Condition, vocabulary: Vocabulary, words: Wording) -> Sentence:
    """The condition in words."""
    return _ConditionWriter(vocabulary, words).read(condition, holds=True)


def flat(sentence: Sentence) -> str:
    """A sentence and what stands under it, in one line."""
    if not sentence.parts:
        return sentence.text
    return f"{sentence.text.lower()} ({'; '.join(flat(part) for part in sentence.parts)})"


def place(where: Where, vocabulary: Vocabulary, words: Wording) -> str:
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
    named = frozenset(codes)
    for name, group in vocabulary.groups.items():
        if set(group) == named:
            return (_group(name),)
    names: dict[str, None] = {}
    for stem, codes_of in vocabulary.stems.items():
        here = [code for code in codes_of if code in named]
        name = stem_in_words(stem)
        if here:
            names |= dict.fromkeys([name] if len(here) == len(codes_of) else [_region(code, name) for code in here])
    return tuple(names)


def stem_in_words(stem: str) -> str:
    """A place without its side: `thigh_front` is "front of thigh"."""
    return BACK_TO_FRONT.get(stem, stem.replace("_", " "))


def listed(items: Iterable[str], last: str) -> str:
    """Items with commas, and `last` before the last of them."""
    words = list(items)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def _group(name: str) -> str:
    return GROUPS.get(name, name.replace("_", " "))


def _region(code: str, name: str) -> str:
    side = code.rpartition("_")[2]
    return f"{side} {name}" if side in SIDES else name


def _named(fact: Fact, places: dict[str, tuple[str, ...]], vocabulary: Vocabulary, words: Wording) -> str:
    reached = {region for regions_of in places.values() for region in regions_of}
    inside = regions([code for code in vocabulary.regions if code in reached], vocabulary)
    asked = f"the places named under “{words.question(fact.name)}”"
    if len(reached) == len(vocabulary.regions):
        return asked
    return f"{asked}, within {listed(inside, 'and')}"


class _ConditionWriter:
    """One function a node; `holds` False reads the opposite."""

    def __init__(self, vocabulary: Vocabulary, words: Wording) -> None:
        self._vocabulary = vocabulary
        self._words = words

    def read(self, condition: Condition, *, holds: bool) -> Sentence:
        """The condition, or its opposite, as a sentence."""
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
                return Sentence(f"{self._words.question(condition.fact)}: {self._answer(condition, holds=holds)}")
            case _:
                assert_never(condition)

    def _several(self, heading: str, join: str, nodes: tuple[Condition, ...], *, holds: bool) -> Sentence:
        if len(nodes) == 1:
            return self.read(nodes[0], holds=holds)
        parts = tuple(self.read(node, holds=True) for node in nodes)
        joined = f", {join} ".join(part.text for part in parts)
        if holds and join and len(nodes) == SEVERAL and len(joined) <= SHORT and not any(part.parts for part in parts):
            return Sentence(joined)
        return replace(Sentence(heading), parts=parts)

    def _at_least(self, count: int, nodes: tuple[Condition, ...], *, holds: bool) -> Sentence:
        how_many = f"at least {count}" if holds else f"fewer than {count}"
        single = [node for node in nodes if isinstance(node, AnyOf) and len(node.codes) == 1]
        if len(single) == len(nodes) and len({node.fact for node in single}) == 1:
            fact = self._vocabulary.facts[single[0].fact]
            codes = self._codes(fact, tuple(node.codes[0] for node in single), "and")
            return Sentence(f"{self._words.question(fact.name)}: {how_many} of {codes}")
        return self._several(f"{how_many.capitalize()} of these", "", nodes, holds=holds)

    def _answer(self, leaf: Leaf, *, holds: bool) -> str:
        fact = self._vocabulary.facts[leaf.fact]
        match leaf:
            case OneOf(_, codes) | AnyOf(_, codes):
                return self._codes(fact, codes, "or") if holds else self._denied(fact, codes)
            case AllOf(_, codes):
                words = self._codes(fact, codes, "and")
                return words if holds else f"not {words} together"
            case Count(_, count):
                return _counted(count, holds=holds)
            case Between(_, low, below):
                return bounds(fact, low, below) if holds else f"not {bounds(fact, low, below)}"
            case _:
                assert_never(leaf)

    def _codes(self, fact: Fact, codes: tuple[str, ...], last: str) -> str:
        if set(codes) <= set(self._vocabulary.regions):
            places = regions(codes, self._vocabulary)
            words = listed(places, last)
            return words if last == "or" or len(codes) == 1 else f"{words}, on both sides"
        return listed((f"“{self._words.code(fact.name, code)}”" for code in codes), last)

    def _denied(self, fact: Fact, codes: tuple[str, ...]) -> str:
        words = self._codes(fact, codes, "or")
        return f"not {words}" if len(codes) == 1 or fact.kind is Kind.REGIONS else f"none of {words}"


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
