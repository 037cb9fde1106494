"""One intake for a practitioner: `load` gives frozen plain data, and tells the audit who read it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import shorten
from typing import TYPE_CHECKING

from sqlalchemy import select

from intake.engine.rulebook import Label, Needling
from intake.engine.truth import Intake
from intake.storage import audit, intakes, reviews, rulebooks, trail
from intake.storage.intakes import Position, State, Stored
from intake.storage.staff import STAFF
from intake.workflow import story
from intake.workflow.desk import ERASED, Desk, Person, Reader, person
from intake.workflow.drafts import answers_from_json
from intake.workflow.explanation import Explainer, Question
from intake.workflow.folding import WHERE_IT_HURTS, Card, Entry, Tier, level, open_gates
from intake.workflow.verdicts import Outcome, Reason, cards_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.vocabulary import Answers
    from intake.workflow.story import Said, Story

LONGEST_AUTHOR = 36
WITHHOLDING = {Label.DO_NOT_NEEDLE, Label.URGENT_REFERRAL, Label.EMERGENCY}


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
class Advice:
    """A suitability note with its certainty."""

    rule: str
    title: str
    text: str
    certainty: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class SafetyMap:
    """The needling level of every region, the same in words (worst level first), and where it hurts."""

    regions: Mapping[str, Needling]
    legend: tuple[tuple[Needling, tuple[str, ...]], ...]
    pain: tuple[str, ...]
    pain_in_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A changed or withdrawn answer."""

    question: str
    old: str
    new: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision, as recorded."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the audit."""

    at: datetime
    who: str
    action: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """Everything on the review page. `decision` is None where the intake could not be evaluated."""

    id: str
    reference: str
    version: int
    state: State
    evaluated: bool
    person: Person
    age: int | None
    sent_at: datetime
    visit_at: datetime | None
    rulebook_version: str
    rulebook_sha256: str
    rules_changed: bool
    stimulation: str
    cards: tuple[Shown, ...]
    advice: tuple[Advice, ...]
    advice_withheld: bool
    map: SafetyMap
    story: Story
    denied: tuple[str, ...]
    open: tuple[Said, ...]
    revisions: tuple[Revision, ...]
    answers: tuple[Said, ...]
    own_words: tuple[tuple[str, str], ...]
    decisions: tuple[Decided, ...]
    timeline: tuple[Event, ...]
    position: Position

    @property
    def urgent(self) -> tuple[Shown, ...]:
        """The cards that must be ticked as seen."""
        return tuple(shown for shown in self.cards if shown.card.tier is Tier.URGENT)

    @property
    def weightless(self) -> tuple[Shown, ...]:
        """Open questions that change no level by themselves, such as optional ones: kept in sight, out of the way."""
        return tuple(shown for shown in self.cards if shown.card.asks and shown.card.tier is Tier.NOTE)


def load(desk: Desk, intake_id: str, reader: Reader, action: str = "read") -> ReviewView:
    """One intake, opened for this reader; raises NotFoundError. A new one counts as seen from now on."""
    with desk.db.begin() as connection:
        stored = intakes.by_id(connection, intake_id)
        timeline = _timeline(connection, intake_id)
        intakes.mark_seen(connection, intake_id)
        audit.record(connection, desk.keys, audit.Entry(reader.now, reader.actor, action, "intake", intake_id, {}))
        changes = trail.of_draft(connection, stored.line.draft_id)
        decided = reviews.of_intake(connection, intake_id)
        cited = _sources(connection, desk, stored)
        names = _names(connection)
    told = [Event(event.at, names.get(event.actor, event.actor), event.action) for event in timeline]
    return _view(desk, stored, _Rest(changes, decided, cited, names, tuple(reversed(told)), reader.now.date()))


