"""One entry of the rule book -> Rule or Note: levels with their defaults, where, raises, metadata, examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.engine.book.rulebook import (
    ALLOWED,
    AVOID,
    NO_EXAMPLES,
    Everywhere,
    Examples,
    Levels,
    Named,
    Needling,
    Note,
    Raise,
    Regions,
    Review,
    Rule,
    Source,
    Strength,
    Urgency,
    Where,
)
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary
from intake.engine.read import yaml_values
from intake.engine.read.answers import parse_value
from intake.engine.read.conditions import ConditionReader, expand_regions
from intake.engine.read.yaml_nodes import EMPTY, Node, Problems, Scalar, Sequence, plain
from intake.engine.read.yaml_nodes import Mapping as MappingNode
from intake.errors import AnswerError

SHARED = ("id", "title", "when", "sources", "strength", "examples")
RULE_REQUIRED = (*SHARED, "concept", "if_unknown", "because", "do")
RULE_OPTIONAL = (
    "kind", "needling", "urgency", "where", "depth", "electrical_stimulation", "raise", "tell", "policy", "reviewed",
)  # fmt: skip
NOTE_REQUIRED = (*SHARED, "kind", "text", "certainty")
AXES = ("needling", "urgency")
WHILE_OPEN = ("if_unknown", "while_asking")
EXAMPLES = ("fires", "quiet", "asks")


@dataclass(frozen=True, slots=True)
class Context:
    """What the entries of one rule book may name."""

    conditions: ConditionReader
    problems: Problems
    concepts: tuple[str, ...]
    sources: Mapping[str, Source]
    reviewed: Review | None
    cited: set[str] = field(default_factory=set)

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the rule book."""
        return self.conditions.vocabulary


def rule_or_note(node: Node, context: Context) -> Rule | Note:
    """The rule or note that the node spells; faults are noted in the context's problems."""
    kind = node.entries.get("kind") if isinstance(node, MappingNode) else None
    if kind is not None and yaml_values.one_of(kind, "kind", ("suitability",), context.problems):
        return _note(node, context)
    return _rule(node, context)


def _rule(node: Node, context: Context) -> Rule:
    found = yaml_values.fields(node, _name(node), context.problems, required=RULE_REQUIRED, optional=RULE_OPTIONAL)
    keys, problems = found.entries, context.problems
    levels = _levels(found, problems)
    raises = tuple(_raise(item, levels, context) for item in yaml_values.items(keys.get("raise"), "`raise`", problems))
    _check_default_place(found, levels, problems)
    return Rule(
        **_shared(found, context),
        concept=yaml_values.one_of(keys.get("concept"), "concept", context.concepts, problems) or "",
        levels=levels,
        where=_where(keys.get("where"), context),
        depth=yaml_values.one_of(keys.get("depth"), "depth", ("superficial",), problems),
        electrical_stimulation=yaml_values.one_of(
            keys.get("electrical_stimulation"), "word for electrical stimulation", (AVOID, ALLOWED), problems
        ),
        raises=raises,
        if_unknown=_open_levels(found, "if_unknown", levels, levels, problems),
        because=yaml_values.text(keys.get("because"), "`because`", problems),
        do=yaml_values.text(keys.get("do"), "`do`", problems),
        tell=_tell(found, levels, raises, problems),
        policy=yaml_values.text(keys.get("policy"), "`policy`", problems) or None,
    )


def _note(node: Node, context: Context) -> Note:
    found = yaml_values.fields(node, _name(node), context.problems, required=NOTE_REQUIRED, optional=("reviewed",))
    return Note(
        **_shared(found, context),
        text=yaml_values.text(found.entries.get("text"), "`text`", context.problems),
        certainty=yaml_values.text(found.entries.get("certainty"), "`certainty`", context.problems),
    )


def _name(node: Node) -> str:
    name = node.entries.get("id") if isinstance(node, MappingNode) else None
    return f"rule `{name.text}`" if isinstance(name, Scalar) else "a rule"


def _shared(found: MappingNode, context: Context) -> dict[str, Any]:
    keys, problems = found.entries, context.problems
    strength = yaml_values.member(keys.get("strength"), "strength", Strength, problems, Strength.CONSENSUS)
    return {
        "id": yaml_values.text(keys.get("id"), "`id`", problems),
        "title": yaml_values.text(keys.get("title"), "`title`", problems),
        "when": context.conditions.read(keys.get("when")),
        "sources": _cited(found, strength, context),
        "strength": strength,
        "reviewed": _reviewed(found, context),
        "examples": _examples(keys.get("examples"), context),
        "line": found.line,
    }


