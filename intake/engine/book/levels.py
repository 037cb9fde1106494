"""How bad it is, in ordered levels: what may be needled, how soon a doctor is needed, and the label that follows.

Levels are ordered (`max` is the worse); their names in lower case are the public codes (`do_not_needle`, `same_day`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """An ordered level whose public code is its name in lower case."""

    @property
    def code(self) -> str:
        """The public code, for example `review_before`."""
        return self.name.lower()


class Needling(Level):
    """Axis 1: what may be needled."""

    OK = 0
    PRECAUTION = 1
    REVIEW_BEFORE = 2
    AVOID_AREA = 3
    DO_NOT_NEEDLE = 4


class Urgency(Level):
    """Axis 2: how soon a doctor is needed."""

    NONE = 0
    WITHIN_DAYS = 1
    SAME_DAY = 2
    EMERGENCY_NOW = 3


class Label(Level):
    """The one derived word for the command line and the queue."""

    ROUTINE = 0
    PRECAUTION = 1
    NEEDS_REVIEW_BEFORE_NEEDLING = 2
    DO_NOT_NEEDLE = 3
    URGENT_REFERRAL = 4
    EMERGENCY = 5


class Tier(Level):
    """What people see of the two axes; only URGENT interrupts."""

    NOTE = 0
    CAUTION = 1
    DO_NOT_NEEDLE_YET = 2
    URGENT = 3


@dataclass(frozen=True, slots=True)
class Levels:
    """A point on the two axes."""

    needling: Needling
    urgency: Urgency

    def worst(self, other: Levels) -> Levels:
        """The worse of the two, axis by axis."""
        if other.needling <= self.needling and other.urgency <= self.urgency:
            return self
        return Levels(max(self.needling, other.needling), max(self.urgency, other.urgency))


CALM = Levels(Needling.OK, Urgency.NONE)
STOPS: tuple[tuple[str, Needling | Urgency], ...] = (
    ("needling", Needling.DO_NOT_NEEDLE),
    ("needling", Needling.AVOID_AREA),
    ("urgency", Urgency.EMERGENCY_NOW),
)
"""The levels, by axis, that nobody may lose without a reason."""
ABSOLUTE = tuple(stop for stop in STOPS if stop[1] is not Needling.AVOID_AREA)
