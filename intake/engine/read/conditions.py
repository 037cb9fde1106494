"""Reads the rule language: YAML nodes in, condition tree out; lists, region names and named conditions become codes.

What cannot be read is noted in `problems` and replaced by a condition that is never true.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from intake.engine.book import tree
from intake.engine.book.tree import Condition
from intake.engine.book.vocabulary import Fact, Kind, Vocabulary
from intake.engine.read import values
from intake.engine.read.nodes import Mapping as MappingNode
from intake.engine.read.nodes import Node, Scalar, Sequence
from intake.engine.read.problems import Problems
from intake.engine.read.section import Section

NEVER = tree.AnyNode(())
LARGEST = 2000  # nodes of a condition with its named ones written out; the product's largest has 21
DEEPEST = 100
LONGEST_CHAIN = 20
COMBINERS = ("all", "any", "not", "at_least", "condition")
MATCHERS = {
    Kind.CHOICE: ("in",),
    Kind.CHOICES: ("any_of", "all_of", "count"),
    Kind.REGIONS: ("any_of", "all_of", "count"),
    Kind.NUMBER: ("min", "below"),
    Kind.SCORE: ("min", "below"),
}


@dataclass(slots=True)
class ConditionReader:
    """Reads conditions over one vocabulary; remembers which lists and named conditions were used."""

    vocabulary: Vocabulary
    problems: Problems
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: Mapping[str, Node] = field(default_factory=dict)
    used_lists: set[str] = field(default_factory=set)
    used_conditions: set[str] = field(default_factory=set)
    _known: dict[str, Condition] = field(default_factory=dict)
    _reading: list[str] = field(default_factory=list)

    def read(self, node: Node | None) -> Condition:
        """The condition that the node spells."""
        if node is None:
            return NEVER
        if not isinstance(node, MappingNode) or not node.entries:
            self.problems.add(node.line, "a condition is a mapping such as `fact: code` or `all: [...]`")
            return NEVER
        if len(node.entries) > 1:
            names = ", ".join(f"`{name}`" for name in node.entries)
            self.problems.add(node.line, f"one condition holds {names}", "write `all:` or `any:` around them")
            return NEVER
        ((word, value),) = node.entries.items()
        return self._within(self._one(word, value, node.key_lines[word]), node.line)

    def _within(self, condition: Condition, line: int) -> Condition:
        """The condition, unless it is too large: named conditions that name each other twice grow without end."""
        nodes, deep = tree.size(condition)
        if nodes <= LARGEST and deep <= DEEPEST:
            return condition
        self.problems.add(
            line, f"this condition is too large: written out, more than {LARGEST} nodes or {DEEPEST} levels"
        )
        return NEVER

    def _one(self, word: str, value: Node, line: int) -> Condition:
        match word:
            case "all":
                return tree.All(self._several(value, "`all`"))
            case "any":
                return tree.AnyNode(self._several(value, "`any`"))
            case "not":
                return tree.Not(self.read(value))
            case "at_least":
                return self._at_least(value)
            case "condition":
                return self._condition(value)
            case _:
                return self._leaf(word, value, line)

    def _several(self, node: Node | None, what: str) -> tuple[Condition, ...]:
        nodes = values.items(node, what, self.problems)
        if node is not None and not nodes:
            self.problems.add(node.line, f"{what} needs at least one condition")
        return tuple(self.read(item) for item in nodes)

    def _at_least(self, node: Node) -> Condition:
        section = Section(node, "`at_least`", self.problems, required=("count", "of"))
        count = section.whole("count", least=1)
        nodes = self._several(section.node("of"), "`of`")
        if nodes and count > len(nodes):
            self.problems.add(node.line, f"`at_least` wants {count} of {len(nodes)} conditions")
        return tree.AtLeast(count, nodes)

    def _condition(self, node: Node) -> Condition:
        name = values.one_of(node, "condition", self.named, self.problems)
        if name is None:
            return NEVER
        self.used_conditions.add(name)
        if name in self._reading:
            self.problems.add(node.line, f"condition `{name}` leads back to itself")
            return NEVER
        if len(self._reading) >= LONGEST_CHAIN:
            self.problems.add(node.line, f"more than {LONGEST_CHAIN} conditions lead on from one to the next")
            return NEVER
        return self.condition(name)

    def condition(self, name: str) -> Condition:
        """A named condition, read once."""
        if name not in self._known:
            self._reading.append(name)
            self._known[name] = self.read(self.named[name])
            self._reading.pop()
        return self._known[name]

    def fact(self, name: str, line: int) -> Fact | None:
        """A fact that conditions may read."""
        fact = self.vocabulary.facts.get(name)
        if fact is None:
            self.problems.unknown(line, "fact or key", name, (*self.vocabulary.facts, *COMBINERS))
        elif fact.kind is Kind.TEXT:
            self.problems.add(line, f"`{name}` is free text, which no condition reads")
        elif fact.narrows is not None:
            self.problems.add(line, f"`{name}` only narrows `{fact.narrows}`", "read that fact")
        else:
            return fact
        return None

    def _leaf(self, name: str, value: Node, line: int) -> Condition:
        fact = self.fact(name, line)
        if fact is None:
            return NEVER
        match value:
            case Scalar():
                return self._bare(fact, value)
            case Sequence():
                key = "in" if fact.kind is Kind.CHOICE else "any_of"
                self.problems.add(value.line, f"`{name}`: write `{{{key}: [...]}}` around several codes")
                return NEVER
            case _:
                return self._matcher(fact, value)

    def _bare(self, fact: Fact, value: Scalar) -> Condition:
        if fact.kind in {Kind.NUMBER, Kind.SCORE}:
            self.problems.add(value.line, f"`{fact.name}` is a number: write `{{min: ...}}` or `{{below: ...}}`")
            return NEVER
        codes = self.codes(fact, value)
        return tree.OneOf(fact.name, codes) if fact.kind is Kind.CHOICE else tree.AnyOf(fact.name, codes)

    def _matcher(self, fact: Fact, node: MappingNode) -> Condition:
        known = MATCHERS[fact.kind]
        wrong = [key for key in node.entries if key not in known]
        for key in wrong:
            takes = ", ".join(f"`{word}`" for word in known)
            self.problems.add(
                node.key_lines[key], f"`{fact.name}` is a {fact.kind} fact: it takes {takes}, not `{key}`"
            )
        if wrong:
            return NEVER
        return self._between(fact, node) if "min" in known else self._one_matcher(fact, node)

    def _one_matcher(self, fact: Fact, node: MappingNode) -> Condition:
        if len(node.entries) != 1:
            self.problems.add(node.line, f"`{fact.name}` needs exactly one matcher")
            return NEVER
        ((key, value),) = node.entries.items()
        return self._sets(fact, key, value)

    def _sets(self, fact: Fact, key: str, value: Node) -> Condition:
        if key == "count":
            return self._count(fact, value)
        if key == "in" and isinstance(value, Scalar):
            self.problems.add(value.line, f"`{fact.name}`: `in` takes a list of codes")
        make: dict[str, Callable[[str, tuple[str, ...]], Condition]]
        make = {"in": tree.OneOf, "any_of": tree.AnyOf, "all_of": tree.AllOf}
        return make[key](fact.name, self.codes(fact, value))

    def _count(self, fact: Fact, value: Node) -> Condition:
        count = values.whole(value, "`count`", self.problems, least=1)
        most = len(fact.codes) - (fact.none in fact.codes)
        if count > most:
            self.problems.add(value.line, f"`{fact.name}` has only {most} codes to count")
        return tree.Count(fact.name, count)

    def _between(self, fact: Fact, node: MappingNode) -> Condition:
        section = Section(node, f"`{fact.name}`", self.problems, optional=("min", "below"))
        low, below = section.number("min"), section.number("below")
        if not node.entries:
            self.problems.add(node.line, f"`{fact.name}` needs `min`, `below` or both")
        if low is not None and below is not None and low >= below:
            self.problems.add(node.line, f"no number is at least {low} and below {below}")
        return tree.Between(fact.name, low, below)

    def codes(self, fact: Fact, node: Node) -> tuple[str, ...]:
        """The codes of the fact that the node names, by themselves, a list, a region stem or a region group."""
        words = node.items if isinstance(node, Sequence) else (node,)
        named = {code for word in words for code in self._expand(fact, word)}
        if not words:
            self.problems.add(node.line, f"`{fact.name}`: at least one code is needed")
        return tuple(code for code in fact.codes if code in named)

    def _expand(self, fact: Fact, node: Node) -> tuple[str, ...]:
        word = values.text(node, f"a code of `{fact.name}`", self.problems)
        if not word:
            return ()
        if word == fact.none:
            self.problems.add(node.line, f"`{word}` is no finding: write `not: {{{fact.name}: {{count: 1}}}}`")
            return ()
        if word in self.lists and word not in fact.codes:
            self.used_lists.add(word)
            return self._from_list(fact, word, node.line)
        codes = self._meant(fact, word)
        if not set(codes) <= set(fact.codes):
            self.problems.unknown(node.line, f"code of `{fact.name}`", word, self._words(fact))
            return ()
        return codes

    def _from_list(self, fact: Fact, name: str, line: int) -> tuple[str, ...]:
        codes = [code for word in self.lists[name] for code in self._meant(fact, word)]
        for code in codes:
            if code not in fact.codes or code == fact.none:
                self.problems.unknown(line, f"code of `{fact.name}` in list `{name}`", code, fact.codes)
        return tuple(code for code in codes if code in fact.codes)

    def _meant(self, fact: Fact, word: str) -> tuple[str, ...]:
        return (word,) if word in fact.codes else expand_regions(self.vocabulary, word)

    def _words(self, fact: Fact) -> tuple[str, ...]:
        regions = (
            (*self.vocabulary.stems, *self.vocabulary.groups) if set(self.vocabulary.regions) & set(fact.codes) else ()
        )
        return (*(code for code in fact.codes if code != fact.none), *regions, *self.lists)


def expand_regions(vocabulary: Vocabulary, word: str) -> tuple[str, ...]:
    """The region codes that a stem or a group names; any other word stands for itself."""
    return vocabulary.groups.get(word) or vocabulary.stems.get(word) or (word,)
