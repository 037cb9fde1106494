"""The shipped book explains itself: firings of random patients, each with what decides it and what would not.

What decides is read by an intake that knows the deciding answers only: they suffice, and none can be left out. What
would have to be different can be answered, makes the rule quiet, makes nobody worse off, and no part of it can be left
out either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from intake.engine.book.rulebook import Rule, Rulebook
from intake.engine.book.tree import facts_read
from intake.engine.book.vocabulary import NOT_SURE, Fact, Kind, codes_in, facts_behind
from intake.engine.decide.decide import decide
from intake.engine.interpret.contrast import changed, contrast
from intake.engine.interpret.explain import Literal, deciding
from intake.engine.interpret.truth import Intake, Reading, open_codes
from intake.engine.read.answers import parse_answers, to_raw
from intake.engine.read.load import load_rulebook, load_vocabulary
from intake.settings import RULEBOOK_PATH, VOCABULARY_PATH
from intake.workflow.rules.trial import calm
from tests.support import random_intakes
from tests.support.campaigns import Campaign

SAMPLE, ENOUGH = 4_000, 40_000


class OnlyThese(Intake):
    """An intake that knows some deciding answers of another, and nothing else."""

    __slots__ = ("_literals",)

    def __init__(self, whole: Intake, literals: Iterable[Literal]) -> None:
        super().__init__(whole.vocabulary, whole.answers)
        self._literals = frozenset(literals)

    def _look_up(self, fact: Fact) -> Reading:
        applies = True if fact.asked_if is None else self.truth(fact.asked_if)
        if applies is False:
            return Reading(applies, known=True)
        mine = [literal for literal in self._literals if literal.fact == fact.name]
        if not applies or not mine:
            return Reading(applies, known=False, may_hold=open_codes(fact))
        if fact.kind in {Kind.NUMBER, Kind.SCORE}:
            number = self.answers[fact.name]
            assert isinstance(number, int | float)
            return Reading(applies, known=True, number=number)
        if fact.kind is Kind.CHOICE:
            return Reading(applies, known=True, holds=frozenset(literal.code for literal in mine))
        return self._of_set(fact, mine)

    def _of_set(self, fact: Fact, mine: list[Literal]) -> Reading:
        if any(literal.holds and literal.code in ("", fact.none) for literal in mine):
            return Reading(applies=True, known=True)
        holds = frozenset(literal.code for literal in mine if literal.holds)
        denied = {literal.code for literal in mine if not literal.holds and self._surely(fact, literal.code)}
        return Reading(applies=True, known=False, holds=holds, may_hold=open_codes(fact) - holds - denied)

    def _surely(self, fact: Fact, code: str) -> bool:
        """Beside a "not sure" a code is denied only with the narrowing answer."""
        if NOT_SURE not in codes_in(self.answers[fact.name]):
            return True
        return Literal(fact.narrowed_by or "", code, holds=False) in self._literals


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook(RULEBOOK_PATH, load_vocabulary(VOCABULARY_PATH))


def firings(rulebook: Rulebook, campaign: Campaign) -> Iterator[tuple[Rule, Intake]]:
    """Enough results that fire, every rule among them in turn; each once that differs in what its rule can read."""
    behind = {rule.id: facts_behind(facts_read(rule.when), rulebook.vocabulary) for rule in rulebook.rules}
    seen: set[object] = set()
    fired, enough = 0, campaign.rounds(SAMPLE, ENOUGH)
    while fired < enough:
        intake = Intake(rulebook.vocabulary, random_intakes.answers(rulebook.vocabulary, campaign.random))
        for rule in rulebook.rules:
            if intake.truth(rule.when):
                fired += 1
                read = (rule.id, *(intake.answers.get(name) for name in behind[rule.id]))
                if read not in seen:
                    seen.add(read)
                    yield rule, intake
    campaign.tried(f"firings, {len(seen):,} of them different", fired)


def test_what_decides_suffices_and_cannot_be_smaller(rulebook: Rulebook, campaign: Campaign) -> None:
    seen: set[str] = set()
    for rule, intake in firings(rulebook, campaign):
        literals = deciding(rule.when, intake)
        assert OnlyThese(intake, literals).truth(rule.when) is True, rule.id
        for literal in literals:
            rest = (each for each in literals if each is not literal)
            assert OnlyThese(intake, rest).truth(rule.when) is not True, (rule.id, literal)
        seen.add(rule.id)
    assert len(seen) > 0.9 * len(rulebook.rules)


def test_what_would_be_different_makes_the_rule_quiet_and_cannot_be_smaller(
    rulebook: Rulebook, campaign: Campaign
) -> None:
    for rule, intake in firings(rulebook, campaign):
        changes = contrast(rule.when, intake)
        assert changes, rule.id
        instead = {change.fact: change.instead for change in changes}
        assert parse_answers(rulebook.vocabulary, to_raw(instead)) == instead, rule.id
        assert changed(intake, instead).truth(rule.when) is False, rule.id
        for change in changes:
            rest = {name: answer for name, answer in instead.items() if name != change.fact}
            assert changed(intake, rest).truth(rule.when) is not False, (rule.id, change.fact)


def test_what_would_be_different_makes_nobody_worse_off(rulebook: Rulebook) -> None:
    """On each rule's own examples, alone and beside calm answers."""
    tried = 0
    for rule in rulebook.rules:
        for example in (*rule.examples.fires[:2], *rule.examples.asks[:2]):
            given = parse_answers(rulebook.vocabulary, example)
            for answers in (given, calm(rulebook) | given):
                intake = Intake(rulebook.vocabulary, answers)
                if intake.truth(rule.when) is not False:
                    instead = {change.fact: change.instead for change in contrast(rule.when, intake)}
                    was, now = decide(rulebook, answers), decide(rulebook, {**answers, **instead})
                    assert now.label <= was.label, rule.id
                    assert now.levels.needling <= was.levels.needling, rule.id
                    assert now.levels.urgency <= was.levels.urgency, rule.id
                    tried += 1
    assert tried > 3 * len(rulebook.rules)
