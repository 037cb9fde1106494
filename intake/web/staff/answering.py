"""Answers to an intake from outside the form: a question sent back to the patient, an answer that staff enter.

A link is shown once, on the answer to the button; no address and no later page holds it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from intake.engine.book.vocabulary import Kind
from intake.errors import NotFoundError, StaleError
from intake.questions.views import PageProblem
from intake.web import asking as questions
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.references import new_reference
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import filters, words
from intake.web.staff.review import BLUEPRINT, DecisionForm, address, intake_page, page_words, signed_out
from intake.web.staff.signed_in import practitioner, terms
from intake.workflow.patient import reports, versions
from intake.workflow.patient.paper import marks
from intake.workflow.patient.reports import Entered, How, Said, Who
from intake.workflow.patient.submit import Sending
from intake.workflow.review import asking
from intake.workflow.review import intake as reviews
from intake.workflow.review.asking import Question

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from intake.questions.pages import PageForm
    from intake.workflow.patient.submit import Receipt
    from intake.workflow.patient.versions import Version

ID_BYTES, LONGEST = 16, 80
SEVERAL = ("checks", "bodymap")  # controls in which several codes are ticked under one name
OWN = ("question", "version", "said-who", "said-how", "said-day", "said-time", "end")


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """The question that is answered, of the newest version of an intake."""

    intake_id: str
    version: Version
    name: str


@dataclass(frozen=True, slots=True)
class SaidForm:
    """Who said it, how and when, as typed."""

    who: str
    how: str
    day: str
    time: str


def input_names() -> frozenset[str]:
    """What the controls of the questionnaire send."""
    return marks.names(services().questionnaire, services().clinic.today)


@BLUEPRINT.post("/<intake_id>/ask")
@guard(Guard.STAFF)
@takes("card", "how")
def ask(intake_id: str) -> ResponseReturnValue:
    """Send the patient the fewest questions that settle a finding: by mail, or by a link that is shown once."""
    question = Question(secrets.token_hex(ID_BYTES), request.form.get("card", ""), request.form.get("how") == "mail")
    link = asking.ask(services().clinic, services().rulebook, intake_id, question, practitioner())
    if link:
        view = reviews.load(services().clinic, terms(), intake_id, practitioner())
        return render("review/ask_link.html", **page_words(), view=view, link=link, chosen=filters.chosen())
    return redirect(address("review.intake", {"intake_id": intake_id, "asked": "1"}), HTTPStatus.SEE_OTHER)


def resumed_ask(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The intake with the question that was to be sent, once more; its session had ended."""
    view, card = reviews.load(services().clinic, terms(), intake_id, practitioner()), form.get("card", "")
    asks = any(shown.card.key == card and shown.card.asks for shown in view.cards)
    problem = PageProblem(f"ask-{card}" if asks else "main", signed_out())
    return intake_page(view, DecisionForm(), (problem,)), HTTPStatus.CONFLICT


