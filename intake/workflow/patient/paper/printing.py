"""The printed form: the clinic's head, whom it is for where that is known, every question, and a code on each page.

The code (QR) leads whoever works here to the page on which this form is typed in; it holds an address and the id of a
visit, never a name.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import segno
from babel.dates import format_date, format_datetime
from flask_babel import gettext as _

from intake.interop.pdf.typesetting import typeset
from intake.workflow.desk import visits
from intake.workflow.patient.paper import sheet

if TYPE_CHECKING:
    from intake.questions.questionnaire import Questionnaire
    from intake.workflow.desk.visits import Practitioner
    from intake.workflow.shared.clinic import Clinic

TEMPLATE = "form.typ"
NAME_LIMIT = 60  # characters of a name that fit the head of a page


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on every page: the clinic, its phone, where the form is typed in (an address without the visit)."""

    clinic: str
    phone: str
    address: str
    emergency_number: str
    language: str


@dataclass(frozen=True, slots=True)
class Comer:
    """Whom a form is printed for, in the words that are printed; what is not known is empty and gets a line."""

    name: str = ""
    born: str = ""
    visit: str = ""
    visit_id: str = ""


NOBODY = Comer()


def comer_of(clinic: Clinic, visit_id: str, by: Practitioner, language: str) -> Comer:
    """Whom a visit is for; the look is recorded. Raises NotFoundError."""
    visit, who = visits.load(clinic, visit_id, by)
    locale = language.replace("-", "_")
    begins = visit.plan.starts_at.astimezone(clinic.zone)
    born = format_date(who.birthday, "d MMM yyyy", locale) if who.birthday else ""
    name = who.name if len(who.name) <= NAME_LIMIT else f"{who.name[: NAME_LIMIT - 1]}…"
    return Comer(name, born, format_datetime(begins, "EEE d MMM, HH:mm", None, locale), visit_id)


def form(questions: Questionnaire, head: Head, now: datetime, zone: tzinfo, who: Comer = NOBODY) -> bytes:
    """The whole form as a tagged PDF (A4); raises TypesettingError."""
    day = now.astimezone(zone).date()
    address = f"{head.address}/{who.visit_id}" if who.visit_id else head.address
    data = {
        "title": _("Get ready for your first visit"),
        "clinic": head.clinic,
        "phone": head.phone,
        "language": head.language.replace("_", "-").partition("-")[0],
        "who": {"name": who.name, "born": who.born, "visit": who.visit},
        "qr": _code(address),
        "words": {
            "name": _("Name"),
            "born": _("Born"),
            "visit": _("Visit"),
            "page": _("Page"),
            "qr": _("Code for the clinic: where this form is typed in"),
            "edition": _("For the clinic: edition %(edition)s", edition=edition(questions)),
        },
        "introduction": [
            _("Use a pen. Tick every box that fits you; where the marks are round, tick one."),
            _("An arrow (→) beside an answer leads to a question. Under a question it says who answers it."),
            _("Not sure? Tick “Not sure”. What you leave open, we ask you at the visit."),
            _("This form is not read at once. In an emergency, call %(number)s now.", number=head.emergency_number),
        ],
        "sections": sheet.sections(questions, day),
        "ending": [_("Thank you. Please give all pages to the front desk.")],
    }
    return typeset(TEMPLATE, data, now)


def edition(questions: Questionnaire) -> str:
    """Which questions a form asks: eight signs of the vocabulary's hash."""
    return questions.vocabulary.sha256[:8]


def _code(address: str) -> str:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()
