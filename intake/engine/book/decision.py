"""What a rule book says of one intake: a finding of each rule that fires or asks, and the decision over all of them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from intake.engine.book.levels import Label, Levels, Needling
from intake.engine.book.rulebook import Note, Rule


class Status(StrEnum):
    """What a rule does on an intake; a quiet rule makes no finding."""

    FIRES = "fires"
    ASKS = "asks"


class Finding(NamedTuple):
    """A rule that fires or asks: the levels that it counts at, the upper end of the interval, and the regions.

    Why it does, `interpret.evidence` reads from the tree when somebody asks.
    """

    rule: Rule
    status: Status
    levels: Levels
    at_most: Levels
    where: tuple[str, ...]


class Decision(NamedTuple):
    """The outcome of one intake under one rule book."""

    label: Label
    levels: Levels
    at_most: Levels
    electrical_stimulation: str
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    regions: dict[str, Needling]
    rulebook_version: str
    rulebook_sha256: str
