"""The rule book as a practitioner reads it: every rule in plain English, and its life in this clinic where it is known.

`book` is plain data from the rules alone; `in_use` adds how often each rule fired and was overridden, what happened to
it, and whether its rate drifted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from intake.engine.book.decision import Status
from intake.engine.book.levels import Levels, Tier
from intake.engine.book.rulebook import Rule
from intake.engine.interpret.words import Sentence, flat, line, place
from intake.engine.read.answers import parse_answers
from intake.storage import firings, reviews
from intake.workflow.review import story
from intake.workflow.review.folding import tier
from intake.workflow.review.outcomes import SEEN
from intake.workflow.rules import history, sentinel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from intake.engine.book.rulebook import Examples, Note, Rulebook, RuleReview
    from intake.workflow.review.story import Words
    from intake.workflow.rules.history import RuleChange
    from intake.workflow.rules.sentinel import Signal
    from intake.workflow.shared.clinic import Clinic

LAST = timedelta(days=90)
QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Tale:
    """An example as a little story: what was answered, and what the rule does."""

    does: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HigherLevel:
    """A higher level of the same rule, and when."""

    when: Sentence
    levels: Levels


@dataclass(frozen=True, slots=True)
class Use:
    """How a rule fared of late. `kept` and `overridden` count decisions about intakes on which it fired or asked."""

    fired: int = 0
    asked: int = 0
    kept: int = 0
    overridden: int = 0

    @property
    def share(self) -> int | None:
        """Overrides in per cent of these decisions; None: there is none."""
        decided = self.kept + self.overridden
        return round(100 * self.overridden / decided) if decided else None


@dataclass(frozen=True, slots=True)
class RuleView:
    """One safety rule."""

    id: str
    concept: str
    title: str
    tier: Tier
    levels: Levels
    if_unknown: Levels
    when: Sentence
    sentence: str
    where: str
    raises: tuple[HigherLevel, ...]
    depth: str
    stimulation: str
    because: str
    do: str
    tell: str
    tell_if_asking: tuple[str, ...]
    sources: tuple[str, ...]
    strength: str
    policy: str
    often: str
    reviewed: RuleReview
    overdue: bool
    tales: tuple[Tale, ...]
    use: Use | None = None
    life: tuple[RuleChange, ...] = ()
    drift: Signal | None = None


@dataclass(frozen=True, slots=True)
class NoteView:
    """One suitability note."""

    id: str
    title: str
    when: Sentence
    text: str
    certainty: str
    sources: tuple[str, ...]
    strength: str
    reviewed: RuleReview
    overdue: bool


@dataclass(frozen=True, slots=True)
class BookView:
    """The whole rule book. `intakes` were evaluated in the last 90 days; None: not counted."""

    version: str
    sha256: str
    rules: tuple[RuleView, ...]
    notes: tuple[NoteView, ...]
    intakes: int | None = None

    @property
    def overdue(self) -> int:
        """How many rules and notes should have been reviewed by now."""
        return sum(rule.overdue for rule in self.rules) + sum(note.overdue for note in self.notes)

    @property
    def drifting(self) -> tuple[RuleView, ...]:
        """The rules whose rate left its own history, the least likely first."""
        return tuple(sorted((rule for rule in self.rules if rule.drift), key=_strangeness))


def _strangeness(rule: RuleView) -> float:
    return rule.drift.chance if rule.drift else 1.0


def book(rulebook: Rulebook, words: Words, today: date | None) -> BookView:
    """The rule book in words; without a day nothing is called overdue."""
    return BookView(
        version=rulebook.version,
        sha256=rulebook.sha256,
        rules=tuple(_rule(rule, rulebook, words, today) for rule in rulebook.rules),
        notes=tuple(_note(note, rulebook, words, today) for note in rulebook.notes),
    )


def in_use(clinic: Clinic, rulebook: Rulebook, view: BookView) -> BookView:
    """The same with what the clinic's intakes and decisions of the last 90 days say of it."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        counted = firings.counts(connection, now - LAST, now)
        intakes = firings.evaluated(connection, now - LAST, now)
        decided = firings.decided(connection, now - LAST)
        overridden = _overridden(reviews.handled_since(connection, now - LAST))
        lives = history.history(connection)
        drifts = {signal.rule: signal for signal in sentinel.watch(connection, rulebook, now)}
    rules = tuple(
        replace(
            rule,
            use=Use(*_count(counted, rule.id), decided.get(rule.id, 0) - overridden[rule.id], overridden[rule.id]),
            life=lives.get(rule.id, ()),
            drift=drifts.get(rule.id),
        )
        for rule in view.rules
    )
    return replace(view, rules=rules, intakes=intakes)


def _count(counted: Mapping[str, firings.FiringCount], rule: str) -> tuple[int, int]:
    counts = counted.get(rule, firings.FiringCount())
    return counts.fired, counts.asked


def _overridden(decisions: Iterable[Mapping[str, str]]) -> Counter[str]:
    return Counter(rule for decision in decisions for rule, word in decision.items() if word != SEEN)


def _rule(rule: Rule, rulebook: Rulebook, words: Words, today: date | None) -> RuleView:
    vocabulary = rulebook.vocabulary
    when = line(rule.when, vocabulary, words)
    return RuleView(
        id=rule.id,
        concept=rule.concept,
        title=rule.title,
        tier=tier(rule.levels),
        levels=rule.levels,
        if_unknown=rule.if_unknown,
        when=when,
        sentence=flat(when),
        where=place(rule.where, vocabulary, words),
        raises=tuple(HigherLevel(line(each.when, vocabulary, words), each.levels) for each in rule.raises),
        depth=rule.depth or "",
        stimulation=rule.electrical_stimulation or "",
        because=rule.because,
        do=rule.do,
        tell=rule.tell or "",
        tell_if_asking=rule.tell_if_asking,
        sources=_cited(rule.sources, rulebook),
        strength=rule.strength.value,
        policy=rule.policy or "",
        often=rule.often or "",
        reviewed=rule.reviewed,
        overdue=_overdue(rule.reviewed, today),
        tales=_tales(rule.examples, rulebook, words),
    )


def _note(note: Note, rulebook: Rulebook, words: Words, today: date | None) -> NoteView:
    return NoteView(
        id=note.id,
        title=note.title,
        when=line(note.when, rulebook.vocabulary, words),
        text=note.text,
        certainty=note.certainty,
        sources=_cited(note.sources, rulebook),
        strength=note.strength.value,
        reviewed=note.reviewed,
        overdue=_overdue(note.reviewed, today),
    )


def _cited(keys: Iterable[str], rulebook: Rulebook) -> tuple[str, ...]:
    return tuple(rulebook.sources[key].citation for key in keys)


def _overdue(reviewed: RuleReview, today: date | None) -> bool:
    return today is not None and reviewed.again_by < today


def _tales(examples: Examples, rulebook: Rulebook, words: Words) -> tuple[Tale, ...]:
    several = ((Status.FIRES.value, examples.fires), (QUIET, examples.quiet), (Status.ASKS.value, examples.asks))
    return tuple(Tale(does, _answers(example, rulebook, words)) for does, group in several for example in group)


def _answers(example: Mapping[str, object], rulebook: Rulebook, words: Words) -> tuple[tuple[str, str], ...]:
    facts = rulebook.vocabulary.facts
    answers = parse_answers(rulebook.vocabulary, example)
    return tuple((words.question(name), story.in_words(facts[name], answer, words)) for name, answer in answers.items())