@BLUEPRINT.post("/<intake_id>/ask/<ask_id>/revoke")
@guard(Guard.STAFF)
@takes()
def take_back_ask(intake_id: str, ask_id: str) -> ResponseReturnValue:
    """Let the link to a question open nothing any more."""
    asking.take_back(services().clinic, intake_id, ask_id, practitioner())
    return redirect(address("review.intake", {"intake_id": intake_id, "asked": "0"}), HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/<intake_id>/answer")
@guard(Guard.STAFF)
def answer(intake_id: str) -> ResponseReturnValue:
    """Which question is answered; then the question as the form has it, and who says so."""
    name = request.args.get("question", "")
    if not name:
        asked = _offered(versions.newest(services().clinic, intake_id))
        return render("review/answer_which.html", **_head(intake_id), asked=asked)
    now, question = services().clinic.clock().astimezone(services().clinic.zone), _asked(intake_id, name)
    return _show(question, _page(question), SaidForm("", "", now.date().isoformat(), f"{now:%H:%M}"))


@BLUEPRINT.post("/<intake_id>/answer")
@guard(Guard.STAFF)
@takes(*OWN, several=input_names)
def save_answer(intake_id: str) -> ResponseReturnValue:
    """Store the answer as a new version, and show that; the version before stays as it was."""
    parts, asked, said = services(), _asked(intake_id, request.form.get("question", "")), _said_form(request.form)
    page = _page(asked, request.form)
    valid, (told, problems) = page.validate(), _said(said)
    if not valid or told is None or "end" not in request.form:
        return _show(asked, page, said, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    post = questions.post_of(page)
    if not reports.changed(parts.vocabulary, asked.version, post):
        same = _problem(page, _("This is what the form says already."))
        return _show(asked, page, said, (same,)), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        receipt = _save(asked, Entered(post, told, Sending(secrets.token_hex(ID_BYTES), new_reference())))
    except StaleError:
        again = _asked(intake_id, asked.name)
        return _show(again, page, said, (_moved_on(page),)), HTTPStatus.CONFLICT
    return redirect(address("review.intake", {"intake_id": receipt.intake_id, "entered": "1"}), HTTPStatus.SEE_OTHER)


def resumed(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The answer as it was typed, on the newest version; its session had ended before it was saved."""
    asked = _asked(intake_id, form.get("question", ""))
    page = _page(asked, _typed(asked, form))
    late = () if form.get("version") == asked.version.intake_id else (_moved_on(page),)
    return _show(asked, page, _said_form(form), (*late, _problem(page, signed_out()))), HTTPStatus.CONFLICT


def _typed(asked: Asked, form: Mapping[str, str]) -> MultiDict[str, str]:
    """A form that waited, with each tick under its name again."""
    several = {field.name for field in _page(asked).view().fields if field.control in SEVERAL}
    return MultiDict(
        (name, each) for name, text in form.items() for each in (text.split() if name in several else [text])
    )


def _moved_on(page: PageForm) -> PageProblem:
    moved_on = _("There is a newer version of this intake.")
    unsaved = _("Nothing is saved yet: check this, then save it again.")
    return _problem(page, f"{moved_on} {unsaved}")


def _save(asked: Asked, entered: Entered) -> Receipt:
    """Store an answer; raises StaleError where the page showed an older version."""
    if request.form.get("version") != asked.version.intake_id:
        raise StaleError(versions.STALE)
    parts = services()
    return reports.enter(parts.clinic, parts.rulebook, asked.version, entered, practitioner())


def _problem(page: PageForm, sentence: str) -> PageProblem:
    return PageProblem(page.view().fields[0].first_id, sentence)


def _show(asked: Asked, page: PageForm, said: SaidForm, problems: tuple[PageProblem, ...] = ()) -> str:
    view = page.view()
    refusal = (PageProblem(view.fields[0].first_id, view.refusal),) if view.refusal else ()
    return render(
        "review/answer.html",
        **_head(asked.intake_id),
        page=view,
        question=asked.name,
        version=asked.version.intake_id,
        said=said,
        people=words.WHO_SAID,
        ways=words.HOW_SAID,
        problems=(*refusal, *view.problems, *problems),
    )


def _head(intake_id: str) -> dict[str, object]:
    view = reviews.load(services().clinic, terms(), intake_id, practitioner())
    return {**page_words(), "view": view, "chosen": filters.chosen()}


def _offered(version: Version) -> list[tuple[str, str]]:
    """The questions that can be answered, by name and in short words."""
    vocabulary, told = services().vocabulary, terms().words
    names = versions.reachable(vocabulary, version.draft.answers)
    wanted = (name for name, fact in vocabulary.facts.items() if name in names and fact.kind is not Kind.TEXT)
    return sorted(((name, told.question(name)) for name in wanted), key=lambda each: each[1])


def _asked(intake_id: str, name: str) -> Asked:
    version = versions.newest(services().clinic, intake_id)
    if name not in dict(_offered(version)):
        raise NotFoundError("This question is not asked of this patient.")
    return Asked(intake_id, version, name)


def _page(asked: Asked, posted: MultiDict[str, str] | None = None) -> PageForm:
    return questions.page_of((asked.name,), asked.version.draft, posted, OWN, to_staff=True)


def _said_form(form: Mapping[str, str]) -> SaidForm:
    return SaidForm(*(form.get(f"said-{name}", "")[:LONGEST] for name in ("who", "how", "day", "time")))


def _said(form: SaidForm) -> tuple[Said | None, tuple[PageProblem, ...]]:
    """Who said it, how and when; None, and what is wrong, where that is not known."""
    who, how, at = filters.one_of(Who, form.who), filters.one_of(How, form.how), _moment(form)
    problems = []
    if who is None:
        problems.append(PageProblem("said-who", _("Choose who said it.")))
    if how is None:
        problems.append(PageProblem("said-how", _("Choose how it was said.")))
    if at is None or at > services().clinic.clock():
        problems.append(PageProblem("said-day", _("Type the day and the time at which it was said, up to now.")))
        at = None
    return (Said(who, how, at) if who and how and at else None), tuple(problems)


def _moment(form: SaidForm) -> datetime | None:
    try:
        day, hour = date.fromisoformat(form.day.strip()), time.fromisoformat(form.time.strip())
        return datetime.combine(day, hour.replace(tzinfo=None), services().clinic.zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
