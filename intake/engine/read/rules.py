"""rules.yaml -> Rulebook: lists, named conditions, sources, rules and notes, each checked against the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256

from intake.engine.book.rulebook import Note, Rule, Rulebook, Source
from intake.engine.book.vocabulary import Vocabulary
from intake.engine.read import entries, policies, values
from intake.engine.read.conditions import ConditionReader
from intake.engine.read.nodes import EMPTY, Node, canonical, plain
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

REQUIRED = ("version", "concepts", "rules")
OPTIONAL = ("reviewed", "lists", "conditions", "sources", "policies")


@dataclass(slots=True)
class RuleReader:
    """Reads one rule book over a vocabulary; problems collect, and what could be read is returned.

    A `kept` book was stored before: what the language has asked for since is not asked of it.
    """

    vocabulary: Vocabulary
    problems: Problems
    kept: bool = False
    _ids: dict[str, int] = field(default_factory=dict)

    def read(self, root: Node | None) -> Rulebook:
        """The rule book that the document spells, without the rules that have faults."""
        top = Section(root or EMPTY, "the rule book", self.problems, required=REQUIRED, optional=OPTIONAL)
        sources = {key: self._source(key, spec) for key, spec in top.mapping("sources").entries.items()}
        conditions = self._conditions(top)
        reviewed = top.node("reviewed")
        context = entries.Context(
            conditions=conditions,
            concepts=top.texts("concepts"),
            sources=sources,
            reviewed=None if reviewed is None else entries.review(reviewed, self.problems),
            kept=self.kept,
        )
        read = policies.applied(self._rules(top, context), top.mapping("policies"), self.problems)
        self._report_unused(top, context)
        text = canonical({"facts": self.vocabulary.content, "rules": plain(root)})
        return Rulebook(
            version=top.text("version"),
            sha256=sha256(text.encode()).hexdigest(),
            vocabulary=self.vocabulary,
            concepts=context.concepts,
            rules=tuple(rule for rule in read if isinstance(rule, Rule)),
            notes=tuple(note for note in read if isinstance(note, Note)),
            sources=sources,
            content=text,
        )

    def _conditions(self, top: Section) -> ConditionReader:
        lists = top.mapping("lists")
        taken = {*self.vocabulary.stems, *self.vocabulary.groups}
        taken.update(code for fact in self.vocabulary.facts.values() for code in fact.codes)
        for name in lists.entries.keys() & taken:
            self.problems.add(lists.key_lines[name], f"list `{name}` has the name of a code or region")
        reader = ConditionReader(
            vocabulary=self.vocabulary,
            problems=self.problems,
            lists={name: values.texts(node, f"list `{name}`", self.problems) for name, node in lists.entries.items()},
            named=top.mapping("conditions").entries,
        )
        for name in reader.named:
            reader.condition(name)
        return reader

    def _source(self, key: str, spec: Node) -> Source:
        section = Section(
            spec, f"source `{key}`", self.problems, required=("citation", "year", "kind"), optional=("doi",)
        )
        return Source(
            key=key,
            citation=section.text("citation", of=section.what),
            year=section.whole("year", of=section.what, least=1),
            kind=section.text("kind", of=section.what),
            doi=section.text_or_none("doi", of=section.what),
        )

    def _rules(self, top: Section, context: entries.Context) -> list[Rule | Note]:
        read: list[Rule | Note] = []
        for node in top.items("rules"):
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

    def _report_unused(self, top: Section, context: entries.Context) -> None:
        reader = context.conditions
        used = {"lists": reader.used_lists, "conditions": reader.used_conditions, "sources": context.cited}
        for key, names in used.items():
            for name, line in top.mapping(key).key_lines.items():
                if name not in names:
                    self.problems.add(line, f"{key.removesuffix('s')} `{name}` is not used")
