"""How often ordinary patients give an answer: ordinary.yaml, read and checked against the vocabulary.

Every figure stands under `source` (what was seen of it is in `sources`) or under `consensus`, which says why none was
found. A draw is made of a patient whom its `when` fits, in the order of the file, so that one figure can rest on what
was drawn before.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from intake.engine.book.tree import All, Condition
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary
from intake.engine.read import values
from intake.engine.read.conditions import ConditionReader
from intake.engine.read.nodes import EMPTY
from intake.engine.read.parse import read_nodes
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

if TYPE_CHECKING:
    from intake.engine.read.nodes import Node

ALWAYS = All(())
SHAPES = ("one", "each", "normal")
WHAT_A_SOURCE_SAYS = ("citation", "seen")
ALL = 100
"""All patients, in percent."""


@dataclass(frozen=True, slots=True)
class One:
    """At most one of these answers, each with its share of patients in percent; the rest answer calmly."""

    percents: dict[str, float]


@dataclass(frozen=True, slots=True)
class Each:
    """Any of these codes, independently, each with its share of patients in percent."""

    percents: dict[str, float]


@dataclass(frozen=True, slots=True)
class Normal:
    """A whole number around a mean; below `least` and above `most` it is drawn again."""

    mean: float
    deviation: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Draw:
    """How one fact is drawn for the patients whom `when` fits."""

    fact: Fact
    when: Condition
    shape: One | Each | Normal


@dataclass(frozen=True, slots=True)
class Together:
    """Ordinary answers that the evidence puts at class R or above together, and the row of it that does."""

    when: Condition
    row: str


@dataclass(frozen=True, slots=True)
class Frequencies:
    """The draws in their order; `sides` are the shares, in percent, of right, left and both for a place of the body."""

    draws: tuple[Draw, ...]
    sides: tuple[float, float, float]
    together: tuple[Together, ...]


def load_frequencies(path: Path, vocabulary: Vocabulary) -> Frequencies:
    """The frequencies in the file; raises DataFileError with every fault."""
    problems = Problems(str(path))
    top = Section(
        read_nodes(path, problems) or EMPTY,
        "the file",
        problems,
        required=("sources", "sides", "draws"),
        optional=("together",),
    )
    reader = _Reader(problems, ConditionReader(vocabulary, problems), frozenset(top.mapping("sources").entries))
    for key, node in top.mapping("sources").entries.items():
        source = Section(node, f"source `{key}`", problems, required=WHAT_A_SOURCE_SAYS)
        for part in WHAT_A_SOURCE_SAYS:
            source.text(part)
    frequencies = Frequencies(
        draws=tuple(reader.draw(node) for node in top.items("draws")),
        sides=reader.sides(top),
        together=tuple(reader.together(node) for node in top.items("together")),
    )
    problems.refuse()
    return frequencies


@dataclass(slots=True)
class _Reader:
    problems: Problems
    conditions: ConditionReader
    sources: frozenset[str]

    def draw(self, node: Node) -> Draw:
        section = Section(
            node, "a draw", self.problems, required=("fact",), optional=("when", *SHAPES, "source", "consensus")
        )
        self._grounds(section)
        facts = self.conditions.vocabulary.facts
        fact = facts.get(section.one_of("fact", facts) or "", Fact("", Kind.TEXT))
        when = self.conditions.read(section.node("when")) if "when" in section else ALWAYS
        return Draw(fact, when, self._shape(section, fact))

    def together(self, node: Node) -> Together:
        section = Section(node, "an item of `together`", self.problems, required=("when", "row"))
        return Together(self.conditions.read(section.node("when")), section.text("row"))

    def sides(self, top: Section) -> tuple[float, float, float]:
        keys = ("right", "left", "both")
        section = top.section("sides", required=keys, optional=("source", "consensus"))
        if section is None:
            return 0, 0, 0
        self._grounds(section)
        right, left, both = (section.number(key) or 0 for key in keys)
        return right, left, both

    def _grounds(self, section: Section) -> None:
        if ("source" in section) is ("consensus" in section):
            self.problems.add(section.line, f"{section.what} needs `source` or `consensus`, and not both")
        elif "source" in section:
            section.one_of("source", self.sources)
        else:
            section.text("consensus")

    def _shape(self, section: Section, fact: Fact) -> One | Each | Normal:
        shapes = [shape for shape in SHAPES if shape in section]
        if len(shapes) != 1:
            self.problems.add(section.line, f"{section.what} needs one of `one`, `each` and `normal`")
            return One({})
        if shapes == ["normal"]:
            return self._normal(section)
        percents = self._percents(section, shapes[0], fact)
        if shapes == ["each"]:
            return Each(percents)
        if sum(percents.values()) > ALL + 0.5:
            self.problems.add(section.line, "the shares of `one` are more than all patients")
        return One(percents)

    def _normal(self, section: Section) -> Normal:
        inner = section.section("normal", required=("mean", "deviation", "least", "most"))
        if inner is None:
            return Normal(0, 0, 0, 0)
        mean, deviation, least, most = (inner.number(key) or 0 for key in ("mean", "deviation", "least", "most"))
        if not least <= mean <= most:
            self.problems.add(inner.line, "the mean lies outside `least` and `most`")
        return Normal(mean, deviation, least, most)

    def _percents(self, section: Section, key: str, fact: Fact) -> dict[str, float]:
        known = self._codes(fact)
        entries = section.mapping(key)
        for code in entries.entries.keys() - known:
            self.problems.unknown(entries.key_lines[code], f"answer to `{fact.name}`", code, sorted(known))
        percents = {
            code: values.number(node, f"the share of `{code}`", self.problems) or 0
            for code, node in entries.entries.items()
        }
        for code, percent in percents.items():
            if not 0 < percent <= ALL:
                self.problems.add(entries.key_lines[code], f"the share of `{code}` is not a percentage")
        return percents

    def _codes(self, fact: Fact) -> frozenset[str]:
        match fact.kind:
            case Kind.REGIONS:
                return frozenset(self.conditions.vocabulary.stems)
            case Kind.SCORE | Kind.NUMBER:
                return frozenset(str(number) for number in range(int(fact.low or 0), int(fact.high or 0) + 1))
            case _:
                return frozenset(fact.codes) - {fact.none}
