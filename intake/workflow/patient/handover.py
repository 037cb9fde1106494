"""Going on with another device by four words: good for 15 minutes, used once, with the birth date where it is known.

Five wrong birth dates end a code; guesses are limited by network and in sum. Nothing is told of whether a code exists.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, draft_keys, drafts, handovers, invitations, subjects
from intake.storage.crypto import blind_index, token_hash
from intake.workflow.desk import records
from intake.workflow.keeping import limits
from intake.workflow.keeping.limits import Limit
from intake.workflow.patient.invitations import Entry
from intake.workflow.patient.word_list import WORDS
from intake.workflow.shared import birth_date
from intake.workflow.shared.birth_date import Entered

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.storage.crypto import Keys
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.shared.clinic import Clinic

LIFE = timedelta(minutes=15)
LENGTH = 4
GUESSES_HERE = Limit("words_here", 30, LIFE)
GUESSES_ALL = Limit("words", 600, limits.HOUR)


@dataclass(frozen=True, slots=True, repr=False)
class Offer:
    """The words to be typed on the other device, and until when; shown once."""

    words: tuple[str, ...]
    until: datetime


def offer(clinic: Clinic, draft: Draft) -> Offer:
    """Four words for an unsent draft, in place of those before; raises NotFoundError where it was sent."""
    if draft.sent:
        raise NotFoundError("These answers are sent: no other device goes on with them.")
    words, until = tuple(secrets.choice(WORDS) for _word in range(LENGTH)), clinic.clock() + LIFE
    with clinic.database.begin() as connection:
        handovers.offer(connection, draft.id, _hash(clinic.keys, " ".join(words)), until)
    return Offer(words, until)


def words_of(typed: str) -> str:
    """The words as they are looked for, whatever stands between them."""
    letters = "".join(sign if sign.isalpha() else " " for sign in typed.lower())
    return " ".join(letters.split())


def take(clinic: Clinic, entry: Entry, network: str) -> Entered:
    """Let a browser in that has the words, as `entry.token`, and the birth date where the form knows one.

    Raises LimitError where one network, or all together, tried too often.
    """
    now = clinic.clock()
    with clinic.database.begin() as connection:
        limits.spend(connection, clinic.keys, GUESSES_HERE, network, now)
        limits.spend(connection, clinic.keys, GUESSES_ALL, limits.EVERYBODY, now)
    hashed = _hash(clinic.keys, entry.token)
    with clinic.database.begin() as connection:
        found = handovers.by_code(connection, hashed, now)
        checked = Entered.WRONG if found is None else _check(connection, clinic, found, entry.born)
        if found is None or checked is not Entered.OPEN or not handovers.take(connection, found.draft_id, hashed):
            return Entered.WRONG if checked is Entered.OPEN else checked
        invited = invitations.of_draft(connection, found.draft_id)
        by = invited.id if invited is not None and invited.is_live(now) else None
        draft_keys.add(connection, token_hash(entry.key), found.draft_id, by, now)
        told = audit.AuditEntry(now, "patient", "handed_over", "draft", found.draft_id, {})
        audit.record(connection, clinic.keys, told)
    return Entered.OPEN


def _check(connection: Connection, clinic: Clinic, found: handovers.Handover, born: str | None) -> Entered:
    row = drafts.by_id(connection, found.draft_id)
    if row is None or row.reference is not None:
        return Entered.WRONG
    known = records.identity_of(clinic.keys, subjects.of_row(row)).born
    if not known:
        return Entered.OPEN
    return birth_date.check(connection, handovers.counter(found.draft_id), found.tries, known, born)


def _hash(keys: Keys, words: str) -> str:
    return blind_index(keys, "handover", words)
