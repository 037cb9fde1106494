"""Drafts that a new release overtakes: which of its questions, checklist items and answers their pages never showed.

A draft records under which vocabulary each question was shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from intake.engine.book.rulebook import Named, Rulebook
from intake.engine.book.vocabulary import Vocabulary, facts_behind
from intake.engine.read.load import kept_vocabulary
from intake.questions.steps import Step
from intake.storage import vocabularies
from intake.workflow.patient.interview import NO_NEWS, News

if TYPE_CHECKING:
    from intake.storage.database import Database
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic

MOST_KEPT = 8


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was shown under an earlier vocabulary: facts and gates by name."""

    vocabulary: Vocabulary
    names: frozenset[str]


def may_be_overtaken(vocabulary: Vocabulary, draft: Draft) -> bool:
    """Whether some page was shown under another vocabulary."""
    return any(name != vocabulary.sha256 for name in draft.shown)


def news_of(clinic: Clinic, rulebook: Rulebook, steps: Sequence[Step], draft: Draft) -> News:
    """What the draft's pages never showed."""
    present = rulebook.vocabulary
    shown = {name: frozenset(names) for name, names in draft.shown.items()}
    seen = frozenset(name for names in shown.values() for name in names)
    earlier = [Earlier(_kept(clinic.database, name), names) for name, names in shown.items() if name != present.sha256]
    return news(rulebook, steps, earlier, seen)


def news(rulebook: Rulebook, steps: Sequence[Step], earlier: Sequence[Earlier], seen: frozenset[str]) -> News:
    """What is new to a patient who saw these questions, some of them under earlier vocabularies."""
    present = rulebook.vocabulary
    if not earlier:
        return NO_NEWS
    codes = dict(pair for each in earlier for pair in _more_codes(present, each.vocabulary, each.names))
    gone = dict(pair for each in earlier for pair in _more_codes(each.vocabulary, present, each.names))
    items = dict(pair for each in earlier for pair in _added_items(present, each))
    return News(frozenset(_unseen(present, steps, earlier, seen)), items, codes, gone, deciding(rulebook))


def deciding(rulebook: Rulebook) -> frozenset[str]:
    """The facts that bear on safety: marked so, read by a rule, or needed to know whether such a fact is asked."""
    names = [name for name, fact in rulebook.vocabulary.facts.items() if fact.safety]
    for rule in rulebook.rules:
        names += [*rule.facts, *([rule.where.fact] if isinstance(rule.where, Named) else [])]
    return frozenset(facts_behind(names, rulebook.vocabulary))


def _kept(db: Database, name: str) -> Vocabulary:
    with db.read() as connection:
        return _read(vocabularies.content(connection, name))


@lru_cache(maxsize=MOST_KEPT)
def _read(content: str) -> Vocabulary:
    return kept_vocabulary(content)


def _more_codes(
    vocabulary: Vocabulary, other: Vocabulary, names: AbstractSet[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """The questions that offer answers which they do not offer under the other vocabulary."""
    for name in names & vocabulary.facts.keys() & other.facts.keys():
        more = frozenset(vocabulary.facts[name].codes).difference(other.facts[name].codes)
        if more:
            yield name, more


def _added_items(present: Vocabulary, each: Earlier) -> Iterator[tuple[str, frozenset[str]]]:
    for gate in each.names & present.gates.keys():
        added = present.gates[gate].keys() - each.vocabulary.gates.get(gate, {}).keys()
        if added:
            yield gate, frozenset(added)


def _unseen(
    present: Vocabulary, steps: Sequence[Step], earlier: Sequence[Earlier], seen: frozenset[str]
) -> Iterator[str]:
    """Questions that were not there yet when the patient was as far, or farther."""
    for place, step in enumerate(steps):
        beyond = [each.vocabulary for each in earlier if _reached(steps, each) >= place]
        for name in step.questions:
            there = name in present.facts or name in present.gates
            if there and name not in seen and any(name not in old.facts and name not in old.gates for old in beyond):
                yield name


def _reached(steps: Sequence[Step], each: Earlier) -> int:
    return max((place for place, step in enumerate(steps) if each.names.intersection(step.questions)), default=-1)
