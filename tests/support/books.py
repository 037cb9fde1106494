"""Rule books in the rule language over the product's vocabulary, small enough to be proved in a moment."""

from __future__ import annotations

from typing import Any

from intake.engine.book.rulebook import Rulebook
from intake.engine.read.problems import Problems
from intake.engine.read.rules import RuleReader
from tests.engine.small import REVIEWED, node
from tests.support.small_clinic import vocabulary

ASKING = {"needling": "review_before", "urgency": "none"}


def rule(fact: str, code: str, other: str, name: str = "", **changes: object) -> dict[str, Any]:
    """A stop where a choice is `code`; `other` is an answer that keeps it quiet."""
    return {
        "id": name or f"{fact}-{code}".replace("_", "-"),
        "concept": fact,
        "title": "A title",
        "when": {fact: code},
        "needling": "do_not_needle",
        "if_unknown": ASKING,
        "because": "Because.",
        "do": "Do.",
        "sources": [],
        "strength": "consensus",
        "examples": {"fires": [{fact: code}], "quiet": [{fact: other}], "asks": [{fact: "declined"}]},
        **changes,
    }


REFUSES = rule("wants_needling", "no", "yes")
HEADACHE = rule("main_reason", "headache", "muscle_or_joint_pain")
MILD = {**REFUSES, "needling": "precaution", "if_unknown": {"needling": "ok", "urgency": "none"}}


def book(*rules: dict[str, Any], version: str = "1", **top: object) -> Rulebook:
    """The rules as a rule book; a fault in it fails the test."""
    problems = Problems("book")
    concepts = list(dict.fromkeys(each["concept"] for each in rules))
    content = {"version": version, "reviewed": REVIEWED, "concepts": concepts, "rules": list(rules), **top}
    found = RuleReader(vocabulary(), problems).read(node(content))
    problems.refuse()
    return found
