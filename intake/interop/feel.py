"""Rule book -> FEEL: every condition as one expression in DMN's ternary logic (true fires, false is quiet, null asks).

The inputs are the facts as `triage` reads them; null, or left out, is not answered. Each expression stands alone: a
context that first reads the answers (`asked_F`: the question applies, `holds_F`: the codes, `open_F`: UNKNOWN,
`named_F`: what a "not sure" was narrowed to). The guards are for engines that read null as "no": docs/interop.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import assert_never

from intake.engine.book.rulebook import Note, Rule, Rulebook
from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, Fact, Kind, Vocabulary

FeelTest = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL expression, and the facts that it reads."""

    text: str
    reads: tuple[str, ...]


def export(rulebook: Rulebook) -> dict[str, object]:
    """The rule book: what it is, its inputs with their kinds, and every rule and note with its expressions."""
    facts = rulebook.vocabulary.facts.values()
    return {
        "rulebook": {"version": rulebook.version, "sha256": rulebook.sha256},
        "inputs": {fact.name: fact.kind.value for fact in facts if fact.kind is not Kind.TEXT},
        "rules": [_entry(rulebook.vocabulary, rule) for rule in rulebook.rules],
        "notes": [_entry(rulebook.vocabulary, note) for note in rulebook.notes],
    }


def _entry(vocabulary: Vocabulary, entry: Rule | Note) -> dict[str, object]:
    raises = entry.raises if isinstance(entry, Rule) else ()
    exported: dict[str, object] = {"id": entry.id, "title": entry.title, **_written(vocabulary, entry.when)}
    return exported | ({"raise": [_written(vocabulary, each.when) for each in raises]} if raises else {})


def _written(vocabulary: Vocabulary, condition: Condition) -> dict[str, object]:
    written = expression(vocabulary, condition)
    return {"reads": list(written.reads), "when": written.text}


def expression(vocabulary: Vocabulary, condition: Condition) -> Expression:
    """The condition as one FEEL expression."""
    reader = _FeelWriter(vocabulary)
    reader.entries["result"] = reader.spell(condition)
    lines = ",\n  ".join(f"{name}: {value}" for name, value in reader.entries.items())
    return Expression(f"{{\n  {lines}\n}}.result", tuple(name for name in vocabulary.facts if name in reader.reads))


