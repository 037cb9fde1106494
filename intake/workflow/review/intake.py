"""One intake for a practitioner: `load` gives frozen plain data, and tells the audit who read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from intake.engine.book.levels import Label, Needling
from intake.engine.book.rulebook import AVOID
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import from_raw
from intake.storage import (
    alerts,
    audit,
    closings,
    corrections,
    intakes,
    name_index,
    reported,
    reviews,
    staff,
    taken_back,
    trail,
)
from intake.storage import queue as stored_queue
from intake.storage.closings import Closing, decision_item
from intake.storage.corrections import Version
from intake.storage.intakes import Stored
from intake.storage.queue import Filters
from intake.storage.reported import Report
from intake.storage.taken_back import TakenBack
from intake.storage.typed_forms import TYPED
from intake.workflow.review import beside, reply, story
from intake.workflow.review.asking import Asked, asked
from intake.workflow.review.beside import Beside
from intake.workflow.review.consent import standing as consent
from intake.workflow.review.explanation import Explainer
from intake.workflow.review.findings import Citation, Telling, Terms, book_of, citations, shown
from intake.workflow.review.folding import entries, open_gates
from intake.workflow.review.intake_view import Advice, Decided, Entered, Event, Namesake, Paper, ReviewView, Revision
from intake.workflow.review.outcomes import SEEN, TO_DO, Outcome, Override, Reason
from intake.workflow.review.people import DAMAGED, ERASED, Practitioner, opened, person
from intake.workflow.review.safety import safety_map
from intake.workflow.review.signs import Closed, Withdrawn, in_words
from intake.workflow.review.standing import cards_of
from intake.workflow.shared import looks
from intake.workflow.shared.clinic import Clinic

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answers
    from intake.storage.crypto import Keys
    from intake.workflow.review.consent.standing import ConsentState
    from intake.workflow.review.story import Words

ALONE = "self"
NOT_ASKED = "no longer asked; answered"
MOST_NAMESAKES = 20
WITHHOLDING = {Label.DO_NOT_NEEDLE, Label.URGENT_REFERRAL, Label.EMERGENCY}


def load(clinic: Clinic, terms: Terms, intake_id: str, practitioner: Practitioner, action: str = "read") -> ReviewView:
    """One intake, opened for this practitioner; raises NotFoundError. A new one counts as seen from now on."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        stored = intakes.by_id(connection, intake_id)
        timeline = audit.of_object(connection, "intake", intake_id)
        changes = trail.of_draft(connection, stored.line.draft_id)
        decided = reviews.of_intake(connection, intake_id)
        replies = reply.replies(connection, decided)
        reports = reported.of_draft(connection, stored.line.draft_id)
        book = book_of(connection, terms.rulebook, stored)
        people = staff.emails(connection)
        asks = asked(connection, clinic, terms.words, intake_id, people)
        signs = taken_back.of_intakes(connection, [intake_id]).get(intake_id, ())
        closed = closings.of_intakes(connection, [intake_id]).get(intake_id, {})
        cards = alerts.cards_shown(connection, [stored.line.draft_id])
        namesakes = _namesakes(connection, clinic.keys, stored)
        alarms = alerts.waiting(connection, [stored.line.draft_id])
        stands_beside = beside.load(connection, terms, stored)
        before, after = corrections.before(connection, stored.line.draft_id), corrections.after(connection, intake_id)
        agreed = consent.of_intake(connection, clinic.keys, intake_id).state
        typing = [
            event for event in audit.of_object(connection, "draft", stored.line.draft_id) if event.action == TYPED
        ]
    look = audit.AuditEntry(now, practitioner.actor, action, "intake", intake_id, {})
    looks.record(clinic, look, also=lambda connection: intakes.mark_seen(connection, intake_id))
    names = {f"staff:{number}": email for number, email in people.items()}
    events = [Event(event.at, names.get(event.actor, event.actor), event.action) for event in timeline]
    rest = _Rest(
        changes,
        decided,
        book,
        people,
        tuple(reversed(events)),
        clinic.today,
        signs=signs,
        closed=closed,
        cards=frozenset(rule for _, rule in cards),
        corrects=_version(before) if before else None,
        corrected=tuple(map(_version, after)),
        namesakes=namesakes,
        replies=replies,
        reports=tuple(reports),
        asks=asks,
        alarm_since=min((alarm.at for alarm in alarms), default=None),
        paper=_paper(terms.words, typing, names),
        consent=agreed,
        beside=stands_beside,
    )
    return _view(clinic, terms, stored, rest)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What stands beside a stored intake."""

    changes: list[trail.TrailChange]
    reviews: list[reviews.Review]
    book: Rulebook | None
    people: Mapping[int, str]
    timeline: tuple[Event, ...]
    today: date
    signs: tuple[TakenBack, ...]
    closed: Mapping[str, Closing]
    cards: frozenset[str]
    corrects: Namesake | None
    corrected: tuple[Namesake, ...]
    namesakes: tuple[Namesake, ...]
    replies: Mapping[int, reply.Reply]
    reports: tuple[Report, ...]
    asks: tuple[Asked, ...]
    alarm_since: datetime | None
    paper: Paper | None
    consent: ConsentState
    beside: Beside

    def name(self, staff_id: int) -> str:
        """A member of staff by name."""
        return self.people.get(staff_id, f"staff:{staff_id}")


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
    signs = _signs(keys, terms, stored, rest)
    taken = {said for sign in signs if sign.closed is None for said in sign.listed}
    return ReviewView(
        id=line.id,
        reference=line.reference,
        version=line.version,
        state=line.state,
        evaluated=not line.not_evaluated,
        person=who,
        is_told=reply.is_told(clinic, who),
        age=who.age_on(clinic.day_of(line.visit_at or line.sent_at)),
        filled_by=_filled_by(vocabulary.roles.who_answers, words, answers),
        sent_at=line.sent_at,
        visit_at=line.visit_at,
        rulebook_version=stored.rulebook_version,
        rulebook_sha256=stored.rulebook_sha256,
        rules_changed=stored.rulebook_sha256 != terms.rulebook.sha256,
        stimulation=_stimulation(decision),
        cards=tuple(shown(terms, card, answers, telling) for card in cards_of(vocabulary, stored)),
        advice=() if withheld else advice,
        advice_withheld=withheld,
        map=safety_map(decision, answers, vocabulary.roles),
        story=story.tell(vocabulary, answers, words),
        denied=_denied(terms, answers, rest.beside.not_asked, taken),
        open=story.not_known(vocabulary, answers, words, lambda fact: intake.read(fact).applies, gates),
        signs=signs,
        corrects=rest.corrects,
        corrected=rest.corrected,
        namesakes=rest.namesakes,
        people=tuple(rest.people.items()),
        unread_words=line.unread_words,
        revisions=_revisions(terms, stored, rest.changes),
        entered=_entered(terms, rest),
        asked=rest.asks,
        answers=story.everything(vocabulary, answers, words),
        own_words=_own_words(keys, words, stored),
        decisions=_decided(keys, stored, rest),
        alarm_since=rest.alarm_since,
        paper=rest.paper,
        consent=rest.consent,
        beside=rest.beside,
        timeline=rest.timeline,
    )


def _denied(terms: Terms, answers: Answers, not_asked: Iterable[str], taken: set[str]) -> tuple[str, ...]:
    """What was asked and denied, but for what was taken back, and for what holds on the day and nobody asked then."""
    hidden = taken.union(map(terms.words.question, not_asked))
    return tuple(said for said in story.denied(terms.vocabulary, answers, terms.words) if said not in hidden)


def _paper(words: Words, typing: list[audit.AuditEntry], names: Mapping[str, str]) -> Paper | None:
    """Who typed the form; of a part that was typed twice, the last time says which marks do not agree."""
    if not typing:
        return None
    by_part = {event.details.get("part"): event.details.get("contradicting") for event in typing}
    facts = [fact for some in by_part.values() if isinstance(some, list) for fact in some]
    who = dict.fromkeys(names.get(event.actor, event.actor) for event in typing)
    return Paper(tuple(who), tuple(words.question(fact) for fact in facts))


def _signs(keys: Keys, terms: Terms, stored: Stored, rest: _Rest) -> tuple[Withdrawn, ...]:
    return tuple(
        in_words(terms, sign, _closed(keys, stored, rest, sign.rule), card=sign.rule in rest.cards)
        for sign in rest.signs
    )


def _stimulation(decision: Mapping[str, object]) -> str:
    """What is said of electrical stimulation; nothing is allowed where no needle is."""
    regions = decision.get("regions")
    stopped = isinstance(regions, dict) and set(regions.values()) == {Needling.DO_NOT_NEEDLE.code}
    return AVOID if stopped else str(decision.get("electrical_stimulation", ""))


def _namesakes(connection: Connection, keys: Keys, stored: Stored) -> tuple[Namesake, ...]:
    """Other intakes of somebody with the same words of a name and the same date of birth, the newest first.

    Versions of the same intake are none.
    """
    subject = stored.line.subject
    nobody: dict[str, str] = {}
    known = nobody if subject.wrapped is None else opened(keys, lambda: subject.read_identity(keys), nobody)
    if not known.get("name") or not known.get("born"):
        return ()
    hashes = name_index.name_hashes(keys, known["name"]) | {name_index.birth_hash(keys, known["born"])}
    others = name_index.subjects_of(connection, hashes)
    lines = stored_queue.page(connection, Filters(subjects=others), MOST_NAMESAKES)
    parts, versions = name_index.name_parts(known["name"]), corrections.family(connection, stored.line.id)
    return tuple(
        Namesake(line.id, line.reference, line.sent_at)
        for line in sorted(lines, key=lambda line: line.sent_at, reverse=True)
        if line.id not in versions and name_index.name_parts(person(keys, line.subject).name) == parts
    )


def _version(version: Version) -> Namesake:
    receipt = version.receipt
    return Namesake(receipt.intake_id, receipt.reference, receipt.sent_at, version.by)


def _closed(keys: Keys, stored: Stored, rest: _Rest, item: str) -> Closed | None:
    closing = rest.closed.get(item)
    if closing is None:
        return None
    subject = stored.line.subject
    if subject.wrapped is None:
        return Closed(ERASED, rest.name(closing.by), closing.at)
    read = opened(keys, lambda: closing.read_note(subject.vault(keys)), DAMAGED)
    return Closed(read, rest.name(closing.by), closing.at)


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


def _entered(terms: Terms, rest: _Rest) -> tuple[Entered, ...]:
    """What staff entered, each beside the answer that stood before it."""
    return tuple(
        Entered(
            question=terms.words.question(report.key),
            own=_told(terms, report.key, report.own),
            answer=_told(terms, report.key, report.answer),
            who=report.who,
            how=report.how,
            said_at=report.said_at,
            by=rest.name(report.by),
        )
        for report in rest.reports
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
    texts = opened(keys, lambda: stored.line.read_texts(keys), None)
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

    titles = {entry.rule: entry.title for entry in entries(stored.decision or {})}
    return tuple(
        Decided(
            outcome=Outcome(review.outcome),
            reasons=tuple(Reason(code) for code in review.reasons),
            overrides=tuple(
                (titles.get(rule, rule), Override(code)) for rule, code in review.handled.items() if code != SEEN
            ),
            note=note_of(review),
            doer="" if review.doer is None else rest.name(review.doer),
            by=rest.name(review.by),
            at=review.at,
            item=decision_item(review.intake_version) if review.outcome in TO_DO else "",
            closed=_closed(keys, stored, rest, decision_item(review.intake_version)),
            reply=rest.replies.get(review.intake_version),
        )
        for review in reversed(rest.reviews)
    )
