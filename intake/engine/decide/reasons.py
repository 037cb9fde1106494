"""The way back from `expressions`: the answers that decide a node, read from the key that its source makes of them.

A `Reason` gives the literals for a key, in no order; None is the key of a node in which nothing varies. It says what
`explain` finds by walking the tree, so that drawing up a finding needs no walk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias, assert_never

from intake.engine.book.rulebook import Literal
from intake.engine.book.tree import AllOf, AnyOf, Between, Count, Leaf, OneOf
from intake.engine.book.vocabulary import Fact, Vocabulary
from intake.engine.interpret.explain import own, rank
from intake.engine.interpret.truth import Intake

Key: TypeAlias = Any  # codes, numbers and tuples of such, nested as the tree is
Reason: TypeAlias = Callable[[Key], Sequence[Literal]]
Part: TypeAlias = tuple[Reason, bool]  # with whether it has a key of its own


def together(parts: Sequence[Part]) -> Reason:
    """All parts decide."""
    alone = sum(has_key for _, has_key in parts) == 1

    def read(key: Key) -> Sequence[Literal]:
        keys = iter((key,) if alone else key or ())
        return [literal for reason, has_key in parts for literal in reason(next(keys) if has_key else None)]

    return read


def chosen(parts: Sequence[Reason]) -> Reason:
    """The part decides whose number the key begins with."""
    return lambda key: parts[key[0]](key[1])


def fewest(parts: Sequence[Part], needed: int, vocabulary: Vocabulary) -> Reason:
    """The smallest of the parts that agree decide; one that does not is False in the key."""
    ranked = rank(vocabulary)

    def read(key: Key) -> Sequence[Literal]:
        agree = ((part, told) for part, told in zip(parts, key, strict=True) if told)
        found = [reason(told[0] if has_key else None) for (reason, has_key), told in agree]
        if len(found) > needed:
            found = sorted(found, key=ranked)[:needed]
        return [literal for reason in found for literal in reason]

    return read


def of_true(leaf: Leaf, fact: Fact) -> Reason:
    """A leaf that holds."""
    match leaf:
        case OneOf(name, codes) | AnyOf(name, codes):
            return lambda key: (Literal(name, key or codes[0], holds=True),)
        case AllOf(name, codes):
            all_of_them = tuple(Literal(name, code, holds=True) for code in codes)
            return lambda _: all_of_them
        case Count(name, 1):
            return lambda key: (Literal(name, key, holds=True),)
        case Count(name, count):
            codes = tuple(code for code in fact.codes if code != fact.none)
            return lambda key: _ticked(name, (code for code in codes if code in key), count)
        case Between(name):
            return lambda _: (Literal(name, "", holds=True),)
        case _:
            assert_never(leaf)


def _ticked(name: str, held: Iterator[str], count: int) -> Sequence[Literal]:
    return [Literal(name, code, holds=True) for code in islice(held, count)]


def of_false(leaf: Leaf, fact: Fact) -> Reason:
    """A leaf that does not hold, though its question applies."""
    match leaf:
        case OneOf(name):
            return lambda key: (Literal(name, key, holds=True),)
        case Between(name):
            return lambda _: (Literal(name, "", holds=True),)
        case AnyOf(_, codes):
            return _denied(fact, codes, len(codes))
        case AllOf(_, codes):
            return _denied(fact, codes, 1)
        case Count(_, count):
            codes = tuple(code for code in fact.codes if code != fact.none)
            return _denied(fact, codes, len(codes) - count + 1)
        case _:
            assert_never(leaf)


def _denied(fact: Fact, codes: tuple[str, ...], needed: int) -> Reason:
    """None of them, told by one answer (the key is True, or the answer itself); else the codes that are not ticked."""
    nothing = (Literal(fact.name, fact.none or "", holds=True),)

    def read(key: Key) -> Sequence[Literal]:
        if key is True or key == () or (key is not False and fact.none in key):
            return nothing
        missing: Iterator[str] = (code for code in codes if key is False or code not in key)
        return [Literal(fact.name, code, holds=False) for code in islice(missing, needed)]

    return read


def of_narrowed(leaf: Leaf, fact: Fact, narrowing: str, vocabulary: Vocabulary) -> Reason:
    """A leaf that does not hold, perhaps by the answer that narrows its fact; the key is both answers."""
    alone = replace(vocabulary, facts=vocabulary.facts | {fact.name: replace(fact, asked_if=None)})

    def read(key: Key) -> Sequence[Literal]:
        given = {name: told for name, told in zip((fact.name, narrowing), key, strict=True) if told is not None}
        return tuple(next(iter(own(leaf, fact, Intake(alone, given), value=False))))

    return read
