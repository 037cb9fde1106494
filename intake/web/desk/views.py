"""The day and one visit: shown, planned, moved, checked in. Two clicks each: the link, and the button."""

from __future__ import annotations

import secrets
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import abort, redirect, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from intake.errors import NotFoundError
from intake.questions.typed_text import NAME_LIMIT
from intake.web.desk import day_views, visit_form, words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.desk import consent as consents
from intake.workflow.desk import day as days
from intake.workflow.desk import invitations, tablets, visits
from intake.workflow.desk.day import DayFilter, DayPage, FormState
from intake.workflow.desk.visits import Moved, NewVisit, VisitState, VisitStep
from intake.workflow.keeping.accounts import Role
from intake.workflow.patient.progress import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from intake.questions.views import PageProblem

NARROWING = ("day", "q", "with", "place", "form", "state")
LONGEST = 80
LONGEST_NUMBER = 9
INVITED, SPEAKING = "invited", {"speak": True, "quiet": False}


def progress(answers: Mapping[str, object], passed: Sequence[str]) -> int:
    """How many percent of the pages before this patient are behind them."""
    return percent(services().vocabulary, services().questionnaire.steps, answers, passed)


@BLUEPRINT.get("", strict_slashes=False)
@guard(Guard.DESK)
def today() -> ResponseReturnValue:
    """A day's visits by time."""
    page = days.page(services().clinic, _day(), _sought(), progress, signed_in())
    return _day_page(page)


@BLUEPRINT.post("/visits/step")
@guard(Guard.DESK)
@takes("step")
def step() -> ResponseReturnValue:
    """Somebody arrived, went in, is done or did not come; was told of the form; is to speak to a practitioner first."""
    visit_id, version, what = _step()
    clinic, state = services().clinic, next((each for each in VisitState if each == what), None)
    if state is VisitState.ARRIVED:
        day_views.check_in(VisitStep(visit_id, version, state))
    elif state is not None:
        visits.set_state(clinic, visit_id, version, state, signed_in())
    elif what == INVITED:
        visits.invited(clinic, visit_id, version, signed_in())
    elif what in SPEAKING and current_user.role == Role.PRACTITIONER:
        visits.speak_first(clinic, visit_id, version, signed_in(), wanted=SPEAKING[what])
    else:
        abort(HTTPStatus.FORBIDDEN)
    asked = urlencode(_kept())
    return redirect(f"{url_for('desk.today')}?{asked}#v-{visit_id}", HTTPStatus.SEE_OTHER)


def _step() -> tuple[str, int, str]:
    """Which visit, which version of it, and what is to become of it; raises NotFoundError for what no page offers."""
    parts = request.form.get("step", "").split()
    if len(parts) != 3 or not parts[1].isdecimal():  # noqa: PLR2004 - the three that the button names
        raise NotFoundError("No page offers this step.")
    return parts[0], int(parts[1][:LONGEST_NUMBER]), parts[2]


@BLUEPRINT.get("/visits/new")
@guard(Guard.DESK)
def new() -> ResponseReturnValue:
    """The form for a visit."""
    return _visit_page(visit_form.empty(_day()), ())


@BLUEPRINT.post("/visits/new")
@guard(Guard.DESK)
@takes(*visit_form.WHO, *visit_form.WHEN, "end")
def add() -> ResponseReturnValue:
    """Plan a visit."""
    read = visit_form.read_new(request.form)
    if read.problems or read.plan is None:
        return _visit_page(request.form, read.problems), HTTPStatus.UNPROCESSABLE_ENTITY
    planned = NewVisit(secrets.token_hex(16), secrets.token_hex(16), read.who, read.plan)
    alike = visits.add(services().clinic, planned, signed_in())
    day = services().clinic.day_of(read.plan.starts_at).isoformat()
    address = url_for("desk.today", day=day, added=1, alike=1 if alike else None, _anchor=f"v-{planned.id}")
    return redirect(address, HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/visits/<visit_id>")
@guard(Guard.DESK)
def visit(visit_id: str) -> ResponseReturnValue:
    """The form that moves a visit, with its other steps."""
    return _visit_page(None, (), visit_id)


@BLUEPRINT.post("/visits/<visit_id>")
@guard(Guard.DESK)
@takes(*visit_form.WHEN, "version", "end")
def move(visit_id: str) -> ResponseReturnValue:
    """Move a visit."""
    read = visit_form.read_moved(request.form)
    if read.problems or read.plan is None:
        return _visit_page(request.form, read.problems, visit_id), HTTPStatus.UNPROCESSABLE_ENTITY
    visits.move(services().clinic, Moved(visit_id, _version(), read.plan), signed_in())
    day = services().clinic.day_of(read.plan.starts_at).isoformat()
    return redirect(url_for("desk.today", day=day, moved=1, _anchor=f"v-{visit_id}"), HTTPStatus.SEE_OTHER)


def _day_page(page: DayPage) -> str:
    clinic = services().clinic
    now = clinic.clock()
    is_today = page.day == clinic.today
    named = words.long_day(page.day)
    return render(
        "desk/day.html",
        h1=_("Today, %(day)s", day=named) if is_today else named,
        page=page,
        words=words,
        now=now,
        is_today=is_today,
        asked=tablets.asked(clinic),
        sought=_sought(),
        kept=_kept(),
        FormState=FormState,
        VisitState=VisitState,
    )


def _visit_page(typed: Mapping[str, str] | None, problems: tuple[PageProblem, ...], visit_id: str = "") -> str:
    found, who = visits.load(services().clinic, visit_id, signed_in()) if visit_id else (None, None)
    values = typed or (visit_form.of(found) if found else {})
    practitioners, places = days.labels(services().clinic)
    return render(
        "desk/visit.html",
        values=values,
        problems=problems,
        visit=found,
        who=who,
        invited=invitations.state(services().clinic, visit_id) if found else None,
        consent=consents.of_visit(services().clinic, visit_id) if found else None,
        can_mail=invitations.can_mail(services().clinic, who) if who else False,
        words=words,
        zone=services().clinic.zone,
        practitioners=practitioners,
        places=places,
        day={"day": values.get("day", "")} if values.get("day") else {},
        FormState=FormState,
        VisitState=VisitState,
    )


def _kept() -> dict[str, str]:
    """The part of the address that says which day and what of it, to be carried on."""
    asked = {name: request.args.get(name, "")[:LONGEST] for name in NARROWING}
    return {name: value for name, value in asked.items() if value}


def _sought() -> DayFilter:
    args = request.args
    return DayFilter(
        name=args.get("q", "")[:NAME_LIMIT].strip(),
        practitioner=args.get("with", "")[:LONGEST],
        place=args.get("place", "")[:LONGEST],
        form=next((each for each in FormState if each == args.get("form")), None),
        state=next((each for each in VisitState if each == args.get("state")), None),
    )


def _day() -> date:
    """The day that the address names, else today."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return services().clinic.today
    return day if 1900 < day.year < 9000 else services().clinic.today  # noqa: PLR2004 - days that have a neighbour


def _version() -> int:
    return request.form.get("version", 0, type=int)
