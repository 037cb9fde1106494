"""One intake for a practitioner: `load` gives frozen plain data, and tells the audit who read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from intake.engine.book.levels import Label, Needling
from intake.engine.book.rulebook import AVOID
from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import from_raw
from intake.storage import audit, intakes
from intake.workflow.review import changed, decided, dossier, older, reply, story
from intake.workflow.review.dossier import Dossier
from intake.workflow.review.explanation import Explainer
from intake.workflow.review.findings import Citation, Telling, Terms, citations, shown
from intake.workflow.review.folding import open_gates
from intake.workflow.review.intake_view import Advice, Namesake, ReviewView
from intake.workflow.review.people import Practitioner, person
from intake.workflow.review.safety import safety_map
from intake.workflow.review.standing import cards_of
from intake.workflow.shared import looks
from intake.workflow.shared.clinic import Clinic

if TYPE_CHECKING:
    from intake.engine.book.vocabulary import Answers
    from intake.workflow.review.held import Version
    from intake.workflow.review.story import Words

ALONE = "self"
WITHHOLDING = {Label.DO_NOT_NEEDLE, Label.URGENT_REFERRAL, Label.EMERGENCY}


def load(clinic: Clinic, terms: Terms, intake_id: str, practitioner: Practitioner, action: str = "read") -> ReviewView:
    """One intake, opened for this practitioner; raises NotFoundError. A new one counts as seen from now on."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        found = dossier.read(connection, clinic, terms, intake_id)
    look = audit.AuditEntry(now, practitioner.actor, action, "intake", intake_id, {})
    looks.record(clinic, look, also=lambda connection: intakes.mark_seen(connection, intake_id))
    return _view(clinic, terms, found)


def _view(clinic: Clinic, terms: Terms, found: Dossier) -> ReviewView:
    stored, line, keys = found.stored, found.stored.line, clinic.keys
    vocabulary, words = terms.vocabulary, terms.words
    answers = from_raw(stored.facts)
    decision = stored.decision or {}
    who = person(keys, line.subject)
    telling = _telling(clinic, terms, found, answers)
    advice = _advice(decision, telling.sources)
    withheld = line.not_evaluated or line.label in WITHHOLDING
    intake = Intake(vocabulary, answers)
    gates = open_gates(vocabulary, from_raw(stored.answers))
    signs = decided.withdrawn(keys, terms, found)
    taken = {said for sign in signs if sign.closed is None for said in sign.listed}
    return ReviewView(
        id=line.id,
        reference=line.reference,
        number=found.whole.of(line.id).number,
        versions=len(found.whole.versions),
        newest=None if found.is_newest else _as_namesake(found.whole.newest),
        older=older.load(keys, terms, found, clinic.today),
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
        denied=_denied(terms, answers, found.beside.not_asked, taken),
        open=story.not_known(vocabulary, answers, words, lambda fact: intake.read(fact).applies, gates),
        signs=signs,
        corrects=found.corrects,
        corrected=found.corrected,
        namesakes=found.namesakes,
        people=tuple(found.people.items()),
        unread_words=found.whole.unread_words if found.is_newest else line.unread_words,
        revisions=changed.revisions(terms, found),
        entered=changed.entered(terms, found),
        asked=found.asks,
        answers=story.everything(vocabulary, answers, words),
        own_words=changed.own_words(keys, words, stored),
        decisions=decided.decisions(keys, found),
        alarm_since=found.alarm_since,
        paper=found.paper,
        consent=found.consent,
        beside=found.beside,
        since=found.since,
        timeline=found.timeline,
    )


def _as_namesake(version: Version) -> Namesake:
    line = version.stored.line
    return Namesake(line.id, line.reference, line.sent_at)


def _telling(clinic: Clinic, terms: Terms, found: Dossier, answers: Answers) -> Telling:
    """How findings are told: by the book that judged them, with what the last decision said of each."""
    explainer = Explainer(found.book, answers, terms.words) if found.book else None
    return Telling(clinic.today, citations(found.book), explainer, found.reviews[-1].handled if found.reviews else {})


def _denied(terms: Terms, answers: Answers, not_asked: Iterable[str], taken: set[str]) -> tuple[str, ...]:
    """What was asked and denied, but for what was taken back, and for what holds on the day and nobody asked then."""
    hidden = taken.union(map(terms.words.question, not_asked))
    return tuple(said for said in story.denied(terms.vocabulary, answers, terms.words) if said not in hidden)


def _stimulation(decision: Mapping[str, object]) -> str:
    """What is said of electrical stimulation; nothing is allowed where no needle is."""
    regions = decision.get("regions")
    stopped = isinstance(regions, dict) and set(regions.values()) == {Needling.DO_NOT_NEEDLE.code}
    return AVOID if stopped else str(decision.get("electrical_stimulation", ""))


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
