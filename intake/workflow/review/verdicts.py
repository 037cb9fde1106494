"""Decisions: what a practitioner may decide, what a decision must carry, and how it is recorded.

It is written only for the version that was read, which must be the newest, only if every urgent finding was ticked as
seen and the patient's own words as read, and with a reason from a list for everything but a plain "ready". "Call first"
and "refer" keep the intake on the list until somebody closes them; nothing else may be decided while a sign that was
taken back is open. Older versions that nobody decided are superseded by it (docs/adr/0016).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intake.engine.book.levels import Tier, Urgency
from intake.errors import DamagedError, StaleError
from intake.storage import alerts, audit, lineages, reviews
from intake.storage.intakes import Stored
from intake.workflow.review import lineage, reply
from intake.workflow.review.folding import Card
from intake.workflow.review.held import GoneCard
from intake.workflow.review.outcomes import SEEN, TO_DO, Outcome, Override, Reason
from intake.workflow.review.people import NO_NOTE, Practitioner
from intake.workflow.review.standing import cards_of
from intake.workflow.shared.clinic import Clinic

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from intake.workflow.review.lineage import Lineage

LONGEST_NOTE = 4000
NEWER = "A newer version of this intake exists; decide that one. Nothing was saved."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a practitioner sends. `seen` and `overrides` name cards by their keys; `doer` does what is asked for.

    `read`: the patient's own words were.
    """

    version: int
    outcome: Outcome | None
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    seen: frozenset[str] = frozenset()
    overrides: Mapping[str, Override] = field(default_factory=dict)
    read: bool = False
    doer: int | None = None


