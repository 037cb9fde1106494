"""The consent as a document: PDF/A, tagged, from the sheet and its signatures; unsigned it is the form on paper."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from intake.interop.pdf.typesetting import KEPT, typeset
from intake.workflow.review.consent.signatures import PAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from intake.workflow.review.consent.sheets import ConsentSheet, SheetLine

TEMPLATE = "consent.typ"
MINUTE = "%d %B %Y, %H:%M"
Signed = tuple[str, str]  # who or what, and in which words


def pdf(sheet: ConsentSheet, signed: Mapping[str, str], lines: tuple[Signed, ...], made: datetime) -> bytes:
    """The document. `signed`: the patient's signature as stored, empty on paper; `lines`: what else is written down.

    Raises TypesettingError.
    """
    data = {
        "title": _("Consent to needling"),
        "clinic": sheet.clinic,
        "language": "en",
        "name": sheet.name,
        "born": sheet.born,
        "where": ", ".join(sheet.regions),
        "parts": [
            {"heading": heading, "lines": [_line(each) for each in some]} for heading, some in parts(sheet) if some
        ],
        "sources": list(sheet.sources),
        "edition": sheet.edition,
        "typed": signed.get("name", ""),
        "drawn": drawing(signed.get("drawing", "")),
        "signed": bool(signed),
        "lines": [list(each) for each in lines],
        "words": {
            "name": _("Name"),
            "born": _("Born"),
            "where": _("Where"),
            "sources": _("Sources"),
            "text": _("Text"),
            "page": _("Page"),
            "signature": _("Signature of the patient, or of who signs for them"),
            "drawn": _("Drawn signature"),
            "practitioner": _("Signature of the practitioner"),
            "helper": _("Who helped or translated"),
            "date": _("Date and time"),
            "replaced": _("Signs that this print does not have stand as “?”; what was typed is kept with the consent."),
            "agree": _("I have talked with the practitioner. I agree to needling at these places."),
        },
    }
    return typeset(TEMPLATE, data, made, KEPT)


def parts(sheet: ConsentSheet) -> tuple[tuple[str, tuple[SheetLine, ...]], ...]:
    """The sheet under its headings, in the order of reading."""
    return (
        (str(_("What it is")), sheet.about),
        (str(_("What can happen with any needle")), sheet.everywhere),
        (str(_("What can happen at these places")), sheet.places),
        (str(_("Because of your answers")), sheet.answers),
        (str(_("What else you can do")), sheet.choices),
    )


def drawing(path: str) -> str:
    """A drawn signature as a picture (SVG); `path` was checked by `signatures.is_drawn`."""
    if not path:
        return ""
    shape = f'<path d="{path}" fill="none" stroke="#211c18" stroke-width="3" stroke-linecap="round"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAD[0]} {PAD[1]}">{shape}</svg>'


def _line(said: SheetLine) -> dict[str, str]:
    return {"where": ", ".join(said.where), "say": said.say, "sources": ", ".join(said.sources)}
