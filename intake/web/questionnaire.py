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
    from collections.abc import Collection, Mapping
    from datetime import date

    from werkzeug.datastructures import MultiDict

    from intake.engine.vocabulary import Answers, Vocabulary
    from intake.pages import Page

STEPS = tuple(Step(page.name, page.facts, page.gate, page.optional) for page in PAGES)
STEP_NAMED = {step.name: step for step in (*STEPS, Step(CHECK.name, CHECK.facts, CHECK.gate, CHECK.optional))}


def first_address() -> str:
    """Where the questions begin."""
    return address(STEPS[0].name)


def address(name: str) -> str:
    """Where a page stands."""
    return f"/q/{name}"


def path(vocabulary: Vocabulary, answers: Answers) -> tuple[str, ...]:
    """The pages that stand before this patient, in order."""
    return interview.path(vocabulary, STEPS, answers)


def next_page(vocabulary: Vocabulary, answers: Answers, passed: Collection[str]) -> str | None:
    """The first page that is not done; None: on to the check page."""
    return interview.next_step(vocabulary, STEPS, answers, passed)


def page_before(vocabulary: Vocabulary, answers: Answers, name: str) -> str | None:
    """The page that comes before this one on the patient's path."""
    before = path(vocabulary, answers)
    place = before.index(name) if name in before else len(before)
    return before[place - 1] if place else None


def make_page(  # noqa: PLR0913, PLR0917 - what is known of the patient, and what was posted
    name: str,
    vocabulary: Vocabulary,
    answers: Answers,
    identity: Mapping[str, str],
    texts: Mapping[str, str],
    today: date,
    *,
    posted: MultiDict[str, str] | None = None,
    extra: Collection[str] = (),
) -> Page:
    """A page with the questions that apply, filled with what is stored or posted; `extra`: the view's own fields."""
    page = PAGE_NAMED.get(name)
    if page is None:
        raise NotFoundError("There is no such page.")
    now = interview.asked(vocabulary, answers)
    items = now.items[page.gate] if page.gate else ()
    return page(Known(today, now.facts, items, answers, identity, texts), posted, extra)


def step_of(page: Page) -> Step:
    """The step of a page as this patient saw it: what was not on the page is not touched when its answers are saved."""
    return replace(STEP_NAMED[page.name], facts=page.asked())
