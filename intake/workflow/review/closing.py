"""What keeps an intake on the list until a person closes it: danger signs that were taken back, and what was decided.

Closing one takes words: what was said, or what came of it. Once nothing is open, the intake leaves the list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, closings, intakes, reviews, taken_back
from intake.storage.closings import Closing, decision_item
from intake.storage.intakes import State
from intake.storage.ranks import NOT_EVALUATED_RANK
from intake.workflow.review import standing
from intake.workflow.review.outcomes import TO_DO
from intake.workflow.review.people import vault_for

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from intake.engine.book.vocabulary import Vocabulary
    from intake.storage.intakes import Stored
    from intake.storage.taken_back import TakenBack
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

LONGEST = 2000


def open_signs(connection: Connection, intake_id: str) -> tuple[TakenBack, ...]:
    """The danger signs of an intake that were taken back and that nobody has closed."""
    closed = closings.of_intakes(connection, [intake_id]).get(intake_id, {})
    signs = taken_back.of_intakes(connection, [intake_id]).get(intake_id, ())
    return tuple(sign for sign in signs if sign.rule not in closed)


def to_do(connection: Connection, intake_id: str) -> str | None:
    """The item that the last decision opened, while nobody has closed it."""
    decisions = reviews.of_intake(connection, intake_id)
    if not decisions or decisions[-1].outcome not in TO_DO:
        return None
    item = decision_item(decisions[-1].intake_version)
    return None if item in closings.of_intakes(connection, [intake_id]).get(intake_id, {}) else item


def close(clinic: Clinic, intake_id: str, item: str, note: str, practitioner: Practitioner) -> bool:
    """Close an item with what was said or done; False, and nothing is written, without words or with too many.

    Raises NotFoundError where nothing of that name is open: a colleague was faster. Where the patient's key is damaged
    no words can be kept: raises DamagedError with words, and closes without.
    """
    words, now = note.strip(), clinic.clock()
    if len(words) > LONGEST:
        return False
    with clinic.database.begin() as connection:
        stored = intakes.by_id(connection, intake_id)
        if item not in _open_items(connection, intake_id):
            raise NotFoundError("Nothing of that name is open here: a colleague has closed it.")
        vault = vault_for(clinic.keys, stored.line.subject, words)
        if vault is not None and not words:
            return False
        sealed = b"" if vault is None else closings.seal_note(vault, intake_id, item, words)
        closings.add(connection, Closing(intake_id, item, sealed, practitioner.id, now))
        _settle(connection, clinic.vocabulary, stored)
        entry = audit.AuditEntry(now, practitioner.actor, "closed", "intake", intake_id, {"item": item})
        audit.record(connection, clinic.keys, entry)
    return True


def _open_items(connection: Connection, intake_id: str) -> list[str]:
    decided = to_do(connection, intake_id)
    return [sign.rule for sign in open_signs(connection, intake_id)] + ([decided] if decided else [])


def _settle(connection: Connection, vocabulary: Vocabulary, stored: Stored) -> None:
    """Put an intake where it belongs, now that something of it is closed."""
    line = stored.line
    signs = open_signs(connection, line.id)
    order = NOT_EVALUATED_RANK
    if not line.not_evaluated:
        order = standing.rank(standing.cards_of(vocabulary, stored), signs)
    waits = line.state is not State.DECIDED or bool(signs) or to_do(connection, line.id) is not None
    intakes.settle(connection, line.id, order=order, still_open=waits)