def _cited(found: MappingNode, strength: Strength, context: Context) -> tuple[str, ...]:
    node = found.entries.get("sources")
    for item in yaml_values.items(node, "`sources`", context.problems):
        yaml_values.one_of(item, "source", context.sources, context.problems)
    keys = yaml_values.texts(node, "`sources`", Problems(""))
    context.cited.update(keys)
    if node is not None and not keys and strength is not Strength.CONSENSUS:
        context.problems.add(
            node.line, f"strength `{strength}` needs at least one source; without one it is `consensus`"
        )
    return keys


def _reviewed(found: MappingNode, context: Context) -> Review:
    node = found.entries.get("reviewed")
    if node is not None:
        return review(node, context.problems)
    if context.reviewed is None:
        context.problems.add(found.line, f"{_name(found)} lacks `reviewed`, and the rule book gives none for all")
        return review(EMPTY, Problems(""))
    return context.reviewed


def review(node: Node, problems: Problems) -> Review:
    """Who checked it, when, and until when that holds."""
    keys = yaml_values.fields(node, "`reviewed`", problems, required=("by", "on", "again_by")).entries
    found = Review(
        by=yaml_values.text(keys.get("by"), "`by`", problems),
        on=yaml_values.day(keys.get("on"), "`on`", problems),
        again_by=yaml_values.day(keys.get("again_by"), "`again_by`", problems),
    )
    if found.again_by < found.on:
        problems.add(node.line, "`again_by` lies before `on`")
    return found


def _levels(found: MappingNode, problems: Problems) -> Levels:
    urgency = yaml_values.member(found.entries.get("urgency"), "urgency", Urgency, problems, Urgency.NONE)
    otherwise = Needling.DO_NOT_NEEDLE if urgency >= Urgency.SAME_DAY else Needling.OK
    return Levels(yaml_values.member(found.entries.get("needling"), "needling", Needling, problems, otherwise), urgency)


def _check_default_place(found: MappingNode, levels: Levels, problems: Problems) -> None:
    if "where" in found.entries and "needling" not in found.entries and levels.urgency >= Urgency.SAME_DAY:
        line = found.key_lines["where"]
        problems.add(
            line,
            f"without `needling`, {levels.urgency.code} closes the whole body: give `needling` or drop `where`",
        )


def _open_levels(owner: MappingNode, key: str, most: Levels, otherwise: Levels, problems: Problems) -> Levels:
    node = owner.entries.get(key)
    if node is None:
        return otherwise
    found = yaml_values.fields(node, f"`{key}`", problems, required=AXES)
    levels = Levels(
        yaml_values.member(found.entries.get("needling"), "needling", Needling, problems, Needling.OK),
        yaml_values.member(found.entries.get("urgency"), "urgency", Urgency, problems, Urgency.NONE),
    )
    for axis, asked, own in (("needling", levels.needling, most.needling), ("urgency", levels.urgency, most.urgency)):
        if asked > own:
            problems.add(node.line, f"`{key}` counts {axis} as {asked.code}, above the level itself, {own.code}")
    return levels


def _raise(node: Node, base: Levels, context: Context) -> Raise:
    optional = (*AXES, *WHILE_OPEN, "examples")
    found = yaml_values.fields(node, "`raise`", context.problems, required=("when",), optional=optional)
    levels = _levels(found, context.problems)
    if levels.worst(base) == base:
        context.problems.add(node.line, "`raise` does not raise: the rule itself is as high on both axes")
    unknown = _open_levels(found, "if_unknown", levels, levels, context.problems)
    return Raise(
        when=context.conditions.read(found.entries.get("when")),
        levels=levels,
        if_unknown=unknown,
        while_asking=_open_levels(found, "while_asking", levels, unknown, context.problems),
        examples=_examples(found.entries.get("examples"), context),
    )


