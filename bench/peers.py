"""The same rules in the peers' languages: JsonLogic (datalogic-py, json-logic) and ZEN expressions (zen-engine).

Two-valued: a missing answer makes its leaf false.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, assert_never

import datalogic_py
import zen
from json_logic import jsonLogic

from bench.harness import Fired
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf

Facts = Mapping[str, Any]


def json_logic(book: Rulebook) -> Callable[[Facts], Fired]:
    """One JsonLogic rule each, evaluated one after the other."""
    logic = [(rule.id, to_json_logic(rule.when)) for rule in book.rules]
    return lambda facts: [name for name, rule in logic if jsonLogic(rule, facts)]


def datalogic(book: Rulebook) -> Callable[[Facts], Fired]:
    """All rules as one compiled JsonLogic list of booleans, evaluated in Rust over the plain intake."""
    program = datalogic_py.Engine().compile([to_json_logic(rule.when) for rule in book.rules])
    names = [rule.id for rule in book.rules]

    def run(facts: Facts) -> Fired:
        return [name for name, fires in zip(names, program.evaluate(facts), strict=True) if fires]

    return run


def to_json_logic(node: Condition) -> dict[str, Any]:
    """The node as JsonLogic; choices are lists of codes in the data."""
    match node:
        case All(nodes):
            return {"and": [to_json_logic(n) for n in nodes]}
        case AnyNode(nodes):
            return {"or": [to_json_logic(n) for n in nodes]}
        case Not(inner):
            return {"!": [to_json_logic(inner)]}
        case AtLeast(count, nodes):
            return {">=": [{"+": [{"if": [to_json_logic(n), 1, 0]} for n in nodes]}, count]}
        case OneOf(fact, codes):
            return {"in": [{"var": [fact]}, list(codes)]}
        case AnyOf(fact, codes):
            return {"or": [{"in": [c, {"var": [fact, []]}]} for c in codes]}
        case AllOf(fact, codes):
            return {"and": [{"in": [c, {"var": [fact, []]}]} for c in codes]}
        case Count(fact, count):
            return {">=": [{"var": [f"{fact}__count", 0]}, count]}
        case Between(fact, low, _):
            return {">=": [{"var": [fact, -1]}, low]}
        case _:
            assert_never(node)


def zen_engine(book: Rulebook) -> Callable[[Facts], Fired]:
    """All rules as one compiled ZEN expression that returns a list of booleans."""
    text = "[" + ", ".join(to_zen(rule.when) for rule in book.rules) + "]"
    program = zen.compile_expression(text)
    names = [rule.id for rule in book.rules]

    def run(facts: Facts) -> Fired:
        return [name for name, fires in zip(names, program.evaluate(dict(facts)), strict=True) if fires]

    return run


def to_zen(node: Condition) -> str:
    """The node as a ZEN expression; the data must hold every fact (null where missing)."""
    match node:
        case All(nodes):
            return "(" + " and ".join(map(to_zen, nodes)) + ")"
        case AnyNode(nodes):
            return "(" + " or ".join(map(to_zen, nodes)) + ")"
        case Not(inner):
            return f"(not ({to_zen(inner)}))"
        case AtLeast(count, nodes):
            return "(" + " + ".join(f"({to_zen(n)} ? 1 : 0)" for n in nodes) + f" >= {count})"
        case OneOf(fact, codes):
            return f"({fact} in {json.dumps(list(codes))})"
        case AnyOf(fact, codes):
            return "(" + " or ".join(f"({json.dumps(c)} in ({fact} ?? []))" for c in codes) + ")"
        case AllOf(fact, codes):
            return "(" + " and ".join(f"({json.dumps(c)} in ({fact} ?? []))" for c in codes) + ")"
        case Count(fact, count):
            return f"(len({fact} ?? []) >= {count})"
        case Between(fact, low, _):
            return f"(({fact} ?? -1) >= {low})"
        case _:
            assert_never(node)
