"""A generated rule set for the benchmarks: 80 rules over 120 facts, 2,000 intakes, 10 % of the answers missing.

Seeded, so that every run and every engine sees the same work. `floor` is straight-line two-valued Python made from
the rules and compiled once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias, assert_never

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import Everywhere, Examples, Rule, Rulebook, RuleReview, Strength
from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.book.vocabulary import Answer, Fact, Kind, Vocabulary

if TYPE_CHECKING:
    from types import CodeType

Answers: TypeAlias = dict[str, Answer]
Fired: TypeAlias = list[str]

CODES = ("a", "b", "c", "d", "e")
LEAF_SHARE = 0.3
SHAPES = ("all", "all", "all", "all", "any", "any", "at_least", "not")
KINDS = (Kind.CHOICE, Kind.CHOICE, Kind.CHOICES, Kind.SCORE)


def vocabulary(facts: int = 120) -> Vocabulary:
    """`facts` facts of the four kinds that rules read, in equal parts but for twice as many choices."""
    made = (_fact(f"f{index}", KINDS[index % len(KINDS)]) for index in range(facts))
    return Vocabulary(facts={fact.name: fact for fact in made}, regions=(), stems={}, groups={}, gates={})


def _fact(name: str, kind: Kind) -> Fact:
    codes = {Kind.CHOICE: CODES, Kind.CHOICES: ("none", *CODES)}.get(kind, ())
    return Fact(name=name, kind=kind, codes=codes, none="none" if kind is Kind.CHOICES else None)


def rulebook(words: Vocabulary, rules: int = 80, seed: int = 1) -> Rulebook:
    """`rules` rules with random condition trees of depth up to 2 over `words`."""
    dice = random.Random(seed)
    facts = list(words.facts.values())
    made = tuple(_rule(f"r{index}", _node(dice, facts, depth=2)) for index in range(rules))
    return Rulebook(
        version="bench", sha256="0" * 64, vocabulary=words, concepts=("c",), rules=made, notes=(), sources={}
    )


def _rule(name: str, when: Condition) -> Rule:
    levels = Levels(Needling.REVIEW_BEFORE, Urgency.NONE)
    day = date(2026, 1, 1)
    return Rule(
        id=name, concept="c", title=name, when=when, levels=levels, where=Everywhere(), depth=None,
        electrical_stimulation=None, raises=(), if_unknown=levels, because="", do="", tell=None, tell_if_asking=(),
        sources=(), strength=Strength.CONSENSUS, policy=None, reviewed=RuleReview("bench", day, day),
        examples=Examples((), (), ()), line=0,
    )  # fmt: skip


def _node(dice: random.Random, facts: Sequence[Fact], depth: int) -> Condition:
    if depth == 0 or dice.random() < LEAF_SHARE:
        return _leaf(dice, dice.choice(facts))
    nodes = tuple(_node(dice, facts, depth - 1) for _ in range(dice.randint(2, 3)))
    match dice.choice(SHAPES):
        case "all":
            return All(nodes)
        case "any":
            return AnyNode(nodes)
        case "not":
            return Not(nodes[0])
        case _:
            return AtLeast(2, nodes)


def _leaf(dice: random.Random, fact: Fact) -> Condition:
    codes = tuple(sorted(dice.sample(CODES, dice.randint(1, 2))))
    if fact.kind is Kind.CHOICE:
        return OneOf(fact.name, codes)
    if fact.kind is Kind.CHOICES:
        return dice.choice((AnyOf(fact.name, codes), AllOf(fact.name, codes), Count(fact.name, 2)))
    return Between(fact.name, dice.randint(1, 8), None)


def intakes(words: Vocabulary, count: int = 2_000, missing: float = 0.1, seed: int = 2) -> list[Answers]:
    """`count` different intakes; each answer is left out with probability `missing`."""
    dice = random.Random(seed)
    facts = list(words.facts.values())
    return [{f.name: _answer(dice, f) for f in facts if dice.random() >= missing} for _ in range(count)]


def _answer(dice: random.Random, fact: Fact) -> Answer:
    if fact.kind is Kind.CHOICE:
        return dice.choice(CODES)
    if fact.kind is Kind.CHOICES:
        return tuple(code for code in CODES if dice.random() < 0.2) or ("none",)
    return dice.randint(0, 10)


def floor(book: Rulebook) -> Callable[[Mapping[str, Answer]], Fired]:
    """Straight-line two-valued Python for the whole book: a missing answer makes its leaf false. Gives fired ids."""
    lines = ["def run(a):", "    g = a.get", "    out = []"]
    for rule in book.rules:
        lines += [f"    if {source(rule.when)}:", f"        out.append({rule.id!r})"]
    code: CodeType = compile("\n".join([*lines, "    return out"]), "<floor>", "exec")
    space: dict[str, Callable[[Mapping[str, Answer]], Fired]] = {}
    exec(code, space)  # noqa: S102 - made from generated trees only, in a benchmark
    return space["run"]


def source(node: Condition) -> str:
    """The node as a Python expression over `g`, the intake's `get`."""
    match node:
        case All(nodes):
            return "(" + " and ".join(map(source, nodes)) + ")"
        case AnyNode(nodes):
            return "(" + " or ".join(map(source, nodes)) + ")"
        case Not(inner):
            return f"(not {source(inner)})"
        case AtLeast(count, nodes):
            return "(" + " + ".join(f"({source(n)})" for n in nodes) + f" >= {count})"
        case OneOf(fact, codes):
            return f"g({fact!r}) in {codes!r}"
        case AnyOf(fact, codes):
            return "(" + " or ".join(f"{c!r} in g({fact!r}, ())" for c in codes) + ")"
        case AllOf(fact, codes):
            return "(" + " and ".join(f"{c!r} in g({fact!r}, ())" for c in codes) + ")"
        case Count(fact, count):
            return f"(len(g({fact!r}, ())) >= {count})"
        case Between(fact, low, below):
            return f"({0 if low is None else low} <= g({fact!r}, -1) < {10**9 if below is None else below})"
        case _:
            assert_never(node)
