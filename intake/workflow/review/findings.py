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
from intake.workflow.review.people import Desk

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answers
    from intake.storage.intakes import Stored

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
class Telling:
    """What turns cards into words: today's date, the sources by key, and the rules that can explain themselves."""

    today: date
    sources: Mapping[str, Citation]
    explainer: Explainer | None
    handled: Mapping[str, str]


def shown(desk: Desk, card: Card, answers: Answers, telling: Telling) -> Shown:
    """A card in words."""
    facts = desk.rulebook.vocabulary.facts
    asked = [fact for fact in card.questions if fact in facts]
    given = dict(answers) if card.asks else from_raw(card.entries[0].decided_by)
    told = asked if card.asks else [fact for fact in given if fact in facts]
    said = tuple((desk.words.question(fact), story.in_words(facts[fact], given.get(fact), desk.words)) for fact in told)
    gates = tuple(
        (desk.words.question(name), "not sure or not answered") for name in card.questions if name not in facts
    )
    return Shown(
        card=card,
        title=_title(card, desk),
        said=said + (gates if card.asks else ()),
        consequences=tuple(_consequence(desk, entry, telling) for entry in card.entries),
        handled=telling.handled.get(card.key, ""),
    )


def _title(card: Card, desk: Desk) -> str:
    if card.questions == (desk.rulebook.vocabulary.roles.where_it_hurts,) and len(card.entries) > 1:
        return "Where does it hurt?"
    if card.asks and len(card.entries) > 1:
        return f"Ask about: {', '.join(desk.words.question(name).lower() for name in card.questions)}"
    return card.entries[0].title


def _consequence(desk: Desk, entry: Entry, telling: Telling) -> Consequence:
    facts = desk.rulebook.vocabulary.facts
    raised = from_raw(entry.raised_by)
    return Consequence(
        entry=entry,
        where=() if len(entry.where) == len(desk.rulebook.vocabulary.regions) else story.places(entry.where),
        citations=tuple(telling.sources.get(key, Citation(key, key, key)) for key in entry.sources),
        raised=tuple(
            (desk.words.question(fact), story.in_words(facts[fact], value, desk.words))
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


def book_of(connection: Connection, desk: Desk, stored: Stored) -> Rulebook | None:
    """The rule book that decided an intake, in force or not; None where this program cannot read it any more."""
    if stored.rulebook_sha256 == desk.rulebook.sha256:
        return desk.rulebook
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
