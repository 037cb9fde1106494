"""Reads a condition aloud: one line of plain words for the person who checks an exported rule beside its code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from intake.engine.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.vocabulary import Fact, Kind, Vocabulary


def sentence(vocabulary: Vocabulary, condition: Condition) -> str:  # noqa: PLR0911 - one sentence a node
    """The condition in words; what belongs together stands in brackets."""
    match condition:
        case All(nodes):
            return _joined(vocabulary, nodes, " and ")
        case AnyNode(nodes):
            return _joined(vocabulary, nodes, " or ")
        case Not(node):
            return f"not ({sentence(vocabulary, node)})"
        case AtLeast(count, nodes):
            return f"at least {count} of: {_joined(vocabulary, nodes, '; ')}"
        case OneOf(fact, codes):
            return f"{_words(fact)} is {_listed(codes, ' or ')}"
        case AnyOf(fact, codes):
            return f"{_words(fact)} names {_listed(_places(vocabulary, fact, codes), ' or ')}"
        case AllOf(fact, codes):
            return f"{_words(fact)} names {_listed(codes, ' and ')}"
        case Count(fact, count):
            return f"{_words(fact)} names at least {count}"
        case Between(fact, low, below):
            return f"{_words(fact)} is {_range(vocabulary.facts[fact], low, below)}"
        case _:
            assert_never(condition)


def _joined(vocabulary: Vocabulary, nodes: tuple[Condition, ...], word: str) -> str:
    parts = [sentence(vocabulary, node) for node in nodes]
    return word.join(f"({part})" for part in parts) if len(parts) > 1 else parts[0]


def _words(name: str) -> str:
    return name.replace("_", " ")


def _listed(names: Iterable[str], last: str) -> str:
    *first, end = map(_words, names)
    return f"{', '.join(first)}{last}{end}" if first else end


def _places(vocabulary: Vocabulary, fact: str, codes: tuple[str, ...]) -> Iterable[str]:
    """A region with both its sides by its stem."""
    left = dict.fromkeys(codes)
    for stem, sides in vocabulary.stems.items():
        if vocabulary.facts[fact].kind is Kind.REGIONS and set(sides) <= left.keys():
            left = dict.fromkeys(stem if code in sides else code for code in left)
    return left


def _range(fact: Fact, low: float | None, below: float | None) -> str:
    bounds = [f"at least {low:g}"] if low is not None else []
    bounds += [f"below {below:g}"] if below is not None else []
    return " and ".join(bounds) + (f" {fact.unit}" if fact.unit else "")
