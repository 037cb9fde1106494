"""Exactness (P7): a rule asks only where the answers still missing can change it. By exhaustion over classes.

Answers that no leaf tells apart are one class, so that a fact has few. For every partial intake over the classes, what
the rule says is compared with what all its completions say. An answer to a question that is not known to apply is
UNKNOWN by definition, so such intakes are left out. There may be billions of intakes: decision diagrams hold them all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial, reduce
from math import prod
from typing import TypeAlias, assert_never

from intake.engine.book.rulebook import Rulebook
from intake.engine.book.tree import (
    All,
    AllOf,
    AnyNode,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Count,
    Leaf,
    Not,
    OneOf,
    facts_read,
)
from intake.engine.book.vocabulary import NOT_SURE, Answer, Vocabulary, codes_in, facts_behind
from intake.engine.interpret.truth import Intake, Truth
from intake.engine.prove.classes import FactState, leaves_behind, states_of
from intake.engine.prove.diagram import Diagram, DiagramNode, Diagrams, find

Combiner: TypeAlias = Callable[..., Truth]


@dataclass(frozen=True, slots=True)
class Exactness:
    """One condition: how many partial intakes were tried.

    `inexact`: one on which it asks though every completion agrees, and such a completion; empty where there is none.
    """

    cases: int
    inexact: tuple[dict[str, Answer], ...]


def both(one: Truth, other: Truth) -> Truth:
    """Kleene's `and`."""
    return False if one is False or other is False else None if one is None or other is None else True


def either(one: Truth, other: Truth) -> Truth:
    """Kleene's `or`."""
    return True if one or other else None if one is None or other is None else False


def opposite(one: Truth) -> Truth:
    """Kleene's `not`."""
    return None if one is None else not one


def _agreed(one: Truth, other: Truth) -> Truth:
    return one if one is other else None


def _where_asked(asked: Truth, raw: Truth) -> Truth:
    return raw if asked else asked


def _is_told(is_open: Truth, asked: Truth) -> Truth:
    return is_open is True or asked is not None


def _in_vain(says: Truth, completions: Truth, well_formed: Truth) -> bool:
    return says is None and completions is not None and well_formed is True


def exactness(book: Rulebook, when: Condition, any_of: Combiner = either) -> Exactness:
    """Try every partial intake over the classes of the condition; `any_of` is the `or` of the engine under test."""
    exhaustion = Exhaustion(book.vocabulary, when, any_of)
    return Exactness(prod(map(len, exhaustion.states.values())), exhaustion.inexact())


