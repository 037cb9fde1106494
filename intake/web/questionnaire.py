"""The questionnaire as steps and pages: which page comes next, and that page, ready to be shown or read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.fields import Known
from intake.forms import CHECK, PAGE_NAMED, PAGES
from intake.workflow import interview
from intake.workflow.interview import Step

if TYPE_CHECKING:
    from datetime import date

    from werkzeug.datastructures import MultiDict

    from intake.engine.vocabulary import Vocabulary
    from intake.pages import Page
    from intake.storage.crypto import Keys
    from intake.workflow.drafts import Draft

OWN_FIELDS = ("version", "end", "big")  # what the templates put into every form beside the questions
STEPS = tuple(Step(page.name, page.facts, page.gate, page.optional) for page in PAGES)
STEP_NAMED = {step.name: step for step in (*STEPS, Step(CHECK.name, CHECK.facts, CHECK.gate, CHECK.optional))}


def page(  # noqa: PLR0913, PLR0917 - the patient, the day, the post
    vocabulary: Vocabulary,
    keys: Keys,
    draft: Draft,
    name: str,
    today: date,
    posted: MultiDict[str, str] | None = None,
) -> Page:
    """A page with the questions that apply, filled with what is stored or was posted."""
    made = PAGE_NAMED.get(name)
    if made is None:
        raise NotFoundError("There is no such page.")
    now = interview.asked(vocabulary, draft.answers)
    items = now.items[made.gate] if made.gate else ()
    known = Known(today, now.facts, items, draft.answers, draft.identity(keys), draft.texts(keys))
    return made(known, posted, OWN_FIELDS)


def step_of(page: Page) -> Step:
    """The step of a page as this patient saw it: what was not on the page is not touched when its answers are saved."""
    return replace(STEP_NAMED[page.name], facts=page.asked())
