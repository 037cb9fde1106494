"""The form of a visit at the desk: inviting by mail, by a link or on paper, and taking the invitation back.

A link or code is shown once, on the answer to the button; no address and no later page holds it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import abort, redirect, request, url_for

from intake.web import addresses
from intake.web.desk import words
from intake.web.desk.blueprint import BLUEPRINT, signed_in
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.qr import qr
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.desk import invitations, visits

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from intake.workflow.desk.visits import Practitioner
    from intake.workflow.shared.clinic import Clinic

    Act = Callable[[Clinic, str, Practitioner], None]

ACTS: dict[str, Act] = {
    "mail": invitations.mail,
    "revoke": invitations.revoke,
    "again": invitations.let_try_again,
}


@BLUEPRINT.post("/visits/<visit_id>/invitation")
@guard(Guard.DESK)
@takes("how")
def invite(visit_id: str) -> ResponseReturnValue:
    """Invite by mail, take back, or let somebody type the birth date anew."""
    how = request.form.get("how", "")
    act = ACTS.get(how)
    if act is None:
        abort(HTTPStatus.UNPROCESSABLE_ENTITY)
    act(services().clinic, visit_id, signed_in())
    address = url_for("desk.visit", visit_id=visit_id, form=how, _anchor="form")
    return redirect(address, HTTPStatus.SEE_OTHER)


@BLUEPRINT.post("/visits/<visit_id>/link")
@guard(Guard.DESK)
@takes()
def copy_link(visit_id: str) -> ResponseReturnValue:
    """A new link, shown once, for the desk to hand on."""
    link = invitations.link(services().clinic, visit_id, signed_in())
    visit, who = visits.load(services().clinic, visit_id, signed_in())
    return render("desk/link.html", visit=visit, who=who, link=link, words=words, until=_until(visit_id))


@BLUEPRINT.post("/visits/<visit_id>/slip")
@guard(Guard.DESK)
@takes()
def print_slip(visit_id: str) -> ResponseReturnValue:
    """A slip for one patient, shown once, to be printed."""
    clinic = services().clinic
    slip = invitations.slip(clinic, visit_id, signed_in())
    visit, who = visits.load(clinic, visit_id, signed_in())
    booked = invitations.booked_of(clinic, visit, who)
    return render(
        "desk/slip.html",
        visit=visit,
        booked=booked,
        code=slip.code,
        qr=qr(slip.link),
        address=addresses.typed(url_for("patient.slip_code")),
        words=words,
    )


def _until(visit_id: str) -> str:
    found = invitations.state(services().clinic, visit_id)
    return "" if found is None else words.long_day(services().clinic.day_of(visits.last_moment(found.expires_at)))
