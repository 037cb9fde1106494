"""Rule book -> FHIR R4 PlanDefinition: each rule an action with its citations and its condition in words.

The contained Library carries the ELM. A processor takes a condition that is null for "no", so that a rule's own action
applies where the rule *counts* (fires or asks), and two actions inside say which, each with the level that then holds.
A raise has the same two actions. Suitability notes apply only where they hold.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import TypeAlias

from intake.engine.book.levels import Levels, Urgency
from intake.engine.book.rulebook import Note, Rule, Rulebook, Source
from intake.engine.book.tree import Condition
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary
from intake.engine.interpret.words import flat, line, place
from intake.interop import elm

Resource: TypeAlias = dict[str, object]

LIBRARY = "logic"
PRIORITY = {
    Urgency.NONE: "routine",
    Urgency.WITHIN_DAYS: "urgent",
    Urgency.SAME_DAY: "asap",
    Urgency.EMERGENCY_NOW: "stat",
}


class _Names:
    """Facts and codes by their own names: what the logic beside the sentence calls them."""

    def question(self, fact: str) -> str:
        """The fact's name."""
        return fact.replace("_", " ")

    def code(self, fact: str, code: str) -> str:  # noqa: ARG002 - the protocol knows the fact too
        """The code's name."""
        return code.replace("_", " ")


WORDS = _Names()


def plan_definition(rulebook: Rulebook) -> Resource:
    """The rule book as one resource."""
    return {
        "resourceType": "PlanDefinition",
        "id": "needling-intake-rules",
        "contained": [_library(rulebook)],
        "identifier": [{"value": f"sha256:{rulebook.sha256}"}],
        "version": rulebook.version,
        "name": elm.NAME,
        "title": "Rule book: intake for intramuscular stimulation and dry needling",
        "type": _code("eca-rule", "http://terminology.hl7.org/CodeSystem/plan-definition-type"),
        "status": "active",
        "description": "Advice for the practitioner. A rule whose answers are missing asks; it is not quiet.",
        "library": [f"#{LIBRARY}"],
        "action": [
            *(_rule(rulebook, rule) for rule in rulebook.rules),
            *(_note(rulebook, note) for note in rulebook.notes),
        ],
    }


def _library(rulebook: Rulebook) -> Resource:
    logic = json.dumps(elm.library(rulebook), separators=(",", ":"))
    facts = (fact for fact in rulebook.vocabulary.facts.values() if fact.kind is not Kind.TEXT)
    return {
        "resourceType": "Library",
        "id": LIBRARY,
        "version": rulebook.version,
        "name": elm.NAME,
        "status": "active",
        "type": _code("logic-library", "http://terminology.hl7.org/CodeSystem/library-type"),
        "parameter": [_parameter(fact) for fact in facts],
        "content": [{"contentType": "application/elm+json", "data": base64.b64encode(logic.encode()).decode("ascii")}],
    }


def _parameter(fact: Fact) -> Resource:
    many = fact.kind in elm.SETS
    kind = "decimal" if fact.kind in elm.NUMBERS else "string"
    return {"name": fact.name, "use": "in", "min": 0, "max": "*" if many else "1", "type": kind}


def _rule(rulebook: Rulebook, rule: Rule) -> Resource:
    asks = _levels(f"{rule.id} asks", "Asks", rule.if_unknown)
    fires = _levels(f"{rule.id} fires", "Fires", rule.levels)
    where = place(rule.where, rulebook.vocabulary, WORDS)
    return {
        **_entry(rulebook, rule, rule.when, f"{rule.id} counts"),
        "textEquivalent": f"{rule.because} {rule.do} Where: {where}.",
        "code": [_code(rule.concept)],
        "action": [fires, asks, *_raises(rulebook.vocabulary, rule)],
    }


def _note(rulebook: Rulebook, note: Note) -> Resource:
    return {**_entry(rulebook, note, note.when, f"{note.id} fires"), "textEquivalent": note.text}


def _entry(rulebook: Rulebook, entry: Rule | Note, when: Condition, expression: str) -> Resource:
    cited = [_citation(rulebook.sources[key]) for key in entry.sources]
    return {
        "id": entry.id,
        "title": entry.title,
        "description": _sentence(rulebook.vocabulary, when),
        **({"documentation": cited} if cited else {}),
        "condition": _condition(expression),
    }


def _citation(source: Source) -> Resource:
    url = {"url": f"https://doi.org/{source.doi}"} if source.doi else {}
    return {"type": "citation", "label": source.key, "citation": source.citation, **url}


def _raises(vocabulary: Vocabulary, rule: Rule) -> Iterator[Resource]:
    for number, each in enumerate(rule.raises, start=1):
        name = elm.raise_name(rule, number)
        words = {"description": _sentence(vocabulary, each.when)}
        yield _levels(f"{name} fires", "Raised", each.levels) | words
        yield _levels(f"{name} asks", "Perhaps raised", each.if_unknown) | words


def _levels(expression: str, word: str, levels: Levels) -> Resource:
    return {
        "title": f"{word}: needling {levels.needling.code}, urgency {levels.urgency.code}",
        "priority": PRIORITY[levels.urgency],
        "code": [_code(levels.needling.code), _code(levels.urgency.code)],
        "condition": _condition(expression),
    }


def _sentence(vocabulary: Vocabulary, condition: Condition) -> str:
    return flat(line(condition, vocabulary, WORDS))


def _condition(expression: str) -> list[Resource]:
    return [{"kind": "applicability", "expression": {"language": "text/cql-identifier", "expression": expression}}]


def _code(code: str, system: str | None = None) -> Resource:
    return {"coding": [{"system": system, "code": code} if system else {"code": code}], "text": code.replace("_", " ")}
