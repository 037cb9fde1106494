"""A form on paper typed in, part by part; nothing that was typed before is ever shown again."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from intake.errors import NotFoundError, StaleError
from intake.questions.views import PageProblem
from intake.web.desk import words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import TOKEN, takes
from intake.web.guards import Guard, guard
from intake.web.references import new_reference
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.desk.identity import Identity
from intake.workflow.patient.paper import entry, marks
from intake.workflow.patient.paper.marks import Field, Part
from intake.workflow.patient.submit import Sending

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.workflow.patient.paper.entry import TypedForm

ID_BYTES, TOKEN_BYTES = 16, 32
OWN = ("version", "end")
LONGEST = 64


def input_names() -> frozenset[str]:
    """What the parts of a form may send."""
    return marks.names(services().questionnaire, services().clinic.today)


@BLUEPRINT.post("/paper/begin")
@guard(Guard.DESK)
@takes("visit", "end")
def begin_typing() -> ResponseReturnValue:
    """Begin to type a form, for a visit or for none."""
    draft_id = secrets.token_hex(ID_BYTES)
    visit_id = request.form.get("visit", "")[:LONGEST]
    entry.begin(services().clinic, draft_id, secrets.token_urlsafe(TOKEN_BYTES), visit_id, signed_in())
    return redirect(url_for("desk.type_part", draft_id=draft_id, number=1), HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/paper/typing/<draft_id>/<int:number>")
@guard(Guard.DESK)
def type_part(draft_id: str, number: int) -> ResponseReturnValue:
    """One part of the form, empty; who comes stands in it where the visit says so."""
    found, part = _load(draft_id), _part(number)
    return _page(found, part, _fields(part, _known_of(_whose(found)) if found.visit_id else MultiDict()), ())


@BLUEPRINT.post("/paper/typing/<draft_id>/<int:number>")
@guard(Guard.DESK)
@takes(*OWN, several=input_names)
def save_part(draft_id: str, number: int) -> ResponseReturnValue:
    """Save a part, and go on to the next."""
    found, part, parts = _load(draft_id), _part(number), services()
    typed = marks.read(parts.questionnaire, part, _sent(), parts.clinic.today)
    problems = typed.problems if "end" in request.form else (_not_whole(typed.fields),)
    if problems:
        return _page(found, part, typed.fields, problems), HTTPStatus.UNPROCESSABLE_ENTITY
    if request.form.get("version") != str(found.draft.version):
        return _overtaken(found, part, typed.fields)
    try:
        entry.save(parts.clinic, parts.rulebook, found, typed, signed_in())
    except StaleError:
        return _overtaken(_load(draft_id), part, typed.fields)
    if number < len(_parts()):
        return redirect(url_for("desk.type_part", draft_id=draft_id, number=number + 1), HTTPStatus.SEE_OTHER)
    return redirect(url_for("desk.typed_whole", draft_id=draft_id), HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/paper/typing/<draft_id>")
@guard(Guard.DESK)
def typed_whole(draft_id: str) -> ResponseReturnValue:
    """Which parts are saved, and the button that sends."""
    found = _load(draft_id)
    who = _whose(found)
    return render("desk/paper_send.html", draft_id=draft_id, who=who, words=words, parts=_parts(), saved=found.saved)


@BLUEPRINT.post("/paper/typing/<draft_id>")
@guard(Guard.DESK)
@takes("end")
def send_typed(draft_id: str) -> ResponseReturnValue:
    """Send what was typed; the desk reads nothing of it from now on."""
    parts, found = services(), _load(draft_id)
    try:
        sending = Sending(secrets.token_hex(ID_BYTES), new_reference())
        entry.send(parts.clinic, parts.rulebook, found, _parts(), sending)
    except StaleError:
        return redirect(url_for("desk.typed_whole", draft_id=draft_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("desk.papers", typed=1), HTTPStatus.SEE_OTHER)


def _page(found: TypedForm, part: Part, fields: tuple[Field, ...], problems: tuple[PageProblem, ...]) -> str:
    return render(
        "desk/paper_part.html",
        draft_id=found.draft.id,
        version=found.draft.version,
        who=_whose(found),
        words=words,
        part=part,
        parts=_parts(),
        saved=found.saved,
        fields=fields,
        problems=problems,
    )


def _overtaken(found: TypedForm, part: Part, fields: tuple[Field, ...]) -> ResponseReturnValue:
    moved_on = _("This form was saved in another window meanwhile.")
    unsaved = _("Nothing of this page is saved yet: check it, then save.")
    problem = PageProblem(fields[0].view.first_id, f"{moved_on} {unsaved}")
    return _page(found, part, fields, (problem,)), HTTPStatus.CONFLICT


def _not_whole(fields: tuple[Field, ...]) -> PageProblem:
    sentence = _("The page did not arrive whole. Please check it and send it again.")
    return PageProblem(fields[0].view.first_id, sentence)


def _load(draft_id: str) -> TypedForm:
    return entry.load(services().clinic, _parts(), draft_id)


def _parts() -> tuple[Part, ...]:
    return marks.parts(services().questionnaire)


def _part(number: int) -> Part:
    part = next((part for part in _parts() if part.number == number), None)
    if part is None:
        raise NotFoundError("The form has no such part.")
    return part


def _sent() -> MultiDict[str, str]:
    pairs = request.form.items(multi=True)
    return MultiDict([pair for pair in pairs if pair[0] not in {*OWN, TOKEN}])


def _fields(part: Part, given: MultiDict[str, str]) -> tuple[Field, ...]:
    return marks.fields(services().questionnaire, part, given, services().clinic.today)


def _whose(found: TypedForm) -> Identity:
    return entry.whose(services().clinic, found)


def _known_of(who: Identity) -> MultiDict[str, str]:
    """What the front desk knows of who comes, as the inputs have it."""
    given = {"full_name": who.name, "contact-phone": who.phone, "contact-email": who.email}
    if who.birthday is not None:
        born = who.birthday
        day, month, year = (f"date_of_birth-{part}" for part in ("day", "month", "year"))
        given |= {day: str(born.day), month: str(born.month), year: str(born.year)}
    return MultiDict(given)
