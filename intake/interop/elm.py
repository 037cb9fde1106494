"""Rule book -> ELM, the compiled form of CQL: one expression a rule, one parameter a fact; null is UNKNOWN.

A rule `R` is true where it fires, false where it is quiet, null where it asks. Beside it stand `R fires`, `R asks` and
`R counts` (it does either), which are never null: a PlanDefinition processor takes null for "no". Each fact that a rule
reads has helpers: `asked: F` (its question applies), `holds: F` (ticked codes), `open: F` (UNKNOWN), `named: F` (what a
"not sure" was narrowed to). The guards are for engines that read null as "no": docs/interop.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias, assert_never

from intake.engine.book.rulebook import Note, Rule, Rulebook
from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, UNKNOWN_WORDS, Answer, Answers, Fact, Kind, Vocabulary
from intake.interop.elm_nodes import (
    DECIMAL,
    FALSE,
    NULL,
    STRING,
    SYSTEM,
    TRUE,
    ElmNode,
    answer_to,
    at_least,
    binary,
    decimal,
    fold,
    if_else,
    integer,
    is_null,
    list_of,
    reference,
    string,
    strings,
    unary,
)

ElmTest: TypeAlias = Callable[[ElmNode], ElmNode]

NAME = "NeedlingIntakeRules"
NUMBERS = (Kind.NUMBER, Kind.SCORE)
SETS = (Kind.CHOICES, Kind.REGIONS)


def library(rulebook: Rulebook) -> ElmNode:
    """The whole rule book as one ELM library."""
    entries: tuple[Rule | Note, ...] = (*rulebook.rules, *rulebook.notes)
    return compiled(rulebook.vocabulary, (pair for entry in entries for pair in conditions(entry)), rulebook.version)


def compiled(vocabulary: Vocabulary, named: Iterable[tuple[str, Condition]], version: str) -> ElmNode:
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


def _parameter(fact: Fact) -> ElmNode:
    named: ElmNode = {"type": "NamedTypeSpecifier", "name": DECIMAL if fact.kind in NUMBERS else STRING}
    kind: ElmNode = {"type": "ListTypeSpecifier", "elementType": named} if fact.kind in SETS else named
    # A parameter without a default that is left out is, for cql-execution, the parameter's definition: not null.
    return {
        "name": fact.name,
        "accessLevel": "Public",
        "parameterTypeSpecifier": kind,
        "default": {"type": "As", "operand": {"type": "Null"}, "asTypeSpecifier": kind},
    }


def _definition(name: str, expression: ElmNode) -> ElmNode:
    return {"name": name, "context": "Unfiltered", "accessLevel": "Public", "expression": expression}


class _ElmWriter:
    """Spells conditions; `definitions` collects the expressions in the order in which they need each other."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.definitions: dict[str, ElmNode] = {}

    def define_status(self, name: str, condition: Condition) -> None:
        """The three-valued expression of a rule and its two-valued companions."""
        status = reference(name)
        self.definitions[name] = self.spell(condition)
        self.definitions[f"{name} fires"] = unary("IsTrue", status)
        self.definitions[f"{name} asks"] = unary("IsNull", status)
        self.definitions[f"{name} counts"] = unary("Not", unary("IsFalse", status))

    def spell(self, condition: Condition) -> ElmNode:  # noqa: PLR0911 - one answer a node
        """The condition as ELM."""
        match condition:
            case All(nodes):
                return fold("And", map(self.spell, nodes))
            case AnyNode(nodes):
                return fold("Or", map(self.spell, nodes))
            case Not(node):
                return unary("Not", self.spell(node))
            case AtLeast(count, nodes):
                return _votes(count, [self.spell(node) for node in nodes])
            case OneOf(fact, codes) | AnyOf(fact, codes):
                return self._reached(fact, lambda held: unary("Exists", binary("Intersect", held, strings(codes))))
            case AllOf(fact, codes):
                return self._reached(fact, lambda held: binary("IncludedIn", strings(codes), held))
            case Count(fact, count):
                return self._reached(fact, lambda held: at_least({"type": "Count", "source": held}, count))
            case Between(fact, low, below):
                return self._between(self.vocabulary.facts[fact], low, below)
            case _:
                assert_never(condition)

    def _reached(self, name: str, test: ElmTest) -> ElmNode:
        """True if the ticked codes pass the test, null if they might once the open codes are known."""
        self._read_codes(self.vocabulary.facts[name])
        held, might = reference(f"holds: {name}"), reference(f"open: {name}")
        if f"named: {name}" in self.definitions:
            might = binary("Or", might, test(binary("Union", held, reference(f"named: {name}"))))
        return if_else(test(held), TRUE, if_else(might, NULL, FALSE))

    def _between(self, fact: Fact, low: float | None, below: float | None) -> ElmNode:
        self._read(fact, is_null(fact.name))
        bounds = [binary("GreaterOrEqual", answer_to(fact.name), decimal(low))] if low is not None else []
        bounds += [binary("Less", answer_to(fact.name), decimal(below))] if below is not None else []
        asked = [reference(f"asked: {fact.name}")] if fact.asked_if else []
        return if_else(reference(f"open: {fact.name}"), NULL, fold("And", [*asked, *bounds]))

    def _read_codes(self, fact: Fact) -> None:
        name = fact.name
        which = self.vocabulary.facts[fact.narrowed_by] if fact.narrowed_by else None
        self._read(fact, _is_open(fact, which))
        is_set = fact.kind in SETS
        there = unary("Not", is_null(name))
        if fact.asked_if:
            there = binary("And", unary("IsTrue", reference(f"asked: {name}")), there)
        # Engines disagree about `Exists`, `Count` and `Intersect` of a null list: an absent answer holds an empty list.
        codes = strings(code for code in fact.codes if code != fact.none)
        held = binary("Intersect", answer_to(name) if is_set else list_of([answer_to(name)]), codes)
        self.definitions.setdefault(f"holds: {name}", if_else(there, held, strings([])))
        if which is not None:
            unsure = binary("And", there, _contains(name, NOT_SURE))
            named = binary("And", unsure, unary("Not", is_null(which.name)))
            self.definitions.setdefault(f"named: {name}", if_else(named, answer_to(which.name), strings([])))

    def _read(self, fact: Fact, is_open: ElmNode) -> None:
        """The expressions that say whether the fact is asked and whether it is open; `open` is never null."""
        if fact.asked_if:
            asked = reference(f"asked: {fact.name}")
            self.definitions.setdefault(f"asked: {fact.name}", self.spell(fact.asked_if))
            is_open = binary("Or", unary("IsNull", asked), binary("And", unary("IsTrue", asked), is_open))
        self.definitions.setdefault(f"open: {fact.name}", is_open)


