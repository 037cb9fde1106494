"""What was done at a visit, and what went wrong after it: the pages on which a practitioner records it.

They hang on the intake that the needles rested on; a record that lacks something is shown again with every word kept.
"""

from __future__ import annotations

import secrets
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from flask import Response, redirect, request, url_for
from flask_babel import gettext as _

from intake.errors import AnswerError, NotFoundError
from intake.questions.views import PageProblem
from intake.web import region_map
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.web.staff import treatment_words as words
from intake.web.staff.alarms import BLUEPRINT
from intake.web.staff.filters import one_of
from intake.web.staff.review import signed_out
from intake.web.staff.signed_in import practitioner, terms
from intake.workflow.review.treatment import case, events, record, shown
from intake.workflow.review.treatment.events import EventGrade, EventKind, EventReport
from intake.workflow.review.treatment.record import Reaction, TreatmentDone
from intake.workflow.review.verdicts import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import IntEnum

    from flask.typing import ResponseReturnValue

    from intake.workflow.review.treatment.shown import RecordedTreatment, Treated

    G = TypeVar("G", bound=IntEnum)
__all__ = ["BLUEPRINT"]
ID_BYTES = 16
USED = {"yes": True, "no": False}
AS_PLANNED = "as_planned"
FORM = ("version", "needles_in", "needles_out", "difference", "stimulation", "reaction", "next_visit", AS_PLANNED)
SEVERAL = ("regions", "reactions")
EVENT = ("kind", "grade", "concept", "words")


@BLUEPRINT.app_template_global()
def regions_in_words(codes: Iterable[str]) -> tuple[str, ...]:
    """Regions as people read them, in the order of the map."""
    return region_map.in_words(tuple(codes))


@BLUEPRINT.get("/<intake_id>/treatment")
@guard(Guard.STAFF)
def treatment(intake_id: str) -> ResponseReturnValue:
    """The record of a treatment: empty, or as it stands, to be corrected."""
    treated = _treated(intake_id)
    shown.look(services().clinic, intake_id, practitioner())
    last = treated.last
    values = _values(last) if last else {"version": "0"}
    chosen = {"regions": last.regions, "reactions": last.reactions} if last else {}
    return _form(intake_id, treated, values, chosen)


@BLUEPRINT.post("/<intake_id>/treatment")
@guard(Guard.STAFF)
@takes(*FORM, several=lambda: frozenset(SEVERAL))
def record_treatment(intake_id: str) -> ResponseReturnValue:
    """Record a treatment, or a correction of the record; or show what it lacks, or with the planned regions ticked."""
    if AS_PLANNED in request.form:
        treated = _treated(intake_id)
        return _form(intake_id, treated, request.form, _chosen(treated.planned))
    wrong = record.record(services().clinic, intake_id, _done(), practitioner())
    if not wrong:
        return _back(intake_id)
    page = _form(intake_id, _treated(intake_id), request.form, _chosen(), wrong)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY


