"""What older versions of an intake still hold open, in words: for the page of the newest, on which they are closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.engine.read.answers import from_raw
from intake.workflow.review import changed, decided, held_line
from intake.workflow.review.explanation import Explainer
from intake.workflow.review.findings import Telling, citations, shown
from intake.workflow.review.intake_view import GoneShown, Older
from intake.workflow.review.signs import OlderVersion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from intake.storage.crypto import Keys
    from intake.workflow.review.dossier import Dossier
    from intake.workflow.review.findings import Terms
    from intake.workflow.review.held import GoneCard


def load(keys: Keys, terms: Terms, dossier: Dossier, today: date) -> Older:
    """All of it; nothing on a page of an older version."""
    whole = dossier.whole
    if not (dossier.is_newest and whole.older):
        return Older()
    summary = held_line.summary(terms.vocabulary, whole.versions, [each.sign for each in whole.signs], whole.gone)
    named = {each.number: OlderVersion(each.id, each.number) for each in whole.older}
    return Older(
        gone=tuple(_gone(terms, dossier, card, today) for card in whole.gone),
        alarms=summary.alarms,
        to_do=decided.to_do(dossier),
        words=tuple(_words(keys, terms, dossier)),
        unevaluated=tuple(named[number] for number in summary.unevaluated),
        undecided=tuple(named[number] for number in summary.undecided),
        decided=named.get(summary.decided or 0),
    )


def _gone(terms: Terms, dossier: Dossier, gone: GoneCard, today: date) -> GoneShown:
    version = dossier.whole.versions[gone.number - 1]
    answers, book = from_raw(version.stored.facts), dossier.books[gone.number]
    explainer = Explainer(book, answers, terms.words) if book else None
    words = shown(terms, gone.card, answers, Telling(today, citations(book), explainer, {}))
    return GoneShown(gone.key, OlderVersion(version.id, version.number), gone.since_number, gone.since, gone.how, words)


def _words(keys: Keys, terms: Terms, dossier: Dossier) -> Iterator[tuple[OlderVersion, str, str]]:
    """Own words that nobody read; what a later version repeats stands there."""
    known = set(changed.own_words(keys, terms.words, dossier.stored))
    for version in reversed(dossier.whole.older):
        words = changed.own_words(keys, terms.words, version.stored) if version.unread_words else ()
        for question, text in (each for each in words if each not in known):
            yield OlderVersion(version.id, version.number), question, text
        known.update(words)