@dataclass(frozen=True, slots=True)
class _Rest:
    """What stands beside a stored intake."""

    changes: list[trail.Change]
    reviews: list[reviews.Review]
    sources: Mapping[str, Citation]
    names: Mapping[str, str]
    timeline: tuple[Event, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Telling:
    """What turns cards into words: today's date, the sources by key, and the rules that can explain themselves."""

    today: date
    sources: Mapping[str, Citation]
    explainer: Explainer | None
    handled: Mapping[str, str]


def _view(desk: Desk, stored: Stored, rest: _Rest) -> ReviewView:
    line = stored.line
    vocabulary, words = desk.rulebook.vocabulary, desk.words
    answers = answers_from_json(stored.facts)
    decision = stored.decision or {}
    who = person(desk, line.subject)
    changed = stored.rulebook_sha256 != desk.rulebook.sha256
    explainer = None if changed else Explainer(desk.rulebook, answers, words)
    telling = Telling(rest.today, rest.sources, explainer, rest.reviews[-1].handled if rest.reviews else {})
    advice = _advice(decision, rest.sources)
    withheld = line.not_evaluated or line.label in WITHHOLDING
    intake = Intake(vocabulary, answers)
    gates = open_gates(vocabulary, answers_from_json(stored.answers))
    return ReviewView(
        id=line.id,
        reference=line.reference,
        version=line.version,
        state=line.state,
        evaluated=not line.not_evaluated,
        person=who,
        age=who.age_on((line.visit_at or line.sent_at).date()),
        sent_at=line.sent_at,
        visit_at=line.visit_at,
        rulebook_version=stored.rulebook_version,
        rulebook_sha256=stored.rulebook_sha256,
        rules_changed=changed,
        stimulation=str(decision.get("electrical_stimulation", "")),
        cards=tuple(shown(desk, card, answers, telling) for card in cards_of(vocabulary, stored)),
        advice=() if withheld else advice,
        advice_withheld=withheld,
        map=safety_map(decision, answers),
        story=story.tell(vocabulary, answers, words),
        denied=story.denied(vocabulary, answers, words),
        open=story.not_known(vocabulary, answers, words, lambda fact: intake.read(fact).applies, gates),
        revisions=_revisions(desk, stored, rest.changes),
        answers=story.everything(vocabulary, answers, words),
        own_words=_own_words(desk, stored),
        decisions=_decided(desk, stored, rest),
        timeline=rest.timeline,
        position=line.position,
    )


def shown(desk: Desk, card: Card, answers: Answers, telling: Telling) -> Shown:
    """A card in words."""
    facts = desk.rulebook.vocabulary.facts
    asked = [fact for fact in card.questions if fact in facts]
    given = dict(answers) if card.asks else answers_from_json(card.entries[0].decided_by)
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
    if card.questions == (WHERE_IT_HURTS,) and len(card.entries) > 1:
        return "Where does it hurt?"
    if card.asks and len(card.entries) > 1:
        return f"Ask about: {', '.join(desk.words.question(name).lower() for name in card.questions)}"
    return card.entries[0].title


def _consequence(desk: Desk, entry: Entry, telling: Telling) -> Consequence:
    facts = desk.rulebook.vocabulary.facts
    raised = answers_from_json(entry.raised_by)
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


def _advice(decision: Mapping[str, object], sources: Mapping[str, Citation]) -> tuple[Advice, ...]:
    notes = decision.get("notes")
    return tuple(
        Advice(
            rule=str(note.get("rule", "")),
            title=str(note.get("title", "")),
            text=str(note.get("text", "")),
            certainty=str(note.get("certainty", "")),
            citations=tuple(sources.get(key, Citation(key, key, key)) for key in note.get("sources", ())),
        )
        for note in (notes if isinstance(notes, list) else ())
    )


def safety_map(decision: Mapping[str, object], answers: Answers) -> SafetyMap:
    """The safety map of a decision in its JSON form."""
    stored = decision.get("regions")
    regions = {code: level(Needling, word) for code, word in (stored if isinstance(stored, dict) else {}).items()}
    legend = []
    for step in sorted(set(regions.values()) - {Needling.OK}, reverse=True):
        here = [code for code, found in regions.items() if found is step]
        legend.append((step, ("the whole body",) if len(here) == len(regions) else story.places(here)))
    pain = answers.get(WHERE_IT_HURTS)
    marked = tuple(code for code in pain if code in regions) if isinstance(pain, tuple) else ()
    return SafetyMap(regions, tuple(legend), marked, story.marked(answers))


def _revisions(desk: Desk, stored: Stored, changes: Iterable[trail.Change]) -> tuple[Revision, ...]:
    """Answers that were changed or taken back, and those that are kept but no longer asked."""
    dropped = {fact: value for fact, value in stored.answers.items() if _dropped(desk, stored, fact)}
    return (
        *(
            Revision(desk.words.question(c.key), _told(desk, c.key, c.old), _told(desk, c.key, c.new), c.at)
            for c in changes
            if c.old is not None and _is_question(desk, c.key)
        ),
        *(
            Revision(desk.words.question(fact), _told(desk, fact, value), "withdrawn or no longer asked", None)
            for fact, value in dropped.items()
        ),
    )


def _dropped(desk: Desk, stored: Stored, fact: str) -> bool:
    return fact in desk.rulebook.vocabulary.facts and stored.facts.get(fact) != stored.answers[fact]


def _is_question(desk: Desk, key: str) -> bool:
    return key in desk.rulebook.vocabulary.facts or key in desk.rulebook.vocabulary.gates


def _told(desk: Desk, key: str, value: object) -> str:
    if value is None:
        return "not answered"
    fact = desk.rulebook.vocabulary.facts.get(key)
    answer = answers_from_json({key: value})[key]
    if fact is not None:
        return story.in_words(fact, answer, desk.words)
    items = answer if isinstance(answer, tuple) else (str(answer),)
    return ", ".join(desk.words.code(key, item) for item in items) or "nothing ticked"


def _own_words(desk: Desk, stored: Stored) -> tuple[tuple[str, str], ...]:
    if stored.line.subject.wrapped is None:
        return ()
    texts = stored.read_texts(desk.keys)
    return tuple((desk.words.question(fact), text) for fact, text in texts.items() if text)


def _decided(desk: Desk, stored: Stored, rest: _Rest) -> tuple[Decided, ...]:
    """Decisions, newest first; the notes of an erased person are gone with the key."""
    subject = stored.line.subject
    vault = None if subject.wrapped is None else subject.vault(desk.keys)
    return tuple(
        Decided(
            outcome=Outcome(review.outcome),
            reasons=tuple(Reason(code) for code in review.reasons),
            note=ERASED if vault is None else review.read_note(vault),
            by=rest.names.get(f"staff:{review.by}", f"staff:{review.by}"),
            at=review.at,
        )
        for review in reversed(rest.reviews)
    )


def _timeline(connection: Connection, intake_id: str) -> list[audit.Entry]:
    return audit.of_object(connection, "intake", intake_id)


def _names(connection: Connection) -> dict[str, str]:
    rows = connection.execute(select(STAFF.c.id, STAFF.c.email))
    return {f"staff:{row.id}": row.email for row in rows}


def sources_in_force(desk: Desk) -> dict[str, Citation]:
    """The citations of today's rule book."""
    return {key: _citation(key, each.citation, each.year) for key, each in desk.rulebook.sources.items()}


def _sources(connection: Connection, desk: Desk, stored: Stored) -> dict[str, Citation]:
    """The citations of the rule book that decided, not of today's."""
    if stored.rulebook_sha256 == desk.rulebook.sha256:
        return sources_in_force(desk)
    kept = json.loads(rulebooks.content(connection, stored.rulebook_sha256))["rules"].get("sources", {})
    return {key: _citation(key, str(each.get("citation", key)), each.get("year")) for key, each in kept.items()}


def _citation(key: str, whole: str, year: object) -> Citation:
    author = shorten(whole.partition(",")[0].removesuffix(" et al."), LONGEST_AUTHOR, placeholder="…") or key
    return Citation(key, f"{author} {year}" if year else author, whole)
