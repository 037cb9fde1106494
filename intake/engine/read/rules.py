"""rules.yaml -> Rulebook: lists, named conditions, sources, rules and notes, each checked against the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from intake.engine.book.rulebook import Note, Review, Rule, Rulebook, Source
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.read import entries, policies, yaml_values
from intake.engine.read.conditions import ConditionReader
from intake.engine.read.yaml_nodes import EMPTY, Mapping, Node, Problems, canonical, plain

REQUIRED = ("version", "concepts", "rules")
OPTIONAL = ("reviewed", "lists", "conditions", "sources", "policies")


@dataclass(slots=True)
class RuleReader:
    """Reads one rule book over a vocabulary; problems collect, and what could be read is returned."""

    vocabulary: Vocabulary
    problems: Problems
    _ids: dict[str, int] = field(default_factory=dict)

    def read(self, root: Node | None) -> Rulebook:
        """The rule book that the document spells, without the rules that have faults."""
        top = yaml_values.fields(root or EMPTY, "the rule book", self.problems, required=REQUIRED, optional=OPTIONAL)
        sources = self._sources(self._section(top, "sources"))
        conditions = self._conditions(top)
        context = entries.Context(
            conditions=conditions,
            problems=self.problems,
            concepts=yaml_values.texts(top.entries.get("concepts"), "`concepts`", self.problems),
            sources=sources,
            reviewed=self._reviewed(top),
        )
        read = policies.applied(self._rules(top, context), self._section(top, "policies"), self.problems)
        self._report_unused(top, context)
        text = canonical({"facts": self.vocabulary.content, "rules": plain(root)})
        return Rulebook(
            version=yaml_values.text(top.entries.get("version"), "`version`", self.problems),
            sha256=sha256(text.encode()).hexdigest(),
            vocabulary=self.vocabulary,
            concepts=context.concepts,
            rules=tuple(rule for rule in read if isinstance(rule, Rule)),
            notes=tuple(note for note in read if isinstance(note, Note)),
            sources=sources,
            content=text,
        )

    def _section(self, top: Mapping, key: str) -> Mapping:
        return yaml_values.mapping(top.entries.get(key, EMPTY), f"`{key}`", self.problems)

    def _reviewed(self, top: Mapping) -> Review | None:
        node = top.entries.get("reviewed")
        return None if node is None else entries.review(node, self.problems)

    def _conditions(self, top: Mapping) -> ConditionReader:
        lists = self._section(top, "lists")
        taken = {*self.vocabulary.stems, *self.vocabulary.groups}
        taken.update(code for fact in self.vocabulary.facts.values() for code in fact.codes)
        for name in lists.entries.keys() & taken:
            self.problems.add(lists.key_lines[name], f"list `{name}` has the name of a code or region")
        reader = ConditionReader(
            vocabulary=self.vocabulary,
            problems=self.problems,
            lists={
                name: yaml_values.texts(node, f"list `{name}`", self.problems) for name, node in lists.entries.items()
            },
            named=self._section(top, "conditions").entries,
        )
        for name in reader.named:
            reader.condition(name)
        return reader

    def _sources(self, node: Mapping) -> dict[str, Source]:
        return {key: self._source(key, spec) for key, spec in node.entries.items()}

    def _source(self, key: str, spec: Node) -> Source:
        what = f"source `{key}`"
        found = yaml_values.fields(
            spec, what, self.problems, required=("citation", "year", "kind"), optional=("doi",)
        ).entries
        return Source(
            key=key,
            citation=yaml_values.text(found.get("citation"), f"`citation` of {what}", self.problems),
            year=yaml_values.whole(found.get("year"), f"`year` of {what}", self.problems, least=1),
            kind=yaml_values.text(found.get("kind"), f"`kind` of {what}", self.problems),
            doi=yaml_values.text(found.get("doi"), f"`doi` of {what}", self.problems) or None,
        )

    def _rules(self, top: Mapping, context: entries.Context) -> list[Rule | Note]:
        read: list[Rule | Note] = []
        for node in yaml_values.items(top.entries.get("rules"), "`rules`", self.problems):
            before = len(self.problems)
            entry = entries.rule_or_note(node, context)
            self._refuse_twin(entry, node.line)
            if len(self.problems) == before:
                read.append(entry)
        return read

    def _refuse_twin(self, entry: Rule | Note, line: int) -> None:
        if entry.id in self._ids:
            self.problems.add(line, f"id `{entry.id}` is taken by the rule on line {self._ids[entry.id]}")
        elif entry.id:
            self._ids[entry.id] = line

    def _report_unused(self, top: Mapping, context: entries.Context) -> None:
        reader = context.conditions
        used = {"lists": reader.used_lists, "conditions": reader.used_conditions, "sources": context.cited}
        for section, names in used.items():
            for name, line in self._section(top, section).key_lines.items():
                if name not in names:
                    self.problems.add(line, f"{section.removesuffix('s')} `{name}` is not used")
