"""facts.yaml -> Vocabulary: regions, groups, facts with their codes, conditions and gates; every fault is noted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from intake.engine.book import tree
from intake.engine.book.vocabulary import UNKNOWN_WORDS, Fact, Kind, Vocabulary
from intake.engine.read import yaml_values
from intake.engine.read.conditions import ConditionReader
from intake.engine.read.yaml_nodes import EMPTY, Mapping, Node, Problems, Scalar, Sequence, canonical, plain

STATES = "+"
SIDES = ("right", "left")
EXCLUSIVE = ("none", "never")
HIGHEST_SCORE = 10
KEYS = (
    "also", "asked_if", "benign", "codes", "gate", "hidden_is_safe", "max", "min", "narrows", "note", "optional",
    "safety", "unit", "worse",
)  # fmt: skip


def read_vocabulary(root: Node | None, problems: Problems) -> Vocabulary:
    """The vocabulary that the document spells, as far as it can be read."""
    top = yaml_values.fields(root or EMPTY, "the vocabulary", problems, required=("regions", "region_groups", "facts"))
    stems = _stems(_section(top, "regions", problems), problems)
    groups = _groups(_section(top, "region_groups", problems), stems, problems)
    regions = tuple(region for sides in stems.values() for region in sides)
    specs = _section(top, "facts", problems)
    facts = _FactReader(specs, regions, problems).all()
    vocabulary = Vocabulary(facts, regions, stems, groups, _gates(facts), canonical(plain(root)))
    _read_asked_if(vocabulary, specs, problems)
    _refuse_cycles(vocabulary, problems)
    return vocabulary


def _section(top: Mapping, key: str, problems: Problems) -> Mapping:
    return yaml_values.mapping(top.entries.get(key, EMPTY), f"`{key}`", problems)


def _stems(node: Mapping, problems: Problems) -> dict[str, tuple[str, ...]]:
    stems: dict[str, tuple[str, ...]] = {}
    for stem, spec in node.entries.items():
        sides = next(iter(yaml_values.texts(spec, f"region `{stem}`", problems)), "")
        if sides not in {"one", "both"}:
            problems.add(spec.line, f"region `{stem}` must be [one, words] or [both, words]")
        stems[stem] = tuple(f"{stem}_{side}" for side in SIDES) if sides == "both" else (stem,)
    return stems


def _groups(node: Mapping, stems: dict[str, tuple[str, ...]], problems: Problems) -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for name, spec in node.entries.items():
        for item in yaml_values.items(spec, f"group `{name}`", problems):
            yaml_values.one_of(item, "region", stems, problems)
        members = yaml_values.texts(spec, f"group `{name}`", problems)
        groups[name] = tuple(region for stem in members for region in stems.get(stem, ()))
        if name in stems:
            problems.add(node.key_lines[name], f"`{name}` is both a region and a group")
    return groups


@dataclass(slots=True)
class _FactReader:
    specs: Mapping
    regions: tuple[str, ...]
    problems: Problems

    def all(self) -> dict[str, Fact]:
        return {name: self._fact(name, spec, self.specs.key_lines[name]) for name, spec in self.specs.entries.items()}

    def _fact(self, name: str, spec: Node, line: int) -> Fact:
        keys = yaml_values.fields(spec, f"fact `{name}`", self.problems, required=("kind",), optional=KEYS).entries
        kind = yaml_values.member(keys.get("kind"), "kind", Kind, self.problems, Kind.TEXT)
        words = self._codes(name, keys)
        codes = tuple(word for word in words if word != STATES)
        narrows = yaml_values.one_of(keys.get("narrows"), "fact", self.specs.entries, self.problems)
        none = next((word for word in EXCLUSIVE if word in codes), None) if kind is Kind.CHOICES else None
        fact = Fact(
            name=name,
            kind=kind,
            codes=tuple(code for code in codes if narrows is None or code != none),
            none=none if narrows is None else None,
            may_be_unknown=STATES in words or kind in {Kind.NUMBER, Kind.SCORE, Kind.REGIONS},
            narrows=narrows,
            safety=yaml_values.flag(keys.get("safety"), "`safety`", self.problems),
            optional=yaml_values.flag(keys.get("optional"), "`optional`", self.problems),
            low=0 if kind is Kind.SCORE else yaml_values.number(keys.get("min"), "`min`", self.problems),
            high=HIGHEST_SCORE if kind is Kind.SCORE else yaml_values.number(keys.get("max"), "`max`", self.problems),
            unit=yaml_values.text(keys.get("unit"), "`unit`", self.problems) or None,
            hidden_is_safe=yaml_values.text(keys.get("hidden_is_safe"), "`hidden_is_safe`", self.problems) or None,
            line=line,
        )
        self._check_kind(fact, keys)
        return self._with_judgements(fact, keys)

    def _codes(self, name: str, keys: dict[str, Node]) -> tuple[str, ...]:
        node = keys.get("codes")
        if yaml_values.member(keys.get("kind"), "kind", Kind, Problems(""), Kind.TEXT) is Kind.REGIONS:
            return self.regions
        also = yaml_values.texts(keys.get("also"), "`also`", self.problems)
        if isinstance(node, Scalar):
            return (*self._borrowed(name, node), *also)
        return (*yaml_values.texts(node, f"codes of `{name}`", self.problems), *also)

    def _borrowed(self, name: str, node: Scalar) -> tuple[str, ...]:
        if node.text == "regions":
            return self.regions
        lender = self.specs.entries.get(node.text)
        codes = lender.entries.get("codes") if isinstance(lender, Mapping) else None
        if not isinstance(codes, Sequence) or node.text == name:
            self.problems.unknown(node.line, "list of codes", node.text, ("regions", *self.specs.entries))
            return ()
        return yaml_values.texts(codes, f"codes of `{node.text}`", Problems(""))

    def _check_kind(self, fact: Fact, keys: dict[str, Node]) -> None:
        coded = fact.kind in {Kind.CHOICE, Kind.CHOICES}
        if coded and not fact.codes:
            self.problems.add(fact.line, f"fact `{fact.name}` lacks `codes`")
        for key in ("codes", "also"):
            if not coded and key in keys:
                self.problems.add(keys[key].line, f"a {fact.kind} fact takes no `{key}`")
        for key in ("min", "max"):
            if fact.kind is not Kind.NUMBER and key in keys:
                self.problems.add(keys[key].line, f"a {fact.kind} fact takes no `{key}`")
        for code in fact.codes:
            if code in UNKNOWN_WORDS:
                self.problems.add(
                    fact.line, f"fact `{fact.name}`: `{code}` is a state; write `{STATES}` for the states"
                )

    def _with_judgements(self, fact: Fact, keys: dict[str, Node]) -> Fact:
        benign = yaml_values.one_of(keys.get("benign"), f"code of `{fact.name}`", fact.codes, self.problems)
        gate = self._gate(keys.get("gate"))
        if gate is not None and benign is None:
            self.problems.add(fact.line, f"fact `{fact.name}` stands behind a gate and lacks `benign`")
        return replace(fact, benign=benign, gate=gate, worse=self._worse(fact, keys.get("worse")))

    def _gate(self, node: Node | None) -> tuple[str, str] | None:
        if node is None:
            return None
        found = yaml_values.mapping(node, "`gate`", self.problems)
        if len(found.entries) != 1:
            self.problems.add(node.line, "`gate` must be {gate name: item}")
            return None
        ((name, item),) = found.entries.items()
        return name, yaml_values.text(item, "the item of the gate", self.problems)

    def _worse(self, fact: Fact, node: Node | None) -> str | tuple[str, ...] | None:
        if node is None:
            return None
        if fact.kind in {Kind.NUMBER, Kind.SCORE}:
            return yaml_values.one_of(node, "direction", ("higher", "lower"), self.problems)
        for item in yaml_values.items(node, "`worse`", self.problems):
            yaml_values.one_of(item, f"code of `{fact.name}`", fact.codes, self.problems)
        return yaml_values.texts(node, "`worse`", self.problems)


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
