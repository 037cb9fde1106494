"""Rule book -> ELM, the compiled form of CQL: one expression a rule, one parameter a fact; null is UNKNOWN.

A rule `R` is true where it fires, false where it is quiet, null where it asks. Beside it stand `R fires`, `R asks` and
`R counts` (it does either), which are never null: a PlanDefinition processor takes null for "no". Each fact that a rule
reads has helpers: `asked: F` (its question applies), `holds: F` (ticked codes), `open: F` (UNKNOWN), `named: F` (what a
"not sure" was narrowed to). The guards are for engines that read null as "no": docs/interop.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import reduce
from typing import TypeAlias, assert_never

from intake.engine.book.rulebook import Note, Rule, Rulebook
from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, UNKNOWN_WORDS, Answer, Answers, Fact, Kind, Vocabulary

Node: TypeAlias = dict[str, object]
Test: TypeAlias = Callable[[Node], Node]

NAME = "NeedlingIntakeRules"
SYSTEM = "urn:hl7-org:elm-types:r1"
BOOLEAN, STRING, INTEGER, DECIMAL = (f"{{{SYSTEM}}}{name}" for name in ("Boolean", "String", "Integer", "Decimal"))
NUMBERS = (Kind.NUMBER, Kind.SCORE)
SETS = (Kind.CHOICES, Kind.REGIONS)


def library(rulebook: Rulebook) -> Node:
    """The whole rule book as one ELM library."""
    entries: tuple[Rule | Note, ...] = (*rulebook.rules, *rulebook.notes)
    return compiled(rulebook.vocabulary, (pair for entry in entries for pair in conditions(entry)), rulebook.version)


def compiled(vocabulary: Vocabulary, named: Iterable[tuple[str, Condition]], version: str) -> Node:
    """Conditions by name as one ELM library."""
    reader = _ElmWriter(vocabulary)
    for name, condition in named:
        reader.define_status(name, condition)
    facts = (fact for fact in vocabulary.facts.values() if fact.kind is not Kind.TEXT)
    return {
        "library": {
            "identifier": {"id": NAME, "version": version},
            "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
            "usings": {"def": [{"localIdentifier": "System", "uri": SYSTEM}]},
            "parameters": {"def": [_parameter(fact) for fact in facts]},
            "statements": {"def": [_definition(name, node) for name, node in reader.definitions.items()]},
        }
    }


def conditions(entry: Rule | Note) -> Iterable[tuple[str, Condition]]:
    """The expressions of a rule or note by name: its condition, and that of each raise."""
    yield entry.id, entry.when
    if isinstance(entry, Rule):
        yield from ((raise_name(entry, number), each.when) for number, each in enumerate(entry.raises, start=1))


def raise_name(rule: Rule, number: int) -> str:
    """The name of the expression of a rule's raise, counted from 1."""
    return f"{rule.id} raise {number}"


def parameters(vocabulary: Vocabulary, answers: Answers) -> dict[str, object]:
    """One intake as parameters of the library: as in JSON, without the numbers that are not sure or declined."""
    return {
        name: list(answer) if isinstance(answer, tuple) else answer
        for name, answer in answers.items()
        if _fits(vocabulary.facts[name], answer)
    }


def _fits(fact: Fact, answer: Answer) -> bool:
    return fact.kind is not Kind.TEXT and not (fact.kind in NUMBERS and answer in UNKNOWN_WORDS)


def _parameter(fact: Fact) -> Node:
    named: Node = {"type": "NamedTypeSpecifier", "name": DECIMAL if fact.kind in NUMBERS else STRING}
    kind: Node = {"type": "ListTypeSpecifier", "elementType": named} if fact.kind in SETS else named
    # A parameter without a default that is left out is, for cql-execution, the parameter's definition: not null.
    return {
        "name": fact.name,
        "accessLevel": "Public",
        "parameterTypeSpecifier": kind,
        "default": {"type": "As", "operand": {"type": "Null"}, "asTypeSpecifier": kind},
    }


