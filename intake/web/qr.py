"""A QR code as inline SVG: no file, no other origin, drawn dark on light whatever the page's colours are."""

from __future__ import annotations

import segno
from markupsafe import Markup

DARK, LIGHT = "#000", "#fff"
QUIET = 4  # modules of the light border that readers need


def qr(words: str) -> Markup:
    """The code of an address, as large as its box; it is a picture without a name of its own."""
    code = segno.make(words, error="m", micro=False)
    drawn = code.svg_inline(border=QUIET, dark=DARK, light=LIGHT, omitsize=True, svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn by segno from modules; the words are not in it
