"""Small rule books for tests, in the rule language, read by the real readers (only YAML itself is skipped)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from intake.engine.book.decision import Decision
from intake.engine.book.rulebook import Rulebook
from intake.engine.book.tree import Condition
from intake.engine.book.vocabulary import Answer, Vocabulary
from intake.engine.decide.decide import decide
from intake.engine.interpret.evidence import Evidence, evidence
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from intake.engine.read.conditions import ConditionReader
from intake.engine.read.load import load_vocabulary
from intake.engine.read.nodes import Mapping, Node, Scalar, Sequence
from intake.engine.read.problems import Problems
from intake.engine.read.rules import RuleReader

RULEBOOKS = Path(__file__).parent.parent / "rulebooks"
REVIEWED = {"by": "A. Tester", "on": "2026-01-01", "again_by": "2027-01-01"}
EXAMPLES: dict[str, Any] = {"fires": [{}], "quiet": [{}], "asks": [{}]}
CALM = {"needling": "ok", "urgency": "none"}


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of tests/rulebooks/facts.yaml."""
    return load_vocabulary(RULEBOOKS / "facts.yaml")


def condition(data: object) -> Condition:
    """A condition of the rule language; a fault in it fails the test."""
    problems = Problems("condition")
    tree = ConditionReader(vocabulary(), problems).read(node(data))
    problems.refuse()
    return tree


def answers(**raw: object) -> dict[str, Answer]:
    """Answers as they come in."""
    return parse_answers(vocabulary(), raw)


def rule(when: object, name: str = "one", **changes: object) -> dict[str, Any]:
    """A rule with its metadata; `raises` is its `raise`; `tell` is added where the levels want it."""
    spec: dict[str, Any] = {
        "id": name, "concept": "danger", "title": "A title", "when": when, "if_unknown": CALM, "because": "Because.",
        "do": "Do.", "sources": [], "strength": "consensus", "examples": EXAMPLES,
    }  # fmt: skip
    spec.update({key.replace("raises", "raise"): value for key, value in changes.items()})
    urgencies = [spec.get("urgency", "none"), *(each.get("urgency", "none") for each in spec.get("raise", ()))]
    return spec if set(urgencies) == {"none"} else spec | {"tell": "Tell.", "tell_if_asking": ["you feel ill"]}


def note(when: object, name: str = "note") -> dict[str, Any]:
    """A suitability note."""
    shared = {"sources": [], "strength": "consensus", "examples": EXAMPLES}
    return {
        "id": name,
        "kind": "suitability",
        "title": "A note",
        "when": when,
        "text": "T.",
        "certainty": "low",
        **shared,
    }


def node(data: object) -> Node:
    """Plain data as the YAML nodes that would spell it."""
    match data:
        case dict():
            return Mapping({key: node(value) for key, value in data.items()}, dict.fromkeys(data, 1), 1)
        case list() | tuple():
            return Sequence(tuple(map(node, data)), 1)
        case _:
            return Scalar(str(data), plain=not isinstance(data, str), line=1)


def book(*rules: dict[str, Any], **top: object) -> Rulebook:
    """The rules as a rule book; a fault in it fails the test."""
    problems = Problems("book")
    content = {"version": "1", "reviewed": REVIEWED, "concepts": ["danger"], "rules": rules, **top}
    rulebook = RuleReader(vocabulary(), problems).read(node(content))
    problems.refuse()
    return rulebook


def explained(rule_or_book: dict[str, Any] | Rulebook, **raw: object) -> Evidence:
    """Why the first finding on these answers stands."""
    intake = Intake(vocabulary(), answers(**raw))
    return evidence(decided(rule_or_book, **raw).findings[0].rule, intake)


def decided(rule_or_book: dict[str, Any] | Rulebook, **raw: object) -> Decision:
    """What one rule, or a rule book, decides on these answers."""
    rulebook = rule_or_book if isinstance(rule_or_book, Rulebook) else book(rule_or_book)
    return decide(rulebook, answers(**raw))
