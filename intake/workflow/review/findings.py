"""Findings in words: what was said, what it means, what to do, where it comes from, what would make it quiet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from textwrap import shorten
from typing import TYPE_CHECKING

from intake.engine.book.vocabulary import UNKNOWN_WORDS, codes_in
from intake.engine.read.answers import from_raw
from intake.engine.read.load import kept_rulebook
from intake.errors import DataFileError
from intake.storage import rulebooks
from intake.workflow.review import story
from intake.workflow.review.explanation import Explainer, PhoneQuestion
from intake.workflow.review.folding import Card, ReviewFinding, entries

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answer, Answers, Fact, Vocabulary
    from intake.storage.intakes import Stored
    from intake.workflow.review.story import Words

LONGEST_AUTHOR, LONGEST_ANSWER, MOST_PLACES = 36, 90, 4
BARE = ("yes", "no", *UNKNOWN_WORDS)


@dataclass(frozen=True, slots=True)
class Citation:
    """One source, short and whole."""

    key: str
    short: str
    whole: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What one rule of a card says; `unless`: what would make it quiet; `ask`: the questions that would settle it."""

    entry: ReviewFinding
    where: tuple[str, ...]
    citations: tuple[Citation, ...]
    raised: tuple[tuple[str, str], ...]
    overdue: bool
    unless: tuple[tuple[str, str], ...]
    ask: tuple[PhoneQuestion, ...]

    @property
    def cited(self) -> str:
        """Its first source, short; a rule without one rests on what it says of its strength."""
        return self.citations[0].short if self.citations else self.entry.strength.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Shown:
    """A card in words: what was said, where, what it means, what to do.

    `place`: empty where it covers the whole body. `handled`: the last decision about it, as a code.
    """

    card: Card
    title: str
    place: str
    said: tuple[tuple[str, str], ...]
    consequences: tuple[Consequence, ...]
    handled: str


@dataclass(frozen=True, slots=True)
class Headline:
    """What the queue says of a finding: its title, the answers that raised it, the place."""

    title: str
    answers: str
    place: str
    asks: bool


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
    given |= from_raw(card.entries[0].raised_by)
    named = asked if card.asks else [fact for fact in given if fact in facts]
    said = tuple(
        (terms.words.question(fact), story.in_words(facts[fact], given.get(fact), terms.words)) for fact in named
    )
    gates = tuple(
        (terms.words.question(name), "not sure or not answered") for name in card.questions if name not in facts
    )
    return Shown(
        card=card,
        title=_title(card, terms),
        place=place_of(card.entries[0].where, codes_in(answers.get(terms.vocabulary.roles.where_it_hurts)), terms),
        said=said + (gates if card.asks else ()),
        consequences=tuple(_consequence(terms, entry, telling) for entry in card.entries),
        handled=telling.handled.get(card.key, ""),
    )


def line(terms: Terms, top: Mapping[str, object]) -> Headline:
    """The first card of an intake as the queue keeps it (`standing.top`), in words."""
    finding = entries({"findings": [top]})[0]
    questions = tuple(str(name) for name in listed_in(top, "questions"))
    title = _title_of(questions, finding.title, terms, several=bool(top.get("several")))
    marked = tuple(str(code) for code in listed_in(top, "marked"))
    place = "" if questions else place_of(finding.where, marked, terms)
    return Headline(title, _answers_alone(terms, finding), place, asks=bool(questions))


def listed_in(row: Mapping[str, object], key: str) -> list[object]:
    """A list in stored JSON; empty where there is none."""
    value = row.get(key)
    return value if isinstance(value, list) else []


def _answers_alone(terms: Terms, finding: ReviewFinding) -> str:
    """What was answered, without the questions: fit to stand behind a title. A bare yes or no tells nothing there."""
    facts = terms.vocabulary.facts
    given = from_raw({**finding.decided_by, **finding.raised_by})
    words = (
        _answer_alone(terms, facts[fact], answer)
        for fact, answer in given.items()
        if fact in facts and not facts[fact].names_regions and answer not in BARE
    )
    return shorten("; ".join(words), LONGEST_ANSWER, placeholder="…")


def _answer_alone(terms: Terms, fact: Fact, answer: Answer) -> str:
    words = story.in_words(fact, answer, terms.words)
    return words if fact.codes else f"{terms.words.question(fact.name)} {words}"


def place_of(where: Sequence[str], marked: Collection[str], terms: Terms) -> str:
    """Where a finding counts, in words: of the places that hurt, else of all that it covers; empty: everywhere."""
    if len(where) == len(terms.vocabulary.regions):
        return ""
    hurting = [code for code in where if code in marked]
    words = story.places(hurting or where, story.SIDES)
    shortened = words if len(words) <= MOST_PLACES else (*words[:MOST_PLACES], f"{len(words) - MOST_PLACES} more")
    return ", ".join((*shortened, "where the pain is") if hurting else shortened)


def _title(card: Card, terms: Terms) -> str:
    return _title_of(card.questions, card.entries[0].title, terms, several=len(card.entries) > 1)


def _title_of(questions: tuple[str, ...], title: str, terms: Terms, *, several: bool) -> str:
    if several and questions == (terms.vocabulary.roles.where_it_hurts,):
        return "Where does it hurt?"
    if several and questions:
        return f"Ask about: {', '.join(terms.words.question(name).lower() for name in questions)}"
    return title


def _consequence(terms: Terms, entry: ReviewFinding, telling: Telling) -> Consequence:
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


def _questions(entry: ReviewFinding, explainer: Explainer | None) -> tuple[PhoneQuestion, ...]:
    if explainer is None:
        return tuple(PhoneQuestion(name, ()) for name in entry.open)
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