class Exhaustion:
    """One condition over the states of the facts that can change it; a fact's place is its place among these."""

    def __init__(self, vocabulary: Vocabulary, when: Condition, any_of: Combiner) -> None:
        self.vocabulary, self.when, self.any_of = vocabulary, when, any_of
        names = sorted(facts_behind(facts_read(when), vocabulary), key=vocabulary.places.__getitem__)
        read = list(leaves_behind(vocabulary, when, names))
        self.states = {name: states_of(vocabulary.facts[name], read) for name in names}
        self.places = {name: place for place, name in enumerate(names)}
        self.diagrams = Diagrams()
        self.asked: dict[str, Diagram] = {}

    def says(self, answers: dict[str, Answer]) -> Truth:
        """What the condition says of one partial intake over the classes."""
        part = self._says(self.when)
        while isinstance(part, DiagramNode):
            name = list(self.states)[part.place]
            part = part.below[list(self.states[name]).index(answers.get(name))]
        return part  # type: ignore[return-value]  # the values of these diagrams are truths

    def inexact(self) -> tuple[dict[str, Answer], ...]:
        """A partial intake on which the condition asks in vain, and a completion."""
        says = self._says(self.when)
        asks_in_vain = self.diagrams.combine(_in_vain, says, self._completed(says, {}), self._well_formed())
        path = find(asks_in_vain, wanted=True)
        if path is None:
            return ()
        partial_intake: dict[str, Answer] = {}
        completion: dict[str, Answer] = {}
        for name, states in self.states.items():
            place = self.places[name]
            state = list(states)[path[place]] if place in path else None
            partial_intake |= {} if state is None else {name: state}
            completion |= {name: states[state][0]} if states[state] else {}
        return partial_intake, completion

    # ---- what the condition says of every partial intake

    def _says(self, node: Condition) -> Diagram:
        match node:
            case All(nodes):
                return self._fold(both, nodes, empty=True)
            case AnyNode(nodes):
                return self._fold(self.any_of, nodes, empty=False)
            case Not(inner):
                return self.diagrams.combine(opposite, self._says(inner))
            case AtLeast(count, nodes):
                return self.diagrams.combine(_counter(count), *map(self._says, nodes))
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                return self.diagrams.combine(_where_asked, self._asked(node.fact), self._raw(node))
            case _:
                assert_never(node)

    def _fold(self, how: Combiner, nodes: tuple[Condition, ...], *, empty: bool) -> Diagram:
        folded: Diagram = empty
        for node in nodes:
            folded = self.diagrams.combine(how, folded, self._says(node))
        return folded

    def _raw(self, leaf: Leaf) -> Diagram:
        """The leaf over the stored answer alone, and over the one that narrows it."""
        fact = self.vocabulary.facts[leaf.fact]
        alone = replace(self.vocabulary, facts={fact.name: replace(fact, asked_if=None)})

        def truth(own: FactState, narrowing: FactState = None) -> Truth:
            answers = {fact.name: own, fact.narrowed_by or "": narrowing}
            return Intake(alone, {name: each for name, each in answers.items() if each is not None}).truth(leaf)

        states = self.states[fact.name]
        if fact.narrowed_by is None:
            return self.diagrams.node(self.places[fact.name], [truth(own) for own in states])
        narrowings, place = self.states[fact.narrowed_by], self.places[fact.narrowed_by]
        below = [self.diagrams.node(place, [truth(own, each) for each in narrowings]) for own in states]
        return self.diagrams.node(self.places[fact.name], below)

    def _asked(self, name: str) -> Diagram:
        """Whether the question applies."""
        if name not in self.asked:
            fact = self.vocabulary.facts[name]
            if fact.narrows is not None:
                unsure = [NOT_SURE in codes_in(state) for state in self.states[fact.narrows]]
                place = self.places[fact.narrows]
                asked = self.diagrams.combine(
                    _where_asked, self._asked(fact.narrows), self.diagrams.node(place, unsure)
                )
            else:
                asked = True if fact.asked_if is None else self._says(fact.asked_if)
            self.asked[name] = asked
        return self.asked[name]

    def _well_formed(self) -> Diagram:
        """No answer stands under a question that is not known to apply."""
        well_formed: Diagram = True
        for name, states in self.states.items():
            open_ = self.diagrams.node(self.places[name], [state is None for state in states])
            in_order = self.diagrams.combine(_is_told, open_, self._asked(name))
            well_formed = self.diagrams.combine(both, well_formed, in_order)
        return well_formed

    # ---- what all completions say

    def _completed(self, part: Diagram, known: dict[DiagramNode, Diagram]) -> Diagram:
        """What every completion of a partial intake says, None where they differ."""
        if not isinstance(part, DiagramNode):
            return part
        if part not in known:
            states = list(self.states.values())[part.place]
            below = dict(zip(states, (self._completed(each, known) for each in part.below), strict=True))
            agreed = (
                reduce(partial(self.diagrams.combine, _agreed), (below[each] for each in full))
                for full in states.values()
            )
            known[part] = self.diagrams.node(part.place, list(agreed))
        return known[part]


@cache
def _counter(count: int) -> Combiner:
    def at_least(*truths: Truth) -> Truth:
        if truths.count(True) >= count:
            return True
        return None if len(truths) - truths.count(False) >= count else False

    return at_least
