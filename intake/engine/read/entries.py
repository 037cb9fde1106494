"""One entry of the rule book -> Rule or Note: levels with their defaults, raises, metadata."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.engine.book.levels import Levels, Needling, Urgency
from intake.engine.book.rulebook import ALLOWED, AVOID, Note, Raise, Rule, RuleReview, Source, Strength
from intake.engine.read import values
from intake.engine.read.conditions import ConditionReader
from intake.engine.read.examples import read_examples
from intake.engine.read.nodes import EMPTY, Node, Scalar
from intake.engine.read.nodes import Mapping as MappingNode
from intake.engine.read.places import read_where
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

SHARED = ("id", "title", "when", "sources", "strength", "examples")
RULE_REQUIRED = (*SHARED, "concept", "if_unknown", "because", "do")
RULE_OPTIONAL = (
    "kind", "needling", "urgency", "where", "depth", "electrical_stimulation", "raise", "tell", "tell_if_asking",
    "policy", "reviewed", "often",
)  # fmt: skip
NOTE_REQUIRED = (*SHARED, "kind", "text", "certainty")
AXES = ("needling", "urgency")
WHILE_OPEN = ("if_unknown", "while_asking")
MOST_LINES = 3
LONGEST_LINE = 20
"""What fits on one card that is read in fright: lines, and words a line."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the entries of one rule book may name.

    A `kept` book was stored before: what the language has asked for since is not asked of it.
    """

    conditions: ConditionReader
    concepts: tuple[str, ...]
    sources: Mapping[str, Source]
    reviewed: RuleReview | None
    kept: bool = False
    cited: set[str] = field(default_factory=set)

    @property
    def problems(self) -> Problems:
        """Where the faults of the rule book are noted."""
        return self.conditions.problems


def rule_or_note(node: Node, context: Context) -> Rule | Note:
    """The rule or note that the node spells; faults are noted in the context's problems."""
    kind = node.entries.get("kind") if isinstance(node, MappingNode) else None
    if kind is not None and values.one_of(kind, "kind", ("suitability",), context.problems):
        return _note(node, context)
    return _rule(node, context)


def _rule(node: Node, context: Context) -> Rule:
    section = Section(node, _name(node), context.problems, required=RULE_REQUIRED, optional=RULE_OPTIONAL)
    levels = _levels(section)
    raises = tuple(_raise(item, levels, context) for item in section.items("raise"))
    _check_default_place(section, levels)
    urgency = max(levels.urgency, *(each.levels.urgency for each in raises), Urgency.NONE)
    return Rule(
        **_shared(section, context),
        concept=section.one_of("concept", context.concepts) or "",
        levels=levels,
        where=read_where(section.node("where"), context.conditions),
        depth=section.one_of("depth", ("superficial",)),
        electrical_stimulation=section.one_of(
            "electrical_stimulation", (AVOID, ALLOWED), "word for electrical stimulation"
        ),
        raises=raises,
        if_unknown=_open_levels(section, "if_unknown", levels, levels),
        because=section.text("because"),
        do=section.text("do"),
        tell=_tell(section, urgency),
        tell_if_asking=_tell_if_asking(section, urgency, kept=context.kept),
        policy=section.text_or_none("policy"),
        often=section.text_or_none("often"),
    )


def _note(node: Node, context: Context) -> Note:
    section = Section(node, _name(node), context.problems, required=NOTE_REQUIRED, optional=("reviewed",))
    return Note(**_shared(section, context), text=section.text("text"), certainty=section.text("certainty"))


def _name(node: Node) -> str:
    name = node.entries.get("id") if isinstance(node, MappingNode) else None
    return f"rule `{name.text}`" if isinstance(name, Scalar) else "a rule"


def _shared(section: Section, context: Context) -> dict[str, Any]:
    strength = section.member("strength", Strength, Strength.CONSENSUS)
    return {
        "id": section.text("id"),
        "title": section.text("title"),
        "when": context.conditions.read(section.node("when")),
        "sources": _cited(section, strength, context),
        "strength": strength,
        "reviewed": _reviewed(section, context),
        "examples": read_examples(section, context.conditions.vocabulary),
        "line": section.line,
    }


