"""`facts:` in the vocabulary -> Fact: the kind, codes, judgements and gate of each; `asked_if` is read afterwards."""

from __future__ import annotations

from dataclasses import dataclass, replace

from intake.engine.book.vocabulary import UNKNOWN_WORDS, Fact, Kind
from intake.engine.read import values
from intake.engine.read.nodes import Mapping, Node, Scalar, Sequence
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

STATES = "+"
EXCLUSIVE = ("none", "never")
HIGHEST_SCORE = 10
KEYS = (
    "also", "asked_if", "benign", "codes", "gate", "hidden_is_safe", "max", "min", "narrows", "note", "optional",
    "runs_out", "safety", "unit", "worse",
)  # fmt: skip


@dataclass(slots=True)
class FactReader:
    """Reads all facts of a vocabulary; one may borrow the codes of another."""

    specs: Mapping
    regions: tuple[str, ...]
    problems: Problems

    def all(self) -> dict[str, Fact]:
        """The facts by name, in the order of the file, without `asked_if`."""
        return {name: self._fact(name, spec, self.specs.key_lines[name]) for name, spec in self.specs.entries.items()}

    def _fact(self, name: str, spec: Node, line: int) -> Fact:
        section = Section(spec, f"fact `{name}`", self.problems, required=("kind",), optional=KEYS)
        kind = section.member("kind", Kind, Kind.TEXT)
        words = self._codes(name, kind, section)
        codes = tuple(word for word in words if word != STATES)
        narrows = section.one_of("narrows", self.specs.entries, "fact")
        none = next((word for word in EXCLUSIVE if word in codes), None) if kind is Kind.CHOICES else None
        fact = Fact(
            name=name,
            kind=kind,
            codes=tuple(code for code in codes if narrows is None or code != none),
            none=none if narrows is None else None,
            may_be_unknown=STATES in words or kind in {Kind.NUMBER, Kind.SCORE, Kind.REGIONS},
            names_regions=kind is Kind.REGIONS or _is_word(section.node("codes"), "regions"),
            narrows=narrows,
            safety=section.flag("safety"),
            optional=section.flag("optional"),
            low=0 if kind is Kind.SCORE else section.number("min"),
            high=HIGHEST_SCORE if kind is Kind.SCORE else section.number("max"),
            unit=section.text_or_none("unit"),
            hidden_is_safe=section.text_or_none("hidden_is_safe"),
            line=line,
        )
        self._check_kind(fact, section)
        return self._with_judgements(fact, section)

    def _codes(self, name: str, kind: Kind, section: Section) -> tuple[str, ...]:
        if kind is Kind.REGIONS:
            return self.regions
        also = section.texts("also")
        node = section.node("codes")
        if isinstance(node, Scalar):
            return (*self._borrowed(name, node), *also)
        return (*values.texts(node, f"codes of `{name}`", self.problems), *also)

    def _borrowed(self, name: str, node: Scalar) -> tuple[str, ...]:
        if _is_word(node, "regions"):
            return self.regions
        lender = self.specs.entries.get(node.text)
        codes = lender.entries.get("codes") if isinstance(lender, Mapping) else None
        if not isinstance(codes, Sequence) or node.text == name:
            self.problems.unknown(node.line, "list of codes", node.text, ("regions", *self.specs.entries))
            return ()
        return values.texts(codes, f"codes of `{node.text}`", Problems(""))

    def _check_kind(self, fact: Fact, section: Section) -> None:
        coded = fact.kind in {Kind.CHOICE, Kind.CHOICES}
        if coded and not fact.codes:
            self.problems.add(fact.line, f"fact `{fact.name}` lacks `codes`")
        alien = (*(() if coded else ("codes", "also")), *(() if fact.kind is Kind.NUMBER else ("min", "max")))
        for key in alien:
            node = section.node(key)
            if node is not None:
                self.problems.add(node.line, f"a {fact.kind} fact takes no `{key}`")
        for code in fact.codes:
            if code in UNKNOWN_WORDS:
                message = f"fact `{fact.name}`: `{code}` is a state"
                self.problems.add(fact.line, message, f"write `{STATES}` for the states")

    def _with_judgements(self, fact: Fact, section: Section) -> Fact:
        benign = section.one_of("benign", fact.codes, f"code of `{fact.name}`")
        gate = self._gate(section)
        if gate is not None and benign is None:
            self.problems.add(fact.line, f"fact `{fact.name}` stands behind a gate and lacks `benign`")
        worse = self._worse(fact, section.node("worse"))
        runs_out = section.several_of("runs_out", fact.codes, f"code of `{fact.name}`")
        return replace(fact, benign=benign, gate=gate, worse=worse, runs_out=runs_out)

    def _gate(self, section: Section) -> tuple[str, str] | None:
        node = section.node("gate")
        if node is None:
            return None
        gate = section.mapping("gate")
        if len(gate.entries) != 1:
            self.problems.add(node.line, "`gate` must be {gate name: item}")
            return None
        ((name, item),) = gate.entries.items()
        return name, values.text(item, "the item of the gate", self.problems)

    def _worse(self, fact: Fact, node: Node | None) -> str | tuple[str, ...] | None:
        if node is None:
            return None
        if fact.kind in {Kind.NUMBER, Kind.SCORE}:
            return values.one_of(node, "direction", ("higher", "lower"), self.problems)
        for item in values.items(node, "`worse`", self.problems):
            values.one_of(item, f"code of `{fact.name}`", fact.codes, self.problems)
        return values.texts(node, "`worse`", self.problems)


def _is_word(node: Node | None, word: str) -> bool:
    return isinstance(node, Scalar) and node.text == word
