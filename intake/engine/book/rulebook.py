"""What a rule book and a decision are: ordered levels, rules, notes, sources, findings. Frozen data.

Levels are ordered (`max` is the worse); their names in lower case are the public codes (`do_not_needle`, `same_day`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import NamedTuple

from intake.engine.book.tree import Condition, facts_read
from intake.engine.book.vocabulary import Vocabulary


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


class Status(StrEnum):
    """What a rule does on an intake; a quiet rule makes no finding."""

    FIRES = "fires"
    ASKS = "asks"


class Strength(StrEnum):
    """How strong the source of a rule is."""

    GUIDELINE = "guideline"
    REVIEW = "review"
    TRIAL = "trial"
    OBSERVATIONAL = "observational"
    CASE_REPORT = "case_report"
    CONSENSUS = "consensus"


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
AVOID, ALLOWED = "avoid", "allowed"
"""The words for electrical stimulation."""


@dataclass(frozen=True, slots=True)
class Everywhere:
    """The needling level applies to the whole body."""


@dataclass(frozen=True, slots=True)
class Regions:
    """The needling level applies to these region codes."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The needling level applies where the fact says: `places` are the regions that each of its codes means."""

    fact: str
    places: dict[str, tuple[str, ...]]


Where = Everywhere | Regions | Named


@dataclass(frozen=True, slots=True)
class Source:
    """One citation; `key` is how rules name it."""

    key: str
    citation: str
    year: int
    kind: str
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class RuleReview:
    """Who checked a rule, when, and when it must be checked again."""

    by: str
    on: date
    again_by: date


@dataclass(frozen=True, slots=True)
class Examples:
    """Small intakes that prove a rule: each must fire, stay quiet or ask as its list says (raw facts)."""

    fires: tuple[dict[str, object], ...]
    quiet: tuple[dict[str, object], ...]
    asks: tuple[dict[str, object], ...]


NO_EXAMPLES = Examples((), (), ())


@dataclass(frozen=True, slots=True)
class Raise:
    """A higher level of the same finding, read only when its rule fires or asks.

    An UNKNOWN raise counts at `if_unknown` where its rule fires, at `while_asking` where the rule itself only asks.
    """

    when: Condition
    levels: Levels
    if_unknown: Levels
    while_asking: Levels
    examples: Examples = field(default=NO_EXAMPLES, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """One safety rule; every finding is traceable to it."""

    id: str
    concept: str
    title: str
    when: Condition
    levels: Levels
    where: Where
    depth: str | None
    electrical_stimulation: str | None
    raises: tuple[Raise, ...]
    if_unknown: Levels
    because: str
    do: str
    tell: str | None
    sources: tuple[str, ...]
    strength: Strength
    policy: str | None
    reviewed: RuleReview
    examples: Examples
    line: int = field(compare=False)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Its own condition and those of its raises."""
        return (self.when, *(each.when for each in self.raises))

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of the facts that its conditions read."""
        return tuple(name for condition in self.conditions for name in facts_read(condition))


@dataclass(frozen=True, slots=True)
class Note:
    """A suitability note: it informs, never warns, and carries the certainty of the evidence."""

    id: str
    title: str
    when: Condition
    text: str
    certainty: str
    sources: tuple[str, ...]
    strength: Strength
    reviewed: RuleReview
    examples: Examples
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A checked rule book; `sha256` is over `content`, the canonical JSON of its rules and of the vocabulary.

    Two books are equal if all their fields are; a book hashes as its `sha256`, which books made by hand may share.
    """

    version: str
    sha256: str
    vocabulary: Vocabulary
    concepts: tuple[str, ...]
    rules: tuple[Rule, ...]
    notes: tuple[Note, ...]
    sources: dict[str, Source]
    content: str = ""

    def __hash__(self) -> int:
        return hash(self.sha256)


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
