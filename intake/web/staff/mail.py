"""The mails of a demonstration, which never leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint

from intake.errors import NotFoundError
from intake.web.guards import Guard, guard
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.keeping.messages import catcher

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

BLUEPRINT = Blueprint("mail", __name__, url_prefix="/staff")
NO_CATCHER = "Only a demonstration keeps its mails."


@BLUEPRINT.get("/mail")
@guard(Guard.STAFF)
def caught() -> ResponseReturnValue:
    """The newest mails; there is no such page where mails are sent."""
    if not services().details.demo:
        raise NotFoundError(NO_CATCHER)
    return render("staff/mail.html", mails=catcher.caught(services().clinic), own_path=own_path)


def own_path(line: str) -> str:
    """The path of a line that is one of our own addresses, so that its link stays here whatever the host's name."""
    own = urlsplit(services().clinic.duty.page)
    found = urlsplit(line.strip())
    return found.path if found.scheme and (found.scheme, found.netloc) == (own.scheme, own.netloc) else ""
