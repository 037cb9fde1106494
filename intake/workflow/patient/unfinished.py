"""An intake that was not sent, with its danger signs, as a practitioner meets it: folded by cause, taken care of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.engine.interpret.truth import Intake
from intake.engine.read.answers import from_raw
from intake.errors import NotFoundError
from intake.storage import alerts, audit, drafts, staff, subjects, trail
from intake.storage.alerts import Alert, seal_care
from intake.workflow.patient.alarms import UNSURE_WHICH
from intake.workflow.patient.submit import evaluate
from intake.workflow.review.explanation import Explainer
from intake.workflow.review.findings import Shown, Telling, citations, shown
from intake.workflow.review.people import DAMAGED, Person, Practitioner, opened, person, vault_for
from intake.workflow.review.signs import Withdrawn, in_words
from intake.workflow.shared import looks

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

    from intake.storage.trail import TrailChange
    from intake.workflow.review.findings import Terms
    from intake.workflow.shared.clinic import Clinic

LONGEST_CARE = 2000
NOBODY_WAITS = "No danger sign of an unfinished intake waits here: the patient has sent it, or it was never there."


@dataclass(frozen=True, slots=True)
class Care:
    """Who takes care of an unfinished intake, what they do, and since when; `what` empty: nobody is behind it."""

    who: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Danger signs of an intake that nobody sent: what stands, what was taken back, what no rule in force tells of."""

    draft_id: str
    person: Person
    told_at: datetime
    cards: tuple[Shown, ...]
    signs: tuple[Withdrawn, ...]
    rest: tuple[Alert, ...]
    care: Care | None


def load(clinic: Clinic, terms: Terms, draft_id: str, practitioner: Practitioner) -> Unfinished:
    """One unfinished intake; raises NotFoundError where no danger sign waits there."""
    now = clinic.clock()
    with clinic.database.read() as connection:
        alarms = alerts.unsent(connection, [draft_id])
        row = drafts.by_id(connection, draft_id)
        if not alarms or row is None:
            raise NotFoundError(NOBODY_WAITS)
        changes = trail.of_draft(connection, draft_id)
        care = _care(connection, clinic, alarms)
        who = person(clinic.keys, subjects.find(connection, alarms[0].subject_id))
    look = audit.AuditEntry(now, practitioner.actor, "read", "draft", draft_id, {"alerts": len(alarms)})
    looks.record(clinic, look)
    cards, signs = _told(terms, row.answers, changes, alarms, clinic.day_of(now))
    named = {rule for card in cards for rule in card.card.rules} | {sign.rule for sign in signs}
    rest = tuple(alarm for alarm in alarms if alarm.rule not in named and not (named and alarm.rule == UNSURE_WHICH))
    return Unfinished(draft_id, who, min(alarm.at for alarm in alarms), cards, signs, rest, care)


def take_over(clinic: Clinic, draft_id: str, who: int, what: str, practitioner: Practitioner) -> bool:
    """Somebody takes on the danger signs; False, and nothing is written, without words or with too many.

    Raises NotFoundError where nothing is open. Where the patient's key is damaged no words can be kept: raises
    DamagedError with words, and takes on without.
    """
    words, now = what.strip(), clinic.clock()
    if len(words) > LONGEST_CARE:
        return False
    with clinic.database.begin() as connection:
        alarms = alerts.unsent(connection, [draft_id])
        if not any(alarm.taken_at is None for alarm in alarms):
            raise NotFoundError(NOBODY_WAITS)
        vault = vault_for(clinic.keys, subjects.find(connection, alarms[0].subject_id), words)
        if vault is not None and not words:
            return False
        name = staff.emails(connection).get(who) or staff.emails(connection).get(practitioner.id, "")
        care = b"" if vault is None else seal_care(vault, draft_id, {"who": name, "what": words})
        taken = alerts.take(connection, draft_id, now, care)
        entry = audit.AuditEntry(
            now, practitioner.actor, "took_over", "draft", draft_id, {"alerts": taken, "doer": who}
        )
        audit.record(connection, clinic.keys, entry)
    return True


def give_back(clinic: Clinic, draft_id: str, practitioner: Practitioner) -> None:
    """Put the danger signs back on the list; raises NotFoundError where nobody had taken them."""
    now = clinic.clock()
    with clinic.database.begin() as connection:
        if not alerts.unsent(connection, [draft_id]):
            raise NotFoundError(NOBODY_WAITS)
        given = alerts.give_back(connection, draft_id)
        entry = audit.AuditEntry(now, practitioner.actor, "gave_back", "draft", draft_id, {"alerts": given})
        audit.record(connection, clinic.keys, entry)


def people(clinic: Clinic) -> tuple[tuple[int, str], ...]:
    """The members of staff who may take care: number and address."""
    with clinic.database.read() as connection:
        return tuple(staff.emails(connection).items())


def _care(connection: Connection, clinic: Clinic, alarms: list[Alert]) -> Care | None:
    """Who takes care of what was taken on last; nobody while anything is open."""
    times = [alarm.taken_at for alarm in alarms if alarm.taken_at is not None]
    if len(times) < len(alarms):
        return None
    last = max(times)
    alarm = next(alarm for alarm in alarms if alarm.taken_at == last)
    if alarm.care is None:
        return Care("", "", last)
    subject = subjects.find(connection, alarm.subject_id)
    damaged = {"who": DAMAGED, "what": DAMAGED}
    words = opened(clinic.keys, lambda: alarm.read_care(subject.vault(clinic.keys)), damaged)
    return Care(words.get("who", ""), words.get("what", ""), last)


def _told(
    terms: Terms, stored: dict[str, object], changes: list[TrailChange], alarms: list[Alert], today: date
) -> tuple[tuple[Shown, ...], tuple[Withdrawn, ...]]:
    """The findings that the clinic was told of, folded, and what was taken back since; nothing where the rules fail."""
    evaluation = evaluate(terms.rulebook, from_raw(stored), changes=changes)
    if evaluation.decision is None:
        return (), ()
    told = {alarm.rule for alarm in alarms}
    explainer = Explainer(terms.rulebook, evaluation.facts, terms.words)
    telling = Telling(today, citations(terms.rulebook), explainer, {})
    answers = Intake(terms.vocabulary, evaluation.facts).answers
    cards = tuple(shown(terms, card, answers, telling) for card in evaluation.cards if not told.isdisjoint(card.rules))
    return cards, tuple(in_words(terms, sign) for sign in evaluation.withdrawn)
