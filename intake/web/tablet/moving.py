"""From the tablet to the patient's phone: four words and a code for its camera, shown once; no answer beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import format_time

from intake.web import addresses
from intake.web.guards import Guard, guard
from intake.web.qr import qr
from intake.web.rendering import render
from intake.web.services import services
from intake.web.tablet.blueprint import BLUEPRINT, lock_and_leave, onward, open_draft
from intake.workflow.patient import handover

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.workflow.patient.drafts import Draft

MOVE = "move"


@BLUEPRINT.post("/move")
@guard(Guard.TABLET)
def move() -> ResponseReturnValue:
    """To the page with the words."""
    draft = open_draft()
    return lock_and_leave() if draft is None else onward(draft, MOVE)


def words_page(draft: Draft, wait: int) -> str:
    """The words, made as they are shown; raises NotFoundError where the form was sent."""
    offer = handover.offer(services().clinic, draft)
    link = addresses.public(url_for("patient.move_link", words="-".join(offer.words)))
    address = addresses.typed(url_for("patient.move_in"))
    until = format_time(offer.until, "short")
    return render("tablet/move.html", offer=offer, until=until, qr=qr(link), address=address, wait=wait)
