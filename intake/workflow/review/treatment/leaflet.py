"""The leaflet after the needles: what the page behind the link says, on paper, for the regions that were needled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel.dates import format_date
from flask_babel import gettext as _

from intake.interop.pdf.typesetting import typeset
from intake.questions.about.pages import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from intake.questions.about.aftercare import Aftercare
    from intake.questions.about.pages import Statement
    from intake.workflow.review.treatment.shown import RecordedTreatment
    from intake.workflow.shared.clinic import Clinic

TEMPLATE = "leaflet.typ"


@dataclass(frozen=True, slots=True)
class LeafletHead:
    """What stands on every leaflet: the clinic, its numbers, the language, the regions in words."""

    clinic: str
    phone: str
    emergency_number: str
    urgent_line: str
    language: str
    places: tuple[str, ...]


def leaflet(words: Aftercare, recorded: RecordedTreatment, head: LeafletHead, clinic: Clinic) -> bytes:
    """A tagged PDF of one page (A4) that names nobody; raises TypesettingError."""
    sources = words.cited(recorded.regions)
    names = names_of(sources)
    data = {
        "title": _(words.title),
        "clinic": head.clinic,
        "language": head.language.replace("_", "-").partition("-")[0],
        "lead": f"{_day(recorded.needled_at, head, clinic)}: {', '.join(head.places)}.",
        "red": {
            "heading": _("Call %(number)s now if you have one of these", number=head.emergency_number),
            "parts": [
                {"says": _said(part.says, names), "tell": _said(part.tell, names)}
                for part in words.after(recorded.regions)
            ],
        },
        "parts": [
            {"heading": heading, "says": _said(statements, names)}
            for heading, statements in (
                (_("This is normal"), words.normal),
                (_("What helps"), words.helps),
                (_("Call us the same day if"), words.call),
            )
        ],
        "numbers": _numbers(head),
        "sources": {"heading": _("Where this comes from"), "cites": [f"{names[s.key]}: {s.citation}" for s in sources]},
        "hint": _("A sentence with no name behind it is usual practice or what we do here. No study is named for it."),
    }
    return typeset(TEMPLATE, data, clinic.clock())


def _said(statements: Iterable[Statement], names: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"say": _(each.say), "by": "; ".join(names[key] for key in each.sources)} for each in statements]


def _day(moment: datetime, head: LeafletHead, clinic: Clinic) -> str:
    return format_date(moment.astimezone(clinic.zone), "EEEE d MMMM", head.language.replace("-", "_"))


def _numbers(head: LeafletHead) -> list[str]:
    own = f"{head.clinic}: {head.phone}" if head.phone else head.clinic
    closed = [_("When we are closed: %(line)s.", line=head.urgent_line)] if head.urgent_line else []
    return [own, *closed]
