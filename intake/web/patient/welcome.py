"""The page of last time, before the questions of whoever comes again by an invitation: its rows, its form, its answers.

A row is offered until the page was answered, in the words that stood on the copy of what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import g
from flask_babel import format_date

from intake.questions import last_time as form
from intake.questions.control import Known
from intake.questions.last_time import OldAnswer
from intake.questions.wording.last_time import PERSON
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.summary import rows as in_words
from intake.web.services import services
from intake.workflow.patient import last_time
from intake.workflow.patient.last_time import Confirmed

if TYPE_CHECKING:
    from collections.abc import Collection

    from werkzeug.datastructures import MultiDict

    from intake.questions.pages import PageForm
    from intake.workflow.patient.drafts import Draft, Post
    from intake.workflow.patient.last_time import LastTime


@dataclass(frozen=True, slots=True)
class _Row:
    """An answer of last time as it is offered, and as it counts where it is still right."""

    shown: OldAnswer
    answers: Confirmed


def page(draft: Draft, posted: MultiDict[str, str] | None) -> PageForm:
    """What may still be right, and what has changed; with what is stored, or with what was sent."""
    last = _last(draft)
    rows = [] if last is None else _rows(draft, last)
    day = "" if last is None else format_date(last.sent_at.astimezone(services().clinic.zone), "long")
    made = form.page_of([each.shown for each in rows], day)
    return made(_known(draft, made), posted, OWN_FIELDS)


def since(draft: Draft) -> PageForm:
    """What has changed since last time, alone."""
    made = form.page_of([], "")
    return made(_known(draft, made))


def same_page(draft: Draft, sent: PageForm) -> PageForm:
    """The page that was sent, with what is stored."""
    return type(sent)(_known(draft, type(sent)), None, OWN_FIELDS)


def post(draft: Draft, sent: PageForm) -> Post:
    """What a valid page stores."""
    parts, last = services(), _last(draft)
    right = form.still_right(sent)
    confirmed = [] if last is None else [each.answers for each in _rows(draft, last) if each.shown.page in right]
    marks = {name: answer for name, answer in sent.to_answers().items() if name in form.TOPICS}
    made = last_time.post(parts.vocabulary, draft, marks, confirmed, last)
    return last_time.passed_by(made, parts.questionnaire.steps)


def _known(draft: Draft, made: type[PageForm]) -> Known:
    return Known(services().clinic.today, frozenset(made.facts), answers=draft.answers)


def _last(draft: Draft) -> LastTime | None:
    """The form of last time, read once a request."""
    kept: tuple[str, LastTime | None] | None = g.get("last_time")
    if kept is None or kept[0] != draft.id:
        kept = g.last_time = draft.id, last_time.read(services().clinic, draft)
    return kept[1]


def _rows(draft: Draft, last: LastTime) -> list[_Row]:
    """One row for each page of questions, with what it is followed by."""
    parts = services()
    names = last_time.lasting(parts.vocabulary, last.draft.answers, draft.answers)
    found: dict[str, _Row] = {}
    for made in parts.questionnaire.pages:
        here = names.intersection(made.facts)
        row = _row(last, made, here) if here else None
        if row is not None:
            _put(found, row, here)
    return list(found.values())


def _put(found: dict[str, _Row], row: _Row, names: Collection[str]) -> None:
    """Stand alone, or in the row of what it is about; without that it is asked on its page."""
    about = {name for each in names for name in last_time.goes_with(services().vocabulary, each)}
    if not about:
        found[row.shown.page] = row
        return
    for page_name, before in found.items():
        if about & before.answers.answers.keys():
            words = (*before.shown.words, *row.shown.words)
            shown = OldAnswer(page_name, before.shown.question, words)
            answers = Confirmed(page_name, {**before.answers.answers, **row.answers.answers}, before.answers.identity)
            found[page_name] = _Row(shown, answers)
            return


def _row(last: LastTime, made: type[PageForm], names: frozenset[str]) -> _Row | None:
    """The row of a page of last time; None where what was said cannot be said any more."""
    clinic, earlier = services().clinic, last.draft
    identity = earlier.identity(clinic.keys) if made.personal else {}
    filled = made(Known(clinic.today, names, answers=earlier.answers, identity=identity))
    if any(control.problem() for control in filled.controls()):
        return None
    lines = in_words(filled.view())
    words = tuple(word for line in lines for word in line.words)
    question = str(PERSON) if made.personal else lines[0].legend
    answers = Confirmed(made.name, filled.to_answers(), filled.to_identity())
    return _Row(OldAnswer(made.name, question, words), answers)
