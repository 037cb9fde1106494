"""Versions of an intake in tests: a correction that goes on from the newest, and a second form of the same visit."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from intake.questions.steps import Step
from intake.storage import intakes, visit_forms, visits
from intake.storage.corrections import By
from intake.workflow.patient import drafts, versions
from intake.workflow.patient.drafts import Post
from intake.workflow.patient.submit import Sending
from intake.workflow.patient.versions import Change
from tests.support.small_clinic import CALM_ANSWERS, DANGER, SmallClinic, rulebook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.engine.book.rulebook import Rulebook
    from intake.engine.book.vocabulary import Answers

EVERYTHING = Step("all", tuple(CALM_ANSWERS), None, optional=False)


def correct(
    clinic: SmallClinic,
    intake_id: str,
    answers: Answers,
    by: By = By.FORM,
    texts: Mapping[str, str] | None = None,
    book: Rulebook | None = None,
) -> str:
    """The next version, with some other answers; it has the trail of the one before."""
    clinic.tick()
    base = versions.newest(clinic, intake_id)
    post = Post(Step("more", tuple(answers), None, optional=False), answers, {}, texts or {})
    post = versions.with_lists(clinic.vocabulary, base.draft.answers, post)
    sending = Sending(secrets.token_hex(16), f"REF-{clinic.number()}")
    made = versions.add(clinic, book or rulebook(), base, Change(post, by, sending), lambda *_: None)
    return made.intake_id


def second_form(
    clinic: SmallClinic,
    intake_id: str,
    answers: Answers,
    texts: Mapping[str, str] | None = None,
    taken_back: Answers | None = None,
) -> str:
    """Another form of the same visit, begun anew: a version without a trail of what was said before."""
    draft = clinic.start(f"cookie-{clinic.number()}")
    if taken_back:
        draft = clinic.save(draft, DANGER, taken_back)
    known = {"name": "Ada Lovelace", "born": "1985-12-10"}
    draft = clinic.save(draft, EVERYTHING, {**CALM_ANSWERS, **answers}, known, texts)
    visit_id = visit_of(clinic, intake_id)
    with clinic.database.begin() as connection:
        visit_forms.bind(connection, draft.id, visit_id, visits.by_id(connection, visit_id).plan.starts_at)
    return clinic.send(drafts.load_by_id(clinic, draft.id)).intake_id


def visit_of(clinic: SmallClinic, intake_id: str) -> str:
    """The visit of an intake, made if it has none."""
    with clinic.database.read() as connection:
        draft_id = intakes.by_id(connection, intake_id).line.draft_id
        known = visit_forms.visit_of(connection, draft_id)
    return known or clinic.visit(drafts.load_by_id(clinic, draft_id), clinic.now + timedelta(days=1))
