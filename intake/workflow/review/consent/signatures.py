"""What a patient and a practitioner put under a sheet, and what it lacks, in a sentence for whoever fills it in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from intake.workflow.review.consent.standing import AGREE, REFUSE
from intake.workflow.review.verdicts import Wrong

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_NAME, LONGEST_REASON, LONGEST_DRAWING = 120, 300, 24_000
PAD = (600, 200)  # the units of a drawn signature
STROKES = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})+)+")
FEWEST_POINTS = 8


class Copy(StrEnum):
    """How the patient gets a copy; NONE needs a reason."""

    PRINT = "print"
    MAIL = "mail"
    DOWNLOAD = "download"
    NONE = "none"


@dataclass(frozen=True, slots=True, repr=False)
class Signature:
    """What the patient sends: `agree` or `refuse`, a typed name or a drawing (a path on the pad), who helped.

    `for_whom`: who signs for the patient, and as what; `copy`: how the patient wants the copy.
    """

    said: str
    name: str
    drawing: str
    helper: str
    interpreter: str
    for_whom: str
    copy: str

    def problems(self) -> tuple[Wrong, ...]:
        """What it lacks."""
        return tuple(self._problems())

    def stored(self) -> dict[str, str]:
        """As JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def _problems(self) -> Iterator[Wrong]:
        if self.said not in (AGREE, REFUSE):
            yield Wrong("say", _("Choose one: agree, or do not agree."))
        if self.drawing and not is_drawn(self.drawing):
            yield Wrong("name", _("The drawing cannot be read. Draw it again, or type your name."))
        elif self.said == AGREE and not (self.name or self.drawing):
            yield Wrong("name", _("Type your name, or draw it."))
        if self.said == AGREE and self.copy not in set(Copy):
            yield Wrong("copy", _("Choose how you want your copy."))
        for field in ("name", "helper", "interpreter", "for_whom"):
            if len(getattr(self, field)) > LONGEST_NAME:
                yield Wrong(field, _("Use 120 letters or less."))


@dataclass(frozen=True, slots=True, repr=False)
class Countersignature:
    """What the practitioner sends: their typed name, how the copy was handed over, and why not if it was not."""

    name: str
    copy: str
    reason: str

    def problems(self) -> tuple[Wrong, ...]:
        """What it lacks."""
        return tuple(self._problems())

    def _problems(self) -> Iterator[Wrong]:
        if not self.name or len(self.name) > LONGEST_NAME:
            yield Wrong("name", _("Type your name."))
        if self.copy not in set(Copy):
            yield Wrong("copy", _("Say how the copy was handed over."))
        if (self.copy == Copy.NONE and not self.reason) or len(self.reason) > LONGEST_REASON:
            yield Wrong("reason", _("Say why there is no copy, in 300 letters or less."))


def is_drawn(path: str) -> bool:
    """Whether a path is a drawing on the pad that could be a signature."""
    if len(path) > LONGEST_DRAWING or STROKES.fullmatch(path) is None:
        return False
    points = [(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", path)]
    return len(points) >= FEWEST_POINTS and all(x <= PAD[0] and y <= PAD[1] for x, y in points)
