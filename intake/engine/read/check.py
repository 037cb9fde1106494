"""Lints of a rule book that has been read.

Examples must hold and reviews be up to date; vocabulary that no rule reads, concepts without a rule and conditions that
read an answer twice deserve a look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from intake.engine.book import tree
from intake.engine.book.rulebook import Examples, Note, Rule, Rulebook
from intake.engine.book.tree import AllOf, AnyOf, Between, Condition, Count, OneOf
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary
from intake.engine.interpret.truth import Intake, Truth
from intake.engine.read.answers import parse_answers

EXPECTED: dict[str, Truth] = {"fires": True, "quiet": False, "asks": None}
SEEN = {True: "fires", False: "stays quiet", None: "asks"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a rule or a note, and the raw answers of a patient for whom it matters."""

    entry: Rule | Note
    message: str
    patient: dict[str, object]


def broken_examples(rulebook: Rulebook) -> Iterator[Fault]:
    """Each example whose rule does something else."""
    conditions = ((entry, *named) for entry in _entries(rulebook) for named in conditions_of(entry))
    for entry, part, when, examples in conditions:
        for name, place, example in _examples(examples):
            value = Intake(rulebook.vocabulary, parse_answers(rulebook.vocabulary, example)).truth(when)
            if value is not EXPECTED[name]:
                message = f"rule `{part}`: example {place} of `{name}` does not hold: it {SEEN[value]}"
                yield Fault(entry, message, example)


def conditions_of(entry: Rule | Note) -> Iterator[tuple[str, Condition, Examples]]:
    """The condition of a rule or a note and those of its raises, each under a name, with its examples."""
    yield entry.id, entry.when, entry.examples
    for place, each in enumerate(entry.raises if isinstance(entry, Rule) else (), start=1):
        yield f"{entry.id}, raise {place}", each.when, each.examples


def _entries(rulebook: Rulebook) -> tuple[Rule | Note, ...]:
    return (*rulebook.rules, *rulebook.notes)


def _examples(examples: Examples) -> Iterator[tuple[str, int, dict[str, object]]]:
    for name, several in (("fires", examples.fires), ("quiet", examples.quiet), ("asks", examples.asks)):
        for place, example in enumerate(several, start=1):
            yield name, place, example


def overdue_reviews(rulebook: Rulebook, today: date) -> Iterator[Fault]:
    """Each rule that should have been reviewed by now, and still speaks."""
    for rule in _entries(rulebook):
        if rule.reviewed.again_by < today:
            message = f"rule `{rule.id}` was to be reviewed again by {rule.reviewed.again_by}"
            yield Fault(rule, message, rule.examples.fires[0])


def warnings(rulebook: Rulebook) -> Iterator[tuple[int, str]]:
    """Line and message for what deserves a look; line 0 where it is not about one rule."""
    for rule in _entries(rulebook):
        yield from _read_twice(rule, rulebook.vocabulary)
    used = {rule.concept for rule in rulebook.rules}
    yield from ((0, f"concept `{concept}` has no rule") for concept in rulebook.concepts if concept not in used)
    yield from ((0, message) for message in _unread(rulebook))


def _read_twice(rule: Rule | Note, vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    reads = Counter(read for leaf in tree.leaves(rule.when) for read in _answers_of(leaf, vocabulary))
    for fact in dict.fromkeys(fact for (fact, _), times in reads.items() if times > 1):
        yield rule.line, f"rule `{rule.id}` reads the same answer of `{fact}` twice"


def _answers_of(leaf: tree.Leaf, vocabulary: Vocabulary) -> set[tuple[str, str]]:
    fact = vocabulary.facts[leaf.fact]
    match leaf:
        case AnyOf(_, codes) | AllOf(_, codes):
            return {(fact.name, code) for code in codes}
        case OneOf() | Count() | Between():
            return {(fact.name, code) for code in fact.codes or ("",)}


def _unread(rulebook: Rulebook) -> Iterator[str]:
    read = {answer for condition in _conditions(rulebook) for answer in _reads(condition, rulebook.vocabulary)}
    for fact in rulebook.vocabulary.facts.values():
        missing = [code for code in _codes(fact) if (fact.name, code) not in read]
        if missing and len(missing) == len(_codes(fact)):
            yield f"fact `{fact.name}` is read by no rule"
        elif missing:
            yield f"fact `{fact.name}`: no rule reads {', '.join(f'`{code}`' for code in missing)}"


def _codes(fact: Fact) -> tuple[str, ...]:
    if fact.kind in {Kind.TEXT, Kind.REGIONS} or fact.narrows is not None:
        return ()
    return tuple(code for code in fact.codes if code not in {fact.none, fact.benign}) or ("",)


def _reads(condition: Condition, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    for leaf in tree.leaves(condition):
        if isinstance(leaf, OneOf):
            yield from ((leaf.fact, code) for code in leaf.codes)
        else:
            yield from _answers_of(leaf, vocabulary)


def _conditions(rulebook: Rulebook) -> Iterator[Condition]:
    for rule in rulebook.rules:
        yield from rule.conditions
    yield from (note.when for note in rulebook.notes)
    yield from (fact.asked_if for fact in rulebook.vocabulary.facts.values() if fact.asked_if is not None)
