"""What practitioners did with an intake: decisions, the danger signs that were taken back, and what closed either."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.storage.closings import decision_item
from intake.workflow.review.folding import entries
from intake.workflow.review.intake_view import Decided, OlderToDo
from intake.workflow.review.outcomes import SEEN, TO_DO, Outcome, Override, Reason
from intake.workflow.review.people import DAMAGED, ERASED, opened
from intake.workflow.review.signs import Closed, OlderVersion, Withdrawn, in_words

if TYPE_CHECKING:
    from intake.storage import reviews
    from intake.storage.crypto import Keys
    from intake.storage.taken_back import TakenBack
    from intake.workflow.review.dossier import Dossier
    from intake.workflow.review.findings import Terms
    from intake.workflow.review.held import Version


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
            closed=_closed(keys, dossier, dossier.whole.of(stored.line.id), decision_item(review.intake_version)),
            reply=dossier.replies.get(review.intake_version),
        )
        for review in reversed(dossier.reviews)
    )


def withdrawn(keys: Keys, terms: Terms, dossier: Dossier) -> tuple[Withdrawn, ...]:
    """Danger signs that were said and taken back, in words; on the newest version also those of older ones alone."""
    whole, own_id = dossier.whole, dossier.stored.line.id
    own, drafts = whole.of(own_id), {each.id: each.stored.line.draft_id for each in whole.versions}
    waiting = {each.sign.key: each for each in whole.signs}

    def card(intake_id: str, rule: str) -> bool:
        return (drafts[intake_id], rule) in dossier.cards

    here = [
        in_words(
            terms,
            sign,
            None if sign.key in waiting else _closed_sign(keys, dossier, sign),
            card=card(own_id, sign.rule),
        )
        for sign in own.signs
    ]
    known = {sign.key for sign in own.signs}
    elsewhere = [each for key, each in waiting.items() if key not in known] if dossier.is_newest else []
    older = (
        replace(
            in_words(terms, each.sign, card=card(each.intake_id, each.sign.rule)),
            version=OlderVersion(each.intake_id, whole.of(each.intake_id).number),
        )
        for each in elsewhere
    )
    return (*here, *older)


def to_do(dossier: Dossier) -> tuple[OlderToDo, ...]:
    """What was decided on older versions and waits to be done; for the newest version alone."""
    return tuple(
        OlderToDo(
            version=OlderVersion(each.id, each.number),
            item=decision_item(each.todo.intake_version),
            outcome=Outcome(each.todo.outcome),
            doer="" if each.todo.doer is None else dossier.name(each.todo.doer),
            at=each.todo.at,
        )
        for each in (dossier.whole.older if dossier.is_newest else ())
        if each.todo is not None
    )


def _closed_sign(keys: Keys, dossier: Dossier, sign: TakenBack) -> Closed | None:
    """What closed a sign: words on this version, or on another that told of it."""
    own = dossier.stored.line.id
    for version in sorted(dossier.whole.versions, key=lambda each: each.id != own):
        covers = any(each.rule == sign.rule and each.taken_at >= sign.taken_at for each in version.signs)
        closed = _closed(keys, dossier, version, sign.rule) if covers else None
        if closed is not None:
            return closed
    return None


def _closed(keys: Keys, dossier: Dossier, version: Version, item: str) -> Closed | None:
    closing = dossier.whole.closed.get(version.id, {}).get(item)
    if closing is None:
        return None
    subject = version.stored.line.subject
    if subject.wrapped is None:
        return Closed(ERASED, dossier.name(closing.by), closing.at)
    read = opened(keys, lambda: closing.read_note(subject.vault(keys)), DAMAGED)
    return Closed(read, dossier.name(closing.by), closing.at)
