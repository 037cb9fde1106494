"""A day list: sent as a file or pasted, checked on one page, saved or left. Only its own page takes a large body."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _

from intake.errors import ForeignFileError, StaleError
from intake.interop.day_lists.reading import Choices, Column, Order
from intake.questions.views import PageProblem
from intake.web.desk import list_words, words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.security import takes_file
from intake.web.services import services
from intake.workflow.desk import imports
from intake.workflow.desk.day_list import Fate
from intake.workflow.desk.imports import RowVerdict

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_BYTES = 1_000_000  # the server in front of the application takes no larger body
MOST_SHOWN = 200
ROW, COLUMN, ORDER = "row-", "column-", "order-"


@BLUEPRINT.get("/import")
@guard(Guard.DESK)
def import_page() -> ResponseReturnValue:
    """The form that sends a day list."""
    return _import_page(())


@BLUEPRINT.post("/import")
@guard(Guard.DESK)
@takes("list", "text", "end")
@takes_file(MOST_BYTES)
def receive() -> ResponseReturnValue:
    """Take a file, or what was pasted, to be checked."""
    file = request.files.get("list")
    content = (file.read() if file else b"") or request.form.get("text", "").encode()
    list_id = secrets.token_hex(16)
    try:
        imports.receive(services().clinic, list_id, content, signed_in())
    except ForeignFileError as error:
        return _import_page((PageProblem("list", str(error)),)), HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("desk.check_list", list_id=list_id), HTTPStatus.SEE_OTHER)


@BLUEPRINT.get("/import/<list_id>")
@guard(Guard.DESK)
def check_list(list_id: str) -> ResponseReturnValue:
    """What was found in the list, what it leaves open, and what it would do."""
    return _check_page(list_id, ())


@BLUEPRINT.post("/import/<list_id>/reading")
@guard(Guard.DESK)
@takes("letters", "separator", "day", "end", begins=(COLUMN, ORDER))
def choose_reading(list_id: str) -> ResponseReturnValue:
    """Read the list as somebody chose."""
    checked = imports.load(services().clinic, list_id)
    imports.choose(services().clinic, list_id, _choices(request.form), checked.verdicts)
    return redirect(url_for("desk.check_list", list_id=list_id), HTTPStatus.SEE_OTHER)


@BLUEPRINT.post("/import/<list_id>")
@guard(Guard.DESK)
@takes("digest", "what", "end", begins=(ROW,))
def finish(list_id: str) -> ResponseReturnValue:
    """Save what was shown, or leave it."""
    clinic = services().clinic
    if request.form.get("what") == "leave":
        imports.leave(clinic, list_id, signed_in())
        return redirect(url_for("desk.today"), HTTPStatus.SEE_OTHER)
    imports.choose(clinic, list_id, imports.load(clinic, list_id).choices, _verdicts(request.form))
    try:
        digest = request.form.get("digest", "")
        saved = imports.save(clinic, list_id, digest, signed_in(), lambda: secrets.token_hex(16))
    except StaleError:
        problem = PageProblem("what", _("Nothing is saved yet: look at this again, then save it."))
        return _check_page(list_id, (problem,)), HTTPStatus.CONFLICT
    day = saved.days[0].isoformat() if saved.days else None
    address = url_for("desk.today", day=day, list_added=saved.added, list_changed=saved.changed)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _import_page(problems: tuple[PageProblem, ...]) -> str:
    return render("desk/import.html", problems=problems, text=request.form.get("text", ""), most=MOST_BYTES // 1000)


def _check_page(list_id: str, problems: tuple[PageProblem, ...]) -> str:
    checked = imports.show(services().clinic, list_id, signed_in())
    would = checked.preview
    return render(
        "desk/check_list.html",
        checked=checked,
        reading=checked.reading,
        added=would.of(Fate.ADDED),
        changed=would.of(Fate.CHANGED),
        same=would.of(Fate.SAME),
        near=[row for row in would.rows if row.near is not None],
        joined=sum(row.equal is not None for row in would.rows),
        problems=problems,
        words=words,
        list_words=list_words,
        today=services().clinic.today,
        most=MOST_SHOWN,
        RowVerdict=RowVerdict,
    )


def _choices(form: Mapping[str, str]) -> Choices:
    columns = {name.removeprefix(COLUMN): text for name, text in form.items() if name.startswith(COLUMN)}
    orders = {name.removeprefix(ORDER): text for name, text in form.items() if name.startswith(ORDER)}
    return Choices(
        separator={"tab": "\t"}.get(form.get("separator", ""), form.get("separator", "")[:1]),
        letters=form.get("letters", "")[:20],
        columns={int(place): text for place, text in columns.items() if place.isdecimal() and text in {"", *Column}},
        orders={name: text for name, text in orders.items() if name in set(Column) and text in set(Order)},
        day=_day(form.get("day", "")),
    )


def _verdicts(form: Mapping[str, str]) -> dict[int, RowVerdict]:
    said = {name.removeprefix(ROW): text for name, text in form.items() if name.startswith(ROW)}
    return {int(row): RowVerdict(text) for row, text in said.items() if row.isdecimal() and text in set(RowVerdict)}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
