"""The patient's pages: start, questions, danger signs, check, send, done. A view parses, calls the workflow, renders.

A page that is not open yet leads to the first one that is. Nothing that was saved is lost to Back, a second window or a
second click: a page knows what it showed, and asks which answers count where they changed meanwhile.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, make_response, redirect, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup

from intake.errors import StaleError
from intake.forms import MORE
from intake.questions.views import PageFrame, PageProblem
from intake.web.guards import Guard, guard
from intake.web.patient import journey, questionnaire
from intake.web.patient.summary import differences, fingerprint, sections
from intake.web.rendering import fill, mostly_behind, part, render
from intake.web.security import CSRF
from intake.web.services import services
from intake.workflow.patient import drafts, submit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from werkzeug import Response

    from intake.questions.pages import Page
    from intake.questions.views import PageView
    from intake.workflow.patient.drafts import Draft

BLUEPRINT = Blueprint("patient", __name__)
TOKEN_BYTES = 32
ID_BYTES = 16
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another
REFERENCE_HALF = 4
YEAR = 365 * 24 * 60 * 60
READ = (HTTPStatus.SEE_OTHER, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
SEVERAL_QUESTIONS = ("scores", "grid")  # one control whose rows are the questions
SENT_ANYWAY = ("csrf_token", *questionnaire.OWN_FIELDS)


def go(address: str) -> Response:
    """See another page, by GET."""
    return redirect(address, HTTPStatus.SEE_OTHER)


def onward(draft: Draft) -> Response:
    """The first page that is open, the check page, or the end."""
    if draft.sent:
        return go(url_for("patient.done", again="1"))
    name = journey.next_page(draft)
    return go(url_for("patient.check")) if name is None else go(url_for("patient.question", name=name))


@BLUEPRINT.after_request
def keep_text_size(response: Response) -> Response:
    """Remember whether the patient wants larger text: the box travels with every form that was read."""
    if request.method != "POST" or response.status_code not in READ:
        return response
    if "big" in request.form:
        response.set_cookie("big", "1", max_age=YEAR, samesite="Lax", secure=services().secure)
    elif "big" in request.cookies:
        response.delete_cookie("big")
    return response


def ask_for_draft() -> Response | None:
    """What stands before every page of a draft: without one, the start page."""
    return None if journey.own_draft() else go(url_for("patient.start"))


@BLUEPRINT.get("/")
@guard(Guard.PUBLIC)
def start() -> ResponseReturnValue:
    """What this is, for whom, and the emergency line."""
    return render("patient/start.html", draft=journey.own_draft())


@BLUEPRINT.post("/start")
@guard(Guard.PUBLIC)
def begin() -> ResponseReturnValue:
    """Begin a new draft; its token lives in this browser's cookie only."""
    parts, token = services(), secrets.token_urlsafe(TOKEN_BYTES)
    draft = drafts.start(
        parts.store.database,
        parts.store.keys,
        now=parts.clock(),
        draft_id=secrets.token_hex(ID_BYTES),
        token=token,
        life=timedelta(days=parts.clinic.draft_days),
    )
    response = onward(draft)
    journey.remember(response, token)
    return response


@BLUEPRINT.get("/resume")
@guard(Guard.PATIENT)
def resume() -> ResponseReturnValue:
    """On to the first page that is open."""
    return onward(journey.draft())


@BLUEPRINT.get("/later")
@guard(Guard.PATIENT)
def later() -> ResponseReturnValue:
    """Saved: how to go on, and how to leave nothing on a shared device."""
    return render("patient/later.html", until=format_date(journey.draft().expires, "full"))


@BLUEPRINT.post("/leave")
@guard(Guard.PUBLIC)
def leave() -> ResponseReturnValue:
    """Take the way to the answers off this device."""
    response = go(url_for("patient.start"))
    journey.forget(response)
    return response


@BLUEPRINT.get("/q/<name>")
@guard(Guard.PATIENT)
def question(name: str) -> ResponseReturnValue:
    """One page of questions, with what was answered before."""
    draft = journey.draft()
    if not journey.is_open(draft, name):
        return onward(draft)
    page = journey.page(draft, name)
    return show(draft, page, fingerprint(page.stored))


@BLUEPRINT.post("/q/<name>")
@guard(Guard.PATIENT)
def answer(name: str) -> ResponseReturnValue:
    """Save one page, tell the clinic of danger signs at once, and go on."""
    draft = journey.draft()
    if not journey.is_open(draft, name):
        return onward(draft)
    version, sent = request.form.get("version", ""), journey.page(draft, name, request.form)
    if not sent.validate() or not arrived_whole():
        return show(draft, sent, version), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        saved = journey.save(draft, sent, version)
    except StaleError:
        return conflict(sent)
    if saved.sent:
        return onward(saved)
    return go(url_for("patient.stop", name=name)) if journey.alarm(saved, name) else onward(saved)


def arrived_whole() -> bool:
    """Whether the form came with its last field: a body that was cut short did not."""
    return "end" in request.form


def problems_of(view: PageView) -> tuple[PageProblem, ...]:
    """What is wrong with a page; what cannot be read at all stands first."""
    refusal = view.refusal
    if request.method == "POST" and not arrived_whole():
        refusal = _("The page did not arrive whole. Please check it and send it again.")
    return ((PageProblem(view.fields[0].first_id, refusal),) if refusal else ()) + view.problems


def show(draft: Draft, page: Page, version: str) -> str:
    """A page of questions."""
    view = page.view()
    frame, problems = frame_of(view), problems_of(view)
    own = {
        "back": back_from(draft, view.name),
        "token": part("components/page.html", "token", version, asked_on(view)),
        "controls": controls(view, frame),
    }
    if problems:
        return render("patient/question.html", page=frame, problems=problems, **own)
    return fill("patient/question.html", {"page": frame, "big": request.cookies.get("big") == "1"}, own)


