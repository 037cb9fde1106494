"""How forms are shown: questions, the check page, pages that windows or drafts disagree on. Nothing is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import gettext as _

from intake.questions.questionnaire import MORE
from intake.questions.views import PageProblem
from intake.web.patient import belonging, journey
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.replies import replies
from intake.web.patient.summary import differences, fingerprint, rows, summarise
from intake.web.rendering import mostly_behind, render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from intake.questions.pages import PageForm
    from intake.questions.views import PageView
    from intake.web.patient.summary import AnswerRow
    from intake.workflow.patient.drafts import Draft

SENT_ANYWAY = ("csrf_token", *OWN_FIELDS)


def arrived_whole() -> bool:
    """Whether the form came with its last field, and with the name of its draft: a body that was cut short did not."""
    return "end" in request.form and belonging.MARK in request.form


def show_start(draft: Draft | None, *, begun: bool = False) -> str:
    """The start page. With answers in this browser it offers two ways, and shows nothing of them."""
    return render("patient/start.html", draft=draft, begun=begun)


def show(draft: Draft, page: PageForm, version: str) -> str:
    """A page of questions; `version` is the print of what it showed, to be sent back with it."""
    view = page.view()
    return render(
        "patient/question.html",
        page=view,
        lone=_is_lone(view),
        behind=view.has_map and mostly_behind(view.fields[0]),
        problems=problems_of(view),
        version=version,
        asked=_asked_on(view),
        back=_back_from(draft, view.name),
        replies=replies(draft, journey.asked_before(draft, view.name)),
        for_patient=journey.is_answered_by_another(draft),
    )


def show_check(draft: Draft, page: PageForm, *, overtaken: bool = False) -> str:
    """The check page: every answer, and the last question. `overtaken`: what it showed before was changed elsewhere."""
    view = page.view()
    pages = journey.pages_on_path(draft)
    return render(
        "patient/check.html",
        page=view,
        problems=problems_of(view),
        summary=summarise((shown.view() for shown in pages), request.args.get("changed", "").split(",")),
        version=journey.print_of(draft),
        overtaken=overtaken,
        replies=replies(draft, journey.route(draft).asked.facts),
        for_patient=journey.is_answered_by_another(draft),
        back=url_for("patient.question", name=pages[-1].name),
    )


def show_conflict(saved: PageForm, sent: PageForm) -> str:
    """Both versions of a page, for the patient to choose."""
    view = sent.view()
    return render(
        "patient/conflict.html",
        page=view,
        differences=differences(saved.view(), view),
        sent=[pair for pair in request.form.items(multi=True) if pair[0] not in SENT_ANYWAY],
        version=fingerprint(saved.stored),
        action=url_for("patient.answer", name=view.name),
    )


def show_other(draft: Draft, name: str) -> str:
    """A page that belongs to other answers than those that are open: what it said, beside what is saved here."""
    sent = journey.page_as_sent(name).view()
    saved = rows(journey.page(draft, name).view()) if name in draft.passed and not draft.sent else ()
    onward = url_for("patient.start") if draft.sent else url_for("patient.resume")
    return render("patient/other.html", sent=_told(rows(sent)), saved=_told(saved), onward=onward)


def show_whose(page: PageForm, *, again: bool = False) -> str:
    """The question for the date of birth, before the last page is shown again."""
    view = page.view()
    return render("patient/whose.html", page=view, problems=problems_of(view), again=again)


def _told(shown: Iterable[AnswerRow]) -> list[AnswerRow]:
    """The rows that say something."""
    return [row for row in shown if row.words]


def problems_of(view: PageView, *, of_draft: bool = True) -> tuple[PageProblem, ...]:
    """What is wrong with a page; what cannot be read at all stands first. `of_draft`: it belongs to open answers."""
    refusal = view.refusal
    if request.method == "POST" and not (arrived_whole() if of_draft else "end" in request.form):
        refusal = _("The page did not arrive whole. Please check it and send it again.")
    return ((PageProblem(view.fields[0].first_id, refusal),) if refusal else ()) + view.problems


def _is_lone(view: PageView) -> bool:
    """Whether the question of the page's only control is the heading of the page."""
    return view.name != MORE and len(view.fields) == 1


def _asked_on(view: PageView) -> str:
    """What the page with questions that came meanwhile asks, to be read back from its form."""
    return ",".join(fact for shown in view.fields for fact in shown.facts) if view.name == MORE else ""


def _back_from(draft: Draft, name: str) -> str:
    """The page before, as the patient went; the check page once everything is answered."""
    if journey.next_page(draft) is None:
        return url_for("patient.check")
    before = journey.page_before(draft, name)
    return url_for("patient.question", name=before) if before else url_for("patient.start")
