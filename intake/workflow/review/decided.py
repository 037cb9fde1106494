"""What practitioners did with an intake: decisions, the danger signs that were taken back, and what closed either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.storage.closings import decision_item
from intake.workflow.review.folding import entries
from intake.workflow.review.intake_view import Decided
from intake.workflow.review.outcomes import SEEN, TO_DO, Outcome, Override, Reason
from intake.workflow.review.people import DAMAGED, ERASED, opened
from intake.workflow.review.signs import Closed, Withdrawn, in_words

if TYPE_CHECKING:
    from intake.storage import reviews
    from intake.storage.crypto import Keys
    from intake.workflow.review.dossier import Dossier
    from intake.workflow.review.findings import Terms


def decisions(keys: Keys, dossier: Dossier) -> tuple[Decided, ...]:
    """Decisions, newest first; the notes of an erased person are gone with the key."""
    stored = dossier.stored
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
            doer="" if review.doer is None else dossier.name(review.doer),
            by=dossier.name(review.by),
            at=review.at,
            item=decision_item(review.intake_version) if review.outcome in TO_DO else "",
            closed=_closed(keys, dossier, decision_item(review.intake_version)),
            reply=dossier.replies.get(review.intake_version),
        )
        for review in reversed(dossier.reviews)
    )


def withdrawn(keys: Keys, terms: Terms, dossier: Dossier) -> tuple[Withdrawn, ...]:
    """Danger signs that were said and taken back, in words."""
    return tuple(
        in_words(terms, sign, _closed(keys, dossier, sign.rule), card=sign.rule in dossier.cards)
        for sign in dossier.signs
    )


def _closed(keys: Keys, dossier: Dossier, item: str) -> Closed | None:
    closing = dossier.closed.get(item)
    if closing is None:
        return None
    subject = dossier.stored.line.subject
    if subject.wrapped is None:
        return Closed(ERASED, dossier.name(closing.by), closing.at)
    read = opened(keys, lambda: closing.read_note(subject.vault(keys)), DAMAGED)
    return Closed(read, dossier.name(closing.by), closing.at)