def _definition(name: str, expression: Node) -> Node:
    return {"name": name, "context": "Unfiltered", "accessLevel": "Public", "expression": expression}


class _ElmWriter:
    """Spells conditions; `definitions` collects the expressions in the order in which they need each other."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.definitions: dict[str, Node] = {}

    def define_status(self, name: str, condition: Condition) -> None:
        """The three-valued expression of a rule and its two-valued companions."""
        status = _name(name)
        self.definitions[name] = self.spell(condition)
        self.definitions[f"{name} fires"] = _call("IsTrue", status)
        self.definitions[f"{name} asks"] = _call("IsNull", status)
        self.definitions[f"{name} counts"] = _call("Not", _call("IsFalse", status))

    def spell(self, condition: Condition) -> Node:  # noqa: PLR0911 - one answer a node
        """The condition as ELM."""
        match condition:
            case All(nodes):
                return _fold("And", map(self.spell, nodes))
            case AnyNode(nodes):
                return _fold("Or", map(self.spell, nodes))
            case Not(node):
                return _call("Not", self.spell(node))
            case AtLeast(count, nodes):
                return _votes(count, [self.spell(node) for node in nodes])
            case OneOf(fact, codes) | AnyOf(fact, codes):
                return self._reached(fact, lambda held: _call("Exists", _both("Intersect", held, _list(codes))))
            case AllOf(fact, codes):
                return self._reached(fact, lambda held: _both("IncludedIn", _list(codes), held))
            case Count(fact, count):
                return self._reached(fact, lambda held: _at_least({"type": "Count", "source": held}, count))
            case Between(fact, low, below):
                return self._between(self.vocabulary.facts[fact], low, below)
            case _:
                assert_never(condition)

    def _reached(self, name: str, test: Test) -> Node:
        """True if the ticked codes pass the test, null if they might once the open codes are known."""
        self._read_codes(self.vocabulary.facts[name])
        held, might = _name(f"holds: {name}"), _name(f"open: {name}")
        if f"named: {name}" in self.definitions:
            might = _both("Or", might, test(_both("Union", held, _name(f"named: {name}"))))
        return _if(test(held), TRUE, _if(might, NULL, FALSE))

    def _between(self, fact: Fact, low: float | None, below: float | None) -> Node:
        self._read(fact, _is_null(fact.name))
        bounds = [_both("GreaterOrEqual", _answer(fact.name), _decimal(low))] if low is not None else []
        bounds += [_both("Less", _answer(fact.name), _decimal(below))] if below is not None else []
        asked = [_name(f"asked: {fact.name}")] if fact.asked_if else []
        return _if(_name(f"open: {fact.name}"), NULL, _fold("And", [*asked, *bounds]))

    def _read_codes(self, fact: Fact) -> None:
        name = fact.name
        which = self.vocabulary.facts[fact.narrowed_by] if fact.narrowed_by else None
        self._read(fact, _is_open(fact, which))
        is_set = fact.kind in SETS
        there = _call("Not", _is_null(name))
        if fact.asked_if:
            there = _both("And", _call("IsTrue", _name(f"asked: {name}")), there)
        # Engines disagree about `Exists`, `Count` and `Intersect` of a null list: an absent answer holds an empty list.
        codes = _list(code for code in fact.codes if code != fact.none)
        held = _both("Intersect", _answer(name) if is_set else _items([_answer(name)]), codes)
        self.definitions.setdefault(f"holds: {name}", _if(there, held, _list([])))
        if which is not None:
            unsure = _both("And", there, _contains(name, NOT_SURE))
            named = _both("And", unsure, _call("Not", _is_null(which.name)))
            self.definitions.setdefault(f"named: {name}", _if(named, _answer(which.name), _list([])))

    def _read(self, fact: Fact, is_open: Node) -> None:
        """The expressions that say whether the fact is asked and whether it is open; `open` is never null."""
        if fact.asked_if:
            asked = _name(f"asked: {fact.name}")
            self.definitions.setdefault(f"asked: {fact.name}", self.spell(fact.asked_if))
            is_open = _both("Or", _call("IsNull", asked), _both("And", _call("IsTrue", asked), is_open))
        self.definitions.setdefault(f"open: {fact.name}", is_open)


def _is_open(fact: Fact, which: Fact | None) -> Node:
    """Only a known code is an answer: what is missing, a state, or a made-up code is UNKNOWN.

    `which` is the fact that narrows this one.
    """
    name = fact.name
    match fact.kind:
        case Kind.CHOICE:
            return _unless_known(name, _both("In", _answer(name), _list(fact.codes)))
        case Kind.REGIONS:
            return _strange(name, fact.codes)
        case _ if which is not None:
            unsure = _both("And", _contains(name, NOT_SURE), _is_open(which, None))
            return _fold("Or", [_blank(name), _strange(name, (*fact.codes, NOT_SURE)), unsure])
        case _:
            return _both("Or", _blank(name), _strange(name, fact.codes))


def _blank(name: str) -> Node:
    return _unless_known(name, _call("Exists", _answer(name)))


def _strange(name: str, codes: Iterable[str]) -> Node:
    return _unless_known(name, _both("IncludedIn", _answer(name), _list(codes)))


def _unless_known(name: str, known: Node) -> Node:
    # Engines disagree about `In`, `IncludedIn` and `Exists` of null: only an answer that is there is tested.
    return _both("Or", _is_null(name), _call("Not", known))


def _contains(name: str, word: str) -> Node:
    return _both("And", _call("Not", _is_null(name)), _both("In", _string(word), _answer(name)))


def _votes(count: int, nodes: list[Node]) -> Node:
    """Sums of 0 and 1: `Count` and `Exists` would skip the nulls, which here mean "may be"."""
    sure = [_if(_call("IsTrue", node), _integer(1), _integer(0)) for node in nodes]
    may = [_if(_call("IsFalse", node), _integer(0), _integer(1)) for node in nodes]
    return _if(
        _at_least({"type": "Sum", "source": _items(sure)}, count),
        TRUE,
        _if(_at_least({"type": "Sum", "source": _items(may)}, count), NULL, FALSE),
    )


# ---- ELM's nodes


def _call(kind: str, operand: Node) -> Node:
    return {"type": kind, "operand": operand}


def _both(kind: str, left: Node, right: Node) -> Node:
    return {"type": kind, "operand": [left, right]}


def _fold(kind: str, nodes: Iterable[Node]) -> Node:
    return reduce(lambda left, right: _both(kind, left, right), nodes)


def _if(condition: Node, then: Node, otherwise: Node) -> Node:
    return {"type": "If", "condition": condition, "then": then, "else": otherwise}


def _name(expression: str) -> Node:
    return {"type": "ExpressionRef", "name": expression}


def _answer(fact: str) -> Node:
    return {"type": "ParameterRef", "name": fact}


def _is_null(fact: str) -> Node:
    return _call("IsNull", _answer(fact))


def _at_least(number: Node, count: int) -> Node:
    return _both("GreaterOrEqual", number, _integer(count))


def _items(nodes: list[Node]) -> Node:
    return {"type": "List", "element": nodes}


def _list(words: Iterable[str]) -> Node:
    named: Node = {"type": "NamedTypeSpecifier", "name": STRING}
    return _items([_string(word) for word in words]) | {
        "typeSpecifier": {"type": "ListTypeSpecifier", "elementType": named}
    }


def _literal(kind: str, value: str) -> Node:
    return {"type": "Literal", "valueType": kind, "value": value}


def _string(word: str) -> Node:
    return _literal(STRING, word)


def _integer(number: int) -> Node:
    return _literal(INTEGER, str(number))


def _decimal(number: float) -> Node:
    return _literal(DECIMAL, str(float(number)))


TRUE, FALSE = _literal(BOOLEAN, "true"), _literal(BOOLEAN, "false")
NULL: Node = _call("As", {"type": "Null"}) | {"asTypeSpecifier": {"type": "NamedTypeSpecifier", "name": BOOLEAN}}
