"""What keeps an intake on the list until a person closes it: danger signs that were taken back, and what was decided.

Closing one takes words: what was said, or what came of it. Once nothing of any version is open, the intake leaves the
list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.storage import audit, closings, lineages
from intake.storage.closings import Closing, decision_item
from intake.workflow.review import lineage
from intake.workflow.review.people import vault_for

if TYPE_CHECKING:
    from intake.workflow.review.lineage import Lineage
    from intake.workflow.review.people import Practitioner
    from intake.workflow.shared.clinic import Clinic

LONGEST = 2000


def close(clinic: Clinic, intake_id: str, item: str, note: str, practitioner: Practitioner) -> bool:
    """Close an item with what was said or done; False, and nothing is written, without words or with too many.

    Raises NotFoundError where nothing of that name is open: a colleague was faster. Where the patient's key is damaged
    no words can be kept: raises DamagedError with words, and closes without.
    """
    words, now = note.strip(), clinic.clock()
    if len(words) > LONGEST:
        return False
    with clinic.database.begin() as connection:
        lineages.hold(connection, intake_id)
        whole = lineage.read(connection, clinic.vocabulary, intake_id)
        if item not in _open_items(whole, intake_id):
            raise NotFoundError("Nothing of that name is open here: a colleague has closed it.")
        vault = vault_for(clinic.keys, whole.of(intake_id).stored.line.subject, words)
        if vault is not None and not words:
            return False
        sealed = b"" if vault is None else closings.seal_note(vault, intake_id, item, words)
        closings.add(connection, Closing(intake_id, item, sealed, practitioner.id, now))
        lineage.settle(connection, clinic.vocabulary, intake_id)
        entry = audit.AuditEntry(now, practitioner.actor, "closed", "intake", intake_id, {"item": item})
        audit.record(connection, clinic.keys, entry)
    return True


def _open_items(whole: Lineage, intake_id: str) -> list[str]:
    """What is open of one version: signs that a newer version repeats, too."""
    version = whole.of(intake_id)
    waiting = {each.sign.key for each in whole.signs}
    signs = [sign.rule for sign in version.signs if sign.key in waiting]
    return [*signs, *([decision_item(version.todo.intake_version)] if version.todo else [])]
