"""Decisions: what a practitioner may decide, what a decision must carry, and how it is recorded.

It is written only for the version that was read, only if every urgent finding was ticked as seen, and with a reason
from a list for everything but a plain "ready".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from intake.engine.book.levels import Tier
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.read.answers import from_raw
from intake.errors import DamagedError, StaleError
from intake.storage import alerts, audit, intakes, reviews
from intake.storage.intakes import Stored
from intake.workflow.clinic import Clinic
from intake.workflow.review.folding import Card, entries, fold, open_gates
from intake.workflow.review.people import Practitioner

LONGEST_NOTE = 4000
SEEN = "seen"
NO_NOTE = "This patient's key is damaged, so that no note can be kept. Write it elsewhere, and leave this empty."


class Outcome(StrEnum):
    """What a practitioner decides."""

    READY = "ready"
    CALL_FIRST = "call_first"
    REFER = "refer"
    NOT_SUITABLE_NOW = "not_suitable_now"


class Reason(StrEnum):
    """Why: one or more of these beside the outcome."""

    URGENT_SIGNS = "urgent_signs"
    NEEDS_MEDICAL_REVIEW = "needs_medical_review"
    MISSING_ANSWERS = "missing_answers"
    MEDICINE_OR_BLEEDING = "medicine_or_bleeding"
    INFECTION_OR_SKIN = "infection_or_skin"
    PREGNANCY_OR_DEVICE = "pregnancy_or_device"
    OTHER_TREATMENT = "other_treatment"
    OTHER_AREA = "other_area"
    CLEARED_WITH_PATIENT = "cleared_with_patient"
    CLEARED_WITH_DOCTOR = "cleared_with_doctor"
    PATIENT_WISH = "patient_wish"
    OTHER = "other"


class Override(StrEnum):
    """Why a finding does not stand."""

    CHECKED_WITH_PATIENT = "checked_with_patient"
    CHECKED_WITH_DOCTOR = "checked_with_doctor"
    DOES_NOT_APPLY = "does_not_apply"
    ALREADY_CARED_FOR = "already_cared_for"
    ANSWERED_BY_MISTAKE = "answered_by_mistake"
    RULE_IN_DOUBT = "rule_in_doubt"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a practitioner sends. `seen` and `overrides` name cards by their keys."""

    version: int
    outcome: Outcome | None
    reasons: tuple[Reason, ...] = ()
    note: str = ""
    seen: frozenset[str] = frozenset()
    overrides: Mapping[str, Override] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why a verdict was not recorded: the field, and a sentence."""

    field: str
    sentence: str


def decide(clinic: Clinic, intake_id: str, verdict: Verdict, practitioner: Practitioner) -> tuple[Wrong, ...]:
    """Record a verdict, or say what it lacks. Raises StaleError, and writes nothing, where the intake moved on."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        stored = intakes.by_id(connection, intake_id)
        if stored.line.version != verdict.version:
            raise StaleError(intakes.STALE)
        cards = cards_of(clinic.vocabulary, stored)
        wrong = problems(cards, verdict, evaluated=stored.decision is not None)
        if wrong or verdict.outcome is None:
            return wrong
        handled = _handled(cards, verdict)
        try:
            note = _sealed_note(clinic, stored, verdict)
        except DamagedError:
            return (Wrong("note", NO_NOTE),)
        reasons = tuple(reason.value for reason in verdict.reasons)
        reviews.add(
            connection,
            reviews.Review(
                intake_id, verdict.version, verdict.outcome.value, reasons, handled, note, practitioner.id, now
            ),
        )
        alerts.acknowledge(connection, stored.line.draft_id, now)
        told = {
            "version": verdict.version,
            "outcome": verdict.outcome.value,
            "reasons": list(reasons),
            "rules": handled,
        }
        entry = audit.AuditEntry(now, practitioner.actor, "decided", "intake", intake_id, told)
        audit.record(connection, clinic.keys, entry)
        return ()


def _sealed_note(clinic: Clinic, stored: Stored, verdict: Verdict) -> bytes | None:
    if not verdict.note:
        return None
    return reviews.seal_note(stored.line.subject.vault(clinic.keys), stored.line.id, verdict.version, verdict.note)


def problems(cards: Iterable[Card], verdict: Verdict, *, evaluated: bool) -> tuple[Wrong, ...]:
    """What a verdict on these findings lacks, in the order of the page."""
    standing = [card for card in cards if card.key not in verdict.overrides]
    unseen = [card for card in cards if card.tier is Tier.URGENT and card.key not in verdict.seen]
    grave = not evaluated or any(card.tier >= Tier.DO_NOT_NEEDLE_YET for card in standing)
    needs_reason = verdict.outcome is not None and (verdict.outcome is not Outcome.READY or grave)
    found = [Wrong(f"seen-{card.key}", "Tick “Seen” on each urgent finding first.") for card in unseen]
    if verdict.outcome is None:
        found.append(Wrong("outcome", "Choose what you decide."))
    if needs_reason and not verdict.reasons:
        found.append(Wrong("reason", _reason_needed(verdict.outcome)))
    if verdict.outcome and Reason.OTHER in verdict.reasons and not verdict.note.strip():
        found.append(Wrong("note", "Say in the note what the other reason is."))
    if len(verdict.note) > LONGEST_NOTE:
        found.append(Wrong("note", f"The note may have {LONGEST_NOTE} characters."))
    return tuple(found)


def _reason_needed(outcome: Outcome | None) -> str:
    if outcome is Outcome.READY:
        return "Choose a reason: a finding still says not to needle, or that a doctor is needed."
    return "Choose a reason for this decision."


def _handled(cards: Iterable[Card], verdict: Verdict) -> dict[str, str]:
    """Per rule: the reason of its override, or that it was seen."""
    handled = {}
    for card in cards:
        override = verdict.overrides.get(card.key)
        if override is not None or card.key in verdict.seen:
            handled.update(dict.fromkeys(card.rules, override.value if override else SEEN))
    return handled


def cards_of(vocabulary: Vocabulary, stored: Stored) -> tuple[Card, ...]:
    """The findings of a stored intake, folded for people."""
    gates = open_gates(vocabulary, from_raw(stored.answers))
    return fold(entries(stored.decision or {}), gates, vocabulary.roles.where_it_hurts)
