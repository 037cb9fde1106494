"""The vocabulary: facts, codes, regions, gates. Read from facts.yaml by `load`, read by everybody.

An answer is a code (choice), a tuple of codes (choices, regions), a number (number, score) or a text.
`not_sure` and `declined` are states, not codes: the word itself for a choice, number or score; alone in the tuple for
regions; `not_sure` may stand beside codes in a choices fact. A fact that is absent from the answers was not answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import TypeAlias

from intake.engine.book.roles import NO_ROLES, Roles
from intake.engine.book.tree import Condition, Leaf, facts_read, leaves

NOT_SURE = "not_sure"
DECLINED = "declined"
UNKNOWN_WORDS = (NOT_SURE, DECLINED)

Answer: TypeAlias = str | tuple[str, ...] | int | float
Answers: TypeAlias = Mapping[str, Answer]


class Kind(StrEnum):
    """The kinds of fact."""

    CHOICE = "choice"
    CHOICES = "choices"
    NUMBER = "number"
    REGIONS = "regions"
    TEXT = "text"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `codes` are plain codes (without the states); `asked_if` None: asked of everyone.

    `gate` is (gate name, item), `benign` the code that an unticked item sets, `none` the exclusive code of choices;
    `names_regions` says that the codes of a choice are body regions; `runs_out`: codes that hold for a time only.
    """

    name: str
    kind: Kind
    codes: tuple[str, ...] = ()
    none: str | None = None
    may_be_unknown: bool = True
    names_regions: bool = False
    asked_if: Condition | None = None
    narrows: str | None = None
    narrowed_by: str | None = None
    worse: str | tuple[str, ...] | None = None
    safety: bool = False
    optional: bool = False
    gate: tuple[str, str] | None = None
    benign: str | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    hidden_is_safe: str | None = None
    runs_out: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def severities(self) -> dict[str, int]:
        """How bad its codes are, the mildest 0; empty where the vocabulary does not say which code is worse."""
        return {code: rank for rank, code in enumerate(self.worse)} if isinstance(self.worse, tuple) else {}


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """All facts in file order, region codes, stems and groups (name -> codes), gates (name -> item -> facts), roles.

    `content` is the canonical JSON of the file and `sha256` its hash; `places` says where each fact stands in it.
    """

    facts: dict[str, Fact]
    regions: tuple[str, ...]
    stems: dict[str, tuple[str, ...]]
    groups: dict[str, tuple[str, ...]]
    gates: dict[str, dict[str, tuple[str, ...]]]
    roles: Roles = NO_ROLES
    content: str = ""
    sha256: str = field(init=False)
    places: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", sha256(self.content.encode()).hexdigest())
        object.__setattr__(self, "places", {name: place for place, name in enumerate(self.facts)})


def codes_in(answer: Answer | None) -> tuple[str, ...]:
    """The codes and states in an answer; a number has none, and neither has no answer."""
    if isinstance(answer, tuple):
        return answer
    return (answer,) if isinstance(answer, str) else ()


def facts_behind(names: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The facts and all that their reading depends on: what makes them apply, what narrows them."""
    facts: dict[str, None] = {}
    waiting = list(names)
    while waiting:
        fact = vocabulary.facts[waiting.pop()]
        if fact.name in facts:
            continue
        facts[fact.name] = None
        waiting += [] if fact.asked_if is None else facts_read(fact.asked_if)
        facts.update({} if fact.narrowed_by is None else {fact.narrowed_by: None})
    return tuple(facts)


def leaves_behind(condition: Condition, vocabulary: Vocabulary) -> tuple[Leaf, ...]:
    """Every leaf of the condition, and of what makes its questions apply."""
    gates = (vocabulary.facts[name].asked_if for name in facts_behind(facts_read(condition), vocabulary))
    return tuple(leaf for node in (condition, *gates) if node is not None for leaf in leaves(node))
