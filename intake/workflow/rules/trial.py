"""Trying the rules: answers that nobody gave are decided and told like an intake, and nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from intake.engine.book.calm import calm_answer
from intake.engine.book.vocabulary import Kind
from intake.engine.decide.decide import decide
from intake.engine.decide.outcome import to_dict
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import parse_answers
from intake.errors import AnswerError
from intake.workflow.review.explanation import Explainer
from intake.workflow.review.findings import Shown, Telling, Terms, citations, shown
from intake.workflow.review.folding import circumstances, entries, fold
from intake.workflow.review.safety import SafetyMap, safety_map

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from intake.engine.book.roles import Roles
    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answer, Answers

PLACE = "low_back_right"
PAIN = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """What the rules say of some answers. `map`, `evaluated` and `cards` are what a review page has of them."""

    label: str
    cards: tuple[Shown, ...]
    notes: tuple[str, ...]
    map: SafetyMap
    stimulation: str
    evaluated: bool = True


def run(terms: Terms, answers: Answers, today: date) -> Trial:
    """Decide answers and tell the outcome."""
    decided = decide(terms.rulebook, answers)
    decision = to_dict(decided, Intake(terms.rulebook.vocabulary, answers))
    roles = terms.rulebook.vocabulary.roles
    about = replace(circumstances(terms.rulebook.vocabulary, answers), gate_of={})
    telling = Telling(today, citations(terms.rulebook), Explainer(terms.rulebook, answers, terms.words), {})
    return Trial(
        label=str(decision["label"]),
        cards=tuple(shown(terms, card, answers, telling) for card in fold(entries(decision), about)),
        notes=tuple(note.title for note in decided.notes),
        map=safety_map(decision, answers, roles),
        stimulation=str(decision["electrical_stimulation"]),
    )


def calm(rulebook: Rulebook) -> dict[str, Answer]:
    """The answers of somebody with pain in one place and nothing else to report, to change from."""
    own = _ordinary_pain(rulebook.vocabulary.roles)
    answers = {name: own.get(name, calm_answer(fact)) for name, fact in rulebook.vocabulary.facts.items()}
    return applying(rulebook, {name: answer for name, answer in answers.items() if answer is not None})


def _ordinary_pain(roles: Roles) -> Answers:
    """What somebody with ordinary pain in one place reports, beside nothing."""
    return {
        **dict.fromkeys(roles.scores, PAIN),
        roles.where_it_hurts: (PLACE,),
        roles.worst_place: PLACE,
        roles.duration: "3_to_12_months",
        roles.course: "same",
        roles.pattern: ("with_movement",),
        roles.pregnancy: "does_not_apply",
    }


def example(rulebook: Rulebook, rule_id: str, number: int) -> dict[str, Answer] | None:
    """An example that makes the rule fire, on calm answers; None where there is no such example."""
    rule = next((rule for rule in rulebook.rules if rule.id == rule_id), None)
    if rule is None or not 0 <= number < len(rule.examples.fires):
        return None
    return calm(rulebook) | parse_answers(rulebook.vocabulary, rule.examples.fires[number])


def read(rulebook: Rulebook, raw: Mapping[str, object]) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """The answers that can be read, and the facts whose answer cannot."""
    answers: dict[str, Answer] = {}
    wrong: list[str] = []
    for name, value in raw.items():
        try:
            answers |= parse_answers(rulebook.vocabulary, {name: value})
        except AnswerError:
            wrong.append(name)
    return answers, tuple(wrong)


def applying(rulebook: Rulebook, answers: Answers) -> dict[str, Answer]:
    """The answers to questions that apply, as far as these answers say."""
    intake = Intake(rulebook.vocabulary, answers)
    return {name: answer for name, answer in answers.items() if intake.read(name).applies is not False}


def asked(rulebook: Rulebook, answers: Answers) -> frozenset[str]:
    """The questions that apply, without those for free text, which no rule reads."""
    intake = Intake(rulebook.vocabulary, answers)
    facts = rulebook.vocabulary.facts.values()
    return frozenset(fact.name for fact in facts if fact.kind is not Kind.TEXT and intake.read(fact.name).applies)