def _is_open(fact: Fact, which: Fact | None) -> ElmNode:
    """Only a known code is an answer: what is missing, a state, or a made-up code is UNKNOWN.

    `which` is the fact that narrows this one.
    """
    name = fact.name
    match fact.kind:
        case Kind.CHOICE:
            return _unless_known(name, binary("In", answer_to(name), strings(fact.codes)))
        case Kind.REGIONS:
            return _strange(name, fact.codes)
        case _ if which is not None:
            unsure = binary("And", _contains(name, NOT_SURE), _is_open(which, None))
            return fold("Or", [_blank(name), _strange(name, (*fact.codes, NOT_SURE)), unsure])
        case _:
            return binary("Or", _blank(name), _strange(name, fact.codes))


def _blank(name: str) -> ElmNode:
    return _unless_known(name, unary("Exists", answer_to(name)))


def _strange(name: str, codes: Iterable[str]) -> ElmNode:
    return _unless_known(name, binary("IncludedIn", answer_to(name), strings(codes)))


def _unless_known(name: str, known: ElmNode) -> ElmNode:
    # Engines disagree about `In`, `IncludedIn` and `Exists` of null: only an answer that is there is tested.
    return binary("Or", is_null(name), unary("Not", known))


def _contains(name: str, word: str) -> ElmNode:
    return binary("And", unary("Not", is_null(name)), binary("In", string(word), answer_to(name)))


def _votes(count: int, nodes: list[ElmNode]) -> ElmNode:
    """Sums of 0 and 1: `Count` and `Exists` would skip the nulls, which here mean "may be"."""
    sure = [if_else(unary("IsTrue", node), integer(1), integer(0)) for node in nodes]
    may = [if_else(unary("IsFalse", node), integer(0), integer(1)) for node in nodes]
    return if_else(
        at_least({"type": "Sum", "source": list_of(sure)}, count),
        TRUE,
        if_else(at_least({"type": "Sum", "source": list_of(may)}, count), NULL, FALSE),
    )
