"""Data and a template in, a PDF out: tagged for screen readers (PDF/UA-1), the same bytes for the same data.

The fonts are those of this folder (Noto Sans, under the SIL Open Font License), and behind them those that the
typesetter carries; what is installed on a machine is not looked at. The template imports nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import typst

from intake.errors import IntakeError

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
# Latin, Greek and Cyrillic letters, and the marks that our own sentences use.
UNKNOWN = re.compile(
    "[^\\s\u0020-\u007e\u00a0-\u00ac\u00ae-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u203a\u20ac\u2190-\u2193]"
)
Standard = Literal["ua-1", "a-2a"]
READABLE: tuple[Standard, ...] = ("ua-1",)  # tagged for screen readers
KEPT: tuple[Standard, ...] = ("ua-1", "a-2a")  # and to be read in many years: PDF/A-2a


class TypesettingError(IntakeError):
    """A page that could not be set; the message names the template, never the data."""


def typeset(
    template: str, data: Mapping[str, object], made_on: datetime, standards: tuple[Standard, ...] = READABLE
) -> bytes:
    """The PDF that a template of this folder makes of JSON data; raises TypesettingError.

    Args:
        template: a template's file name, `form.typ`.
        data: what JSON can say; every string in it is shown as it stands. Where a sign is in no font of ours (the
            standards refuse a page that lacks one), all that is not European stands as `?`, and `replaced` is true.
        made_on: the moment that the document names as its own.
        standards: what the document keeps to, `READABLE` or `KEPT`.
    """
    try:
        return _set(template, data, made_on, standards)
    except typst.TypstError:
        plain = {name: european(value) for name, value in data.items()}
    try:
        return _set(template, {**plain, "replaced": True}, made_on, standards)
    except typst.TypstError as error:
        raise TypesettingError(f"{template} cannot be set: {type(error).__name__}") from None


def european(value: object) -> object:
    """JSON data whose strings hold only signs that the fonts of this folder are known to have."""
    if isinstance(value, str):
        return UNKNOWN.sub("?", value)
    if isinstance(value, Mapping):
        return {name: european(each) for name, each in value.items()}
    return [european(each) for each in value] if isinstance(value, (list, tuple)) else value


def _set(template: str, data: Mapping[str, object], made_on: datetime, standards: tuple[Standard, ...]) -> bytes:
    return typst.compile(
        str(HERE / template),
        root=str(HERE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={
            "data": json.dumps(data, ensure_ascii=False),
            "made_on": made_on.astimezone(UTC).date().isoformat(),
        },
        pdf_standards=list(standards),
        timestamp=int(made_on.timestamp()),
    )
