"""After the needles: what to know, and the check-in two to three days later, each behind a link and the birth date.

Nothing here says that anybody is well. A check-in goes the form's own way, so that a red flag meets its card at once.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import format_date

from intake.errors import NotFoundError
from intake.questions.about.pages import names_of
from intake.web import region_map
from intake.web.fields import takes
from intake.web.guards import Guard, guard
from intake.web.patient import journey, linked
from intake.web.patient.linked import opens
from intake.web.patient.pages import OWN_FIELDS
from intake.web.patient.views import BLUEPRINT, ID_BYTES, TOKEN_BYTES, go, onward
from intake.web.rendering import render
from intake.web.services import services
from intake.workflow.patient import drafts
from intake.workflow.patient.aftercare import check_in, handed
from intake.workflow.patient.links import Purpose

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from intake.workflow.patient.aftercare.handed import HandedVisit


@BLUEPRINT.get("/l/aftercare")
@guard(Guard.LINK)
@opens(Purpose.AFTERCARE)
def aftercare() -> ResponseReturnValue:
    """What to know after the needles, for the regions that were needled."""
    treated = handed.read(services().clinic, linked.opened(Purpose.AFTERCARE).object_id)
    words = services().aftercare
    sources = words.cited(treated.regions)
    names = names_of(sources)
    red = (each for part in words.after(treated.regions) for each in (*part.says, *part.tell))
    return render(
        "patient/aftercare.html",
        **_told(treated),
        words=words,
        sources=sources,
        names=names,
        behind_red=list(dict.fromkeys(names[key] for each in red for key in each.sources)),
        ask_on=format_date(treated.ask_at, "EEEE d MMMM") if treated.ask_at else "",
    )


@BLUEPRINT.get("/l/check-in")
@guard(Guard.LINK)
@opens(Purpose.CHECKIN)
def check_in_start() -> ResponseReturnValue:
    """What is asked after the needles, and what nobody should wait with."""
    treated = handed.read(services().clinic, linked.opened(Purpose.CHECKIN).object_id)
    return render("patient/check_in.html", **_told(treated))


@BLUEPRINT.post("/l/check-in")
@guard(Guard.LINK)
@takes(*OWN_FIELDS)
def check_in_begin() -> ResponseReturnValue:
    """On to the questions about the time since the needles; answered already, the page says so."""
    parts, key = services(), secrets.token_urlsafe(TOKEN_BYTES)
    visit_id = linked.opened(Purpose.CHECKIN).object_id
    beginning = key, secrets.token_hex(ID_BYTES)
    try:
        check_in.begin(parts.clinic, parts.rulebook, parts.questionnaire.steps, visit_id, beginning)
    except NotFoundError:
        return go(url_for("patient.check_in_start"))
    draft = drafts.load(parts.clinic, key)
    response = onward(draft)
    journey.remember(response, key, draft.expires - parts.clinic.clock())
    return response


def _told(treated: HandedVisit) -> dict[str, object]:
    return {
        "treated": treated,
        "day": format_date(treated.needled_at, "EEEE d MMMM"),
        "places": region_map.in_words(treated.regions),
        "red": services().aftercare.after(treated.regions),
    }
