"""The questionnaire as steps and pages: which page comes next, and that page, ready to be shown or read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from intake.errors import NotFoundError
from intake.forms import CHECK, MORE, PAGE_NAMED, PAGES, more
from intake.questions.fields import Known, codes_of_answer
from intake.workflow.patient import interview
from intake.workflow.patient.interview import Step

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from werkzeug.datastructures import MultiDict

    from intake.engine.book.vocabulary import Answer, Vocabulary
    from intake.questions.pages import Page
    from intake.storage.crypto import Keys
    from intake.workflow.patient.drafts import Draft
    from intake.workflow.patient.interview import Asked

OWN_FIELDS = ("version", "end", "big")  # what the templates put into every form beside the questions
ASKED = "asked"  # the facts on that page, as its form sends them back
STEPS = tuple(Step(page.name, page.facts, page.gate, page.optional) for page in PAGES)
STEP_NAMED = {step.name: step for step in (*STEPS, Step(CHECK.name, CHECK.facts, CHECK.gate, CHECK.optional))}


def page(  # noqa: PLR0913, PLR0917 - what is asked, the patient, the day, the post
    now: Asked,
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
    items = now.items[made.gate] if made.gate else ()
    identity, texts = (draft.identity(keys), draft.texts(keys)) if made.personal else ({}, {})
    return made(Known(today, now.facts, items, draft.answers, identity, texts), posted, OWN_FIELDS)


def more_page(  # noqa: PLR0913, PLR0917 - the patient, the questions, the day, the post
    vocabulary: Vocabulary,
    keys: Keys,
    draft: Draft,
    names: Collection[str],
    new: Mapping[str, frozenset[str]],
    today: date,
    posted: MultiDict[str, str] | None = None,
) -> Page:
    """The one page with questions that came since their pages were passed.

    A "none" that was said to less than the `new` question offers is not filled in.
    """
    now = interview.asked(vocabulary, draft.answers)
    made = more(frozenset(names))
    gates = [name for name in names if name in now.items]
    items = tuple(item for gate in gates for item in now.items[gate])
    answers = {**draft.answers, **{gate: _ticked(vocabulary, gate, draft) for gate in gates}}
    denied = {name for name in answers.keys() & new.keys() if _denies(vocabulary, name, answers[name])}
    kept = {name: answer for name, answer in answers.items() if name not in denied}
    known = Known(today, now.facts.intersection(names), items, kept, draft.identity(keys), draft.texts(keys))
    page = made(known, posted, (*OWN_FIELDS, ASKED))
    for control in page.controls():
        control.mark(frozenset(code for fact in control.facts for code in new.get(fact, ())))
    return page


def _ticked(vocabulary: Vocabulary, gate: str, draft: Draft) -> tuple[str, ...]:
    """The ticks of a gate, and those of items that stand for what was answered before they were there."""
    stored = codes_of_answer(draft.answers.get(gate))
    seen = (*stored, *codes_of_answer(draft.answers.get(f"{gate}_seen")))
    told = [
        item
        for item, behind in vocabulary.gates[gate].items()
        if item not in seen
        and any(name in draft.answers and not _denies(vocabulary, name, draft.answers[name]) for name in behind)
    ]
    return (*(code for code in stored if not told or code != interview.NONE), *told)


def _denies(vocabulary: Vocabulary, name: str, answer: Answer) -> bool:
    """Whether an answer says no to all that was asked."""
    if name in vocabulary.gates:
        return answer == (interview.NONE,)
    fact = vocabulary.facts[name]
    return answer in {fact.benign, (fact.benign,), (fact.none,)}


def step_of(page: Page, vocabulary: Vocabulary) -> Step:
    """The step of a page as this patient saw it: what was not on the page is not touched when its answers are saved."""
    if page.name != MORE:
        return replace(STEP_NAMED[page.name], facts=page.asked(), shown=vocabulary)
    names = {*page.asked(), page.gate}
    passes = tuple(step.name for step in STEPS if names.intersection((*step.facts, step.gate or "")))
    return Step(MORE, page.asked(), page.gate, shown=vocabulary, passes=passes)
