"""Findings in words: what was said, what it means, what to do, where it comes from, what would make it quiet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from textwrap import shorten
from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw
from intake.engine.read.load import kept_rulebook
from intake.errors import DataFileError
from intake.storage import rulebooks
from intake.workflow.review import story
from intake.workflow.review.explanation import Explainer, Question
from intake.workflow.review.folding import Card, Entry

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answers, Vocabulary
    from intake.storage.intakes import Stored
    from intake.workflow.review.story import Words

LONGEST_AUTHOR = 36


@dataclass(frozen=True, slots=True)
class Citation:
    """One source, short and whole."""

    key: str
    short: str
    whole: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one rule of a card says; `unless`: what would make it quiet; `ask`: the questions that would settle it."""

    entry: Entry
    where: tuple[str, ...]
    citations: tuple[Citation, ...]
    raised: tuple[tuple[str, str], ...]
    overdue: bool
    unless: tuple[tuple[str, str], ...]
    ask: tuple[Question, ...]

    @property
    def cited(self) -> str:
        """Its first source, short; a rule without one rests on what it says of its strength."""
        return self.citations[0].short if self.citations else self.entry.strength.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card in words: what was said, what it means, what to do. `handled`: the last decision about it, as a code."""

    card: Card
    title: str
    said: tuple[tuple[str, str], ...]
    consequences: tuple[Consequence, ...]
    handled: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What findings are told in: the rule book in force, and the words of the questionnaire."""

    rulebook: Rulebook
    words: Words

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts and codes that the words are for."""
        return self.rulebook.vocabulary


@dataclass(frozen=True, slots=True)
class Telling:
    """What turns cards into words: today's date, the sources by key, and the rules that can explain themselves."""

    today: date
    sources: Mapping[str, Citation]
    explainer: Explainer | None
    handled: Mapping[str, str]


def shown(terms: Terms, card: Card, answers: Answers, telling: Telling) -> Shown:
    """A card in words."""
    facts = terms.vocabulary.facts
    asked = [fact for fact in card.questions if fact in facts]
    given = dict(answers) if card.asks else from_raw(card.entries[0].decided_by)
    told = asked if card.asks else [fact for fact in given if fact in facts]
    said = tuple(
        (terms.words.question(fact), story.in_words(facts[fact], given.get(fact), terms.words)) for fact in told
    )
    gates = tuple(
        (terms.words.question(name), "not sure or not answered") for name in card.questions if name not in facts
    )
    return Shown(
        card=card,
        title=_title(card, terms),
        said=said + (gates if card.asks else ()),
        consequences=tuple(_consequence(terms, entry, telling) for entry in card.entries),
        handled=telling.handled.get(card.key, ""),
    )


def _title(card: Card, terms: Terms) -> str:
    if card.questions == (terms.rulebook.vocabulary.roles.where_it_hurts,) and len(card.entries) > 1:
        return "Where does it hurt?"
    if card.asks and len(card.entries) > 1:
        return f"Ask about: {', '.join(terms.words.question(name).lower() for name in card.questions)}"
    return card.entries[0].title


def _consequence(terms: Terms, entry: Entry, telling: Telling) -> Consequence:
    facts = terms.vocabulary.facts
    raised = from_raw(entry.raised_by)
    return Consequence(
        entry=entry,
        where=() if len(entry.where) == len(terms.vocabulary.regions) else story.places(entry.where),
        citations=tuple(telling.sources.get(key, Citation(key, key, key)) for key in entry.sources),
        raised=tuple(
            (terms.words.question(fact), story.in_words(facts[fact], value, terms.words))
            for fact, value in raised.items()
            if fact in facts
        ),
        overdue=str(entry.reviewed.get("again_by", "9999")) < telling.today.isoformat(),
        unless=telling.explainer.unless(entry.rule) if telling.explainer else (),
        ask=_questions(entry, telling.explainer),
    )


def _questions(entry: Entry, explainer: Explainer | None) -> tuple[Question, ...]:
    if explainer is None:
        return tuple(Question(name, ()) for name in entry.open)
    return explainer.questions(entry.rule, entry.open)


def book_of(connection: Connection, present: Rulebook, stored: Stored) -> Rulebook | None:
    """The rule book that decided an intake, present or earlier; None where this program cannot read it any more."""
    if stored.rulebook_sha256 == present.sha256:
        return present
    return _kept(rulebooks.content(connection, stored.rulebook_sha256))


@lru_cache(maxsize=4)
def _kept(content: str) -> Rulebook | None:
    try:
        return kept_rulebook(content)
    except (DataFileError, ValueError, KeyError):
        return None


def citations(book: Rulebook | None) -> dict[str, Citation]:
    """A rule book's sources as they are cited."""
    return {key: _citation(key, each.citation, each.year) for key, each in book.sources.items()} if book else {}


def _citation(key: str, whole: str, year: object) -> Citation:
    author = shorten(whole.partition(",")[0].removesuffix(" et al."), LONGEST_AUTHOR, placeholder="…") or key
    return Citation(key, f"{author} {year}" if year else author, whole)
