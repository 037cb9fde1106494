"""A patient without a browser: meets the pages in order, posts answers, keeps what was saved as a draft would."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from intake import forms
from intake.engine.book.vocabulary import Answer, Vocabulary
from intake.engine.read.load import load_vocabulary
from intake.questions.control import Known
from intake.questions.pages import PageForm
from intake.questions.questionnaire import Questionnaire
from intake.questions.views import FieldView
from intake.settings import VOCABULARY_PATH
from intake.workflow.patient import interview

TODAY = date(2026, 11, 22)
Posted = Mapping[str, str | tuple[str, ...]]


@cache
def vocabulary() -> Vocabulary:
    """The product's own."""
    return load_vocabulary(VOCABULARY_PATH)


@cache
def questionnaire() -> Questionnaire:
    """The product's own."""
    return forms.questionnaire(vocabulary())


def bare_app() -> Flask:
    """Just enough Flask for a form: a key, and English. Tokens are tested where there is a whole application."""
    app = Flask("forms")
    app.config.update(SECRET_KEY=secrets.token_hex(), WTF_CSRF_ENABLED=False)
    Babel(app)
    return app


def multi(posted: Posted) -> MultiDict[str, str]:
    """A POST body."""
    pairs = [(name, value) for name, values in posted.items() for value in _several(values)]
    return MultiDict(pairs)


def _several(values: str | tuple[str, ...]) -> tuple[str, ...]:
    return values if isinstance(values, tuple) else (values,)


@dataclass
class Visitor:
    """One patient's draft in memory."""

    stored: dict[str, Answer] = field(default_factory=dict)
    identity: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    passed: list[str] = field(default_factory=list)

    def next(self) -> str | None:
        """The page that the patient is led to."""
        return interview.next_step(vocabulary(), questionnaire().steps, self.stored, self.passed)

    def path(self) -> tuple[str, ...]:
        """The pages that stand before the patient."""
        return interview.route(vocabulary(), questionnaire().steps, self.stored, ()).path

    def page(self, name: str, posted: Posted | None = None) -> PageForm:
        """A page, filled with what is stored or with what is posted."""
        made = questionnaire().page(name)
        now = interview.asked(vocabulary(), self.stored)
        items = now.items[made.gate] if made.gate else ()
        known = Known(TODAY, now.facts, items, self.stored, self.identity, self.texts)
        return made(known, None if posted is None else multi(posted))

    def answer(self, name: str, posted: Posted) -> PageForm:
        """Post a page and save it; it must be valid."""
        page = self.page(name, posted)
        assert page.validate(), (name, page.errors, page.refusal)
        gate = {page.gate or "", f"{page.gate}_seen"}
        kept = {key: value for key, value in self.stored.items() if key not in {*page.asked(), *gate}}
        self.stored = kept | page.to_answers()
        self.identity |= page.to_identity()
        self.texts |= page.to_texts()
        self.passed.append(name)
        return page

    def walk(self, choose: Callable[[FieldView], Posted]) -> list[str]:
        """Answer every page that comes, each control as `choose` says; the names of the pages met."""
        met: list[str] = []
        while (name := self.next()) is not None:
            assert len(met) < 2 * len(questionnaire().steps), f"walks in circles at {name}"
            met.append(name)
            posted: dict[str, str | tuple[str, ...]] = {}
            for shown in self.page(name).view().fields:
                posted |= choose(shown)
            self.answer(name, posted)
        return met


def whole(page: type[PageForm], posted: Posted | None = None, answers: Mapping[str, Answer] | None = None) -> PageForm:
    """A page with every question on it, as if all of them applied."""
    items = tuple(vocabulary().gates[page.gate]) if page.gate else ()
    known = Known(TODAY, frozenset(vocabulary().facts), items, {**_said_before(page), **(answers or {})})
    return page(known, None if posted is None else multi(posted))


def _said_before(page: type[PageForm]) -> dict[str, Answer]:
    """What must be stored for the controls that offer only what was said before."""
    stored: dict[str, dict[str, Answer]] = {
        "reason": {"pain_regions": vocabulary().regions},
        "danger_unsure": {"danger_signs": ("not_sure",)},
        "therapies_detail": {"therapies_tried": vocabulary().facts["therapies_tried"].codes[1:]},
    }
    return stored.get(page.name, {})


def denies(shown: FieldView, places: tuple[str, ...] = ("low_back_right",)) -> Posted:
    """The answers of somebody who has pain in one place and nothing else to report."""
    if shown.optional:
        return {}
    if shown.inputs:
        typed = TYPED.get(shown.name, ("20",))
        return {part.name: value for part, value in zip(shown.inputs, typed, strict=False)}
    if shown.rows:
        return {row.name: row.options[len(row.options) // 3].value for row in shown.rows}
    if shown.control == "bodymap":
        return {shown.name: places}
    nothing = [option.value for option in shown.options if option.value in {"none", "never"}]
    first = nothing if shown.control == "checks" and nothing else [shown.options[0].value]
    return {shown.name: CALM.get(shown.name, first[0])}


TYPED = {
    "full_name": ("Ada Example",),
    "date_of_birth": ("27", "March", "1985"),
    "contact": ("01234 000 000",),
}
CALM = {"pregnancy": "does_not_apply", "breastfeeding": "no"}
