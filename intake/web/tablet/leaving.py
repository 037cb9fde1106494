"""The ways out of a form on a tablet: nobody is there any more, leave, clear, finish. All end in the start page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from intake.web.guards import Guard, guard
from intake.web.patient import journey
from intake.web.rendering import render
from intake.web.services import services
from intake.web.tablet.blueprint import BLUEPRINT, device, lock_and_leave, open_draft, sitting, to_start
from intake.workflow.patient import tablet

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

OWN_PAGE = "same-origin"


@BLUEPRINT.get("/idle")
@guard(Guard.TABLET)
def idle() -> ResponseReturnValue:
    """Without scripts: is somebody there? Only a page whose time is over leads here."""
    found = sitting()
    came_from = request.headers.get("Sec-Fetch-Site", OWN_PAGE)
    if found is None or came_from != OWN_PAGE or not tablet.note_idle(services().clinic, found):
        return lock_and_leave()
    return render("tablet/idle.html")


@BLUEPRINT.get("/over")
@guard(Guard.TABLET)
def over() -> ResponseReturnValue:
    """Without scripts: nobody answered."""
    found = sitting()
    if found is not None and tablet.is_over(services().clinic, found):
        return _cleared()
    return lock_and_leave()


@BLUEPRINT.post("/leave")
@guard(Guard.TABLET)
def leave() -> ResponseReturnValue:
    """Go on later: the form stays on the server, and opens here again by birth date."""
    return lock_and_leave()


@BLUEPRINT.post("/clear")
@guard(Guard.TABLET)
def clear() -> ResponseReturnValue:
    """Clear the tablet, asked for by the person or by the clock; what belongs to a visit or alarmed stays whole."""
    return to_start() if open_draft() is None else _cleared()


@BLUEPRINT.post("/finish")
@guard(Guard.TABLET)
def finish() -> ResponseReturnValue:
    """It was sent and read: the next person."""
    draft = journey.own_draft()
    if draft is not None and draft.sent:
        tablet.end(services().clinic, device())
        return to_start()
    return lock_and_leave()


def _cleared() -> ResponseReturnValue:
    found, draft = sitting(), journey.own_draft()
    if found is not None:
        if draft is not None and draft.sent:
            tablet.end(services().clinic, device())
        else:
            tablet.wipe(services().clinic, found)
    return to_start()
