"""Where a question leads, in the words of a printed form: "If you ticked “Yes” at 12".

A printed question has a number, and its condition is said by the numbers and words of the questions before it. What
the vocabulary says in a tree is said here in a sentence; a checklist in front of a question stands for the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from flask_babel import gettext as _

from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Leaf, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, Kind, Vocabulary

if TYPE_CHECKING:
    from intake.questions.wording.question import Option, Question


@dataclass(frozen=True, slots=True)
class Printed:
    """One question of the form: its number, its words in the reader's language, the facts that it asks."""

    number: int
    name: str
    question: Question
    facts: tuple[str, ...]

    def label(self, fact: str, code: str) -> str:
        """The words beside the box that gives a fact this code."""
        options = (option for option in self.question.options if option.fills.get(fact, option.code) == code)
        option = next(options, None)
        return code.replace("_", " ") if option is None else option.label


@dataclass(frozen=True, slots=True)
class Routing:
    """Every question of a form by the facts and gates that it asks."""

    vocabulary: Vocabulary
    asked_by: Mapping[str, Printed]

    def only_if(self, facts: Iterable[str]) -> str:
        """When the question that asks these facts is to be answered; nothing where everybody is asked."""
        said = [self._fact(fact) for fact in facts]
        if not said or "" in said:
            return ""
        return str(_("Only if %(this)s.", this=_either(said)))

    def leads_to(self, printed: Printed, option: Option) -> tuple[int, ...]:
        """The numbers of the questions that an answer opens."""
        return tuple(sorted({other.number for other in self.asked_by.values() if self._opens(printed, option, other)}))

    def _opens(self, printed: Printed, option: Option, other: Printed) -> bool:
        return any(self._opens_fact(printed, option, fact) for fact in other.facts)

    def _opens_fact(self, printed: Printed, option: Option, name: str) -> bool:
        fact = self.vocabulary.facts.get(name)
        if fact is None:
            return False
        if fact.gate is not None:
            return fact.gate == (printed.name, option.code)
        codes = {asked: option.fills.get(asked, option.code) for asked in printed.facts}
        return fact.asked_if is not None and any(
            leaf.fact in codes and codes[leaf.fact] in leaf.codes for leaf in _leaves_with_codes(fact.asked_if)
        )

    def _fact(self, name: str) -> str:
        fact = self.vocabulary.facts[name]
        if fact.gate is not None:
            gate, item = fact.gate
            printed = self.asked_by[gate]
            return self._ticked(printed, [printed.label(gate, item), printed.question.not_sure])
        if fact.narrows is not None:
            printed = self.asked_by[fact.narrows]
            return self._ticked(printed, [printed.question.not_sure])
        return "" if fact.asked_if is None else self._condition(fact.asked_if)

    def _condition(self, condition: Condition) -> str:
        match condition:
            case All(nodes):
                return str(_(" and ")).join(map(self._condition, nodes))
            case AnyNode(nodes):
                return _either(map(self._condition, nodes))
            case AtLeast(count, nodes):
                these = "; ".join(map(self._condition, nodes))
                return str(_("%(count)s of these are so: %(these)s", count=count, these=these))
            case Not(node):
                return str(_("it is not so that %(this)s", this=self._condition(node)))
            case _:
                return self._leaf(condition)

    def _leaf(self, leaf: Leaf) -> str:
        printed = self.asked_by[leaf.fact]
        match leaf:
            case Between(_, None, int() | float() as below):
                return str(_("you are under %(age)s", age=f"{below:g}"))
            case Between(_, low, below):
                return str(_("your answer at %(n)s is from %(low)s to %(high)s", n=printed.number, low=low, high=below))
            case Count():
                return self._anything(printed, leaf.fact)
            case OneOf(fact, codes) | AnyOf(fact, codes) | AllOf(fact, codes):
                return self._ticked(printed, self._labels(printed, fact, codes))
            case _:
                assert_never(leaf)

    def _anything(self, printed: Printed, fact: str) -> str:
        if self.vocabulary.facts[fact].kind is Kind.REGIONS:
            return str(_("you marked a place at %(n)s", n=printed.number))
        return str(_("you ticked anything but “%(none)s” at %(n)s", none=printed.question.none, n=printed.number))

    def _ticked(self, printed: Printed, labels: Iterable[str]) -> str:
        words = _either(f"“{label}”" for label in labels if label)
        return str(_("you ticked %(words)s at %(n)s", words=words, n=printed.number))

    def _labels(self, printed: Printed, fact: str, codes: tuple[str, ...]) -> list[str]:
        """The words of some codes; a heading whose options are all meant stands for them."""
        options = [option for option in printed.question.options if option.fills.get(fact, option.code) in codes]
        under: dict[str, list[Option]] = {}
        for option in printed.question.options:
            under.setdefault(option.heading, []).append(option)
        whole = {heading for heading, some in under.items() if heading and len(some) > 1 and set(some) <= {*options}}
        labels = [option.heading if option.heading in whole else option.row or option.label for option in options]
        return list(dict.fromkeys(labels)) or [code for code in codes if code != NOT_SURE]


def _leaves_with_codes(condition: Condition) -> Iterable[OneOf | AnyOf | AllOf]:
    match condition:
        case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
            for node in nodes:
                yield from _leaves_with_codes(node)
        case OneOf() | AnyOf() | AllOf():
            yield condition
        case Not() | Count() | Between():
            return
        case _:
            assert_never(condition)


def _either(parts: Iterable[str]) -> str:
    *first, last = dict.fromkeys(parts)
    return last if not first else str(_("%(some)s or %(last)s", some=", ".join(first), last=last))