@dataclass(frozen=True, slots=True)
class StillOpen:
    """What waits for a practitioner beside the findings: own words not read, danger signs taken back and not closed.

    `gone`: findings that only older versions have.
    """

    evaluated: bool = True
    unread_words: bool = False
    signs: int = 0
    gone: tuple[GoneCard, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a verdict was not recorded: the field, and a sentence."""

    field: str
    sentence: str


def decide(clinic: Clinic, intake_id: str, verdict: Verdict, practitioner: Practitioner) -> tuple[Wrong, ...]:
    """Record a verdict, or say what it lacks.

    Raises StaleError, and writes nothing, where the intake moved on or has a newer version.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        lineages.hold(connection, intake_id)
        whole = lineage.read(connection, clinic.vocabulary, intake_id)
        stored = whole.newest.stored
        if stored.line.id != intake_id:
            raise StaleError(NEWER)
        if stored.line.version != verdict.version:
            raise StaleError(reviews.STALE)
        cards = cards_of(clinic.vocabulary, stored)
        waiting = StillOpen(stored.decision is not None, whole.unread_words, len(whole.signs), whole.gone)
        wrong = problems(cards, verdict, waiting)
        if wrong or verdict.outcome is None:
            return wrong
        handled = _handled(cards, verdict)
        try:
            note = _sealed_note(clinic, stored, verdict)
        except DamagedError:
            return (Wrong("note", NO_NOTE),)
        doer = (verdict.doer or practitioner.id) if verdict.outcome in TO_DO else None
        reasons = tuple(reason.value for reason in verdict.reasons)
        review = reviews.Review(
            intake_id, verdict.version, verdict.outcome.value, reasons, handled, note, doer, practitioner.id, now
        )
        reviews.add(connection, review)
        reply.post(connection, clinic, stored, review)
        details = {
            "version": verdict.version,
            "outcome": verdict.outcome.value,
            "reasons": list(reasons),
            "rules": handled,
            "words_read": verdict.read,
            "doer": doer,
        }
        entry = audit.AuditEntry(now, practitioner.actor, "decided", "intake", intake_id, details)
        audit.record(connection, clinic.keys, entry)
        _supersede(connection, clinic, whole, practitioner, now)
        lineage.settle(connection, clinic.vocabulary, intake_id)
        return ()


def _supersede(
    connection: Connection, clinic: Clinic, whole: Lineage, practitioner: Practitioner, now: datetime
) -> None:
    """Close what older versions held open and this decision has read: their alarms, and that nobody decided them."""
    for version in whole.versions:
        alerts.take(connection, version.stored.line.draft_id, now)
    waiting = [each for each in whole.older if each.waits]
    lineages.supersede(connection, [each.id for each in waiting])
    for each in waiting:
        gone = [rule for card in whole.gone if card.number == each.number for rule in card.card.rules]
        details = {"by": whole.newest.id, "number": whole.newest.number, "rules": gone}
        entry = audit.AuditEntry(now, practitioner.actor, "superseded", "intake", each.id, details)
        audit.record(connection, clinic.keys, entry)


def _sealed_note(clinic: Clinic, stored: Stored, verdict: Verdict) -> bytes | None:
    if not verdict.note:
        return None
    return reviews.seal_note(stored.line.subject.vault(clinic.keys), stored.line.id, verdict.version, verdict.note)


def problems(cards: Sequence[Card], verdict: Verdict, waiting: StillOpen) -> tuple[Wrong, ...]:
    """What a verdict on these findings lacks, in the order of the page."""
    standing = [card for card in cards if card.key not in verdict.overrides]
    grave = not waiting.evaluated or any(card.tier >= Tier.DO_NOT_NEEDLE_YET for card in standing)
    return (*_not_read(cards, verdict, waiting), *_not_decided(verdict, grave=grave), *_not_in_the_note(cards, verdict))


def _not_read(cards: Iterable[Card], verdict: Verdict, waiting: StillOpen) -> Iterator[Wrong]:
    """What has to be closed, read or seen before anything is decided."""
    if waiting.signs and verdict.outcome not in {None, *TO_DO}:
        yield Wrong("signs", "First close each danger sign that was taken back, or choose “Call first”.")
    if waiting.unread_words and not verdict.read:
        yield Wrong("read", "Tick “Read” beside the patient’s own words first.")  # noqa: RUF001 - typographic
    urgent = {each.key: each.card for each in waiting.gone} | {card.key: card for card in cards}
    for key, card in urgent.items():
        if card.tier is Tier.URGENT and key not in verdict.seen:
            yield Wrong(f"seen-{key}", "Tick “Seen” on each urgent finding first.")


def _not_decided(verdict: Verdict, *, grave: bool) -> Iterator[Wrong]:
    """The outcome, and a reason for everything but a plain "ready"; `grave`: a finding speaks against it."""
    if verdict.outcome is None:
        yield Wrong("outcome", "Choose what you decide.")
    elif verdict.reasons:
        return
    elif verdict.outcome is not Outcome.READY:
        yield Wrong("reason", "Choose a reason for this decision.")
    elif grave:
        yield Wrong("reason", "Choose a reason: a finding still says not to needle, or that a doctor is needed.")


def _not_in_the_note(cards: Iterable[Card], verdict: Verdict) -> Iterator[Wrong]:
    """What only the practitioner's own words can say."""
    if not verdict.note.strip():
        if verdict.outcome and Reason.OTHER in verdict.reasons:
            yield Wrong("note", "Say in the note what the other reason is.")
        if any(_emergency_set_aside(card, verdict) for card in cards):
            yield Wrong("note", "Say in the note, in your own words, why the emergency does not stand.")
    if len(verdict.note) > LONGEST_NOTE:
        yield Wrong("note", f"The note may have {LONGEST_NOTE} characters.")


def _emergency_set_aside(card: Card, verdict: Verdict) -> bool:
    return card.key in verdict.overrides and card.levels.urgency is Urgency.EMERGENCY_NOW


def _handled(cards: Iterable[Card], verdict: Verdict) -> dict[str, str]:
    """Per rule: the reason of its override, or that it was seen."""
    handled = {}
    for card in cards:
        override = verdict.overrides.get(card.key)
        if override is not None or card.key in verdict.seen:
            handled.update(dict.fromkeys(card.rules, override.value if override else SEEN))
    return handled
