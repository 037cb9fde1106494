"""One intake for a practitioner: `load` gives frozen plain data, and tells the audit who read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from intake.engine.book.levels import Label, Tier
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import from_raw
from intake.storage import audit, intakes, reviews, staff, trail
from intake.storage.intakes import State, Stored
from intake.workflow import looks
from intake.workflow.clinic import Clinic
from intake.workflow.review import story
from intake.workflow.review.explanation import Explainer
from intake.workflow.review.findings import Citation, Shown, Telling, Terms, book_of, citations, shown
from intake.workflow.review.folding import open_gates
from intake.workflow.review.people import DAMAGED, ERASED, Person, Practitioner, opened, person
from intake.workflow.review.safety import SafetyMap, safety_map
from intake.workflow.review.verdicts import Outcome, Reason, cards_of

if TYPE_CHECKING:
    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answers
    from intake.storage.crypto import Keys
    from intake.workflow.review.story import Said, Story, Words

ALONE = "self"
NOT_ASKED = "no longer asked; answered"
WITHHOLDING = {Label.DO_NOT_NEEDLE, Label.URGENT_REFERRAL, Label.EMERGENCY}


@dataclass(frozen=True, slots=True)
class Advice:
    """A suitability note with its certainty."""

    rule: str
    title: str
    text: str
    certainty: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Revision:
    """A changed or withdrawn answer, and when; of one that is no longer asked, when it was given."""

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
    filled_by: str
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

    @property
    def urgent(self) -> tuple[Shown, ...]:
        """The cards that must be ticked as seen."""
        return tuple(shown for shown in self.cards if shown.card.tier is Tier.URGENT)

    @property
    def weightless(self) -> tuple[Shown, ...]:
        """Open questions that change no level by themselves, such as optional ones: kept in sight, out of the way."""
        return tuple(shown for shown in self.cards if shown.card.asks and shown.card.tier is Tier.NOTE)


def load(clinic: Clinic, terms: Terms, intake_id: str, practitioner: Practitioner, action: str = "read") -> ReviewView:
    """One intake, opened for this practitioner; raises NotFoundError. A new one counts as seen from now on."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        stored = intakes.by_id(connection, intake_id)
        timeline = audit.of_object(connection, "intake", intake_id)
        changes = trail.of_draft(connection, stored.line.draft_id)
        decided = reviews.of_intake(connection, intake_id)
        book = book_of(connection, terms.rulebook, stored)
        names = {f"staff:{number}": email for number, email in staff.emails(connection).items()}
    look = audit.AuditEntry(now, practitioner.actor, action, "intake", intake_id, {})
    looks.record(clinic, look, also=lambda connection: intakes.mark_seen(connection, intake_id))
    told = [Event(event.at, names.get(event.actor, event.actor), event.action) for event in timeline]
    rest = _Rest(changes, decided, book, names, tuple(reversed(told)))
    return _view(clinic, terms, stored, rest)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What stands beside a stored intake."""

    changes: list[trail.TrailChange]
    reviews: list[reviews.Review]
    book: Rulebook | None
    names: Mapping[str, str]
    timeline: tuple[Event, ...]


def _view(clinic: Clinic, terms: Terms, stored: Stored, rest: _Rest) -> ReviewView:
    line, keys = stored.line, clinic.keys
    vocabulary, words = terms.vocabulary, terms.words
    answers = from_raw(stored.facts)
    decision = stored.decision or {}
    who = person(keys, line.subject)
    explainer = Explainer(rest.book, answers, words) if rest.book else None
    telling = Telling(clinic.today, citations(rest.book), explainer, rest.reviews[-1].handled if rest.reviews else {})
    advice = _advice(decision, telling.sources)
    withheld = line.not_evaluated or line.label in WITHHOLDING
    intake = Intake(vocabulary, answers)
    gates = open_gates(vocabulary, from_raw(stored.answers))
    return ReviewView(
        id=line.id,
        reference=line.reference,
        version=line.version,
        state=line.state,
        evaluated=not line.not_evaluated,
        person=who,
        age=who.age_on(clinic.day_of(line.visit_at or line.sent_at)),
        filled_by=_filled_by(vocabulary.roles.who_answers, words, answers),
        sent_at=line.sent_at,
        visit_at=line.visit_at,
        rulebook_version=stored.rulebook_version,
        rulebook_sha256=stored.rulebook_sha256,
        rules_changed=stored.rulebook_sha256 != terms.rulebook.sha256,
        stimulation=str(decision.get("electrical_stimulation", "")),
        cards=tuple(shown(terms, card, answers, telling) for card in cards_of(vocabulary, stored)),
        advice=() if withheld else advice,
        advice_withheld=withheld,
        map=safety_map(decision, answers, vocabulary.roles),
        story=story.tell(vocabulary, answers, words),
        denied=story.denied(vocabulary, answers, words),
        open=story.not_known(vocabulary, answers, words, lambda fact: intake.read(fact).applies, gates),
        revisions=_revisions(terms, stored, rest.changes),
        answers=story.everything(vocabulary, answers, words),
        own_words=_own_words(keys, words, stored),
        decisions=_decided(keys, stored, rest),
        timeline=rest.timeline,
    )


def _filled_by(fact: str, words: Words, answers: Answers) -> str:
    """Who filled it in for the patient; empty where nobody did, or it is not known."""
    said = answers.get(fact)
    return "" if said in (None, ALONE) else str(words.code(fact, str(said))).lower()


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


def _revisions(terms: Terms, stored: Stored, changes: Iterable[trail.TrailChange]) -> tuple[Revision, ...]:
    """Answers that were changed or taken back, and those that are kept but no longer asked."""
    told = list(changes)
    given = {change.key: change.at for change in told}
    dropped = {fact: value for fact, value in stored.answers.items() if _dropped(terms, stored, fact)}
    return (
        *(
            Revision(terms.words.question(c.key), _told(terms, c.key, c.old), _told(terms, c.key, c.new), c.at)
            for c in told
            if c.old is not None and _is_question(terms, c.key)
        ),
        *(
            Revision(terms.words.question(fact), _told(terms, fact, value), NOT_ASKED, given.get(fact))
            for fact, value in dropped.items()
        ),
    )


def _dropped(terms: Terms, stored: Stored, fact: str) -> bool:
    return fact in terms.vocabulary.facts and stored.facts.get(fact) != stored.answers[fact]


def _is_question(terms: Terms, key: str) -> bool:
    return key in terms.vocabulary.facts or key in terms.vocabulary.gates


def _told(terms: Terms, key: str, value: object) -> str:
    if value is None:
        return "not answered"
    fact = terms.vocabulary.facts.get(key)
    answer = from_raw({key: value})[key]
    if fact is not None:
        return story.in_words(fact, answer, terms.words)
    items = answer if isinstance(answer, tuple) else (str(answer),)
    return ", ".join(terms.words.code(key, item) for item in items) or "nothing ticked"


def _own_words(keys: Keys, words: Words, stored: Stored) -> tuple[tuple[str, str], ...]:
    if stored.line.subject.wrapped is None:
        return ()
    texts = opened(keys, lambda: stored.read_texts(keys), None)
    if texts is None:
        return (("Own words", DAMAGED),)
    return tuple((words.question(fact), text) for fact, text in texts.items() if text)


def _decided(keys: Keys, stored: Stored, rest: _Rest) -> tuple[Decided, ...]:
    """Decisions, newest first; the notes of an erased person are gone with the key."""
    subject = stored.line.subject

    def note_of(review: reviews.Review) -> str:
        if subject.wrapped is None:
            return ERASED
        return opened(keys, lambda: review.read_note(subject.vault(keys)), DAMAGED) if review.note else ""

    return tuple(
        Decided(
            outcome=Outcome(review.outcome),
            reasons=tuple(Reason(code) for code in review.reasons),
            note=note_of(review),
            by=rest.names.get(f"staff:{review.by}", f"staff:{review.by}"),
            at=review.at,
        )
        for review in reversed(rest.reviews)
    )