def resumed(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The record as it was sent after its session had ended."""
    chosen = {name: tuple(form.get(name, "").split()) for name in SEVERAL}
    problems = (Wrong("regions", signed_out()),)
    return _form(intake_id, _treated(intake_id), form, chosen, problems), HTTPStatus.CONFLICT


def resumed_event(intake_id: str, form: Mapping[str, str]) -> ResponseReturnValue:
    """The report as it was sent after its session had ended."""
    return _event_form(intake_id, form, (Wrong("kind", signed_out()),)), HTTPStatus.CONFLICT


@BLUEPRINT.get("/<intake_id>/event")
@guard(Guard.STAFF)
def event(intake_id: str) -> ResponseReturnValue:
    """A report of an adverse event, empty."""
    return _event_form(intake_id, {})


@BLUEPRINT.post("/<intake_id>/event")
@guard(Guard.STAFF)
@takes(*EVENT)
def record_event(intake_id: str) -> ResponseReturnValue:
    """Record an adverse event, or show what the report lacks."""
    form = request.form
    kind, grade = one_of(EventKind, form.get("kind", "")), _numbered(EventGrade, form.get("grade", ""))
    report = EventReport(secrets.token_hex(ID_BYTES), kind, grade, form.get("concept", ""), (), form.get("words", ""))
    wrong = events.add(services().clinic, intake_id, report, practitioner())
    if wrong:
        return _event_form(intake_id, form, wrong), HTTPStatus.UNPROCESSABLE_ENTITY
    return _back(intake_id)


@BLUEPRINT.get("/<intake_id>/event/<event_id>.yaml")
@guard(Guard.STAFF)
def event_case(intake_id: str, event_id: str) -> ResponseReturnValue:
    """The failing case for the finding that should have warned."""
    content = case.of_event(services().clinic, intake_id, event_id, practitioner())
    named = {"Content-Disposition": f'attachment; filename="case-{event_id[:8]}.yaml"'}
    return Response(content, mimetype="application/yaml", headers=named)


def _chosen(more: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """What was ticked, and `more` regions."""
    regions = (*region_map.marked("regions"), *more)
    return {"regions": regions, "reactions": tuple(request.form.getlist("reactions"))}


def _treated(intake_id: str) -> Treated:
    treated = shown.load(services().clinic, intake_id)
    if treated is None:
        raise NotFoundError(record.NOT_HERE)
    return treated


def _back(intake_id: str) -> ResponseReturnValue:
    where = url_for("review.intake", intake_id=intake_id, recorded=1, _anchor="treated")
    return redirect(where, HTTPStatus.SEE_OTHER)


def _form(
    intake_id: str,
    treated: Treated,
    values: Mapping[str, str],
    chosen: Mapping[str, tuple[str, ...]],
    wrong: tuple[Wrong, ...] = (),
) -> str:
    problems = _problems(wrong)
    told = {problem.first_id: problem.message for problem in problems}
    return render(
        "review/treatment.html",
        words=words,
        intake_id=intake_id,
        treated=treated,
        values=values,
        reactions=chosen.get("reactions", ()),
        planned=() if set(treated.planned) <= {*chosen.get("regions", ())} else treated.planned,
        map=region_map.field(
            "regions",
            _("Where needles went"),
            chosen.get("regions", ()),
            hint=_("Tap the picture, or open the list."),
            error=told.get("regions", ""),
        ),
        problems=problems,
        told=told,
        most=record.MOST_NEEDLES,
    )


def _event_form(intake_id: str, values: Mapping[str, str], wrong: tuple[Wrong, ...] = ()) -> str:
    treated = _treated(intake_id)
    if treated.last is None:
        raise NotFoundError(events.NOT_TREATED)
    problems = _problems(wrong)
    titles: dict[str, str] = {}
    for rule in terms().rulebook.rules:
        titles.setdefault(rule.concept, rule.title)
    return render(
        "review/event.html",
        words=words,
        intake_id=intake_id,
        treated=treated,
        values=values,
        titles=sorted(titles.items(), key=lambda each: each[1]),
        problems=problems,
        told={problem.first_id: problem.message for problem in problems},
        longest=events.LONGEST,
    )


def _problems(wrong: tuple[Wrong, ...]) -> tuple[PageProblem, ...]:
    return tuple(PageProblem(each.field, each.sentence) for each in wrong)


def _values(last: RecordedTreatment) -> dict[str, str]:
    """The record as a form's fields hold it."""
    return {
        "version": str(last.version),
        "needles_in": str(last.needles_in),
        "needles_out": str(last.needles_out),
        "difference": last.difference,
        "stimulation": "yes" if last.stimulation else "no",
        "reaction": last.reaction,
        "next_visit": last.next_visit.isoformat() if last.next_visit else "",
    }


def _done() -> TreatmentDone:
    form = request.form
    reactions = tuple(one_of(Reaction, code) for code in form.getlist("reactions"))
    if None in reactions:
        raise AnswerError("no reaction that the page offers")
    return TreatmentDone(
        version=form.get("version", 0, type=int),
        regions=region_map.marked("regions"),
        needles_in=form.get("needles_in", type=int),
        needles_out=form.get("needles_out", type=int),
        difference=form.get("difference", ""),
        stimulation=USED.get(form.get("stimulation", "")),
        reactions=tuple(each for each in reactions if each is not None),
        reaction=form.get("reaction", ""),
        next_visit=_day(form.get("next_visit", "")),
    )


def _day(text: str) -> date | None:
    """A typed day; raises AnswerError for what is none, so that a wrong one is never kept as none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AnswerError("no day that the page offers") from None


def _numbered(kind: type[G], text: str) -> G | None:
    return next((member for member in kind if str(member.value) == text), None)
