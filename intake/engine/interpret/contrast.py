"""What would have to be different for a rule to be quiet: the smallest change of answers that makes a condition false.

Changes are tried in the order of cost: one fact, then two, then more; of as many facts what makes no answer worse, what
the condition reads itself, what is better or worse at all (age and place are not), few codes newly ticked, few codes,
and what is asked last. One that is not enough goes on with every answer to a leaf that stands in the way; of as many
facts only the cheapest do. One is given back only when `truth` agrees, without what proves to be needless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import assert_never

from intake.engine.book import tree
from intake.engine.book.calm import calmest
from intake.engine.book.tree import All, AllOf, AnyNode, AnyOf, AtLeast, Between, Condition, Count, Leaf, Not, OneOf
from intake.engine.book.vocabulary import NOT_SURE, Answer, Answers, Fact, Kind, leaves_behind
from intake.engine.interpret.explain import named_in, parts_needed
from intake.engine.interpret.settling import beside_bounds
from intake.engine.interpret.truth import Intake, Reading, open_codes

MOST_OF_A_SIZE = 300


@dataclass(frozen=True, slots=True)
class ChangedAnswer:
    """One answer to give otherwise: the nearest that does it, and what would not do in its place.

    `barred` are codes (of a fact that takes several, beside those of `instead`), or the numbers next to the bounds.
    """

    fact: str
    instead: Answer
    barred: frozenset[Answer]


def contrast(condition: Condition, intake: Intake) -> tuple[ChangedAnswer, ...]:
    """The smallest change that makes the condition FALSE, in vocabulary order; empty if it is so, or none was found."""
    search = _Search(condition, intake)
    change = search.smallest()
    for name in tuple(change):
        fewer = {other: answer for other, answer in change.items() if other != name}
        change = fewer if changed(intake, fewer).truth(condition) is False else change
    return tuple(search.told(change))


def changed(intake: Intake, change: Answers) -> Intake:
    """The intake with these answers given otherwise."""
    return Intake(intake.vocabulary, {**intake.answers, **change})


class _Search:
    """The changes of one intake, of which an answer to a question that does not apply is none."""

    def __init__(self, condition: Condition, intake: Intake) -> None:
        self._condition, self._whole = condition, intake
        self._facts, self._places = intake.vocabulary.facts, intake.vocabulary.places
        self._read, self._leaves = tree.facts_read(condition), leaves_behind(condition, intake.vocabulary)
        self._named_in = named_in(condition, intake.vocabulary)
        answers = {name: answer for name, answer in intake.answers.items() if intake.read(name).applies}
        self._intake = Intake(intake.vocabulary, answers)

    def smallest(self) -> Answers:
        """The cheapest change that does it; empty where none does, or none is needed."""
        waiting: list[tuple[object, int, Answers]] = [((), 0, {})]
        known, sizes = {frozenset[tuple[str, Answer]]()}, Counter[int]()
        while waiting:
            *_, change = heappop(waiting)
            if self._does(self._intake, change):
                return change
            sizes[len(change)] += 1
            goes_on = sizes[len(change)] <= MOST_OF_A_SIZE
            intake = changed(self._intake, change)
            for name, answer in self._next(self._condition, intake, value=False) if goes_on else ():
                more = {**change, name: answer}
                if frozenset(more.items()) not in known:
                    known.add(frozenset(more.items()))
                    heappush(waiting, (self._cost(more), len(known), more))
        return {}

    def told(self, change: Answers) -> Iterator[ChangedAnswer]:
        """The answers of a change that does it; what else does for one goes with all that does for those before it."""
        # What proved to be needless may rest on an answer that applies only with the change.
        base, cases = self._intake if self._does(self._intake, change) else self._whole, [change]
        for name in sorted(change, key=self._places.__getitem__):
            fact, answers = self._facts[name], self._with_each(name, change[name])
            doing = [each for each in answers if all(self._does(base, {**case, name: answers[each]}) for case in cases)]
            yield ChangedAnswer(name, change[name], frozenset(answers).difference(doing))
            if fact.kind is not Kind.CHOICES:
                alike = {self._part(fact, each): answers[each] for each in doing}
                cases += [{**case, name: answer} for case in cases for answer in alike.values()]

    def _does(self, intake: Intake, change: Answers) -> bool:
        return changed(intake, change).truth(self._condition) is False

    def _part(self, fact: Fact, each: Answer) -> object:
        """What tells one code, or number, of a fact from others: the leaves that name it."""
        return self._named_in.get((fact.name, str(each))) if fact.codes else each

    def _with_each(self, name: str, answer: Answer) -> dict[Answer, Answer]:
        """The answer with each code of its fact, or each of its numbers in place of it."""
        tried = self._facts[name].codes or self._numbers(self._facts[name])
        return {each: (*answer, str(each)) if isinstance(answer, tuple) else each for each in tried}

    def _next(self, node: Condition, intake: Intake, *, value: bool) -> Iterator[tuple[str, Answer]]:
        """Answers of which one must be given for the node to become `value`, whatever else is given."""
        match node:
            case All(nodes) | AnyNode(nodes) | AtLeast(_, nodes):
                others = [each for each in nodes if intake.truth(each) is not value]
                for each in others[: len(nodes) - parts_needed(node, value=value) + 1]:
                    yield from self._next(each, intake, value=value)
            case Not(inner):
                yield from self._next(inner, intake, value=not value)
            case OneOf() | AnyOf() | AllOf() | Count() | Between():
                yield from self._next_of_leaf(node, intake, value=value)
            case _:
                assert_never(node)

    def _next_of_leaf(self, leaf: Leaf, intake: Intake, *, value: bool) -> Iterator[tuple[str, Answer]]:
        fact = self._facts[leaf.fact]
        if fact.asked_if is not None and not value:
            yield from self._next(fact.asked_if, intake, value=False)
        if fact.asked_if is not None and not intake.read(fact.name).applies:
            yield from self._next(fact.asked_if, intake, value=True)
        else:
            yield from ((fact.name, answer) for answer in self._own(leaf, fact, intake, value=value))

    def _own(self, leaf: Leaf, fact: Fact, intake: Intake, *, value: bool) -> Iterator[Answer]:
        """The answers to its own fact that make the leaf `value`."""
        reading = intake.read(fact.name)
        match leaf:
            case OneOf(_, codes):
                yield from self._calmest(fact, [code for code in fact.codes if (code in codes) is value])
            case Between():
                numbers = self._numbers(fact)
                yield from filter(lambda each: changed(intake, {fact.name: each}).truth(leaf) is value, numbers)
            case AnyOf(_, codes) | AllOf(_, codes):
                one_is_enough = isinstance(leaf, AnyOf) is value
                for some in [[code] for code in codes] if one_is_enough else [codes]:
                    yield from _ticked(fact, reading, some, on=value)
            case Count(_, count):
                ordered = sorted(open_codes(fact), key=lambda code: (code not in reading.holds, fact.codes.index(code)))
                yield from _ticked(fact, reading, ordered[:count] if value else ordered[count - 1 :], on=value)
            case _:
                assert_never(leaf)

    def _calmest(self, fact: Fact, codes: Iterable[str]) -> Iterator[str]:
        """Of the codes that the same leaves name, the calmest."""
        alike: dict[object, list[str]] = {}
        for code in codes:
            alike.setdefault(self._part(fact, code), []).append(code)
        return filter(None, (calmest(fact, each) for each in alike.values()))

    def _numbers(self, fact: Fact) -> list[int]:
        """Those on both sides of each bound, the nearest to what was said first."""
        numbers = beside_bounds(fact, self._leaves)
        said = self._intake.read(fact.name).number
        near = max(numbers, default=0) if said is None else said
        return sorted(numbers, key=lambda number: (number < near, abs(number - near)))

    def _cost(self, change: Answers) -> tuple[list[int], list[int]]:
        """What each answer costs, summed, the gravest first; then what is asked last."""
        prices = [self._price(name, answer) for name, answer in change.items()]
        return [*map(sum, zip(*prices, strict=True))], sorted(-self._places[name] for name in change)

    def _price(self, name: str, answer: Answer) -> tuple[int, ...]:
        """In the order of the module's first lines."""
        fact, (holds, may_hold) = self._facts[name], self._intake.sides(name)
        ticked, codes = 0, 1
        if isinstance(answer, tuple):
            ticked = len(set(answer).difference(holds, (fact.none, NOT_SURE)))
            codes = ticked + len(may_hold.difference(answer))
        return 1, self._worsens(fact, answer), name not in self._read, fact.worse is None, ticked, codes

    def _worsens(self, fact: Fact, answer: Answer) -> bool:
        """Whether the answer is worse than what was said, or than the best where nothing was."""
        severities, said = fact.severities, self._intake.read(fact.name)
        match answer:
            case str():
                return severities.get(answer, 0) > max((severities.get(code, 0) for code in said.holds), default=0)
            case tuple():
                return not severities.keys().isdisjoint(set(answer) - said.holds)
            case _:
                best = min if fact.worse == "higher" else max
                number = best(self._numbers(fact)) if said.number is None else said.number
                return fact.worse == ("higher" if answer > number else "lower") and answer != number


def _ticked(fact: Fact, reading: Reading, codes: Collection[str], *, on: bool) -> Iterator[Answer]:
    """The answer as it is with these codes ticked, or unticked; nothing left to tick is the exclusive none."""
    ticks = reading.holds.union(codes) if on else reading.holds.difference(codes)
    if ticks or fact.kind is Kind.REGIONS:
        unsure = (NOT_SURE,) if on and reading.holds and not reading.known else ()
        yield *(code for code in fact.codes if code in ticks), *unsure
    else:
        yield from ((code,) for code in ((fact.none,) if fact.none else fact.codes) if code not in codes)