class _FeelWriter:
    """Spells conditions; `entries` collects what they need to have read before, in the order of need."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.entries: dict[str, str] = {}
        self.reads: set[str] = set()

    def spell(self, condition: Condition) -> str:  # noqa: PLR0911 - one answer a node
        """The condition as FEEL, safe inside any other expression."""
        match condition:
            case All(nodes):
                return f"({' and '.join(map(self.spell, nodes))})"
            case AnyNode(nodes):
                return f"({' or '.join(map(self.spell, nodes))})"
            case Not(node):
                return f"not({self.spell(node)})"
            case AtLeast(count, nodes):
                return _votes(count, map(self.spell, nodes))
            case OneOf(fact, codes) | AnyOf(fact, codes):
                return self._reached(
                    fact, lambda held: f"some code in {_list(codes)} satisfies list contains({held}, code)"
                )
            case AllOf(fact, codes):
                return self._reached(
                    fact, lambda held: f"every code in {_list(codes)} satisfies list contains({held}, code)"
                )
            case Count(fact, count):
                return self._counted(fact, count)
            case Between(fact, low, below):
                return self._between(self.vocabulary.facts[fact], low, below)
            case _:
                assert_never(condition)

    def _reached(self, name: str, test: FeelTest) -> str:
        """True if the ticked codes pass the test, null if they might once the open codes are known."""
        self._read_codes(self.vocabulary.facts[name])
        might = f"open_{name}"
        if f"named_{name}" in self.entries:
            might += f" or ({test(f'union(holds_{name}, named_{name})')})"
        return f"(if {test(f'holds_{name}')} then true else if {might} then null else false)"

    def _counted(self, name: str, count: int) -> str:
        # Neither a filter, in which engines lose items, nor `count`, which would take doubles and made-up codes.
        fact = self.vocabulary.facts[name]
        codes = _list(code for code in fact.codes if code != fact.none)
        each = f"for code in {codes} return if list contains({{}}, code) then 1 else 0"
        return self._reached(name, lambda held: f"sum({each.format(held)}) >= {count}")

    def _between(self, fact: Fact, low: float | None, below: float | None) -> str:
        name = fact.name
        # An engine may order a text and a number ("not_sure" >= 3 is true in feelin): only a number is ever compared.
        self._read(fact, f"not({name} instance of number)")
        bounds = [f"{name} >= {low}"] if low is not None else []
        bounds += [f"{name} < {below}"] if below is not None else []
        asked = [f"asked_{name}"] if fact.asked_if else []
        return f"(if open_{name} then null else ({' and '.join([*asked, *bounds])}))"

    def _read_codes(self, fact: Fact) -> None:
        name = fact.name
        self._read(fact, self._is_open(fact))
        asked = f"asked_{name} = true and " if fact.asked_if else ""
        held = f"[{name}]" if fact.kind is Kind.CHOICE else name
        # `list contains` and `union` of null are null, and null is not false: an absent answer holds an empty list.
        self.entries.setdefault(f"holds_{name}", f"if {asked}{name} != null then {held} else []")
        if fact.narrowed_by:
            which = fact.narrowed_by
            self.reads.add(which)
            named = f"if list contains(holds_{name}, {_quoted(NOT_SURE)}) and {which} != null then {which} else []"
            self.entries.setdefault(f"named_{name}", named)

    def _read(self, fact: Fact, is_open: str) -> None:
        """The entries that say whether the fact is asked and whether it is open."""
        self.reads.add(fact.name)
        if fact.asked_if:
            self.entries.setdefault(f"asked_{fact.name}", self.spell(fact.asked_if))
            # `asked = null` is true or false, never null, unlike every other comparison here.
            is_open = f"if asked_{fact.name} = null then true else asked_{fact.name} and ({is_open})"
        self.entries.setdefault(f"open_{fact.name}", is_open)

    def _is_open(self, fact: Fact) -> str:
        """Only a known code is an answer: what is missing, a state, or a made-up code is UNKNOWN."""
        # Without `= null` first, null = "code" and `null in (...)` are false in FEEL: a missing answer would be a "no".
        name = fact.name
        match fact.kind:
            case Kind.CHOICE:
                return f"{name} = null or not(list contains({_list(fact.codes)}, {name}))"
            case Kind.REGIONS:
                return f"{name} = null or {_strange(name, fact.codes)}"
            case _ if fact.narrowed_by:
                which = self.vocabulary.facts[fact.narrowed_by]
                unsure = f"list contains({name}, {_quoted(NOT_SURE)}) and ({self._is_open(which)})"
                return f"{_blank(name)} or {_strange(name, (*fact.codes, NOT_SURE))} or ({unsure})"
            case _:
                return f"{_blank(name)} or {_strange(name, fact.codes)}"


def _votes(count: int, nodes: Iterable[str]) -> str:
    yes = "sum(for vote in votes return if vote = true then 1 else 0)"
    asks = "sum(for vote in votes return if vote = null then 1 else 0)"
    answer = f"if yes >= {count} then true else if yes + asks >= {count} then null else false"
    return f"{{votes: [{', '.join(nodes)}], yes: {yes}, asks: {asks}, answer: {answer}}}.answer"


def _blank(name: str) -> str:
    return f"{name} = null or count({name}) = 0"


def _strange(name: str, codes: Iterable[str]) -> str:
    return f"(some word in {name} satisfies not(list contains({_list(codes)}, word)))"


def _list(codes: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, codes))}]"


def _quoted(word: str) -> str:
    return json.dumps(word)
