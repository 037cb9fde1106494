"""How forms are shown: questions, the check page, pages that windows or drafts disagree on. Nothing is saved.

What a page says is the same at home and on a tablet (`of_...`); the ways that lead on from it differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flask import request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from intake.questions.last_time import LAST_TIME
from intake.questions.questionnaire import MORE
from intake.questions.views import PageProblem
from intake.web.patient import belonging, cards, journey
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.replies import replies
from intake.web.patient.summary import differences, fingerprint, rows, summarise
from intake.web.rendering import mostly_behind, render
from intake.web.services import services
from intake.workflow.patient import alarms, reports, submit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from werkzeug.datastructures import MultiDict

    from intake.questions.pages import PageForm
    from intake.questions.views import PageView
    from intake.web.patient.summary import AnswerRow
    from intake.workflow.patient.drafts import Draft

OF_ONE_DRAFT = (LAST_TIME, MORE)  # pages that are put together for one draft, and show nothing to another
SENT_ANYWAY = ("csrf_token", *OWN_FIELDS)
Sent: TypeAlias = "MultiDict[str, str]"
Values: TypeAlias = dict[str, object]


def is_whole(sent: Sent) -> bool:
    """Whether a form came with its last field, and with the name of its draft: a body that was cut short did not."""
    return "end" in sent and belonging.MARK in sent


def arrived_whole() -> bool:
    """The same of the form that came now."""
    return is_whole(request.form)


# ---- what the templates of a page are given, at home and on a tablet


def of_question(draft: Draft, page: PageForm, version: str, sent: Sent | None) -> Values:
    """A page of questions; `version`: the print of what it showed; `sent`: the form that it answers, if any."""
    view = page.view()
    problems = problems_of(view, sent)
    return {
        "page": view,
        "lone": _is_lone(view),
        "taps": not problems and _may_go_on_by_tap(view),
        "behind": view.has_map and mostly_behind(view.fields[0]),
        "problems": problems,
        "version": version,
        "asked": _asked_on(view),
        "replies": replies(draft, journey.asked_before(draft, view.name)),
        "for_patient": journey.is_answered_by_another(draft),
    }


def of_check(draft: Draft, page: PageForm, sent: Sent | None, changed: Sequence[str] = ()) -> Values:
    """The check page: every answer, those that were `changed` marked, and the last question."""
    view, pages = page.view(), [shown.view() for shown in journey.pages_on_path(draft)]
    return {
        "page": view,
        "problems": problems_of(view, sent),
        "summary": summarise(pages, changed),
        "told": _told_meanwhile(draft, pages),
        "version": journey.print_of(draft),
        "replies": replies(draft, journey.route(draft).asked.facts),
        "for_patient": journey.is_answered_by_another(draft),
    }


def _told_meanwhile(draft: Draft, pages: Iterable[PageView]) -> list[str]:
    """What staff were told while this form was open, and wrote into it: the questions, by their brief names."""
    names = reports.meanwhile(services().clinic, draft.id)
    asked = ((row, shown) for view in pages for row, shown in zip(rows(view), view.fields, strict=True))
    return [row.title for row, shown in asked if not names.isdisjoint(shown.facts)]


def of_conflict(saved: PageForm, page: PageForm, sent: Sent) -> Values:
    """Both versions of a page, for the patient to choose."""
    view = page.view()
    return {
        "page": view,
        "differences": differences(saved.view(), view),
        "sent": [pair for pair in sent.items(multi=True) if pair[0] not in SENT_ANYWAY],
        "version": fingerprint(saved.stored),
    }


def of_receipt(draft: Draft) -> Values:
    """The last page: the reference, and what to do now where the answers are urgent."""
    return {
        "card": cards.last_card(draft),
        "reference": draft.sent,
        "sent_on": format_date(submit.receipt_of(services().clinic, draft).sent_at, "long"),
        "seen": cards.seen(draft),
    }


def step_back(draft: Draft, name: str) -> str:
    """The step before a page, as the patient went; the check page once everything is answered; empty: the start."""
    return journey.CHECK if journey.next_page(draft) is None else journey.page_before(draft, name) or ""


# ---- the pages at home


def show_start(draft: Draft | None, *, begun: bool = False) -> str:
    """The start page. With answers in this browser it offers two ways, and shows nothing of them."""
    return render("patient/start.html", draft=draft, begun=begun)


def show(draft: Draft, page: PageForm, version: str) -> str:
    """A page of questions; `version` is the print of what it showed, to be sent back with it."""
    back = _address(step_back(draft, page.name))
    return render("patient/question.html", **of_question(draft, page, version, sent_now()), back=back)


def show_check(draft: Draft, page: PageForm, *, overtaken: bool = False) -> str:
    """The check page: every answer, and the last question. `overtaken`: what it showed before was changed elsewhere."""
    values = of_check(draft, page, sent_now(), request.args.get("changed", "").split(","))
    back = _address(journey.route(draft).path[-1])
    return render("patient/check.html", **values, overtaken=overtaken, back=back)


def show_conflict(saved: PageForm, page: PageForm) -> str:
    """Both versions of a page, for the patient to choose."""
    action = url_for("patient.answer", name=page.name)
    return render("patient/conflict.html", **of_conflict(saved, page, request.form), action=action)


def show_other(draft: Draft, name: str) -> str:
    """A page that belongs to other answers than those that are open: what it said, beside what is saved here."""
    sent = () if name in OF_ONE_DRAFT else rows(journey.page_as_sent(name).view())
    saved = rows(journey.page(draft, name).view()) if name in draft.passed and not draft.sent else ()
    onward = url_for("patient.start") if draft.sent else url_for("patient.resume")
    return render("patient/other.html", sent=_told(sent), saved=_told(saved), onward=onward)


def show_whose(page: PageForm, *, again: bool = False) -> str:
    """The question for the date of birth, before the last page is shown again."""
    view = page.view()
    return render("patient/whose.html", page=view, problems=problems_of(view, sent_now()), again=again)


def _told(shown: Iterable[AnswerRow]) -> list[AnswerRow]:
    """The rows that say something."""
    return [row for row in shown if row.words]


def sent_now() -> Sent | None:
    """The form that this page answers, if any."""
    return request.form if request.method == "POST" else None


def problems_of(view: PageView, sent: Sent | None, *, of_draft: bool = True) -> tuple[PageProblem, ...]:
    """What is wrong with a page; what cannot be read at all stands first.

    `sent`: the form that it answers, if any; `of_draft`: the page belongs to open answers.
    """
    refusal = view.refusal
    if sent is not None and not (is_whole(sent) if of_draft else "end" in sent):
        refusal = _("The page did not arrive whole. Please check it and send it again.")
    return ((PageProblem(view.fields[0].first_id, refusal),) if refusal else ()) + view.problems


def _is_lone(view: PageView) -> bool:
    """Whether the question of the page's only control is the heading of the page."""
    return view.name != MORE and len(view.fields) == 1


def _may_go_on_by_tap(view: PageView) -> bool:
    """Whether one tap on an answer may go on: one question with radios, no answer yet, none that may bring a card.

    A finger that slips must neither change an answer nor alarm the clinic.
    """
    field, *_others = view.fields
    is_open = field.control == "radios" and not any(option.checked for option in field.options)
    return _is_lone(view) and is_open and alarms.may_call(services().rulebook).isdisjoint(field.facts)


def _asked_on(view: PageView) -> str:
    """What the page with questions that came meanwhile asks, to be read back from its form."""
    return ",".join(fact for shown in view.fields for fact in shown.facts) if view.name == MORE else ""


def _address(step: str) -> str:
    """Where a step stands: the start, the check page, or a page of questions."""
    match step:
        case "":
            return url_for("patient.start")
        case journey.CHECK:
            return url_for("patient.check")
        case _:
            return url_for("patient.question", name=step)
