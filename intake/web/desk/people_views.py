"""One person or two: records side by side, decided by somebody, and joins to look at and undo."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import redirect, request, url_for

from intake.errors import NotFoundError
from intake.web.desk import words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.desk import people

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@BLUEPRINT.get("/people")
@guard(Guard.DESK)
def people_page() -> ResponseReturnValue:
    """Records that may be one person, and those that were joined last."""
    clinic = services().clinic
    pairs, joins = people.to_decide(clinic, signed_in()), people.newest_joins(clinic)
    return render("desk/people.html", pairs=pairs, joins=joins, words=words)


@BLUEPRINT.post("/people")
@guard(Guard.DESK)
@takes("same", "two", "undo", "end")
def decide_people() -> ResponseReturnValue:
    """Somebody says that two records are one person, or two; or takes a join back."""
    what = next((name for name in ("same", "two", "undo") if name in request.form), "")
    one, _blank, other = request.form.get(what, "").partition(" ")
    if not (what and one and other):
        raise NotFoundError(people.NOT_TWO)
    if what == "undo":
        people.undo(services().clinic, one, other, signed_in())
    else:
        people.decide(services().clinic, one, other, signed_in(), same=what == "same")
    return redirect(url_for("desk.people_page", done=what), HTTPStatus.SEE_OTHER)
