"""What belongs to whom in one browser: a page to its draft, the last page to its sender or who knows the birth date.

A shared device keeps pages, and people press Back: nothing of one patient may reach the next, or be taken for theirs.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask import request, session
from flask_babel import gettext as _

from intake.questions.control import Known
from intake.questions.pages import new_page
from intake.questions.questionnaire import BEFORE_YOU_SEND
from intake.questions.typed import BirthDate
from intake.questions.wording import person
from intake.web.services import services
from intake.web.sessions import cookie_path

if TYPE_CHECKING:
    from werkzeug import Response
    from werkzeug.datastructures import MultiDict

    from intake.questions.pages import PageForm
    from intake.workflow.patient.drafts import Draft

MARK = "draft"  # the field that names the draft of a form
ALONE = "intake_alone"  # the patient said that nobody else uses this device
GUESSES = 5
MARK_LENGTH = 16
BORN = ("date_of_birth-day", "date_of_birth-month", "date_of_birth-year")
_RECEIPT, _GUESSED, _COPY, _CORRECTION = "receipt", "guessed", "copy", "correction"
_WHOSE = new_page("whose", BEFORE_YOU_SEND, date_of_birth=BirthDate(person.WHOSE, BirthDate.key))


def mark(draft: Draft) -> str:
    """What tells the pages of this draft from those of others; it opens nothing."""
    return hashlib.sha256(draft.id.encode()).hexdigest()[:MARK_LENGTH]


def is_of_another(draft: Draft) -> bool:
    """Whether the form that came belongs to other answers than those that are open in this browser."""
    return request.form.get(MARK, mark(draft)) != mark(draft)


def allow_receipt(draft: Draft) -> None:
    """Let this browser see the last page once: it has just sent the answers, or knows the birth date."""
    session[_RECEIPT] = mark(draft)
    session.pop(_GUESSED, None)


def take_receipt(draft: Draft) -> bool:
    """Whether the last page may be shown now.

    The session's cookie, which no script can read, changes with it: that makes a browser drop the pages before this one
    that it kept in memory for Back, also those that may not be stored. No script and no picture is needed for it.
    """
    return bool(session.pop(_RECEIPT, None) == mark(draft))


def allow_copy(draft: Draft) -> None:
    """Let this browser see the copy of what was sent once: it has just named the birth date."""
    session[_COPY] = mark(draft)


def take_copy(draft: Draft) -> bool:
    """Whether the copy may be shown now; the session's cookie changes, as in `take_receipt`."""
    return bool(session.pop(_COPY, None) == mark(draft))


def allow_correction(draft: Draft) -> None:
    """Let whoever sees the copy now correct it."""
    session[_CORRECTION] = mark(draft)


def take_correction(draft: Draft) -> bool:
    """Whether this browser has just seen the copy."""
    return bool(session.pop(_CORRECTION, None) == mark(draft))


def forget_permissions() -> None:
    """Let this browser see nothing any more that a birth date opened."""
    for name in (_RECEIPT, _COPY, _CORRECTION):
        session.pop(name, None)


def whose(posted: MultiDict[str, str] | None, extra: tuple[str, ...]) -> PageForm:
    """The question for the patient's date of birth, which opens the last page again."""
    return _WHOSE(Known(services().clinic.today, frozenset({BirthDate.key})), posted, extra)


def is_patients(page: PageForm, draft: Draft) -> bool:
    """Whether a valid page names the date of birth in the answers; if not, the page says so."""
    born = draft.identity(services().clinic.keys).get(BirthDate.key)
    if born is not None and born_in(page) == born:
        return True
    refuse_date(page)
    return False


def born_in(page: PageForm) -> str | None:
    """The date of birth (ISO) of a valid page that asks for it alone."""
    return page.to_identity().get(BirthDate.key)


def refuse_date(page: PageForm) -> None:
    """Let the page say that the date is not the right one."""
    page["date_of_birth"].errors = [_("This is not the date of birth in these answers.")]


def may_guess_again() -> bool:
    """Count one wrong date; after a few, this browser is to lose its way to the answers."""
    session[_GUESSED] = session.get(_GUESSED, 0) + 1
    return bool(session[_GUESSED] < GUESSES)


def is_alone() -> bool:
    """Whether the browser may remember and fill in what is typed: only where nobody else uses the device."""
    return ALONE in request.cookies


def remember_alone(response: Response) -> None:
    """Keep what the start page was told of the device, until the way to the draft is taken out of it."""
    if ALONE in request.form:
        response.set_cookie(ALONE, "1", path=cookie_path(), httponly=True, samesite="Lax", secure=services().secure)
    elif is_alone():
        response.delete_cookie(ALONE, path=cookie_path())