def _cited(section: Section, strength: Strength, context: Context) -> tuple[str, ...]:
    keys = section.several_of("sources", context.sources, "source")
    context.cited.update(keys)
    node = section.node("sources")
    if node is not None and not keys and strength is not Strength.CONSENSUS:
        section.problems.add(
            node.line, f"strength `{strength}` needs at least one source", "without one it is `consensus`"
        )
    return keys


def _reviewed(section: Section, context: Context) -> RuleReview:
    node = section.node("reviewed")
    if node is not None:
        return review(node, section.problems)
    if context.reviewed is None:
        section.problems.add(section.line, f"{section.what} lacks `reviewed`, and the rule book gives none for all")
        return review(EMPTY, Problems(""))
    return context.reviewed


def review(node: Node, problems: Problems) -> RuleReview:
    """Who checked it, when, and until when that holds."""
    section = Section(node, "`reviewed`", problems, required=("by", "on", "again_by"))
    checked = RuleReview(by=section.text("by"), on=section.day("on"), again_by=section.day("again_by"))
    if checked.again_by < checked.on:
        problems.add(node.line, "`again_by` lies before `on`")
    return checked


def _levels(section: Section) -> Levels:
    urgency = section.member("urgency", Urgency, Urgency.NONE)
    otherwise = Needling.DO_NOT_NEEDLE if urgency >= Urgency.SAME_DAY else Needling.OK
    return Levels(section.member("needling", Needling, otherwise), urgency)


def _check_default_place(section: Section, levels: Levels) -> None:
    if "where" in section and "needling" not in section and levels.urgency >= Urgency.SAME_DAY:
        section.problems.add(
            section.line_of("where"),
            f"without `needling`, {levels.urgency.code} closes the whole body: give `needling` or drop `where`",
        )


def _open_levels(owner: Section, key: str, most: Levels, otherwise: Levels) -> Levels:
    """The levels to count while the rule asks, never above those that it counts when it fires."""
    section = owner.section(key, required=AXES)
    if section is None:
        return otherwise
    levels = Levels(section.member("needling", Needling, Needling.OK), section.member("urgency", Urgency, Urgency.NONE))
    for axis, asked, own in (("needling", levels.needling, most.needling), ("urgency", levels.urgency, most.urgency)):
        if asked > own:
            message = f"`{key}` counts {axis} as {asked.code}, above the level itself, {own.code}"
            section.problems.add(section.line, message)
    return levels


def _raise(node: Node, base: Levels, context: Context) -> Raise:
    optional = (*AXES, *WHILE_OPEN, "examples")
    section = Section(node, "`raise`", context.problems, required=("when",), optional=optional)
    levels = _levels(section)
    if levels.worst(base) == base:
        section.problems.add(node.line, "`raise` does not raise: the rule itself is as high on both axes")
    unknown = _open_levels(section, "if_unknown", levels, levels)
    return Raise(
        when=context.conditions.read(section.node("when")),
        levels=levels,
        if_unknown=unknown,
        while_asking=_open_levels(section, "while_asking", levels, unknown),
        examples=read_examples(section, context.conditions.vocabulary),
    )


def _tell(section: Section, urgency: Urgency) -> str | None:
    if "tell" in section and urgency is Urgency.NONE:
        section.problems.add(section.line_of("tell"), "`tell` is only for rules with an urgency")
    if "tell" not in section and urgency > Urgency.NONE:
        section.problems.add(section.line, f"{section.what} has urgency {urgency.code} and lacks `tell`")
    return section.text_or_none("tell")


def _tell_if_asking(section: Section, urgency: Urgency, *, kept: bool) -> tuple[str, ...]:
    """What completes "Call ... if" while the rule asks; wanted where it can be urgent today."""
    key, lines = "tell_if_asking", section.texts("tell_if_asking")
    if key not in section:
        if urgency >= Urgency.SAME_DAY and not kept:
            section.problems.add(section.line, f"{section.what} has urgency {urgency.code} and lacks `{key}`")
        return ()
    line = section.line_of(key)
    if urgency is Urgency.NONE:
        section.problems.add(line, f"`{key}` is only for rules with an urgency")
    elif not 1 <= len(lines) <= MOST_LINES:
        section.problems.add(line, f"`{key}` must have 1 to {MOST_LINES} lines, and has {len(lines)}")
    for words in lines:
        if len(words.split()) > LONGEST_LINE:
            section.problems.add(line, f"a line of `{key}` has over {LONGEST_LINE} words")
    return lines
