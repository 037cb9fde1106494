"""facts.yaml -> Vocabulary: regions, groups, facts with their conditions and gates, roles; every fault is noted."""

from __future__ import annotations

from dataclasses import replace

from intake.engine.book import tree
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary
from intake.engine.read import values
from intake.engine.read.conditions import ConditionReader
from intake.engine.read.facts import FactReader
from intake.engine.read.nodes import EMPTY, Mapping, Node, canonical, plain
from intake.engine.read.problems import Problems
from intake.engine.read.roles import read_roles
from intake.engine.read.section import Section

SIDES = ("right", "left")


def read_vocabulary(root: Node | None, problems: Problems) -> Vocabulary:
    """The vocabulary that the document spells, as far as it can be read."""
    top = Section(
        root or EMPTY,
        "the vocabulary",
        problems,
        required=("regions", "region_groups", "facts"),
        optional=("roles",),
    )
    stems = _stems(top.mapping("regions"), problems)
    groups = _groups(top.mapping("region_groups"), stems, problems)
    regions = tuple(region for sides in stems.values() for region in sides)
    specs = top.mapping("facts")
    facts = FactReader(specs, regions, problems).all()
    roles = read_roles(top, facts)
    vocabulary = Vocabulary(facts, regions, stems, groups, _gates(facts), roles, canonical(plain(root)))
    _read_asked_if(vocabulary, specs, problems)
    _refuse_cycles(vocabulary, problems)
    return vocabulary


def _stems(node: Mapping, problems: Problems) -> dict[str, tuple[str, ...]]:
    stems: dict[str, tuple[str, ...]] = {}
    for stem, spec in node.entries.items():
        sides = next(iter(values.texts(spec, f"region `{stem}`", problems)), "")
        if sides not in {"one", "both"}:
            problems.add(spec.line, f"region `{stem}` must be [one, words] or [both, words]")
        stems[stem] = tuple(f"{stem}_{side}" for side in SIDES) if sides == "both" else (stem,)
    return stems


def _groups(node: Mapping, stems: dict[str, tuple[str, ...]], problems: Problems) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for name, spec in node.entries.items():
        for item in values.items(spec, f"group `{name}`", problems):
            values.one_of(item, "region", stems, problems)
        members = values.texts(spec, f"group `{name}`", problems)
        groups[name] = tuple(region for stem in members for region in stems.get(stem, ()))
        if name in stems:
            problems.add(node.key_lines[name], f"`{name}` is both a region and a group")
    return groups


def _gates(facts: dict[str, Fact]) -> dict[str, dict[str, tuple[str, ...]]]:
    gates: dict[str, dict[str, tuple[str, ...]]] = {}
    for fact in facts.values():
        if fact.gate is not None:
            name, item = fact.gate
            behind = gates.setdefault(name, {})
            behind[item] = (*behind.get(item, ()), fact.name)
    return gates


def _read_asked_if(vocabulary: Vocabulary, specs: Mapping, problems: Problems) -> None:
    reader = ConditionReader(vocabulary, problems)
    for name, spec in specs.entries.items():
        fact = vocabulary.facts[name]
        if fact.narrows is not None:
            _check_narrowing(vocabulary, fact, spec, problems)
        if isinstance(spec, Mapping) and "asked_if" in spec.entries:
            vocabulary.facts[name] = replace(fact, asked_if=reader.read(spec.entries["asked_if"]))


def _check_narrowing(vocabulary: Vocabulary, fact: Fact, spec: Node, problems: Problems) -> None:
    wide = vocabulary.facts[str(fact.narrows)]
    if not fact.kind is wide.kind is Kind.CHOICES or set(fact.codes) != set(wide.codes) - {wide.none}:
        problems.add(fact.line, f"fact `{fact.name}` must be choices with the codes of `{wide.name}`")
    vocabulary.facts[wide.name] = replace(wide, narrowed_by=fact.name)
    if isinstance(spec, Mapping) and "asked_if" in spec.entries:
        problems.add(spec.entries["asked_if"].line, f"`{fact.name}` is asked exactly when `{wide.name}` holds not_sure")


def _refuse_cycles(vocabulary: Vocabulary, problems: Problems) -> None:
    settled: set[str] = set()
    for name in vocabulary.facts:
        _walk(vocabulary, name, (), settled, problems)


def _walk(vocabulary: Vocabulary, name: str, path: tuple[str, ...], settled: set[str], problems: Problems) -> None:
    fact = vocabulary.facts[name]
    if name in path:
        way = " -> ".join((*path[path.index(name) :], name))
        problems.add(fact.line, f"`asked_if` leads back to itself: {way}")
    elif name not in settled and fact.asked_if is not None:
        for needed in tree.facts_read(fact.asked_if):
            _walk(vocabulary, needed, (*path, name), settled, problems)
    settled.add(name)
