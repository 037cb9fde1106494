"""A word back to answers that are no danger and yet change the visit: no adult comes along, the patient does not agree.

It stands on top of the page after the one that asked, and on the check page; the way on stays open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from intake.web.services import services

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.workflow.patient.drafts import Draft

NO = "no"


def replies(draft: Draft, facts: Collection[str]) -> tuple[str, ...]:
    """The sentences for what was answered to these facts."""
    return tuple(words for fact, words in _words().items() if fact in facts and draft.answers.get(fact) == NO)


def _words() -> dict[str, str]:
    roles, phone = services().vocabulary.roles, services().details.phone
    return {
        roles.adult_comes: _(
            "Under 18, a parent or guardian should be at the visit. If nobody can come, call us first: %(phone)s.",
            phone=phone,
        ),
        roles.agrees: _(
            "Nobody is seen who does not agree. You can stop here, or call us to talk: %(phone)s.", phone=phone
        ),
    }
