"""Some questions of a sent form, on one page: for the patient who is asked back, for staff who enter an answer.

What the form says already stands in them; the lists in front of them are not shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake.questions.control import Known
from intake.web.services import services
from intake.workflow.patient import interview
from intake.workflow.patient.drafts import Post

if TYPE_CHECKING:
    from collections.abc import Collection

    from werkzeug.datastructures import MultiDict

    from intake.questions.pages import PageForm
    from intake.workflow.patient.drafts import Draft

SELF = "self"


def page_of(
    names: Collection[str], draft: Draft, posted: MultiDict[str, str] | None, extra: Collection[str], *, to_staff: bool
) -> PageForm:
    """The controls that ask these facts, with what is stored or with what was posted."""
    parts = services()
    answers = {**interview.resolve(parts.vocabulary, draft.answers), **draft.answers}
    who = answers.get(parts.vocabulary.roles.who_answers)
    told = Known(
        parts.clinic.today, frozenset(names), answers=answers, for_patient=not to_staff and who not in {None, SELF}
    )
    return parts.questionnaire.more(names)(told, posted, extra)


def post_of(page: PageForm) -> Post:
    """What a valid page says."""
    return Post(services().questionnaire.step_of(page), page.to_answers(), page.to_identity(), page.to_texts())