def frame_of(view: PageView) -> PageFrame:
    """What stands round the controls of a page."""
    first, shows_map = view.fields[0], any(shown.control == "bodymap" for shown in view.fields)
    lone = view.name != MORE and len(view.fields) == 1 and first.control not in SEVERAL_QUESTIONS
    return PageFrame(
        name=view.name,
        step=view.step,
        section=view.section,
        heading=first.legend if lone else view.title,
        hint=view.hint,
        why=view.why,
        lone=lone,
        map=shows_map,
        behind=shows_map and mostly_behind(first),
    )


def asked_on(view: PageView) -> str:
    """What the page with questions that came meanwhile asks, to be read back from its form."""
    return ",".join(fact for shown in view.fields for fact in shown.facts) if view.name == MORE else ""


def controls(view: PageView, frame: PageFrame) -> Markup:
    """The controls of a page as they stand for this patient."""
    return Markup().join(part("components/fields.html", "field", shown, frame.lone, frame) for shown in view.fields)


def back_from(draft: Draft, name: str) -> str:
    """The page before, as the patient went; the check page once everything is answered."""
    if journey.next_page(draft) is None:
        return url_for("patient.check")
    before = journey.page_before(draft, name)
    return url_for("patient.question", name=before) if before else url_for("patient.start")


def conflict(sent: Page) -> ResponseReturnValue:
    """Both versions of a page that was answered in two windows; the patient chooses."""
    draft = journey.load_again()
    if draft.sent:
        return onward(draft)
    saved, view = journey.same_page(draft, sent), sent.view()
    page = render(
        "patient/conflict.html",
        page=view,
        differences=differences(saved.view(), view),
        sent=[pair for pair in request.form.items(multi=True) if pair[0] not in SENT_ANYWAY],
        version=fingerprint(saved.stored),
        action=url_for("patient.answer", name=view.name),
    )
    return page, HTTPStatus.CONFLICT


@BLUEPRINT.get("/q/<name>/stop")
@guard(Guard.PATIENT)
def stop(name: str) -> ResponseReturnValue:
    """The danger signs of one page: what to do now. The patient may go on."""
    draft = journey.draft()
    advice = journey.advice_of_page(draft, name)
    if advice is None:
        return onward(draft)
    return render(
        "patient/stop.html",
        advice=advice,
        back=url_for("patient.question", name=name),
        step=journey.step_number(name),
        action=url_for("patient.stop", name=name),
    )


@BLUEPRINT.post("/q/<name>/stop")
@guard(Guard.PATIENT)
def go_on(name: str) -> ResponseReturnValue:  # noqa: ARG001 - the address is the page's own
    """Read: on to the next page."""
    return onward(journey.draft())


@BLUEPRINT.get("/check")
@guard(Guard.PATIENT)
def check() -> ResponseReturnValue:
    """Every answer with its way back, and the last question."""
    draft = journey.draft()
    if draft.sent or journey.next_page(draft) is not None:
        return onward(draft)
    return show_check(draft, journey.page(draft, journey.CHECK))


def show_check(draft: Draft, page: Page) -> str:
    """The check page."""
    view = page.view()
    pages = journey.pages_on_path(draft)
    return render(
        "patient/check.html",
        page=view,
        problems=problems_of(view),
        sections=sections(shown.view() for shown in pages),
        version=str(draft.version),
        back=url_for("patient.question", name=pages[-1].name),
    )


@BLUEPRINT.post("/send")
@guard(Guard.PATIENT)
def send() -> ResponseReturnValue:
    """Store the intake. Sent twice, it is stored once, and both get the same reference."""
    draft = journey.draft()
    if draft.sent or journey.next_page(draft) is not None:
        return onward(draft)
    last = journey.page(draft, journey.CHECK, request.form)
    if not last.validate() or not arrived_whole():
        return show_check(draft, last), HTTPStatus.UNPROCESSABLE_ENTITY
    if request.form.get("version") != str(draft.version):
        return go(url_for("patient.check"))
    parts = services()
    submit.send(
        parts.store.database,
        parts.store.keys,
        parts.rulebook,
        journey.save(draft, last, fingerprint(last.stored)),
        now=parts.clock(),
        intake_id=secrets.token_hex(ID_BYTES),
        reference=new_reference(),
    )
    return go(url_for("patient.done"))


def new_reference() -> str:
    """A number that a person can read out."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _letter in range(2 * REFERENCE_HALF))
    return f"{letters[:REFERENCE_HALF]}-{letters[REFERENCE_HALF:]}"


@BLUEPRINT.get("/done")
@guard(Guard.PATIENT)
def done() -> ResponseReturnValue:
    """Sent: the reference, what happens next; where the answers are urgent, what to do now."""
    draft = journey.draft()
    if not draft.sent:
        return onward(draft)
    return render(
        "patient/done.html",
        reference=draft.sent,
        advice=journey.advice(draft),
        again=request.args.get("again") == "1",
    )


@BLUEPRINT.get("/done/mark.svg")
@guard(Guard.PUBLIC)
def done_mark() -> ResponseReturnValue:
    """The mark on the last page; once it is shown, Back asks again and is told that the answers were sent."""
    response = make_response(render("patient/mark.svg"))
    response.mimetype = "image/svg+xml"
    journey.forget_pages(response)
    return response


for view in (answer, send):
    CSRF.exempt(view)  # these check the token with their form, so that a page open for too long keeps what was typed
