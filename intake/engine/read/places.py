"""`where:` in a rule -> the place it is about: everywhere, regions, or the regions that the codes of a fact name."""

from __future__ import annotations

from intake.engine.book.rulebook import Everywhere, Named, Regions, Where
from intake.engine.book.vocabulary import Fact, Vocabulary
from intake.engine.read import values
from intake.engine.read.conditions import ConditionReader, expand_regions
from intake.engine.read.nodes import Mapping, Node, Scalar, Sequence
from intake.engine.read.section import Section

SIDES = ("right", "left")


def read_where(node: Node | None, conditions: ConditionReader) -> Where:
    """The place that the node spells; everywhere if there is none."""
    match node:
        case None:
            return Everywhere()
        case Mapping():
            return _named(node, conditions)
        case Scalar(text="everywhere"):
            return Everywhere()
        case _:
            return Regions(_regions(node, conditions))


def _regions(node: Node, conditions: ConditionReader) -> tuple[str, ...]:
    vocabulary = conditions.vocabulary
    known = (*vocabulary.regions, *vocabulary.stems, *vocabulary.groups)
    named: set[str] = set()
    for item in node.items if isinstance(node, Sequence) else (node,):
        word = values.one_of(item, "region or group", known, conditions.problems)
        named.update(expand_regions(vocabulary, word) if word else ())
    return tuple(region for region in vocabulary.regions if region in named)


def _named(node: Mapping, conditions: ConditionReader) -> Where:
    section = Section(node, "`where`", conditions.problems, required=("fact",), optional=("in",))
    name, inside = section.text("fact"), section.node("in")
    fact = conditions.fact(name, node.line) if name else None
    if fact is None:
        return Everywhere()
    within = None if inside is None else _regions(inside, conditions)
    places = _places(fact, within, conditions.vocabulary)
    lost = [code for code in fact.codes if code not in places and code != fact.none]
    if lost or not places:
        section.problems.add(node.line, _no_place(fact, lost, needs_group=within is None))
    return Named(fact.name, places)


def _no_place(fact: Fact, lost: list[str], *, needs_group: bool) -> str:
    if lost and needs_group and set(lost) <= set(SIDES):
        return f"`{fact.name}` only names a side: give `in: GROUP`"
    return f"`{fact.name}` does not name places (`{lost[0] if lost else fact.kind}`)"


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
    if side not in SIDES or (group and group not in vocabulary.groups):
        return ()
    other = "_left" if side == "right" else "_right"
    pool = vocabulary.groups[group] if group else within or ()
    return tuple(region for region in pool if not region.endswith(other))
