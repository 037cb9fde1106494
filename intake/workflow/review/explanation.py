"""Why a finding stands, further than the decision says it: what would make it quiet, and what to ask by phone.

Read from the rule itself, so under the rule book that made the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from intake.engine.book.tree import AllOf, AnyOf, Between, Count, OneOf, leaves
from intake.engine.book.vocabulary import NOT_SURE, Fact, Kind, codes_in
from intake.engine.interpret.contrast import ChangedAnswer, contrast
from intake.engine.interpret.truth import Intake
from intake.engine.interpret.words import bounds, listed, regions
from intake.workflow.review import story

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.engine.book.rulebook import Rule, Rulebook
    from intake.engine.book.vocabulary import Answer, Answers, Vocabulary
    from intake.workflow.review.story import Words

MOST_CODES = 4


@dataclass(frozen=True, slots=True)
class PhoneQuestion:
    """A question to put; `codes` are the answers that matter to the rule, empty where any does."""

    fact: str
    codes: tuple[str, ...]


class Explainer:
    """Explains the findings of one intake under one rule book."""

    def __init__(self, rulebook: Rulebook, answers: Answers, words: Words) -> None:
        self._rules = {rule.id: rule for rule in rulebook.rules}
        self._vocabulary = rulebook.vocabulary
        self._intake = Intake(rulebook.vocabulary, answers)
        self._words = words

    def unless(self, rule: str) -> tuple[tuple[str, str], ...]:
        """The smallest change of answers that would make the rule quiet: questions, and what should be said to them."""
        meant = self._rules.get(rule)
        changes = contrast(meant.when, self._intake) if meant else ()
        return tuple((self._words.question(change.fact), self._otherwise(change)) for change in changes)

    def questions(self, rule: str, open_facts: Iterable[str]) -> tuple[PhoneQuestion, ...]:
        """The questions that would settle the rule."""
        meant = self._rules.get(rule)
        return tuple(
            PhoneQuestion(fact, _codes_read(meant, fact, self._vocabulary) if meant else ()) for fact in open_facts
        )

    def _otherwise(self, change: ChangedAnswer) -> str:
        fact = self._vocabulary.facts[change.fact]
        match change.instead:
            case str():
                return self._picked(fact, change.barred)
            case tuple():
                return self._ticked(fact, change)
            case _:
                return _between(fact, change.instead, change.barred)

    def _picked(self, fact: Fact, barred: frozenset[Answer]) -> str:
        if not barred:
            return "any answer"
        milder = _milder(fact, frozenset(fact.codes) - barred)
        wanted = [code for code in fact.codes if code in milder]
        if len(wanted) <= MOST_CODES:
            return self._said(fact, wanted, "or")
        return f"anything but {self._said(fact, [code for code in fact.codes if code in barred], 'or')}"

    def _ticked(self, fact: Fact, change: ChangedAnswer) -> str:
        holds, may_hold = self._intake.sides(fact.name)
        added = [code for code in codes_in(change.instead) if code not in (*holds, NOT_SURE, fact.none)]
        if added:
            return f"{'also ' if holds else ''}{self._said(fact, added, 'and')}"
        taken = [code for code in fact.codes if code in change.barred & may_hold]
        if fact.kind is Kind.REGIONS and taken:
            return f"anywhere but {self._said(fact, taken, 'or')}"
        if change.instead in ((), (fact.none,)) or not taken or len(taken) > MOST_CODES:
            return story.in_words(fact, change.instead, self._words)
        return f"without {self._said(fact, taken, 'or')}"

    def _said(self, fact: Fact, codes: list[str], last: str) -> str:
        if fact.kind is Kind.REGIONS or set(codes) <= set(self._vocabulary.regions):
            return listed(regions(codes, self._vocabulary), last)
        return listed((f"“{self._words.code(fact.name, code)}”" for code in codes), last)


def _between(fact: Fact, number: float, barred: frozenset[Answer]) -> str:
    others = [each for each in barred if isinstance(each, int | float)]
    low = max((each + 1 for each in others if each < number), default=None)
    return bounds(fact, low, min((each for each in others if each > number), default=None))


def _milder(fact: Fact, codes: frozenset[str]) -> frozenset[str]:
    """Those of the answers that are not worse than one that will not do; all of them where none is milder."""
    severities = fact.severities
    least = min((severities.get(code, 0) for code in fact.codes if code not in codes), default=len(severities))
    return frozenset(code for code in codes if severities.get(code, 0) <= least) or codes


def _codes_read(rule: Rule, fact: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The codes of a fact that the rule, or a raise of it, reads: all but none where it counts; empty for a number."""
    read: set[str] = set()
    every = vocabulary.facts[fact]
    for condition in rule.conditions:
        for leaf in leaves(condition):
            match leaf:
                case OneOf(name, codes) | AnyOf(name, codes) | AllOf(name, codes):
                    read.update(codes if name == fact else ())
                case Count(name, _):
                    read.update(set(every.codes).difference((every.none,)) if name == fact else ())
                case Between():
                    pass
                case _:
                    assert_never(leaf)
    return tuple(code for code in every.codes if code in read)
