"""What a rule book is: rules and suitability notes with their conditions, places, sources and examples. Frozen data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from intake.engine.book.levels import Levels, Urgency
from intake.engine.book.tree import Condition, facts_read
from intake.engine.book.vocabulary import Vocabulary


class Strength(StrEnum):
    """How strong the source of a rule is."""

    GUIDELINE = "guideline"
    REVIEW = "review"
    TRIAL = "trial"
    OBSERVATIONAL = "observational"
    CASE_REPORT = "case_report"
    CONSENSUS = "consensus"


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
    """One safety rule; every finding is traceable to it.

    `tell` is what the patient reads where it fires; `tell_if_asking` what completes "Call ... if" where it cannot be
    ruled out: it says of nobody that they have it. `often` is the reason why it may hold more than one ordinary patient
    in a hundred above precaution.
    """

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
    tell_if_asking: tuple[str, ...]
    sources: tuple[str, ...]
    strength: Strength
    policy: str | None
    reviewed: RuleReview
    examples: Examples
    line: int = field(compare=False)
    often: str | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Its own condition and those of its raises."""
        return (self.when, *(each.when for each in self.raises))

    @property
    def is_about_crisis(self) -> bool:
        """Whether it sends the patient to the crisis line, with kind words in place of alarming ones."""
        return "{crisis_line}" in (self.tell or "")

    @property
    def most_urgent(self) -> Urgency:
        """The highest urgency that it can count at."""
        return max(self.levels.urgency, *(each.levels.urgency for each in self.raises), Urgency.NONE)

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
