"""Answers that did not stay as they were: changed, taken back, no longer asked, or entered by staff; and own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw
from intake.workflow.review import story
from intake.workflow.review.intake_view import Entered, Revision
from intake.workflow.review.people import DAMAGED, opened

if TYPE_CHECKING:
    from intake.storage.crypto import Keys
    from intake.storage.intakes import Stored
    from intake.workflow.review.dossier import Dossier
    from intake.workflow.review.findings import Terms
    from intake.workflow.review.story import Words

NOT_ASKED = "no longer asked; answered"


def revisions(terms: Terms, dossier: Dossier) -> tuple[Revision, ...]:
    """Answers that were changed or taken back, and those that are kept but no longer asked."""
    stored, told = dossier.stored, dossier.changes
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


def entered(terms: Terms, dossier: Dossier) -> tuple[Entered, ...]:
    """What staff entered, each beside the answer that stood before it."""
    return tuple(
        Entered(
            question=terms.words.question(report.key),
            own=_told(terms, report.key, report.own),
            answer=_told(terms, report.key, report.answer),
            who=report.who,
            how=report.how,
            said_at=report.said_at,
            by=dossier.name(report.by),
        )
        for report in dossier.reports
    )


def own_words(keys: Keys, words: Words, stored: Stored) -> tuple[tuple[str, str], ...]:
    """What the patient wrote, by question."""
    texts = opened(keys, lambda: stored.line.read_texts(keys), None)
    if texts is None:
        return (("Own words", DAMAGED),)
    return tuple((words.question(fact), text) for fact, text in texts.items() if text)


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