def _tell(found: MappingNode, levels: Levels, raises: tuple[Raise, ...], problems: Problems) -> str | None:
    urgency = max(levels.urgency, *(each.levels.urgency for each in raises), Urgency.NONE)
    if "tell" in found.entries and urgency is Urgency.NONE:
        problems.add(found.key_lines["tell"], "`tell` is only for rules with an urgency")
    if "tell" not in found.entries and urgency > Urgency.NONE:
        problems.add(found.line, f"{_name(found)} has urgency {urgency.code} and lacks `tell`")
    return yaml_values.text(found.entries.get("tell"), "`tell`", problems) or None


def _where(node: Node | None, context: Context) -> Where:
    match node:
        case None:
            return Everywhere()
        case MappingNode():
            return _named(node, context)
        case Scalar(text="everywhere"):
            return Everywhere()
        case _:
            return Regions(_regions(node, context))


def _regions(node: Node, context: Context) -> tuple[str, ...]:
    vocabulary = context.vocabulary
    known = (*vocabulary.regions, *vocabulary.stems, *vocabulary.groups)
    named: set[str] = set()
    for item in node.items if isinstance(node, Sequence) else (node,):
        word = yaml_values.one_of(item, "region or group", known, context.problems)
        named.update(expand_regions(vocabulary, word) if word else ())
    return tuple(region for region in vocabulary.regions if region in named)


def _named(node: MappingNode, context: Context) -> Where:
    keys = yaml_values.fields(node, "`where`", context.problems, required=("fact",), optional=("in",)).entries
    name = yaml_values.text(keys.get("fact"), "`fact`", context.problems)
    fact = context.conditions.fact(name, node.line) if name else None
    if fact is None:
        return Everywhere()
    within = _regions(keys["in"], context) if "in" in keys else None
    places = _places(fact, within, context.vocabulary)
    lost = [code for code in fact.codes if code not in places and code != fact.none]
    if lost and within is None and set(lost) <= {"right", "left"}:
        context.problems.add(node.line, f"`{fact.name}` only names a side: give `in: GROUP`")
    elif lost or not places:
        context.problems.add(node.line, f"`{fact.name}` does not name places (`{lost[0] if lost else fact.kind}`)")
    return Named(fact.name, places)


def _places(fact: Fact, within: tuple[str, ...] | None, vocabulary: Vocabulary) -> dict[str, tuple[str, ...]]:
    places: dict[str, tuple[str, ...]] = {}
    for code in fact.codes:
        spelled = _place(code, within, vocabulary)
        if spelled:
            places[code] = tuple(region for region in spelled if within is None or region in within)
    return places


def _place(code: str, within: tuple[str, ...] | None, vocabulary: Vocabulary) -> tuple[str, ...]:
    if code in vocabulary.regions:
        return (code,)
    if code in vocabulary.groups:
        return vocabulary.groups[code]
    group, _, side = code.rpartition("_")
    if side not in {"right", "left"} or (group and group not in vocabulary.groups):
        return ()
    other = "_left" if side == "right" else "_right"
    pool = vocabulary.groups[group] if group else within or ()
    return tuple(region for region in pool if not region.endswith(other))


def _examples(node: Node | None, context: Context) -> Examples:
    if node is None:
        return NO_EXAMPLES
    found = yaml_values.fields(node, "`examples`", context.problems, required=EXAMPLES)
    for key in EXAMPLES:
        if key in found.entries and not yaml_values.items(found.entries[key], f"`{key}`", context.problems):
            context.problems.add(found.key_lines[key], f"`{key}` needs at least one example")
    read = {key: tuple(_example(item, context) for item in _items(found.entries.get(key))) for key in EXAMPLES}
    return Examples(**read)


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _example(node: Node, context: Context) -> dict[str, object]:
    answers = yaml_values.mapping(node, "an example", context.problems)
    facts = context.vocabulary.facts
    example: dict[str, object] = {}
    for name, value in answers.entries.items():
        if name not in facts:
            context.problems.unknown(answers.key_lines[name], "fact", name, facts)
        else:
            example[name] = _example_value(facts[name], value, context.problems)
    return example


def _example_value(fact: Fact, node: Node, problems: Problems) -> object:
    spelled = yaml_values.to_number(node) if fact.kind in {Kind.NUMBER, Kind.SCORE} else None
    value = plain(node) if spelled is None else spelled
    try:
        parse_value(fact, value)
    except AnswerError as error:
        problems.add(node.line, str(error))
    return value
